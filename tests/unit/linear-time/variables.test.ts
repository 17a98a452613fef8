import * as assert from "node:assert/strict";
import { complaints, measureAll } from "./measure";
import { ofVariables } from "./variables";

describe("functions that read and write texts of variables", () => {
  it("each take time in proportion to the text, for any 900 KB", async function () {
    this.timeout(15 * 60_000);
    const figures = await measureAll(Object.keys(ofVariables).map((name) => ({ name })));
    assert.deepEqual(complaints(figures), []);
  });
});
