// node scripts/pairs.cjs [<rows>]: works through the table of pairs of features (tests/pairs), in all rows or in those
// named, such as `0,3`. `PAIRS_SEED=<number>` makes other rows. Prints what the table meets; exits with 1 when a row failed.
const { spawnSync } = require("node:child_process");
const path = require("node:path");

const [rows = "all"] = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [require.resolve("mocha/bin/mocha.js"), "tests/pairs/pairs.test.ts"],
  { cwd: path.join(__dirname, ".."), stdio: "inherit", env: { ...process.env, PAIRS: rows } },
);
process.exitCode = status ?? 1;
