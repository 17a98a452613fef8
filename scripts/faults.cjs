// node scripts/faults.cjs [<part of a name>]: lets everything go wrong that can, at every call of every operation, and
// checks that the next run puts it right. Prints each case that does not converge, a JSON line with the counts, and a
// line for people; exits with 1 when a case lost or doubled something, or did not converge.
process.env.TS_NODE_TRANSPILE_ONLY = "1";
require("ts-node/register");
const { playAll } = require("../tests/faults/all");

playAll(process.argv[2]).then(
  (converged) => {
    process.exitCode = converged ? 0 : 1;
  },
  (error) => {
    console.error(error.stack ?? error);
    process.exitCode = 1;
  },
);
