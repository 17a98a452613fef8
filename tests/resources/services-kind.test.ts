import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { z } from "zod";
import { ServiceModel } from "../../provider/engine/services/model";
import { CheckFailedError } from "../../provider/errors";
import { Run } from "../../provider/lifecycle";
import { application } from "../../provider/resources/application";
import { compose } from "../../provider/resources/compose";
import { postgres } from "../../provider/resources/postgres";
import { output } from "../../provider/schema";
import { add, around, failure, type Values, web, withServices } from "./services-made";

const { unknownValue } = runtime;
/** An output that says where a service is. */
const place = z.object({
  place: output(z.string().optional(), ({ appName }, dokploy) => dokploy && `${appName} of ${dokploy}`),
});
const definitions = { application, compose, postgres };
const modelOf = (kind: keyof typeof definitions) =>
  new ServiceModel<never, never>({
    ...{ kind: definitions[kind].kind, schema: definitions[kind].schema, create: () => ({}) },
    ...(kind === "postgres" ? { outputs: place } : {}),
  } as never);
/** A deployment that Dokploy recorded. */
const record = (status: string, createdAt: string) => ({ deploymentId: createdAt, status, createdAt });

describe("a kind of service", () => {
  it("has names in messages, without control characters", () => {
    const model = modelOf("compose");
    assert.equal(model.labelOf("id", { name: "wi\u009b2Jki" }), 'compose service "wi\\x9b2Jki" (id)');
    assert.equal(model.nameOf({ name: "wi\u009b2Jki" }), 'Compose "wi\\x9b2Jki"');
    assert.equal(model.nameOf({ name: unknownValue }), "Compose");
    assert.equal(model.nameOf({}), 'Compose ""');
  });

  it("asks for the dialect of a server only where a text depends on it", async () => {
    const asked: string[] = [];
    const api = {
      supports: async (feature: string) => {
        asked.push(feature);
        return false;
      },
    };
    const inputs = { name: "wiki", environmentId: "env", env: { A: "it's" } };
    const [wiki, app] = [modelOf("compose"), modelOf("application")];
    assert.equal(await app.mappingOn(api, inputs), app.mapping);
    assert.equal(await wiki.mappingOn(api, { ...inputs, env: undefined } as never), wiki.mapping);
    assert.deepEqual(asked, []);
    const there = wiki.mapping.in((target) => (target === "compose" ? "compose-unquoted" : target));
    assert.deepEqual((await wiki.mappingOn(api, inputs)).columns(inputs), there.columns(inputs));
    assert.deepEqual(asked, ["compose.env.templates", "compose.env.quoted"]);
  });

  it("is refused by a server that is too old for the saved columns", async () => {
    const asked: unknown[] = [];
    const old = {
      call: async () => ({}),
      async assertSupported(...given: unknown[]) {
        asked.push(given);
        await new Promise(setImmediate);
        throw new Error("too old");
      },
    };
    const model = modelOf("application");
    const error = await failure(model.assertSupported({ replicas: 2 }, old as never));
    assert.equal(error.message, "too old");
    assert.deepEqual(asked, [["application.update", { applicationId: "", replicas: 2 }]]);
    await model.assertSupported({ replicas: 2 }, { call: old.call } as never);
  });

  it("saves all but what only a creation takes, and what neither does", async () => {
    const world = withServices();
    const columns = { replicas: 2, serverId: "machine", sourceType: "docker", odd: 1 };
    await modelOf("application").save("a", columns, world.api, undefined);
    assert.deepEqual(world.inputsOf("application.update"), [
      { applicationId: "a", replicas: 2, sourceType: "docker", odd: 1 },
    ]);
    const saved: unknown[] = [];
    const own = new ServiceModel<never, never>({
      ...{ kind: "Application", schema: application.schema, create: () => ({}) },
      async save(...given: unknown[]) {
        await new Promise(setImmediate);
        saved.push(given);
      },
    } as never);
    await own.save("a", columns, world.api, undefined);
    assert.deepEqual(saved, [["a", columns, world.api, undefined]], "in its own way, if it has one");
    assert.equal(world.inputsOf("application.update").length, 1);
  });

  it("moves to another environment", async () => {
    let isMoved = false;
    const world = withServices({
      "compose.move"() {
        isMoved = true;
      },
    });
    await modelOf("compose").move("c", "other", world.api);
    assert.ok(isMoved, "it is there before anything else is saved");
    assert.deepEqual(world.inputsOf("compose.move"), [{ composeId: "c", targetEnvironmentId: "other" }]);
  });

  it("says which one has been removed", async () => {
    const world = withServices();
    const { id } = { id: "application1" };
    const { message } = await failure(modelOf("application").existing(id, "web", world.api));
    assert.match(message, /^The application "web" \(application1\) /);
    assert.equal(await modelOf("application").observe(id, world.api), undefined);
    add(world.rows, "application", { name: "web", appName: "app" });
    assert.equal((await modelOf("application").again(id, "web", world.api)).appName, "app-abcdef");
  });

  it("has outputs of its former state and of its row", () => {
    const row = { appName: "db-abcdef", applicationStatus: "running" } as never;
    const server = { url: "https://dokploy.example.com", provider: "dokploy" };
    const partIds = { mounts: { "/data": "m" } };
    const lastDeployment = { deploymentId: "d", status: "done" } as const;
    const olds = { appName: "old", status: "done", lastDeployment, pending: "deploy", partIds } as const;
    const model = modelOf("postgres");
    const kept = { appName: "db-abcdef", status: "running", lastDeployment, pending: "deploy" };
    const found: object = model.outputsOf(row, olds, { server });
    assert.deepEqual(found, { ...kept, partIds, place: "db-abcdef of https://dokploy.example.com" });
    const others = { mounts: { "/new": "n" } };
    const now: object = model.outputsOf(row, olds, { server: undefined }, others);
    assert.deepEqual(now, { ...kept, partIds: others });
    const fresh = modelOf("application").outputsOf({ appName: "a" } as never, undefined, { server });
    assert.deepEqual(fresh, { appName: "a", status: "idle" });
    const failed = { appName: "a", composeStatus: "error" } as never;
    assert.equal(modelOf("compose").outputsOf(failed, undefined, { server }).status, "error");
  });

  it("hides its passwords, what the program marked, and the variables of its environment", () => {
    const { run } = withServices();
    run.secrets.report({ env: { TOKEN: "s-canary-marked", LEVEL: "s-canary-open" } }, [["env", "TOKEN"]]);
    const env = { TOKEN: "s-canary-marked", LEVEL: "s-canary-open" };
    const secrets = modelOf("postgres").secretsAround(
      { name: "db", env } as never,
      { databasePassword: "s-canary-row", env: "BY_HAND=s-canary-hand", databaseName: "shop" } as never,
      around,
      { run } as never,
    );
    for (const secret of ["marked", "row", "hand", "shared"])
      assert.ok(secrets.includes(`s-canary-${secret}`), secret);
    assert.ok(!secrets.includes("s-canary-open"));
    const odd = modelOf("postgres").secretsAround(
      { name: "db" } as never,
      { databasePassword: "true" } as never,
      { env: "", project: { env: "" } },
      { run: new Run(async () => []) } as never,
    );
    assert.ok(odd.includes("true"), "a password that looks like none");
    const none = modelOf("postgres").secretsAround(
      { name: "db" } as never,
      { databasePassword: undefined } as never,
      { env: "", project: { env: "" } },
      { run: new Run(async () => []) } as never,
    );
    assert.ok(none.every((text) => typeof text === "string"));
  });

  describe("with a service that exists, in its deployment", () => {
    const deployable = (row: Values, inputs: Values = web, before: Values = {}) => {
      const { context } = withServices();
      const after = { name: "web", appName: "app", environment: around, env: null, ...row };
      return modelOf("application").deployable(
        "a",
        inputs as never,
        { before: { ...after, ...before } as never, after: after as never },
        context,
      );
    };

    it("has its row after the change, and the records before it", () => {
      const records = [record("done", "2026-01-01")];
      const domains = { "shop.example.com/": { host: "shop.example.com" } };
      const found = deployable(
        { env: "A=1", applicationStatus: "done", deployments: [], domains: [] },
        { ...web, domains },
        { env: "TOKEN=s-canary-before", deployments: records },
      );
      assert.deepEqual(found.target, {
        ...{
          kind: "application",
          id: "a",
          name: "web",
          appName: "app",
          serverId: undefined,
          dockerfile: undefined,
        },
        ...{ expected: { replicas: 1, expectEnv: { A: "1" } }, domains },
      });
      assert.deepEqual([found.status, found.deployments], ["done", records]);
      assert.deepEqual(found.around, ["project/project", "environment/env"]);
      for (const secret of ["s-canary-before", "s-canary-shared"])
        assert.ok([...found.secrets].includes(secret), secret);
      assert.deepEqual(deployable({}).deployments, [], "none, where Dokploy keeps no records");
      const rows = [{ host: "theirs.example.com" }];
      assert.deepEqual(
        deployable({ domains: rows }).target.domains,
        rows,
        "those of others, if it gives none",
      );
    });

    it("takes shared variables where any of its texts has a reference", () => {
      assert.equal(deployable({ env: "A=1" }).takesShared, false);
      for (const text of ["env", "buildArgs", "buildSecrets"])
        assert.equal(deployable({ env: "A=1", [text]: "A=${{project.SHARED}}" }).takesShared, true, text);
    });

    it("is of the service as it is when others have changed it", async () => {
      const world = withServices();
      const row = add(world.rows, "application", { name: "web", appName: "app" });
      const one = modelOf("application").deployable(
        "application1",
        web as never,
        { before: row as never, after: row as never },
        world.context,
      );
      Object.assign(row, { env: "NOW=1" });
      assert.deepEqual((await one.again()).expected?.expectEnv, { NOW: "1" });
      world.rows.clear();
      assert.match((await failure(one.again())).message, /^The application "web" \(application1\) /);
    });
  });

  describe("with a service to adopt", () => {
    const adopted = async (
      row: Values,
      inputs: Values = web,
      kind: keyof typeof definitions = "application",
    ) => {
      const world = withServices();
      add(world.rows, kind, { name: "we\u009b2Jb", appName: "app", ...row });
      return await modelOf(kind).adoptable(`${kind}1`, inputs as never, world.api);
    };
    const image = { sourceType: "docker", dockerImage: "acme/web:1" };

    it("is in the environment of the program, or in one that is not known yet", async () => {
      const { environmentId } = (await adopted(image)) as Values;
      assert.equal(environmentId, "env");
      await adopted({ ...image, environmentId: "other" }, { ...web, environmentId: unknownValue });
      const error = await failure(adopted({ ...image, environmentId: "other" }));
      assert.ok(error instanceof CheckFailedError);
      assert.equal(
        error.message,
        'import: the application "we\\x9b2Jb" (application1) is in the environment "production" of project "shop" (other), ' +
          "not in env: give it that environmentId, and move it with a later change if it should be elsewhere",
      );
    });

    it("exists, and has what cannot be changed", async () => {
      const none = await failure(
        modelOf("application").adoptable("gone", web as never, withServices({ "project.all": () => [] }).api),
      );
      assert.match(none.message, /^import: .*Look the id up in Dokploy/s);
      const error = await failure(adopted({ ...image, serverId: "one" }, { ...web, serverId: "two" }));
      assert.equal(
        error.message,
        'serverId: differs from what the application "we\\x9b2Jb" (application1) has, and cannot be changed in place',
      );
    });

    it("needs a deployment unless its newest one succeeded, and its parts were made before that", () => {
      const pending = (kind: keyof typeof definitions, row: Values, inputs: Values = {}) =>
        modelOf(kind).pendingOutputs("a", row as never, inputs as never);
      const done = [record("done", "2026-01-02"), record("error", "2026-01-01")];
      const failed = [record("done", "2026-01-01"), record("error", "2026-01-02")];
      assert.equal(pending("application", { deployments: done }), "none");
      assert.equal(pending("application", { deployments: failed }), "deploy");
      assert.equal(pending("application", { applicationStatus: "done" }), "deploy");
      assert.equal(pending("postgres", { applicationStatus: "done" }), "none");
      assert.equal(pending("postgres", {}), "deploy");
      const listed = (createdAt: string) => ({
        deployments: done,
        domains: [{ domainId: "d", host: "shop.example.com", path: "/", composeId: "a", createdAt }],
      });
      const domains = { "shop.example.com/": { host: "shop.example.com" } };
      assert.equal(pending("compose", listed("2026-01-01"), { domains }), "none");
      assert.equal(pending("compose", listed("2026-01-03"), { domains }), "deploy");
      assert.equal(pending("compose", listed("2026-01-03")), "none", "one of others");
    });

    it("has its inputs with its parts, and their ids", () => {
      const row = {
        ...{ name: "web", environmentId: "other", sourceType: "docker", dockerImage: "acme/web:2" },
        domains: [{ domainId: "d", host: "shop.example.com", path: "/", applicationId: "a", port: 80 }],
      };
      const domains = { "shop.example.com/": { host: "shop.example.com", port: 3000 } };
      const model = modelOf("application");
      const { live, partIds } = model.readBack(
        "a",
        row as never,
        { ...web, domains } as never,
        model.mapping,
      );
      assert.deepEqual(live, {
        ...{ name: "web", environmentId: "other", source: { type: "docker", image: "acme/web:2" } },
        domains: { "shop.example.com/": { host: "shop.example.com", port: 80 } },
      });
      assert.deepEqual(partIds, { domains: { "shop.example.com/": "d" } });
    });
  });
});
