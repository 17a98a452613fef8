import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { cron, cronProblem, timeZone } from "../../../../provider/resources/types/cron";
import { refuses, takes } from "./cron-vectors.json";

const fields = [
  [0, 59],
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** What a field may be, all of which the scheduler takes. */
function goodField([min, max]: readonly [number, number]): fc.Arbitrary<string> {
  const number = fc.integer({ min, max });
  const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: max + 1 });
  const part = fc.oneof(
    number.map(String),
    range,
    fc.constant("*"),
    fc
      .tuple(fc.oneof(range, fc.constant("*"), number.map(String)), step)
      .map(([from, by]) => `${from}/${by}`),
  );
  return fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(","));
}

describe("cron expressions", () => {
  it("are accepted and refused as by the scheduler, except for misleading steps", () => {
    assert.ok(takes.length > 200 && refuses.length > 200);
    for (const expression of refuses)
      assert.notEqual(cronProblem(expression), undefined, `${expression} would never run`);
    for (const expression of takes) {
      const problem = cronProblem(expression);
      if (problem === undefined) continue;
      // `15L` and `L/2` are texts that it keeps and never comes to.
      if (/[0-9]L|L\//.test(expression)) continue;
      assert.match(problem, /whose step is longer than the range/, expression);
    }
  });

  it("of numbers within their bounds are accepted, with and without seconds", () => {
    const all = fc.tuple(...fields.map(goodField));
    fc.assert(
      fc.property(all, fc.boolean(), (parts, hasSeconds) => {
        const problem = cronProblem((hasSeconds ? parts : parts.slice(1)).join(" "));
        // A day that none of the months has is another matter.
        assert.ok(problem === undefined || /^never comes/.test(problem), problem);
      }),
    );
  });

  it("with one number out of its bounds are refused, and the part is named", () => {
    const out = fc.integer({ min: 0, max: 4 }).chain((at) => {
      const [, max] = fields[at + 1] ?? [0, 0];
      return fc.tuple(fc.constant(at), fc.integer({ min: max + 1, max: 9999 }));
    });
    const names = ["minute", "hour", "day of the month", "month", "day of the week"];
    fc.assert(
      fc.property(out, ([at, number]) => {
        const expression = names.map((_, n) => (n === at ? number : "*")).join(" ");
        assert.match(cronProblem(expression) ?? "", new RegExp(`^has the ${names[at]} "${number}", which`));
      }),
    );
  });

  it("of any text give a sentence or nothing, and never fail", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[*?,/#L0-9a-z-]* [*?,/#L0-9a-z-]* \* \* [*#L0-9]*$/)),
        (text) => {
          const problem = cronProblem(text);
          assert.ok(problem === undefined || (problem.length > 5 && problem.length < 300), problem);
          assert.equal(cron.safeParse(text).success, problem === undefined);
        },
      ),
    );
  });

  for (const [expression, says] of [
    ["", /^is not a cron expression such as "0 3 \* \* \*"/],
    ["0 3", /^is not a cron expression/],
    ["2030-01-01", /^is not a cron expression/],
    ["@reboot", /^is not a cron expression/],
    ["0\t3 * * *", /^is not a cron expression/],
    ["0 0 31 2 *", /^never comes: no such month has the day 31$/],
    ["0 0 31 4,6 *", /^never comes/],
    ["*/90 * * * *", /^has "\*\/90" as minute, whose step is longer/],
    ["0 0 * * L", /^has "L" as day of the week, which is not a number or a name such as MON$/],
    ["0 0 * * mon#6", /of which a month has at most 5$/],
    ["0 22-4 * * *", /which ends before it begins$/],
    ["0 0 1-2-3 * *", /which is not a range$/],
    ["0 0 */2/3 * *", /with more than one step$/],
    ["0 */0 * * *", /whose step is not a number from 1 upwards$/],
    [`${"0,".repeat(300)}0 0 * * *`, /^is longer than 500 characters$/],
  ] as const)
    it(`such as ${JSON.stringify(expression.slice(0, 20))} are refused`, () => {
      assert.match(cronProblem(expression) ?? "", says);
    });

  for (const expression of ["@daily", "0 0 31 4,6 1", "0 0 L * *", "0 0 29 2 *", "0 */24 * * *", "0 12 * * MON-FRI", "0 0 * * 5L", "0 0 * * fri#5", "30 0 3 * * *"]) // biome-ignore format: one line
    it(`such as ${expression} are accepted`, () => {
      assert.equal(cronProblem(expression), undefined);
    });
});

describe("time zones", () => {
  it("are those of the IANA", () => {
    for (const zone of ["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+3"])
      assert.ok(timeZone.safeParse(zone).success, zone);
    for (const zone of ["", "Mars/North", "+03:00", "Berlin", "local", `A${"a".repeat(100)}`])
      assert.ok(!timeZone.safeParse(zone).success, zone);
  });
});
