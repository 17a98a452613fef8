import * as assert from "node:assert/strict";
import { ofFiles } from "./files";
import { complaints, measureAll } from "./measure";

describe("functions that read files and plans", () => {
  it("each take time in proportion to the text, for any 900 KB", async function () {
    this.timeout(15 * 60_000);
    const figures = await measureAll(Object.keys(ofFiles).map((name) => ({ name })));
    assert.deepEqual(complaints(figures), []);
  });
});
