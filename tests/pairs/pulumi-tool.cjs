// A `pulumi` on the PATH: hands its arguments and its input to the test that waits at a socket, and ends as that says.
const net = require("node:net");
const { text } = require("node:stream/consumers");

const [socket, ...args] = process.argv.slice(2);

async function main() {
  const connection = net.connect(socket);
  connection.end(JSON.stringify({ args, input: await text(process.stdin) }));
  const { code, stdout, stderr } = JSON.parse(await text(connection));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
}

void main();
