// Which share of the operations of Dokploy's API the product uses, or leaves with a reason: docs/coverage.md names them.
const path = require("node:path");
const ts = require("typescript");

async function measure() {
  const { calledBy, coverageOf, operations, sources } = require("../docs/coverage.cjs");
  const { found } = require("../docs/definitions.cjs");
  const all = found();
  const root = path.resolve(__dirname, "..", "..");
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const { used, left, open, share } = coverageOf(await calledBy(ts.createProgram(sources(), options), all));
  return [
    {
      figure: "operations of Dokploy's API that are used, or left with a reason",
      value: share,
      unit: "%",
      atLeast: 100,
      details: { operations: operations.length, used, left, open },
    },
  ];
}

module.exports = { measure };
