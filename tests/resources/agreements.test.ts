import * as assert from "node:assert/strict";
import { detailsOf } from "../../plugin/details";
import type { Entity } from "../../provider/lifecycle/entity";
import { definitionOf } from "../../provider/resources/generated/definitions";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("an input that only says how this package works", () => {
  let server: Server;
  let environmentId: string;
  before(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  after(() => server.close());

  const composeFile = "services:\n  web:\n    image: nginx:1\n    env_file: .env\n";
  const kinds: Readonly<Record<string, [inputs: Values, before: Values, after: Values, paths: string[]]>> = {
    Application: [
      { name: "api", source: { type: "docker", image: "acme/api:1" } },
      {},
      { overwriteVariables: true },
      ["overwriteVariables"],
    ],
    Compose: [
      { name: "web", source: { type: "raw", composeFile } },
      { checks: { "latest-tag": "off" } },
      { checks: { "latest-tag": "warn" } },
      ["checks"],
    ],
  };
  for (const [kind, [inputs, before, after, paths]] of Object.entries(kinds)) {
    it(`of ${kind} is shown by a plan where it alone changes; the update only changes the state`, async () => {
      const handlers = server.of(kind);
      const program = (more: Values) => withProvider({ ...inputs, environmentId, deploy: false, ...more });
      const { id, outs = {} } = await handlers.create(program(before));
      let state: Values = outs;
      for (const [olds, news] of [
        [before, after],
        [after, before],
      ] as const) {
        server.newRun();
        assert.notEqual((await handlers.diff(id, state, program(news))).changes, false);
        const entity = definitionOf(kind) as unknown as Entity<never, never>;
        const details = detailsOf(entity, program(olds), program(news));
        assert.deepEqual([...details.keys()], paths);
        const updated = await handlers.update(id, state, program(news));
        state = updated.outs ?? {};
        assert.deepEqual(server.calls(), []);
        assert.equal((await handlers.diff(id, state, program(news))).changes, false);
      }
      await handlers.delete(id, state);
    });
  }

  it("is not shown where the class gives it: the name of a compose file", async () => {
    const file = (name: string) =>
      withProvider({
        name: "cache",
        environmentId,
        deploy: false,
        source: { type: "raw", composeFile, file: name },
      });
    const { id, outs = {} } = await server.Compose.create(file("a.yaml"));
    server.newRun();
    assert.equal((await server.Compose.diff(id, outs, file("b.yaml"))).changes, false);
  });
});
