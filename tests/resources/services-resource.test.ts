import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { Companions, DokployError, type ServiceKind } from "../../provider/dokploy";
import { removeService } from "../../provider/engine/services/model";
import { textKey } from "../../provider/engine/variable-targets/host";
import { Run } from "../../provider/lifecycle";
import { unmarked } from "../../provider/pulumi/secret";
import { application } from "../../provider/resources/application";
import { postgres } from "../../provider/resources/postgres";
import { add, failure, type Values, web, withServices } from "./services-made";

const { unknownValue } = runtime;
/** A deployment that Dokploy recorded. */
const record = (status: string, createdAt: string) => ({ deploymentId: createdAt, status, createdAt });

describe("the resource of a service", () => {
  const state = (inputs: Values, outputs: Values) => ({ inputs, outputs }) as never;

  it("has its texts and its machine to itself, as far as they are known", () => {
    const of = (inputs: Values) => {
      const run = new Run(async () => []);
      application.claim?.("a", { ...web, ...inputs } as never, run);
      const has = (field: string) =>
        run.ownership.unclaimed(textKey("application", "a", field), ["A"]).length === 0;
      return {
        texts: ["env", "buildArgs", "buildSecrets"].filter(has),
        server: run.ownership.serverOf("application/a"),
      };
    };
    assert.deepEqual(of({}), { texts: [], server: "" });
    assert.deepEqual(of({ env: {}, buildSecrets: { A: "1" } }), {
      texts: ["env", "buildSecrets"],
      server: "",
    });
    assert.equal(of({ serverId: "machine" }).server, "machine");
    assert.equal(of({ serverId: unknownValue }).server, undefined);
    const run = new Run(async () => []);
    const domains = { "shop.example.com/": { host: "shop.example.com" } };
    application.claim?.("a", { ...web, domains } as never, run);
    assert.deepEqual(
      [...run.ownership.claimed("domain of application/a")],
      [JSON.stringify(["shop.example.com", "/"])],
      "a domain that moves into the list is not deleted by its former resource",
    );
  });

  it("has a label, says what it deploys, and what the last run left undone", () => {
    assert.deepEqual(
      [
        application.label?.({ name: "web" }),
        application.label?.({ name: unknownValue }),
        application.label?.({}),
      ],
      ['"web"', "", '""'],
    );
    assert.deepEqual(application.affects?.("a", web as never), { deploys: "application/a" });
    assert.deepEqual(application.affects?.(undefined, web as never), {});
    const unfinished = (outputs: Values, news: Values) =>
      application.unfinished?.(outputs as never, news as never);
    assert.deepEqual(unfinished({ pending: "deploy" }, {}), {});
    assert.deepEqual(unfinished({ pending: "none" }, { deploy: { method: "deploy" } }), {});
    assert.equal(unfinished({ pending: "deploy" }, { deploy: false }), undefined);
    assert.equal(unfinished({}, {}), undefined);
  });

  it("is read with what Dokploy has, and keeps what only the state knows", async () => {
    const world = withServices();
    add(world.rows, "application", {
      ...{
        name: "web",
        appName: "app",
        sourceType: "docker",
        dockerImage: "acme/web:2",
        applicationStatus: "done",
      },
      domains: [
        { domainId: "d", host: "shop.example.com", path: "/", applicationId: "application1", port: 80 },
      ],
      deployments: [record("done", "2026-01-01")],
    });
    const domains = { "shop.example.com/": { host: "shop.example.com", port: 3000 } };
    const kept = {
      released: "r",
      releaseWord: "w",
      lastDeployment: { deploymentId: "2026-01-01", status: "done" },
    };
    const outputs = {
      ...kept,
      appName: "old",
      status: "idle",
      partIds: { domains: { "shop.example.com/": "d" } },
    };
    const read = await application.read("application1", state({ ...web, domains }, outputs), world.context);
    assert.ok(read && "inputs" in read);
    assert.deepEqual(read.inputs, {
      ...{ ...web, source: { type: "docker", image: "acme/web:2" } },
      domains: { "shop.example.com/": { host: "shop.example.com", port: 80 } },
    });
    assert.deepEqual(read.outputs, {
      ...{ ...kept, appName: "app-abcdef", status: "done", pending: "deploy" },
      partIds: { domains: { "shop.example.com/": "d" } },
    });
    const later = { ...outputs, lastDeployment: { deploymentId: "before", status: "done" } };
    const deployed = await application.read("application1", state({ ...web, domains }, later), world.context);
    assert.equal(
      deployed && "outputs" in deployed && deployed.outputs.pending,
      undefined,
      "somebody deployed it since",
    );
    const db = { name: "db", environmentId: "env", database: "shop", user: "shop" };
    add(world.rows, "postgres", {
      ...{ name: "db", databaseName: "shop", databaseUser: "shop", databasePassword: "s-canary-password" },
      externalPort: 5433,
    });
    const found = await postgres.read(
      "postgres2",
      state(db, { appName: "old", status: "idle" }),
      world.context,
    );
    const { outputs: own } = found as unknown as { outputs: Values };
    assert.match(String(unmarked(own["externalUrl"])), /@dokploy\.example\.com:5433\/shop$/);
    const never = state(web, { appName: "app", status: "idle" });
    assert.equal(await application.read("gone", never, world.context), undefined);
  });

  it("says what it left on its server, if it ever ran", async () => {
    const { context } = withServices({
      "docker.getServiceContainersByAppName": () => [],
      "dockerVolume.getVolumes": () => [],
    });
    const ran = state(web, { appName: "app-abcdef", status: "done" });
    const lost = await application.read("gone", ran, context);
    assert.ok(lost && "left" in lost);
    assert.equal(lost.left, "None of its containers runs.");
  });

  it("is changed by what differs, and has its texts to itself then too", async () => {
    const world = withServices();
    add(world.rows, "application", {
      ...{ name: "web", appName: "app", sourceType: "docker", dockerImage: "acme/web:1" },
    });
    const news = { ...web, env: { A: "1" }, deploy: false } as never;
    const olds = state({ ...web, deploy: false }, { appName: "app-abcdef", status: "idle" });
    const changes = [{ path: "env", input: "env", apply: "deploy", minApply: "reload" }] as never;
    const outputs = await application.update("application1", olds, news, changes, world.context);
    assert.deepEqual(outputs, { appName: "app-abcdef", status: "idle", pending: "deploy" });
    assert.deepEqual(world.inputsOf("application.update"), [{ applicationId: "application1", env: "A=1" }]);
    const { ownership } = world.run;
    assert.deepEqual(ownership.unclaimed(textKey("application", "application1", "env"), ["A"]), []);
  });

  it("lists those of a server with the inputs that keep them, where they are", async () => {
    const asked: unknown[] = [];
    const rows = [
      { kind: "application", id: "a", row: { name: "web", environmentId: "other", replicas: 2 } },
    ];
    const tree = {
      api: withServices().api,
      async services(kinds: unknown) {
        asked.push(kinds);
        return rows;
      },
    };
    const [found] = (await application.list?.(tree as never)) ?? [];
    assert.deepEqual(asked, [["application"]]);
    assert.ok(found);
    assert.equal(found.id, "a");
    const { name, environmentId, replicas } = found.inputs as Values;
    assert.deepEqual([name, environmentId, replicas], ["web", "other", 2]);
  });

  it("is deleted after what a release command left, which only the word of its state shows", async () => {
    const world = withServices();
    add(world.rows, "application", { name: "web" });
    const description = (of: string) => new Companions(world.api, "word").text(of, "application2");
    add(world.rows, "application", { name: "release of web", description: description("application1") });
    add(world.rows, "application", { name: "release of api", description: description("other") });
    const inputs = { ...web } as never;
    await application.delete("application1", inputs, world.context, { releaseWord: "word" } as never);
    assert.deepEqual([...world.rows.keys()], ["application3"]);
    const gone = world.inputsOf("application.delete").map(({ applicationId }) => applicationId);
    assert.deepEqual(gone, ["application2", "application1"]);
    await application.delete("application1", inputs, world.context);
  });

  it("is checked with its parts, and their warnings are advice", () => {
    const said: unknown[] = [];
    const run = new Run(async () => []);
    const advise = () => ({ run, say: (...given: unknown[]) => said.push(given), warn() {} }) as never;
    const domains = { "shop.example.com/": { host: "shop.example.com", certificateType: "letsencrypt" } };
    assert.deepEqual(application.check?.({ ...web, domains } as never, advise, "urn"), []);
    assert.deepEqual(
      said.map((given) => (given as unknown[])[1]),
      ["advice"],
    );
    assert.match(String((said[0] as unknown[])[0]), /certificateType, which does nothing without https/);
    said.length = 0;
    const shop = { "shop.example.com/": { host: "shop.example.com" } };
    for (const [name, urn] of [
      ["web", "urn"],
      ["web", "urn"],
      ["api", "urn2"],
    ] as const)
      application.check?.({ ...web, name, domains: shop } as never, advise, urn);
    assert.equal(said.length, 1, "not of the same resource");
    assert.match(String((said[0] as unknown[])[0]), /Application "api".* Application "web"/);
    const broken = { "shop.example.com/": { host: "shop.example.com", stripPath: true } };
    const problems = application.check?.({ ...web, domains: broken } as never, () => undefined, "urn");
    assert.deepEqual(
      problems?.map(({ property }) => property),
      ['domains["shop.example.com/"].stripPath'],
    );
  });

  describe("in its removal", () => {
    const gone = async (kind: ServiceKind, options?: object) => {
      const world = withServices();
      add(world.rows, kind, { name: "web" });
      const removed = await removeService(kind, `${kind}1`, web, world.api, options);
      return { removed, world };
    };

    it("keeps volumes unless the call says otherwise, and gives the last row", async () => {
      const { removed, world } = await gone("compose");
      assert.equal((removed?.row as Values | undefined)?.["name"], "web");
      assert.deepEqual(world.inputsOf("compose.delete"), [{ composeId: "compose1", deleteVolumes: false }]);
      const whole = await gone("compose", { deleteVolumes: true });
      assert.deepEqual(whole.world.inputsOf("compose.delete"), [
        { composeId: "compose1", deleteVolumes: true },
      ]);
      const app = await gone("application");
      assert.deepEqual(app.world.inputsOf("application.delete"), [{ applicationId: "application1" }]);
      const db = await gone("postgres");
      assert.deepEqual(db.world.inputsOf("postgres.remove"), [{ postgresId: "postgres1" }]);
    });

    it("is done where somebody else did it, and fails with any other reason", async () => {
      const { api } = withServices();
      assert.equal(await removeService("application", "none", web, api), undefined);
      const silent = withServices({ "application.delete": () => undefined });
      assert.deepEqual(await removeService("application", "a", web, silent.api), { row: undefined });
      const refusal = new DokployError("no", {
        kind: "forbidden",
        endpoint: "application.delete",
        outcome: "refused",
      });
      const refused = withServices({
        "application.delete"() {
          throw refusal;
        },
      });
      assert.equal(await failure(removeService("application", "a", web, refused.api)), refusal);
    });
  });
});
