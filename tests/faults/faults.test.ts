import * as assert from "node:assert/strict";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { describeResult } from "./all";
import { type Case, generateCases, play, type Result, sample } from "./cases";
import { STORIES } from "./stories";

/** `npm run test:faults` plays all cases; here, the few in which everything occurs at least once. */
describe("a fault in any call is repaired by the next run", function () {
  // Less than a minute where nothing else runs.
  this.timeout(600_000);

  let cases: Case[];
  before(async () => {
    cases = await generateCases();
  });

  it("for every kind of resource that exists, made and changed", () => {
    const without = allDefinitions().filter(({ kind }) => {
      const own = STORIES.filter(({ resource }) => resource === kind);
      const isMade = own.some(({ first, goal }) => !first && goal);
      const isChanged = own.some(({ first, goal, refresh }) => first && goal && !refresh);
      return !isMade || !isChanged;
    });
    assert.deepEqual(
      without.map(({ kind }) => kind),
      [],
      "a kind needs its stories in stories.ts; a simple one has them by its row in tests/resources/simple-data.ts",
    );
  });

  it("for each operation of each resource, each endpoint, and each kind of fault", async () => {
    assert.ok(cases.length >= 300, `${cases.length} cases`);
    await playAll(sample(cases));
  });

  it("a refresh does not treat shared variables as applied that were saved without a response", async () => {
    await playAll(
      cases.filter(
        ({ story, point, kind, refresh }) =>
          story.operation.includes("redeploy referrers") &&
          /^(project|environment)\.update$/.test(point.endpoint) &&
          kind.name === "server gone after it acted" &&
          refresh,
      ),
    );
  });
});

async function playAll(cases: readonly Case[]): Promise<void> {
  const results: Result[] = [];
  for (const played of cases) results.push(await play(played));
  const wrong = results.filter(({ outcome }) => outcome !== "converged" && outcome !== "advised");
  assert.deepEqual(wrong.map(describeResult), []);
  assert.ok(results.some(({ failed }) => failed));
}
