// node scripts/newest-inputs.cjs: compares the inputs of the newest Dokploy in npm with the committed ones. They come
// from the tools of Dokploy's own package @dokploy/mcp, which it generates from its OpenAPI document. Prints each
// operation that differs; exits with 1 when one does, or when there is no registry to ask.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { isDeepStrictEqual } = require("node:util");
const { pathToFileURL } = require("node:url");
const { apiFiles, committedExtract } = require("./api.cjs");
const { installSet, newestVersion } = require("./compat/packages.cjs");

const name = "@dokploy/mcp";

/**
 * @param {string} version
 * @returns {Promise<object>} the inputs by operation, as `scripts/api.cjs` reads them
 */
async function inputsOf(version) {
  const folder = path.join(await installSet(`dokploy-mcp-${version}`, { [name]: version }), "node_modules");
  const { zodToJsonSchema } = require(path.join(folder, "zod-to-json-schema"));
  const tools = path.join(folder, name, "build", "generated", "tools.js");
  const { generatedTools } = await import(pathToFileURL(tools).href);
  return Object.fromEntries(
    generatedTools.map(({ path, method, schema }) => [
      path.slice(1),
      {
        method,
        input: zodToJsonSchema(schema, { $refStrategy: "none", removeAdditionalStrategy: "strict" }),
      },
    ]),
  );
}

/** @returns {string[]} the operations that are not in both, or whose inputs differ */
function differences(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.filter((operation) => !isDeepStrictEqual(plain(before[operation]), plain(after[operation])));
}

/** Removes required values of any kind: these tools treat them as optional, though the document requires them. */
function plain(endpoint) {
  if (endpoint === undefined) return undefined;
  const { method, required, takes } = endpoint;
  const isAny = (name) => Object.keys(takes[name] ?? {}).every((word) => word === "nullable");
  const known = Object.entries(takes).filter(([name]) => !isAny(name));
  return { method, required: required.filter((name) => !isAny(name)), takes: Object.fromEntries(known) };
}

async function main() {
  const version = await newestVersion(name, "*", undefined);
  if (version === undefined) throw new Error("npm has no registry to ask, so nothing was compared.");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-inputs-"));
  try {
    const file = path.join(folder, "inputs.json");
    // Allowing further properties carries no information.
    const said = (word, value) => (word === "additionalProperties" && value === true ? undefined : value);
    fs.writeFileSync(file, JSON.stringify(await inputsOf(version), said));
    const committed = committedExtract();
    const merged = JSON.parse(apiFiles(committed, [`${version}=${file}`])["endpoints.json"]);
    const different = differences(committed.endpoints, merged.endpoints);
    for (const operation of different) console.log(operation);
    console.log(`${different.length} operations of Dokploy ${version} differ from the committed ones.`);
    return different.length === 0;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

if (require.main === module) {
  process.exitCode = 1;
  main().then(
    (isSame) => {
      process.exitCode = isSame ? 0 : 1;
    },
    (error) => console.error(error.message),
  );
}

module.exports = { differences };
