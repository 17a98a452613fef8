// Tests run as TypeScript through ts-node; types are checked once by `npm run typecheck`, not on each run.
process.env["TS_NODE_TRANSPILE_ONLY"] = "1";
module.exports = {
  require: ["ts-node/register"],
  extension: ["ts"],
  spec: ["tests/**/*.test.ts"],
  timeout: 20000,
  exit: false,
};
