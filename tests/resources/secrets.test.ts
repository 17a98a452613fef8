import * as assert from "node:assert/strict";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("the end of a failing log", () => {
  let server: Server;
  let environmentId: string;
  let projectId: string;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());
  beforeEach(async () => {
    server.newRun();
    ({ environmentId, projectId } = await makeProject(server));
    await server.byHand("project.update", { projectId, env: "SHARED=by-hand-c4nary\nTIER=production" });
    await server.byHand("environment.update", { environmentId, env: "STAGE_ONLY=stage-c4nary" });
  });

  const app = (env: Values, marked: string[][] = []) =>
    withProvider({
      name: "api",
      environmentId,
      source: { type: "docker", image: "acme/api:1" },
      env,
      __secrets: marked,
    });

  /** What a failing deployment of the checked inputs says. */
  async function failure(work: (checked: Values) => Promise<unknown>, inputs: Values, olds: Values = {}) {
    const { inputs: checked, failures } = await server.Application.check(olds, inputs);
    assert.deepEqual(failures, []);
    return await work(checked).then(
      () => assert.fail("it should have failed"),
      (error: Error) => error.message,
    );
  }

  const log = [
    "SHARED: by-hand-c4nary, stage-c4nary",
    "TOKEN: marked-c4nary, PASSWORD: looks-c4nary",
    "No such image: acme/api:1, greeting hello-there in production",
    "own variable own-c4nary",
  ].join("\n");
  const env = {
    TOKEN: "marked-c4nary",
    PASSWORD: "looks-c4nary",
    GREETING: "hello-there",
    KIND: "image",
    IMAGE: "acme/api:1",
  };

  function assertMasked(message: string): void {
    assert.match(message, /SHARED: \[secret\], \[secret\]\n/);
    assert.match(message, /TOKEN: \[secret\], PASSWORD: \[secret\]\n/);
    assert.match(message, /No such image: acme\/api:1, greeting hello-there in production(?:\n|$)/);
    assert.doesNotMatch(message, /c4nary/);
  }

  it("shows no secret of the program or of the server around a new service, and hides nothing else", async () => {
    const outcome = { status: "error", log: log.replace(/\n.*own-c4nary/, "") } as const;
    const made = await failure(
      async (checked) => {
        server.emulator.holdBuilds();
        const create = server.Application.create(checked);
        // The id is known once it is there.
        for (let id: string | undefined; id === undefined; ) {
          const row = await server.byHand<{ applications: Values[] }>("environment.one", { environmentId });
          id = row.applications[0]?.["applicationId"] as string | undefined;
          if (id !== undefined) server.emulator.setOutcome(id, outcome);
        }
        server.emulator.releaseBuilds();
        return await create;
      },
      app(env, [["env", "TOKEN"]]),
    );
    assertMasked(made);
  });

  it("shows none around a service that changes, also of variables that others set on it", async () => {
    const { inputs } = await server.Application.check({}, app(env, [["env", "TOKEN"]]));
    const { id, outs } = await server.Application.create(inputs);
    const row = await server.byHand<{ env: string }>("application.one", { applicationId: id });
    await server.byHand("application.update", { applicationId: id, env: `${row.env}\nOWN=own-c4nary` });
    server.emulator.setOutcome(id, { status: "error", log });
    server.newRun();
    const changed = { ...app({ ...env, MORE: "1" }, [["env", "TOKEN"]]), overwriteVariables: true };
    assertMasked(await failure((checked) => server.Application.update(id, outs, checked), changed, outs));
  });

  it("hides every value if the program does not report its secrets", async () => {
    const { inputs } = await server.Application.check({}, app(env));
    const { id, outs } = await server.Application.create(inputs);
    server.emulator.setOutcome(id, { status: "error", log });
    server.newRun();
    const { __secrets: _, ...changed } = app({ ...env, MORE: "1" });
    const said = await failure((checked) => server.Application.update(id, outs, checked), changed, outs);
    assert.match(said, /greeting \[secret\]/);
  });
});

describe("a compose file that is a secret", () => {
  it("is not quoted by findings about it", async () => {
    const server = await startServer();
    try {
      const { environmentId } = await makeProject(server);
      const file = (name: string) =>
        `services:\n  db:\n    image: postgres:16\n    depends_on: [${name}]\n    environment: {A: b}\n`;
      const check = async (text: string, marked?: string[][]) => {
        const inputs = withProvider({
          name: "db",
          environmentId,
          source: { type: "raw", composeFile: text },
          __secrets: marked,
        });
        const { failures } = await server.Compose.check({}, inputs);
        return JSON.stringify([failures, server.warnings]);
      };
      const clear = await check(file("c4nary-x"), []);
      assert.match(clear, /c4nary/, "it would be quoted");
      server.warnings.length = 0;
      server.newRun();
      const hidden = await check(file("c4nary-y"), [["source", "composeFile"]]);
      assert.doesNotMatch(hidden, /c4nary/);
      assert.match(hidden, /compose file 4:\d+: .*\[secret\]/);
    } finally {
      await server.close();
    }
  });
});
