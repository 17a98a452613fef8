import * as assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { runtime } from "@pulumi/pulumi";
import { claimFactsOf } from "../../provider/engine/simple/claim-facts";
import type { Model } from "../../provider/engine/simple/model";
import type { Entity } from "../../provider/lifecycle/entity";
import { importedKey } from "../../provider/lifecycle/imported";
import { identityKey } from "../../provider/pulumi/identity";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { generated, type Ids } from "./generated";
import { madeUp } from "./kinds";
import { makeService } from "./parents";
import { type Declared, Program, type RunOptions } from "./program";
import { makeProject, plain, type Server, startServer } from "./server";
import { another, madeFor } from "./simple-by-hand";
import { CANARY, simpleData } from "./simple-data";

type Values = Record<string, unknown>;
type Any = Entity<never, never> & { readonly model?: Model };

const keyed = [...(allDefinitions() as unknown as Any[]), ...(madeUp as readonly Any[])].filter(
  (definition) => claimFactsOf(definition).key !== undefined,
);

const unknown = runtime.unknownValue;
const image = { type: "docker", image: "acme/web:1" };
const named = (name: string, inputs: Values): Values => ({
  ...inputs,
  [identityKey]: { identity: `id of ${name}`, name },
});

describe("two resources of a program, by their handlers alone", function () {
  this.timeout(60_000);
  let server: Server;
  beforeEach(async () => {
    server = await startServer({ definitions: madeUp, areNamed: true });
  });
  afterEach(() => server.close());

  const check = async (kind: string, name: string, inputs: Values, olds: Values = {}): Promise<Values> => {
    const checked = await server.of(kind).check(olds, named(name, inputs));
    assert.deepEqual(checked.failures, []);
    return checked.inputs;
  };
  const refused = async (work: Promise<unknown>): Promise<string> =>
    await work.then(
      () => assert.fail("It was not refused."),
      (error: Error) => error.message,
    );
  const refusal = (kind: string, name: string, inputs: Values) =>
    refused(server.of(kind).check({}, named(name, inputs)));

  describe("of a kind with a key", () => {
    /** What objects refer to that are not simple: a project, and somebody who can sign in. */
    const surroundings = async (): Promise<Ids> => {
      const { projectId } = await makeProject(server, "around");
      const [organization] = await server.byHand<{ id: string }[]>("organization.all", {});
      const email = "ana@acme.example";
      const password = "made-up-password";
      await server.byHand("user.createUserWithCredentials", { email, password, role: "member" });
      return { projectId, email, organizationId: organization?.id ?? "" };
    };

    it("are every kind of simple object, and some others", () => {
      assert.ok(keyed.length > 20, `${keyed.length}`);
      for (const kind of ["Domain", "WebServerSettings", "TraefikFile", "Member", "Detour"])
        assert.ok(keyed.some((definition) => definition.kind === kind), kind); // biome-ignore format: one line
    });

    for (const definition of keyed) {
      const { kind, model, schema } = definition;
      const data = simpleData[kind];
      const parent = data ? data.parent : model?.parents[0];

      it(`${kind}: are refused if they have the same key, in one run and at one parent`, async () => {
        const inParent = async (given: Values): Promise<Values> =>
          parent === undefined ? given : { ...given, [`${parent}Id`]: await makeService(server, parent) };
        const given = data
          ? { ...data.inputs, ...(await madeFor(server, data)) }
          : generated(schema, await surroundings());
        const inputs = await inParent(given);
        const elsewhere = await inParent(given);
        server.newRun();
        await check(kind, "one", inputs);
        await check(kind, "one", inputs);
        const { calls } = server.emulator;
        const before = calls.length;
        const message = await refusal(kind, "two", inputs);
        assert.match(
          message,
          new RegExp(`^${kind} "two" and ${kind} "one" are the same ${kind}: .*\\. Keep one of the two\\.$`),
        );
        assert.doesNotMatch(message, new RegExp(CANARY));
        assert.equal(calls.length, before, "Dokploy is not asked");
        if (parent !== undefined) await check(kind, "elsewhere", elsewhere);
        const other = model ? another(model, inputs) : inputs;
        if (model && !isDeepStrictEqual(other, inputs)) {
          await check(kind, "other", other);
          await check(kind, "other", another(model, inputs, 2));
          // What one gives up, another may have.
          await check(kind, "two", other);
        }
        server.newRun();
        await check(kind, "two", inputs);
      });
    }

    it("are not refused for keys that are missing, which is reported instead", async () => {
      for (const name of ["one", "two"]) {
        const { failures } = await server.of("Tag").check({}, named(name, { color: "#ff0000" }));
        assert.deepEqual(
          failures.map(({ property }) => property),
          ["name"],
        );
      }
    });

    it("claim nothing by inputs that Pulumi takes from the state", async () => {
      const inputs = { name: "blue", color: "#0000ff" };
      await check("Tag", "one", inputs);
      for (const identity of [
        "all from the state",
        { identity: "id of two", name: "two", ignored: ["name"] },
      ])
        assert.deepEqual(
          (await server.of("Tag").check({}, { ...inputs, [identityKey]: identity })).failures,
          [],
        );
      assert.match(
        await refused(server.of("Tag").check({}, named("three", inputs))),
        /^Tag "three" and Tag "one" are the same Tag: they have the same name\./,
      );
    });
  });

  describe("with ids that are known only when they are created", () => {
    it("are refused before anything is written for the second, and the first stays", async () => {
      const applicationId = await makeService(server, "application");
      const domain = (id: string) => ({ applicationId: id, host: "shop.example.com" });
      for (const name of ["one", "two"]) await check("Domain", name, domain(unknown));
      const create = (name: string) =>
        server.of("Domain").create({ ...domain(applicationId), [identityKey]: `id of ${name}` });
      await create("one");
      const before = server.calls().length;
      assert.match(
        await refused(create("two")),
        /^Domain "two" and Domain "one" are the same Domain: they have the same host and path for the same service/,
      );
      assert.equal(server.calls().length, before);
      const { domains } = await server.byHand<{ domains: object[] }>("application.one", { applicationId });
      assert.equal(domains.length, 1);
    });

    it("may try again after a failure, in the same process", async () => {
      const applicationId = await makeService(server, "application");
      const domain = { applicationId, host: "shop.example.com" };
      const inputs = await check("Domain", "one", domain);
      server.emulator.faults.add({ endpoint: "domain.create", times: 1, status: 400, body: {} });
      await refused(server.of("Domain").create(inputs));
      const { id } = await server.of("Domain").create(inputs);
      assert.match(id, /./);
    });

    it("are refused as a change of one of them", async () => {
      const applicationId = await makeService(server, "application");
      const domain = (host: string) => ({ applicationId, host });
      const made: Record<string, { id: string; outs: Values }> = {};
      for (const name of ["one", "two"])
        made[name] = await server
          .of("Domain")
          .create(await check("Domain", name, domain(`${name}.example.com`)));
      const [{ outs: olds = {}, id = "" } = {}] = [made["two"]];
      server.newRun();
      const identity = { [identityKey]: "id of two" };
      await check("Domain", "one", domain("one.example.com"), plain(made["one"]?.outs ?? {}));
      await check("Domain", "two", domain(unknown), plain(olds));
      const news = { ...domain("one.example.com"), ...identity };
      assert.match(await refused(server.of("Domain").diff(id, plain(olds), news)), /are the same Domain/);
      assert.match(await refused(server.of("Domain").update(id, plain(olds), news)), /are the same Domain/);
      assert.deepEqual(server.calls(), []);
    });
  });

  describe("of one service", () => {
    let environmentId: string;
    let projectId: string;
    let program: Program;
    beforeEach(async () => {
      ({ environmentId, projectId } = await makeProject(server));
      program = new Program(server);
    });

    const up = async (resources: Record<string, Declared>, options: RunOptions = {}) => {
      server.newRun();
      return await program.up(resources, options);
    };
    const application = (more: Values = {}): Declared => ({
      kind: "Application",
      inputs: { environmentId, name: "web", source: image, deploy: false, ...more },
    });
    const domain = (inputs: Values): Declared => ({ kind: "Domain", inputs, after: ["web"] });
    const listed = { domains: { "shop.example.com/": { host: "shop.example.com" } } };

    it("are the same if one lists what the other is: found at the comparison of the service", async () => {
      assert.deepEqual(await up({ web: application(listed) }), {});
      const applicationId = program.id("web");
      const again = domain({ applicationId, host: "shop.example.com", path: "/" });
      const { again: message } = await up({ web: application(listed), again });
      assert.match(
        message ?? "",
        /^Domain .* and domains\["shop\.example\.com\/"\] of Application "web" are the same Domain: they have the same host/,
      );
      const other = domain({ applicationId, host: "shop.example.com", path: "/api" });
      assert.deepEqual(await up({ web: application(listed), other }), {});
    });

    it("are found too when the service is created in the same run, and it stays", async () => {
      const inputs = await check("Application", "web", application(listed).inputs);
      const { id } = await server.of("Application").create(inputs);
      const message = await refusal("Domain", "again", { applicationId: id, host: "shop.example.com" });
      assert.match(message, /^Domain "again" and domains\["shop\.example\.com\/"\] of Application "web" are/);
    });

    it("may be moved into the list, changed, replaced, refreshed and run again", async () => {
      assert.deepEqual(await up({ web: application() }), {});
      const applicationId = program.id("web");
      const one = domain({ applicationId, host: "shop.example.com" });
      const resources = { web: application(), one };
      for (const refresh of [false, true, true]) assert.deepEqual(await up(resources, { refresh }), {});
      const changed = domain({ applicationId, host: "shop.example.com", port: 8080 });
      assert.deepEqual(await up({ ...resources, one: changed }, { refresh: true }), {});
      assert.deepEqual(await up({ web: application(listed) }), {});
      const replaced = domain({ applicationId, host: "new.example.com", port: 8080 });
      program.forget("one");
      assert.deepEqual(await up({ web: application(listed), one: replaced }), {});
      const kept = application({ ...listed, replicas: 2 });
      assert.deepEqual(await up({ web: kept, one: replaced }, { refresh: true }), {});
    });

    it("may not both own its variables, unless each owns others", async () => {
      const { id } = await server
        .of("Application")
        .create(await check("Application", "web", application({ env: { A: "1" } }).inputs));
      const target = { applicationId: id };
      const block = (more: Values) => ({ target, env: { A: "1" }, deploy: false, ...more });
      assert.match(
        await refusal("EnvironmentBlock", "block", block({ mode: "additive" })),
        /^EnvironmentBlock "block" and Application "web" both own env of the same application\. .* remove env from Application "web"/,
      );
      await check("EnvironmentBlock", "args", { target, buildArgs: { A: "1" }, deploy: false });
    });

    it("may not both own a variable of it, which the message names", async () => {
      const applicationId = await makeService(server, "application", environmentId);
      const block = (env: unknown, mode: string | undefined = "additive") => ({
        target: { applicationId },
        mode,
        env,
        deploy: false,
      });
      await check("EnvironmentBlock", "one", block({ A: "1", B: `${CANARY}` }));
      await check("EnvironmentBlock", "two", block({ C: "1" }));
      await check("EnvironmentBlock", "later", block(unknown));
      await check("EnvironmentBlock", "somewhere", {
        ...block({ A: "1" }),
        target: { applicationId: unknown },
      });
      const message = await refusal("EnvironmentBlock", "three", block({ B: "2", D: "2" }));
      assert.match(
        message,
        /^EnvironmentBlock "three" and EnvironmentBlock "one" both own env\.B of the same application\. .*: keep one of them, or/,
      );
      assert.doesNotMatch(message, new RegExp(CANARY));
      assert.match(
        await refusal("EnvironmentBlock", "whole", block({ E: "2" }, "exclusive")),
        /both own env of the same application/,
      );
      // A variable may move from one to the other.
      await check("EnvironmentBlock", "one", block({ A: "1" }));
      await check("EnvironmentBlock", "three", block({ B: "2" }));
    });

    it("may not both own shared variables", async () => {
      const { id } = await server
        .of("Project")
        .create(await check("Project", "shared", { name: "other", env: { A: "1" } }));
      assert.match(
        await refusal("EnvironmentBlock", "block", { target: { projectId: id }, env: { A: "2" } }),
        /^EnvironmentBlock "block" and Project "shared" both own env of the same project\./,
      );
      await check("EnvironmentBlock", "elsewhere", { target: { projectId }, env: { A: "2" } });
    });

    it("may not have the same name in one environment, which a preview already sees", async () => {
      const { environmentId: elsewhere } = await makeProject(server, "another");
      const { inputs } = application();
      await check("Application", "one", inputs);
      assert.match(
        await refusal("Application", "two", inputs),
        /^Application "two" and Application "one" have the same name "web" in the same environment: give/,
      );
      await check("Application", "there", { ...inputs, environmentId: elsewhere });
      await check("Application", "later", { ...inputs, environmentId: unknown });
      await check("Postgres", "database", {
        environmentId,
        name: "web",
        database: "web",
        user: "web",
        password: "made-up-password",
      });
    });
  });

  it("are not refused to pulumi import, which records objects that are already there", async () => {
    const given = { name: "blue", color: "#0000ff", [importedKey]: true };
    for (const name of ["one", "two"]) {
      const identity = { [identityKey]: { identity: name, name } };
      assert.deepEqual((await server.of("Tag").check(given, { ...given, ...identity })).failures, []);
    }
  });

  it("of which one refers to a shared variable that the other does not give: it is refused, and the other stays", async () => {
    const { id, outs } = await server
      .of("Project")
      .create(await check("Project", "shop", { name: "shop", env: { REGION: "eu" } }));
    const service = (reference: string) =>
      named("api", {
        environmentId: plain(outs)["defaultEnvironmentId"],
        name: "api",
        source: image,
        env: { REGION: `\${{project.${reference}}}` },
      });
    const { failures } = await server.of("Application").check({}, service("REGOIN"));
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["env.REGION"],
    );
    assert.match(failures[0]?.reason ?? "", /project\.REGOIN/);
    assert.deepEqual((await server.of("Application").check({}, service("REGION"))).failures, []);
    const { env } = await server.byHand<{ env: string }>("project.one", { projectId: id });
    assert.match(env, /REGION=eu/);
  });
});
