// Tests run as TypeScript through ts-node; types are checked once by `npm run typecheck`, not on each run.
// No `spec` here: mocha would add it to the files named on its command line. scripts/test.cjs names them all.
module.exports = {
  require: ["ts-node/register", "./scripts/test/quiet.cjs"],
  extension: ["ts"],
  timeout: 60_000,
};
