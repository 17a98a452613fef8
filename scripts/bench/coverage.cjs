// Measures the share of operations in Dokploy's API that the product uses, or omits with a reason (docs/coverage.md).
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
