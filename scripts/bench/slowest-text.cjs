// Finds the regular expression that the worst text of 900 KB keeps busy longest. Each expression of the package gets
// texts made from its own pieces, as in the tests.
require("ts-node").register({ transpileOnly: true });
const { round } = require("./statistics.cjs");
const { expressionsOfPackage } = require("../../tests/unit/linear-time/expressions");
const { measureAll } = require("../../tests/unit/linear-time/measure");

const limitMs = 2000;

async function measure() {
  const subjects = expressionsOfPackage().found.map(({ at, expression }) => ({
    name: `${at} ${expression}`,
    expression,
  }));
  const figures = await measureAll(subjects);
  const msOf = ({ ms }) => ms ?? Number.POSITIVE_INFINITY;
  const slowest = figures.reduce((a, b) => (msOf(b) > msOf(a) ? b : a));
  return [
    {
      figure: "slowest-expression-ms",
      value: round(msOf(slowest)),
      unit: "ms",
      atMost: limitMs,
      details: { expressions: figures.length, slowest: slowest.subject, attack: slowest.attack },
    },
  ];
}

module.exports = { measure };
