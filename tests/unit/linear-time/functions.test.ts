import * as assert from "node:assert/strict";
import { ofFiles } from "./files";
import { controls, functions } from "./functions";
import { complaints, measureAll, stopMs } from "./measure";
import { ofVariables } from "./variables";

describe("functions that meet texts of others", () => {
  it("each take time in proportion to the text, for any 900 KB", async function () {
    this.timeout(15 * 60_000);
    const names = Object.keys(functions).filter((name) => !(name in ofVariables || name in ofFiles));
    assert.deepEqual(complaints(await measureAll(names.map((name) => ({ name })))), []);
  });

  it("are reported if they do not", async function () {
    this.timeout(5 * 60_000);
    const subjects = Object.keys(controls).map((name) => ({ name }));
    const figures = await measureAll(subjects, stopMs);
    assert.equal(complaints(figures).length, subjects.length, JSON.stringify(figures));
  });
});
