import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { adoptionsOf } from "../../cli/server/export/adoptions";
import { programFiles } from "../../cli/server/export/program";
import { adopt, evaluated, expected, read, withSortedTags } from "./exported";
import { oddServers, populate } from "./odd-server";
import { startServer } from "./server";

describe("the export of any server", function () {
  this.timeout(600_000);

  it("is a program of the same objects, which adopts them without a write, a deployment or a difference", async () => {
    await fc.assert(
      fc.asyncProperty(oddServers, async (odd) => {
        const server = await startServer();
        try {
          await populate(server, odd);
          server.newRun();
          const plan = await read(server);
          const files = programFiles(plan, "config");
          assert.deepEqual(
            server.emulator.calls.filter(({ method }) => method !== "GET"),
            [],
          );
          assert.deepEqual(programFiles(await read(server), "config"), files);
          assertNoCanary([...files.values(), adoptionsOf(plan)]);
          const resources = evaluated(files, plan);
          assert.deepEqual(resources.map(withSortedTags), expected(plan).map(withSortedTags));
          await adopt(server, plan);
        } finally {
          await server.emulator.close();
        }
      }),
      { numRuns: 20 },
    );
  });
});

function assertNoCanary(texts: readonly string[]): void {
  for (const text of texts) assert.doesNotMatch(text, /canary/);
}
