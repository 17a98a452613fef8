import * as assert from "node:assert/strict";
import { connect } from "../../provider/lifecycle/context";
import { lifecycle } from "../../provider/lifecycle/handlers";
import type { Handlers } from "../../provider/lifecycle/pipeline";
import { Run } from "../../provider/lifecycle/run/run";
import { secretOutputs } from "../../provider/lifecycle/secret-outputs";
import { identityKey } from "../../provider/pulumi/identity";
import { type Any, all, inputsFor, surroundings } from "./kinds";
import { makeProject, type Server, startServer, until } from "./server";
import { untraced } from "./untraced";

type Values = Record<string, unknown>;

/** What one object of a kind is called on the server: the list that shows it has one row for each. */
interface Place {
  readonly kind: string;
  readonly create: string;
  rows(server: Server, ids: Values): Promise<readonly Values[]>;
}

const listed = (endpoint: string) => (server: Server) => server.byHand<Values[]>(endpoint, {});
const inEnvironment =
  (list: string) =>
  async (server: Server, { environmentId }: Values) =>
    (
      await server.byHand<Record<string, Values[]>>("environment.one", {
        environmentId: String(environmentId),
      })
    )[list] ?? [];

const PLACES: readonly Place[] = [
  { kind: "Project", create: "project.create", rows: listed("project.all") },
  {
    kind: "Environment",
    create: "environment.create",
    rows: (server, { projectId }) =>
      server.byHand("environment.byProjectId", { projectId: String(projectId) }),
  },
  { kind: "Application", create: "application.create", rows: inEnvironment("applications") },
  { kind: "Compose", create: "compose.create", rows: inEnvironment("compose") },
  { kind: "Postgres", create: "postgres.create", rows: inEnvironment("postgres") },
  { kind: "Redis", create: "redis.create", rows: inEnvironment("redis") },
  { kind: "Registry", create: "registry.create", rows: listed("registry.all") },
  { kind: "SshKey", create: "sshKey.create", rows: listed("sshKey.all") },
  { kind: "Destination", create: "destination.create", rows: listed("destination.all") },
];

describe("two stacks that create objects of one name at the same moment", function () {
  this.timeout(30_000);
  let server: Server;
  let ids: Values;
  let definition: Any;

  afterEach(() => server.close());

  /** The handlers of another program. */
  function program(): Handlers {
    const { url, apiKey } = server.emulator;
    const settings: Values = { url, apiKey };
    const run = new Run(async () => []);
    const engine = {
      warn: () => {},
      inform: () => {},
      progress: () => {},
      span: untraced,
      delivered: async () => {},
      stack: async () => "test",
    };
    const context = {
      ...connect({ stack: (name) => settings[name] as string | undefined, environment: {} }, run, engine),
      ...(server.context.timers === undefined ? {} : { timers: server.context.timers }),
    };
    return lifecycle(definition, () => context, run, [secretOutputs(definition, run)]);
  }

  async function prepared(kind: string): Promise<Values> {
    server = await startServer();
    definition = all.find((one) => one.kind === kind) as Any;
    ids = await surroundings(server, definition);
    const inputs: Values = { ...inputsFor(definition, ids as never), [identityKey]: "made" };
    return "deploy" in definition.schema.shape ? { ...inputs, deploy: false } : inputs;
  }

  async function made(handlers: Handlers, inputs: Values): Promise<Error | undefined> {
    const { inputs: checked, failures } = await handlers.check({}, inputs);
    assert.deepEqual(failures, []);
    return await handlers.create(checked).then(
      () => undefined,
      (error: Error) => error,
    );
  }

  for (const { kind, create, rows } of PLACES) {
    it(`leave one ${kind}, and the younger run says how to take it over`, async () => {
      const inputs = await prepared(kind);
      const before = (await rows(server, ids)).length;
      server.emulator.faults.add({ endpoint: create, delayMs: 1000 });
      server.emulator.faults.add({ endpoint: create, delayMs: 1030 });
      const errors = await Promise.all([made(program(), inputs), made(program(), inputs)]);
      const failed = errors.filter((error) => error !== undefined);
      assert.equal((await rows(server, ids)).length, before + 1, String(failed));
      assert.equal(failed.length, 1);
      assert.match(failed[0]?.message ?? "", /was removed again: another run created one of the same name/);
      assert.match(failed[0]?.message ?? "", /import: "/);
    });
  }

  it("leave none of a kind without creation times, or one", async () => {
    const inputs = await prepared("Port");
    const { applicationId } = ids as Record<string, string>;
    server.emulator.faults.add({ endpoint: "port.create", delayMs: 1000 });
    server.emulator.faults.add({ endpoint: "port.create", delayMs: 1000 });
    const errors = await Promise.all([made(program(), inputs), made(program(), inputs)]);
    const row = await server.byHand<{ ports: unknown[] }>("application.one", {
      applicationId: applicationId ?? "",
    });
    const failed = errors.filter((error) => error !== undefined).length;
    assert.equal(row.ports.length, 2 - failed);
    assert.ok(failed >= 1);
  });

  it("keep what somebody has changed meanwhile, and say so", async () => {
    const inputs = await prepared("Application");
    const name = String(inputs["name"]);
    const { environmentId } = ids as Record<string, string>;
    const { faults } = server.emulator;
    // Long enough for the calls of somebody else on a busy machine.
    faults.add({ endpoint: "application.create", delayMs: 1500 });
    faults.add({ endpoint: "application.one", delayMs: 1500 });
    const creating = made(program(), inputs);
    await until(() => server.emulator.calls.some(({ endpoint }) => endpoint === "application.create"));
    await server.byHand("application.create", { name, environmentId });
    await until(() => server.emulator.calls.some(({ endpoint }) => endpoint === "application.one"));
    const { applications } = await server.byHand<{ applications: Record<string, string>[] }>(
      "environment.one",
      {
        environmentId: environmentId ?? "",
      },
    );
    for (const { applicationId } of applications)
      await server.byHand("application.update", { applicationId, env: "BY_HAND=1" });
    const error = await creating;
    assert.match(error?.message ?? "", /is not removed, since somebody has changed it meanwhile/);
    assert.equal((await inEnvironment("applications")(server, ids)).length, 2);
  });

  it("leave the object in the state, with the work that remains, if nobody can look", async () => {
    const inputs = await prepared("Application");
    const handlers = program();
    const { inputs: checked } = await handlers.check({}, inputs);
    const { faults } = server.emulator;
    faults.add({ endpoint: "application.create", delayMs: 1000 });
    const creating = handlers.create(checked).then(
      () => assert.fail("it should have failed"),
      (error: { properties: Values; message: string }) => error,
    );
    await until(() => server.emulator.calls.some(({ endpoint }) => endpoint === "application.create"));
    faults.add({ endpoint: "environment.one", status: 500, times: 2 });
    const { properties } = await creating;
    assert.equal(properties["pending"], "deploy");
    assert.equal((await inEnvironment("applications")(server, ids)).length, 1);
  });

  it("leave an environment that the next run finishes, if nobody can look", async () => {
    const inputs = { ...(await prepared("Environment")), env: { KEY: "1" } };
    const handlers = program();
    const { inputs: checked } = await handlers.check({}, inputs);
    server.emulator.faults.add({ endpoint: "project.one", status: 500, times: 2 });
    const error = await handlers.create(checked).then(
      () => assert.fail("it should have failed"),
      (reason: { id: string; properties: Values }) => reason,
    );
    const { outs } = await program().update(error.id, { ...checked, ...error.properties }, checked);
    assert.equal(outs["unconfirmed"], undefined);
    const row = await server.byHand<Values>("environment.one", { environmentId: error.id });
    assert.equal(row["env"], "KEY=1");
  });

  it("take no name from another project", async () => {
    const inputs = await prepared("Application");
    const other = await makeProject(server, "other");
    server.emulator.faults.add({ endpoint: "application.create", delayMs: 1000, times: 2 });
    const errors = await Promise.all([
      made(program(), inputs),
      made(program(), { ...inputs, environmentId: other.environmentId }),
    ]);
    assert.deepEqual(errors, [undefined, undefined]);
  });
});
