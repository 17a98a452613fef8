// Counts the code of a simple resource: the lines of its file, and the other files of the product that know it.
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..", "..");
const limitLines = 70;
/** Three of different nature: one that belongs to two kinds of service, one that needs a reload, one with a secret. */
const counted = { Domain: "domain", Port: "port", Registry: "registry" };

async function measure() {
  const files = Object.values(counted).map((name) => path.join("provider", "resources", `${name}.ts`));
  const lines = files.map((file) => withoutImports(textOf(file)).trim().split("\n").length);
  const others = Object.entries(counted).map(([kind, name]) => [kind, knownIn(kind, name)]);
  return [
    {
      figure: "simple-resource-lines",
      value: Math.max(...lines),
      unit: "lines",
      atMost: limitLines,
      details: { each: Object.fromEntries(Object.keys(counted).map((kind, i) => [kind, lines[i]])) },
    },
    {
      figure: "simple-resource-other-files",
      value: Math.max(...others.map(([, found]) => found.length)),
      unit: "files",
      atMost: 0,
      details: { each: Object.fromEntries(others) },
    },
  ];
}

/** Returns files written by hand that import the definition or name its kind in code. */
function knownIn(kind, name) {
  const own = path.join("provider", "resources", `${name}.ts`);
  const mention = new RegExp(`resources/${name}"|["'\`]${kind}["'\`]|\\b${kind}Args\\b`);
  return sources().filter((file) => file !== own && mention.test(withoutComments(textOf(file))));
}

function sources() {
  return ["provider", "sdk", "cli"]
    .flatMap((folder) =>
      fs.readdirSync(path.join(root, folder), { recursive: true }).map((name) => path.join(folder, name)),
    )
    .filter(
      (file) =>
        file.endsWith(".ts") && !/(?:written|made) by `npm run \w+`/i.test(textOf(file).slice(0, 300)),
    );
}

/** Editors write imports, and doors make them longer. */
function withoutImports(text) {
  return text.replace(/^import [^;]*;$/gm, "");
}

function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

function textOf(file) {
  return fs.readFileSync(path.join(root, file), "utf8");
}

module.exports = { measure };
