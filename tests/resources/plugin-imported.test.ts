import * as assert from "node:assert/strict";
import { isImport } from "../../plugin/import";
import { importedKey, managed } from "../../provider/lifecycle/imported";
import { definitionOf } from "../../provider/resources/generated/definitions";
import { type Any, isRead } from "./kinds";
import { makeService } from "./parents";
import { makeProject, type Server, startServer } from "./server";

type Values = Record<string, unknown>;

describe("an imported object", () => {
  let server: Server;
  let environmentId: string;
  let projectId: string;
  beforeEach(async () => {
    server = await startServer();
    ({ environmentId, projectId } = await makeProject(server, "shop"));
  });
  afterEach(() => server.close());

  const written = () => server.calls().filter((call) => !isRead(call));
  const imported = async (kind: string, id: string) => {
    server.newRun();
    const { inputs = {}, props = {} } = await server.of(kind).import(id);
    return { id, inputs, props };
  };
  const definition = (kind: string) => definitionOf(kind) as unknown as Any;
  type State = Awaited<ReturnType<typeof imported>>;
  const diff = async (kind: string, { id, inputs, props }: State, program: Values) => {
    server.newRun();
    const checked = await server.of(kind).check(inputs, program);
    assert.deepEqual(checked.failures, []);
    const olds = managed(definition(kind), props, inputs, program);
    return { olds, ...(await server.of(kind).diff(id, olds, program)) };
  };

  it("is refused with the reason if no program can manage it", async () => {
    const refusal = (kind: string, id: string) =>
      server
        .of(kind)
        .import(id)
        .then(
          () => assert.fail(kind),
          (error: Error) => error.message,
        );
    assert.match(
      await refusal("Environment", environmentId),
      /is not imported: "production" .* is the default environment .*: use the project's defaultEnvironmentId/,
    );
    const postgresId = await makeService(server, "postgres", environmentId);
    const { mounts } = await server.byHand<{ mounts: { mountId: string }[] }>("postgres.one", { postgresId });
    assert.match(
      await refusal("Mount", mounts[0]?.mountId ?? ""),
      /^The Mount \S+ is not imported: it is where the database keeps its data/,
    );
    const [organization] = await server.byHand<{ id: string }[]>("organization.all", {});
    assert.match(
      await refusal("Organization", organization?.id ?? ""),
      /exists, but no program can manage it/,
    );
    const users = await server.byHand<{ userId: string; role: string }[]>("user.all", {});
    const owner = users.find(({ role }) => role === "owner")?.userId ?? "";
    assert.match(await refusal("Member", owner), /exists, but no program can manage it/);
    assert.deepEqual(server.warnings, []);
  });

  it("is found with a few reads, however many others there are", async () => {
    const applicationId = await makeService(server, "application", environmentId);
    const { domainId } = await server.byHand<{ domainId: string }>("domain.create", {
      host: "shop.example.com",
      applicationId,
      domainType: "application",
    });
    for (let number = 0; number < 5; number += 1) await makeService(server, "application");
    const cases = { Application: applicationId, Domain: domainId, Project: projectId } as const;
    for (const [kind, id] of Object.entries(cases)) {
      await imported(kind, id);
      assert.ok(server.calls().length <= 3, `${kind}: ${server.calls().join(", ")}`);
    }
  });

  it("keeps the variables that an additive block leaves out, and its deletion too", async () => {
    const applicationId = await makeService(server, "application", environmentId);
    await server.byHand("application.saveEnvironment", {
      applicationId,
      env: "OURS=1\nTHEIRS=2",
      buildArgs: "",
      buildSecrets: "",
      createEnvFile: true,
    });
    const state = await imported("EnvironmentBlock", `application/${applicationId}`);
    const { [importedKey]: _, ...whole } = state.inputs;
    assert.deepEqual(whole, { target: { applicationId }, env: { OURS: "1", THEIRS: "2" } });
    const program = { target: { applicationId }, mode: "additive", env: { OURS: "1" } };
    assert.equal((await diff("EnvironmentBlock", state, program)).changes, false);

    const more = { ...program, env: { OURS: "3" } };
    const { olds } = await diff("EnvironmentBlock", state, more);
    await server.of("EnvironmentBlock").update(state.id, olds, more);
    assert.equal(await envOf(applicationId), "OURS=3\nTHEIRS=2");

    const again = await imported("EnvironmentBlock", state.id);
    const kept = managed(definition("EnvironmentBlock"), again.props, more);
    server.newRun();
    await server.of("EnvironmentBlock").delete(state.id, kept);
    assert.equal((await envOf(applicationId)).trim(), "THEIRS=2");
  });

  it("takes an input that Dokploy never shows from the program, and writes it when that changes", async () => {
    const { registryId } = await makeRegistry();
    const state = await imported("Registry", registryId);
    const { [importedKey]: _, ...shown } = state.inputs;
    const program = { ...shown, password: "first" };
    assert.equal((await diff("Registry", state, program)).changes, false);
    const kept = { ...state, inputs: program };
    assert.equal((await diff("Registry", kept, program)).changes, false);
    const other = { ...program, password: "second" };
    const { olds, changes } = await diff("Registry", kept, other);
    assert.notEqual(changes, false);
    await server.of("Registry").update(registryId, olds, other);
    assert.deepEqual(written(), ["registry.update"]);
  });

  it("adopts the parts that its service lists, instead of creating them again", async () => {
    const applicationId = await makeService(server, "application", environmentId);
    await server.byHand("port.create", { applicationId, publishedPort: 8080, targetPort: 80 });
    const state = await imported("Application", applicationId);
    const { [importedKey]: _, ...program } = state.inputs;
    assert.ok(!("ports" in program));
    const ports = { "8080/tcp": { publishedPort: 8080, targetPort: 80 } };
    const listing = { ...program, ports };
    const { olds, changes } = await diff("Application", state, listing);
    assert.notEqual(changes, false);
    await server.of("Application").update(applicationId, olds, listing);
    assert.ok(!written().some((call) => call.startsWith("port.")));
  });

  it("is imported again by a refresh until a program has its inputs", async () => {
    const applicationId = await makeService(server, "application", environmentId);
    const { inputs, props } = await imported("Application", applicationId);
    const { [importedKey]: _, ...program } = inputs;
    assert.ok(isImport(props, inputs));
    assert.ok(isImport({}, {}));
    assert.ok(!isImport(props, program));
    const { [importedKey]: _mark, ...all } = props;
    assert.deepEqual(managed(definition("Application"), props, inputs), all);
    const plainState = { ...program, appName: "web", status: "done" };
    assert.deepEqual(managed(definition("Application"), plainState, program, { name: "web" }), plainState);
  });

  it("stays as it is for dynamic providers, which do not get the inputs in the state", async () => {
    const applicationId = await makeService(server, "application", environmentId);
    await server.byHand("application.update", { applicationId, replicas: 3 });
    const { inputs, props } = await imported("Application", applicationId);
    const { environmentId: there, name, source } = inputs;
    const program = { environmentId: there, name, source };
    const handlers = server.of("Application");
    assert.equal((await handlers.diff(applicationId, props, program)).changes, false);
    const live = await handlers.read(applicationId, props);
    assert.deepEqual(live.inputs, inputs);
    assert.equal((await handlers.diff(applicationId, live.props ?? {}, program)).changes, false);
    const { outs } = await handlers.update(applicationId, props, { ...program, command: "serve" });
    assert.ok(!(importedKey in outs));
    const row = await server.byHand<{ replicas: number; command: string }>("application.one", {
      applicationId,
    });
    assert.deepEqual([row.replicas, row.command], [3, "serve"]);
  });

  async function envOf(applicationId: string): Promise<string> {
    const { env } = await server.byHand<{ env: string }>("application.one", { applicationId });
    return env;
  }

  async function makeRegistry(): Promise<{ registryId: string }> {
    const inputs = { name: "ghcr", registryUrl: "ghcr.io", username: "bot", password: "first" };
    const { id } = await server.of("Registry").create((await server.of("Registry").check({}, inputs)).inputs);
    return { registryId: id };
  }
});
