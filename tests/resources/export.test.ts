import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { adoptionsOf } from "../../cli/server/export/adoptions";
import { programFiles } from "../../cli/server/export/program";
import { adopt, evaluated, expected, read, withSortedTags } from "./exported";
import { oddServers, populate } from "./odd-server";
import { makeProject, startServer } from "./server";

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

  it("gives the number of containers, also the default one, so that a refresh finds another number by hand", async () => {
    const server = await startServer();
    try {
      const { environmentId } = await makeProject(server);
      const make = async (name: string, columns: object) => {
        const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
          ...{ name, environmentId },
        });
        const docker = { sourceType: "docker", dockerImage: "acme/api:1" };
        await server.byHand("application.update", { applicationId, ...docker, ...columns });
        return applicationId;
      };
      const id = await make("one", {});
      await make("global", { modeSwarm: { Global: {} } });
      server.newRun();
      const inputs = new Map(
        (await read(server)).items
          .filter(({ kind }) => kind === "Application")
          .map((item) => [item.inputs["name"], item.inputs]),
      );
      assert.deepEqual([inputs.get("one")?.["replicas"], inputs.get("global")?.["replicas"]], [1, undefined]);
      const given = { ...inputs.get("one") };
      const { outs } = await server.Application.create({ ...given, import: id });
      await server.byHand("application.update", { applicationId: id, replicas: 3 });
      server.newRun();
      assert.equal((await server.Application.read(id, outs)).inputs?.["replicas"], 3);
      assert.notEqual((await server.Application.diff(id, { ...outs, replicas: 3 }, given)).changes, false);
    } finally {
      await server.close();
    }
  });
});

function assertNoCanary(texts: readonly string[]): void {
  for (const text of texts) assert.doesNotMatch(text, /canary/);
}
