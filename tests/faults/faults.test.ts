import * as assert from "node:assert/strict";
import { describeResult } from "./all";
import { generateCases, play, sample } from "./cases";

/** `npm run test:faults` plays all cases; here, the few in which everything occurs at least once. */
describe("what goes wrong at one call is put right by the next run", function () {
  this.timeout(60_000);

  it("for each operation of each resource, each of its endpoints, and each kind of fault", async () => {
    const cases = await generateCases();
    assert.ok(cases.length >= 300, `${cases.length} cases`);
    const results = [];
    for (const played of sample(cases)) results.push(await play(played));
    const wrong = results.filter(({ outcome }) => outcome !== "converged" && outcome !== "advised");
    assert.deepEqual(wrong.map(describeResult), []);
    assert.ok(results.some(({ failed }) => failed));
  });
});
