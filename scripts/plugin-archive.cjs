// node scripts/plugin-archive.cjs [folder]: makes pulumi-resource-dokploy-native-v<version>.tar.gz, default in dist/. It is
// what `pulumi plugin install resource dokploy-native <version> --file <archive>` installs, and runs with Node.js alone.
const fs = require("node:fs");
const path = require("node:path");
const zlib = require("node:zlib");
const { build } = require("./build.cjs");

const repository = path.join(__dirname, "..");
const name = "pulumi-resource-dokploy-native";

/**
 * @param {string} folder
 * @param {string} [root] the built checkout; default: this one
 * @returns {Promise<string>} the archive's path
 */
async function makeArchive(folder, root = repository) {
  const { version, license } = JSON.parse(read(root, "package.json"));
  const { code, packages } = await bundle(root);
  const files = [
    { name, mode: 0o755, content: read(root, "plugin", name).replace("../dist/plugin/main.js", "./main.js") },
    { name: `${name}.cmd`, mode: 0o755, content: read(root, "plugin", `${name}.cmd`) },
    { name: "main.js", content: code },
    { name: "generated/schema.json", content: read(root, "plugin", "generated", "schema.json") },
    { name: "LICENSE", content: read(root, "LICENSE") },
    { name: "LICENSES.txt", content: licensesOf(packages, root, license) },
  ];
  fs.mkdirSync(folder, { recursive: true });
  const archive = path.join(folder, `${name}-v${version}.tar.gz`);
  fs.writeFileSync(archive, zlib.gzipSync(tar(files), { level: 9 }));
  return archive;
}

/** Platforms of Pulumi's CLI, in its words. The archive runs on all of them, as Node.js does. */
const platforms = ["darwin", "linux", "windows"].flatMap((system) =>
  ["amd64", "arm64"].map((machine) => `${system}-${machine}`),
);

/**
 * Copies an archive to the names under which Pulumi downloads that of a platform.
 *
 * @param {string} archive
 * @returns {Record<string, string>} their paths by platform: `linux-amd64`
 */
function forPlatforms(archive) {
  const copies = platforms.map((platform) => [
    platform,
    archive.replace(/\.tar\.gz$/, `-${platform}.tar.gz`),
  ]);
  for (const [, copy] of copies) fs.copyFileSync(archive, copy);
  return Object.fromEntries(copies);
}

/** Returns the plugin and all that it needs in one file, and the folders of the packages that this has code of. */
async function bundle(root) {
  const esbuild = require("esbuild");
  const { onFirstUse } = require(path.join(root, "dist", "plugin", "lazy-sdk.js"));
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [path.join(root, "dist", "plugin", "standalone.js")],
    outfile: "main.js",
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    legalComments: "none",
    logLevel: "silent",
    metafile: true,
    write: false,
    plugins: [withoutModules(onFirstUse)],
  });
  const packages = Object.keys(metafile.inputs).flatMap(
    (input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [],
  );
  return { code: outputFiles[0].text, packages: [...new Set(packages)].sort() };
}

/** Leaves modules out that Pulumi's SDK and zod require, and the plugin never uses: larger than the rest together. */
function withoutModules(pattern) {
  return {
    name: "without-modules",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /(?:)/ }, ({ path: module, importer }) => {
        const isAbsent =
          (pattern.test(module) && /[\\/]@pulumi[\\/]pulumi[\\/]/.test(importer)) ||
          // Messages in other languages than English.
          (/[\\/]zod[\\/].*[\\/]locales[\\/]index\.c?js$/.test(importer) && !/\/en\.c?js$/.test(module));
        return isAbsent ? { path: module, namespace: "absent" } : undefined;
      });
      onLoad({ filter: /(?:)/, namespace: "absent" }, ({ path: module }) => {
        const message = JSON.stringify(`${module} is not part of the plugin`);
        const get = `(_, key) => { if (key === "__esModule") return true; throw new Error(${message}); }`;
        return { contents: `module.exports = new Proxy({}, { get: ${get} });` };
      });
    },
  };
}

/** Returns the licenses of the packages of which the archive has code. */
function licensesOf(packages, root, own) {
  const texts = packages.map((name) => {
    const folder = path.join(root, name);
    const { name: title, version, license } = JSON.parse(read(folder, "package.json"));
    const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${title} ${version} (${license})\n\n${file === undefined ? "" : read(folder, file).trim()}\n`;
  });
  return [`This plugin (${own}) contains code of these packages.\n`, ...texts].join(
    `\n${"-".repeat(80)}\n\n`,
  );
}

/** Returns a tar archive, which has the same bytes each time. */
function tar(files) {
  const blocks = files.flatMap(({ name, mode = 0o644, content }) => {
    const bytes = Buffer.from(content);
    const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
    return [tarHeader(name, mode, bytes.length), bytes, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** Returns the header of a file, in the format ustar: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html */
function tarHeader(name, mode, size) {
  const header = Buffer.alloc(512);
  const octal = (value, length) => value.toString(8).padStart(length - 1, "0");
  const write = (text, offset) => header.write(text, offset, "latin1");
  write(name, 0);
  write(octal(mode, 8), 100);
  write(octal(0, 8), 108);
  write(octal(0, 8), 116);
  write(octal(size, 12), 124);
  write(octal(0, 12), 136);
  write(" ".repeat(8), 148);
  write("0", 156);
  write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(`${octal(sum, 7)}\u0000 `, 148);
  return header;
}

function read(...names) {
  return fs.readFileSync(path.join(...names), "utf8");
}

async function main([folder = path.join(repository, "dist")]) {
  await build();
  const archive = await makeArchive(path.resolve(folder));
  console.log(`${archive}: ${Math.ceil(fs.statSync(archive).size / 1000)} kB`);
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

module.exports = { forPlatforms, makeArchive };
