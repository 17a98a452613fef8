// node scripts/api.cjs [--check] [<document.json> | <version>=<document.json> …]: writes the code's facts about
// Dokploy's API from the OpenAPI documents of servers, one for each version (`GET /api/settings.getOpenApiDocument`
// returns it). Committed versions stay; a version that is given again is read again. Without a document, the types and
// facts are regenerated from the committed extract. `--check` writes nothing and fails when a file would change.
const fs = require("node:fs");
const path = require("node:path");
const { readDocument } = require("./api/document.cjs");
const { merge, nothing, print } = require("./api/extract.cjs");
const { facts } = require("./api/facts.cjs");
const { requestTypes } = require("./api/requests.cjs");

const folder = path.join(__dirname, "..", "provider", "dokploy", "generated");

/**
 * Returns the files as they should be, by their names.
 *
 * @param {import("./api/extract.cjs").Extract} committed
 * @param {readonly string[]} documents as on the command line
 * @throws an Error with the problem of a document
 */
function apiFiles(committed, documents) {
  const extract = documents.map(readDocument).reduce(merge, committed);
  if (extract.versions.length === 0)
    throw new Error("Nothing is committed yet: name the document of a server.");
  return {
    "endpoints.json": print(extract),
    "requests.ts": requestTypes(extract),
    "facts.ts": facts(extract),
  };
}

/** @returns {import("./api/extract.cjs").Extract} the committed extract */
function committedExtract() {
  const file = path.join(folder, "endpoints.json");
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : nothing;
}

/** @returns {string[]} the files that are out of date */
function staleFiles(files) {
  return Object.keys(files).filter((name) => {
    const file = path.join(folder, name);
    return !fs.existsSync(file) || fs.readFileSync(file, "utf8") !== files[name];
  });
}

function main(args) {
  const isCheck = args.includes("--check");
  const files = apiFiles(
    committedExtract(),
    args.filter((argument) => argument !== "--check"),
  );
  const stale = staleFiles(files);
  if (!isCheck) {
    fs.mkdirSync(folder, { recursive: true });
    for (const name of stale) fs.writeFileSync(path.join(folder, name), files[name]);
  }
  if (stale.length === 0) return;
  const names = stale.map((name) => `provider/dokploy/generated/${name}`).join(", ");
  console.log(
    isCheck ? `Out of date: ${names}\nRun \`npm run api\` with the same documents.` : `Written: ${names}`,
  );
  if (isCheck) process.exitCode = 1;
}

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

module.exports = { apiFiles, committedExtract, staleFiles };
