import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeFolder } from "../../../scripts/remove.cjs";

describe("the removal of a test's folder", () => {
  it("takes files that a dying process still writes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dying-"));
    const writer = spawn(
      process.execPath,
      [
        "--eval",
        `const fs = require("node:fs");
        for (let n = 0, end = Date.now() + 2000; Date.now() < end; n += 1)
          try { fs.writeFileSync(process.argv[1] + "/" + n, ""); } catch { break; }`,
        folder,
      ],
      { stdio: "ignore" },
    );
    while (readdirSync(folder).length < 100) await new Promise((resolve) => setTimeout(resolve, 5));
    const ended = once(writer, "exit");
    removeFolder(folder);
    await ended;
    assert.equal(existsSync(folder), false);
  });
});
