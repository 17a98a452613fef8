// node scripts/official-installer.cjs <version> <folder>: installs the Pulumi CLI into <folder>/bin with Pulumi's own
// installer. Runs as a separate process, so that toolchain.cjs can limit its time.
const net = require("node:net");
const { createRequire } = require("node:module");

const [version, root] = process.argv.slice(2);

main().catch((error) => {
  process.stderr.write(`${String(error.message).trim().split("\n")[0]}\n`);
  process.exit(1);
});

async function main() {
  await reachable("get.pulumi.com", 443, 8000);
  const { PulumiCommand } = require("@pulumi/pulumi/automation");
  const { SemVer } = createRequire(require.resolve("@pulumi/pulumi"))("semver");
  await PulumiCommand.install({ version: new SemVer(version), root });
}

// Checks the connection first, because the installer waits for minutes where a firewall drops its packets.
function reachable(host, port, milliseconds) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port });
    socket.setTimeout(milliseconds);
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.once("timeout", () => {
      socket.destroy();
      reject(new Error(`${host} did not answer within ${milliseconds / 1000} s`));
    });
    socket.once("error", (error) => reject(new Error(`${host} is out of reach (${error.code})`)));
  });
}
