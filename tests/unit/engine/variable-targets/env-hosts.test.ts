import * as assert from "node:assert/strict";
import {
  type Api,
  type DatabaseKind,
  DokployError,
  dependsOnVersion,
  dialectOf,
  type Endpoint,
  writesStackFile,
} from "../../../../provider/dokploy";
import { deployable, existing, isService, observe } from "../../../../provider/engine";
import { Run } from "../../../../provider/lifecycle";
import { isShared, kindAndId, kindOf, nounWithArticle, pathOf } from "../../../../provider/schema";

type Values = Readonly<Record<string, unknown>>;
type Service = Parameters<typeof deployable>[0];

describe("an object with variables", () => {
  const environment = {
    environmentId: "e",
    projectId: "p",
    env: "E=environments",
    project: { env: "P=projects" },
  };
  /** A server with one row for each kind, and the calls that changed something. */
  function arrange(rows: Values, supports?: readonly string[]) {
    const calls: [string, Values][] = [];
    const api = {
      call: async (endpoint: Endpoint, input: Values) => {
        const [kind = "", verb] = endpoint.split(".");
        if (verb !== "one") {
          calls.push([endpoint, input]);
          return rows[endpoint];
        }
        if (rows[kind] === undefined) {
          throw new DokployError("gone", { kind: "not-found", endpoint, outcome: "refused", gone: true });
        }
        return rows[kind];
      },
      ...(supports ? { supports: async (feature: string) => supports.includes(feature) } : {}),
    } as unknown as Api;
    return { api, calls };
  }
  const service = async (
    target: Parameters<typeof observe>[0],
    row: Values,
    supports?: readonly string[],
  ) => {
    const { kind } = kindAndId(target);
    const { api, calls } = arrange({ [kind]: row, "compose.update": row["updated"] ?? {} }, supports);
    const found = await observe(target, api);
    assert.ok(found && isService(found));
    return { found, calls };
  };
  const base = { name: "it", appName: "app-it", serverId: null, env: "A=mine", environment, deployments: [] };

  describe("as a database", () => {
    const row = {
      ...base,
      applicationStatus: "done",
      databaseName: "name",
      databaseUser: "user",
      databasePassword: "pass",
      databaseRootPassword: "rootpass",
      replicas: 1,
      sqldNode: "primary",
    };
    const login = Buffer.from("user:pass").toString("base64");
    const own: Record<DatabaseKind, [read: Record<string, string>, secrets: string[]]> = {
      postgres: [
        { POSTGRES_DB: "name", POSTGRES_USER: "user", POSTGRES_PASSWORD: "pass" },
        ["POSTGRES_PASSWORD=pass"],
      ],
      mysql: [
        {
          MYSQL_DATABASE: "name",
          MYSQL_ROOT_PASSWORD: "rootpass",
          MYSQL_USER: "user",
          MYSQL_PASSWORD: "pass",
        },
        ["MYSQL_ROOT_PASSWORD=rootpass", "MYSQL_PASSWORD=pass"],
      ],
      mariadb: [
        {
          MARIADB_DATABASE: "name",
          MARIADB_USER: "user",
          MARIADB_PASSWORD: "pass",
          MARIADB_ROOT_PASSWORD: "rootpass",
        },
        ["MARIADB_PASSWORD=pass", "MARIADB_ROOT_PASSWORD=rootpass"],
      ],
      mongo: [
        { MONGO_INITDB_ROOT_USERNAME: "user", MONGO_INITDB_ROOT_PASSWORD: "pass" },
        ["MONGO_INITDB_ROOT_PASSWORD=pass"],
      ],
      redis: [{ REDIS_PASSWORD: "pass" }, ["REDIS_PASSWORD=pass"]],
      libsql: [{ SQLD_NODE: "primary", SQLD_HTTP_AUTH: `basic:${login}` }, [`SQLD_HTTP_AUTH=basic:${login}`]],
    };
    for (const [kind, [variables, secrets]] of Object.entries(own)) {
      it(`${kind}: Dokploy's variables come before its own, and are secret if they are a login`, async () => {
        const { found } = await service({ [`${kind}Id`]: "d" } as never, row);
        const lines = Object.entries(variables).map(([name, value]) => `${name}="${value}"`);
        assert.equal(found.read("X=1"), [...lines, "X=1"].join("\n"));
        const values = found.values.map(([name, value]) => `${name}=${value}`);
        assert.deepEqual(values, [
          "A=mine",
          "E=environments",
          "P=projects",
          ...secrets,
          "databasePassword=pass",
          "databaseRootPassword=rootpass",
        ]);
        assert.deepEqual(found.withTexts({}).expected, { replicas: 1, expectEnv: { A: "mine" } });
      });
    }

    it("root of MySQL is not an additional user, and a replica set of MongoDB has its own database", async () => {
      const mysql = await service({ mysqlId: "d" }, { ...row, databaseUser: "root" });
      assert.equal(mysql.found.read(""), 'MYSQL_DATABASE="name"\nMYSQL_ROOT_PASSWORD="rootpass"\n');
      const mongo = await service({ mongoId: "d" }, { ...row, replicaSets: true });
      assert.match(mongo.found.read(""), /\nMONGO_INITDB_DATABASE="admin"\n/);
    });

    it("has no password that the row does not have", async () => {
      const { found } = await service({ redisId: "d" }, { ...row, databaseRootPassword: undefined });
      assert.deepEqual(found.values.at(-1), ["databasePassword", "pass"]);
    });

    it("may refer to Dokploy's variables, and to those around it", async () => {
      const { found } = await service({ postgresId: "d" }, row);
      const { expected } = found.withTexts({ env: "U=${{POSTGRES_USER}}\nP=${{project.P}}" });
      assert.deepEqual(expected?.expectEnv, { U: "user", P: "projects" });
    });

    it("has a label, and needs a deployment if its last one failed", async () => {
      const { found } = await service({ redisId: "d" }, row);
      assert.equal(found.label, 'Redis database "it" (d)');
      for (const [status, pending] of [
        ["done", "none"],
        ["idle", "none"],
        ["error", "deploy"],
        ["running", "deploy"],
      ]) {
        const { found } = await service({ redisId: "d" }, { ...row, applicationStatus: status });
        assert.equal(found.pendingApply, pending, status);
        assert.equal((found.withTexts({}) as { status?: string }).status, status);
      }
    });

    it("saves its one text, and nothing without it", async () => {
      const { found, calls } = await service({ redisId: "d" }, row);
      await found.save({});
      await found.save({ env: "A=2" });
      assert.deepEqual(calls, [["redis.saveEnvironment", { redisId: "d", env: "A=2" }]]);
    });
  });

  describe("as a compose service", () => {
    const row = {
      ...base,
      composeStatus: "done",
      composeType: "docker-compose",
      sourceType: "raw",
      composeFile: "services:\n  web:\n    image: a:1\n    environment:\n      A: ${A}\n",
      createEnvFile: true,
    };

    it("is read by the rules of its server and its kind", async () => {
      const rulesOf = async (more: Values, supports?: readonly string[]) =>
        (await service({ composeId: "c" }, { ...row, ...more }, supports)).found.rules.env;
      assert.equal(await rulesOf({}), "compose");
      assert.equal(await rulesOf({}, []), "compose-unquoted");
      assert.equal(await rulesOf({}, ["compose.env.quoted"]), "compose");
      assert.equal(await rulesOf({}, ["compose.env.quoted", "compose.env.templates"]), "compose-templates");
      assert.equal(await rulesOf({ composeType: "stack" }, []), "stack");
    });

    it("has its file if Dokploy stores it, and for a stack the variables of its containers", async () => {
      const { found } = await service({ composeId: "c" }, row);
      assert.equal(found.stackFile, row.composeFile);
      assert.equal(found.label, 'compose service "it" (c)');
      assert.equal(found.read("A=1"), "A=1");
      assert.equal("expected" in found.withTexts({}), false);
      const git = await service({ composeId: "c" }, { ...row, sourceType: "git" });
      assert.equal(git.found.stackFile, undefined);
      const stack = await service({ composeId: "c" }, { ...row, composeType: "stack" });
      assert.deepEqual(stack.found.withTexts({}).expected, { expectEnv: { "web/A": "mine" } });
      assert.deepEqual(stack.found.withTexts({ env: "A=new" }).expected, { expectEnv: { "web/A": "new" } });
      const both = await service({ composeId: "c" }, { ...row, composeType: "stack", sourceType: "git" });
      assert.equal("expected" in both.found.withTexts({}), false);
    });

    it("saves its text, and says when it was deleted meanwhile", async () => {
      const { found, calls } = await service({ composeId: "c" }, row);
      await found.save({});
      await found.save({ env: "A=2" });
      assert.deepEqual(calls, [["compose.update", { composeId: "c", env: "A=2" }]]);
      const { api } = arrange({ compose: row });
      await assert.rejects(
        (await existing({ composeId: "c" }, api)).save({ env: "" }),
        /^UserError: The compose service "it" \(c\) was deleted meanwhile\.$/,
      );
    });
  });

  describe("as an application, a project, an environment", () => {
    const row = {
      ...base,
      applicationStatus: "idle",
      buildArgs: "ARG=arg",
      buildSecrets: "SECRET=secret",
      createEnvFile: false,
      replicas: 2,
      sourceType: "docker",
      buildType: "nixpacks",
    };
    const record = (status: string) => ({ status, createdAt: "2026-01-01T00:00:00Z" });

    it("an application sends back what it does not change", async () => {
      const { found, calls } = await service({ applicationId: "a" }, row);
      await found.save({});
      await found.save({ buildArgs: "ARG=2" });
      assert.deepEqual(calls, [
        [
          "application.saveEnvironment",
          {
            applicationId: "a",
            env: "A=mine",
            buildArgs: "ARG=2",
            buildSecrets: "SECRET=secret",
            createEnvFile: false,
          },
        ],
      ]);
      assert.deepEqual(
        found.values.map(([name, value]) => `${name}=${value}`),
        ["A=mine", "ARG=arg", "SECRET=secret", "E=environments", "P=projects"],
      );
      assert.deepEqual(found.withTexts({}).expected, { replicas: 2, expectEnv: { A: "mine" } });
      assert.deepEqual(found.withTexts({ env: "B=${{environment.E}}" }).expected?.expectEnv, {
        B: "environments",
      });
      assert.equal(found.label, 'application "it" (a)');
    });

    it("one that was never deployed needs nothing, one whose last deployment failed needs another", async () => {
      const pendingOf = async (deployments: object[]) =>
        (await service({ applicationId: "a" }, { ...row, deployments })).found.pendingApply;
      assert.equal(await pendingOf([]), "none");
      assert.equal(await pendingOf([record("done")]), "none");
      assert.equal(await pendingOf([record("error")]), "deploy");
    });

    it("shared variables are saved alone", async () => {
      const { api, calls } = arrange({
        project: { name: "shop", env: "P=1" },
        environment: { name: "production", env: "E=1", project: { name: "shop" } },
      });
      const project = await existing({ projectId: "p" }, api);
      const production = await existing({ environmentId: "e" }, api);
      assert.deepEqual(
        [project, production].map(({ label, rules, texts }) => [label, rules.env, texts.env]),
        [
          ['project "shop" (p)', "shared", "P=1"],
          ['environment "production" of project "shop" (e)', "shared", "E=1"],
        ],
      );
      for (const host of [project, production]) {
        await host.save({});
        await host.save({ env: "X=1" });
      }
      assert.deepEqual(calls, [
        ["project.update", { projectId: "p", env: "X=1" }],
        ["environment.update", { environmentId: "e", env: "X=1" }],
      ]);
    });

    it("a missing target is refused by its input, or returned as undefined", async () => {
      const { api } = arrange({ "project.all": [] });
      assert.equal(await observe({ applicationId: "a" }, api), undefined);
      const error = await existing({ applicationId: "a" }, api).then(
        () => undefined,
        (reason: { problems: { property: string }[] }) => reason,
      );
      assert.equal(error?.problems[0]?.property, "target.applicationId");
    });

    it("a run knows the sources of its variables", async () => {
      const { api } = arrange({ application: { ...row, env: "A=${{project.P}}" } });
      const found = (await existing({ applicationId: "a" }, api)) as Service;
      const run = new Run();
      const service = deployable(found, { api, run });
      assert.deepEqual([service.around, service.takesShared], [["project/p", "environment/e"], true]);
      assert.deepEqual((await service.again()).expected?.expectEnv, { A: "projects" });
      const plain = { ...found, texts: { env: "A=1", buildArgs: "B=${{C}}", buildSecrets: null } };
      assert.equal(deployable(plain, { api, run }).takesShared, false);
      const build = { ...found, texts: { env: null, buildArgs: "B=${{environment.E}}", buildSecrets: null } };
      assert.equal(deployable(build, { api, run }).takesShared, true);
    });
  });

  describe("by its kind", () => {
    it("is the one id that is given", () => {
      assert.equal(kindOf({ composeId: "c" }), "compose");
      assert.equal(kindOf({ composeId: "c", name: "x" }), "compose");
      for (const none of [{}, { composeId: "c", redisId: "r" }, "compose", undefined])
        assert.equal(kindOf(none), undefined);
      assert.deepEqual(kindAndId({ redisId: "r" }), { kind: "redis", id: "r" });
      assert.throws(() => kindAndId({} as never), /^TypeError: The target is empty\.$/);
      assert.equal(pathOf({ environmentId: "e" }), "environment/e");
      assert.deepEqual((["application", "compose", "environment", "mysql"] as const).map(nounWithArticle), [
        "an application",
        "a compose service",
        "an environment",
        "a MySQL database",
      ]);
      assert.deepEqual((["project", "environment", "redis"] as const).map(isShared), [true, true, false]);
    });

    it("depends on its server in some texts", async () => {
      assert.equal(dependsOnVersion("A=1"), false);
      assert.equal(dependsOnVersion(null), false);
      assert.equal(dependsOnVersion("A=`'x'`"), true);
      assert.equal(dependsOnVersion("A=${B}"), true);
      const supporting = (...all: string[]) =>
        ({ supports: async (feature: string) => all.includes(feature) }) as never;
      assert.equal(await writesStackFile({} as never), true);
      assert.equal(await writesStackFile(supporting()), true);
      assert.equal(await writesStackFile(supporting("compose.env.quoted")), false);
      assert.equal(await writesStackFile(supporting("compose.env.quoted", "stack.env.plain")), true);
      const dialect = await dialectOf(supporting());
      assert.deepEqual((["compose", "stack", "build"] as const).map(dialect), [
        "compose-unquoted",
        "stack",
        "build",
      ]);
    });
  });
});
