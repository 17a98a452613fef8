import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LookupError } from "../../sdk/lookups/error";
import {
  getApplication,
  getApplicationOutput,
  getCompose,
  getComposeOutput,
  getEnvironment,
  getEnvironmentOutput,
  getProject,
  getProjectOutput,
} from "../../sdk/lookups/generated/forms";
import { messageOf as messageIn, mocks, run as runIn, seen } from "./lookups";
import { makeProject, type Server, startServer } from "./server";

describe("functions of a program", () => {
  let server: Server;
  let shop: { projectId: string; environmentId: string };
  let stagingId: string;
  let apiId: string;
  let cacheId: string;

  before(async () => {
    server = await startServer();
    shop = await makeProject(server, "shop");
    const { projectId } = shop;
    await server.byHand("project.update", {
      projectId,
      description: "The shop",
      env: "REGION=eu\nTOKEN=t0p-s3cr3t",
    });
    const staging = { projectId, name: "staging" };
    stagingId = (await server.byHand<{ environmentId: string }>("environment.create", staging)).environmentId;
    await server.byHand("environment.update", { environmentId: stagingId, env: "STAGE=staging" });
    apiId = await make("application", "api", shop.environmentId);
    await server.byHand("application.update", {
      applicationId: apiId,
      description: "Serves the shop",
      sourceType: "docker",
      dockerImage: "acme/api:1",
      username: "puller",
      password: "pull-secret",
      env: `PASSWORD='p#ss'\nBRACES='{{"{{"}}x}}'\nLEVEL=info`,
    });
    cacheId = await make("compose", "cache", shop.environmentId);
    const raw = { sourceType: "raw", composeFile: "services: {}", env: "REDIS_PASSWORD=s3cret" };
    await server.byHand("compose.update", { composeId: cacheId, ...raw });
  });
  after(() => server.close());

  async function make(kind: "application" | "compose", name: string, environmentId: string): Promise<string> {
    const row = await server.byHand<Record<string, string>>(`${kind}.create`, { name, environmentId });
    return row[`${kind}Id`] ?? "";
  }

  const run = <T>(program: () => T | Promise<T>, isPreview?: boolean) => runIn(server, program, isPreview);
  const messageOf = (program: () => Promise<unknown>) => messageIn(server, program);

  describe("find by id and by name", () => {
    it("a project", async () => {
      const expected = {
        projectId: shop.projectId,
        name: "shop",
        description: "The shop",
        defaultEnvironmentId: shop.environmentId,
        environments: [
          { environmentId: shop.environmentId, name: "production", isDefault: true },
          { environmentId: stagingId, name: "staging", isDefault: false },
        ],
        envKeys: ["REGION", "TOKEN"],
      };
      const byId = await run(() => getProject({ projectId: shop.projectId }));
      assert.deepEqual(byId, { value: expected, calls: ["project.one"] });
      const byName = await run(() => getProject({ name: "shop" }));
      assert.deepEqual(byName, { value: expected, calls: ["project.all", "project.one"] });
    });

    it("an environment, the default one without a name", async () => {
      const production = {
        environmentId: shop.environmentId,
        name: "production",
        description: undefined,
        isDefault: true,
        projectId: shop.projectId,
        projectName: "shop",
        envKeys: [],
      };
      const byId = await run(() => getEnvironment({ environmentId: stagingId }));
      assert.deepEqual(byId.value.envKeys, ["STAGE"]);
      assert.deepEqual(byId.calls, ["environment.one"]);
      const { projectId } = shop;
      for (const args of [{ project: "shop" }, { projectId }, { projectId, name: "production" }]) {
        const { value } = await run(() => getEnvironment(args));
        assert.deepEqual({ ...value, description: undefined }, production);
      }
      assert.deepEqual(
        (await run(() => getEnvironment({ project: "shop", name: "staging" }))).value,
        byId.value,
      );
    });

    it("an application", async () => {
      const { value, calls } = await run(() => getApplication({ applicationId: apiId }));
      const { appName, ...rest } = value;
      assert.match(appName, /^app-/);
      assert.deepEqual(rest, {
        applicationId: apiId,
        name: "api",
        description: "Serves the shop",
        status: "idle",
        sourceType: "docker",
        image: "acme/api:1",
        environmentId: shop.environmentId,
        environmentName: "production",
        projectId: shop.projectId,
        projectName: "shop",
        envKeys: ["BRACES", "LEVEL", "PASSWORD"],
      });
      assert.deepEqual(calls, ["application.one"]);
      const { environmentId } = shop;
      for (const [args, names] of [
        [{ name: "api", environmentId }, ["environment.one", "application.one"]],
        [{ name: "api", project: "shop" }, ["project.all", "project.one", "application.one"]],
        [
          { name: "api", project: "shop", environment: "production" },
          ["project.all", "project.one", "application.one"],
        ],
      ] as const) {
        assert.deepEqual(await run(() => getApplication(args)), { value, calls: [...names] });
      }
    });

    it("a compose service", async () => {
      const { value } = await run(() => getCompose({ composeId: cacheId }));
      assert.equal(value.composeType, "docker-compose");
      assert.equal(value.sourceType, "raw");
      assert.deepEqual(value.envKeys, ["REDIS_PASSWORD"]);
      const { environmentId } = shop;
      assert.deepEqual((await run(() => getCompose({ name: "cache", environmentId }))).value, value);
      assert.deepEqual((await run(() => getCompose({ name: "cache", project: "shop" }))).value, value);
    });

    it("in responses that a program's lookups share, while the objects they find are read again", async () => {
      const all = () =>
        Promise.all([
          getApplication({ name: "api", project: "shop" }),
          getApplication({ name: "api", project: "shop" }),
          getCompose({ name: "cache", project: "shop", environment: "production" }),
          getProject({ name: "shop" }),
        ]);
      const parallel = await run(all);
      assert.deepEqual(parallel.calls.sort(), [
        "application.one",
        "compose.one",
        "project.all",
        "project.one",
      ]);
      const later = await run(async () => {
        await all();
        server.emulator.clearCalls();
        await all();
      });
      assert.deepEqual(later.calls.sort(), ["application.one", "compose.one", "project.one"]);
    });

    it("objects that were created after the shared responses arrived", async () => {
      const { value } = await run(async () => {
        const { environmentId } = shop;
        await getApplication({ name: "api", environmentId });
        await getApplication({ name: "api", project: "shop" });
        const id = await make("application", "late", environmentId);
        const found = await Promise.all([
          getApplication({ name: "late", environmentId }),
          getApplication({ name: "late", project: "shop" }),
        ]);
        const other = await makeProject(server, "later");
        const project = await getProject({ name: "later" });
        await server.byHand("application.delete", { applicationId: id });
        await server.byHand("project.remove", { projectId: other.projectId });
        return {
          ids: [...found.map((one) => one.applicationId), project.projectId],
          made: [id, id, other.projectId],
        };
      });
      assert.deepEqual(value.ids, value.made);
    });
  });

  describe("as outputs", () => {
    it("take outputs and promises, and keep only the variables secret", async () => {
      const { value } = await run(async () => {
        const project = getProjectOutput({ name: pulumi.output("shop") });
        const environment = getEnvironmentOutput({
          projectId: project.projectId,
          name: Promise.resolve("staging"),
        });
        const api = getApplicationOutput({ name: "api", environmentId: project.defaultEnvironmentId });
        const cache = getComposeOutput({ composeId: pulumi.output(cacheId) });
        return {
          result: await seen(api),
          id: await seen(api.applicationId),
          keys: await seen(api.envKeys),
          envs: await Promise.all([api, cache, project, environment].map(({ env }) => seen(env))),
        };
      });
      assert.deepEqual(value.id, { value: apiId, isSecret: false });
      assert.equal(value.keys.isSecret, false);
      assert.equal(value.result.isSecret, false);
      assert.ok(!("env" in (value.result.value as object)));
      assert.deepEqual(value.envs, [
        { value: { PASSWORD: "p#ss", BRACES: "{{x}}", LEVEL: "info" }, isSecret: true },
        { value: { REDIS_PASSWORD: "s3cret" }, isSecret: true },
        { value: { REGION: "eu", TOKEN: "t0p-s3cr3t" }, isSecret: true },
        { value: { STAGE: "staging" }, isSecret: true },
      ]);
    });

    it("stay secret if an argument is", async () => {
      // Its id shows in no later error.
      const applicationId = await make("application", "hidden", stagingId);
      const { value } = await run(() =>
        seen(getApplicationOutput({ applicationId: pulumi.secret(applicationId) }).appName),
      );
      assert.equal(value.isSecret, true);
    });

    it("are unknown while an argument is, without a call", async () => {
      const unknown = pulumi.output(pulumi.unknown as string);
      const { value, calls } = await run(async () => {
        const api = getApplicationOutput({ name: "api", environmentId: unknown });
        return [await seen(api.applicationId), await seen(api.env)];
      }, true);
      assert.deepEqual(value, [
        { value: "unknown", isSecret: false },
        { value: "unknown", isSecret: true },
      ]);
      assert.deepEqual(calls, []);
    });
  });

  it("never give a token, a password or the value of a variable in a plain result", async () => {
    const { value } = await run(() =>
      Promise.all([
        getProject({ name: "shop" }),
        getEnvironment({ project: "shop", name: "staging" }),
        getApplication({ applicationId: apiId }),
        getCompose({ composeId: cacheId }),
      ]),
    );
    const text = JSON.stringify(value);
    const { refreshToken } = await server.byHand<{ refreshToken: string }>("application.one", {
      applicationId: apiId,
    });
    for (const secret of ["pull-secret", "p#ss", "s3cret", "t0p-s3cr3t", refreshToken])
      assert.ok(!text.includes(secret), secret);
  });

  describe("fail with the information that a person needs", () => {
    it("names close to a missing one, then all others", async () => {
      const application = await messageOf(() => getApplication({ name: "apj", project: "shop" }));
      assert.equal(
        application,
        `getApplication: the environment "production" of project "shop" (${shop.environmentId}) has no application named ` +
          `"apj". Did you mean "api" (${apiId})? It has: "api" (${apiId}). ` +
          "Names are compared exactly, and a key of a member sees only what its user may see.",
      );
      const project = await messageOf(() => getApplication({ name: "api", project: "SHOP" }));
      assert.match(project, /^getApplication: Dokploy has no project named "SHOP"\. Did you mean "shop" \(/);
      const environment = await messageOf(() => getEnvironment({ project: "shop", name: "test" }));
      assert.match(
        environment,
        /^getEnvironment: the project "shop" \(.*\) has no environment named "test"\. It has: /,
      );
      assert.match(environment, new RegExp(`"staging" \\(${stagingId}\\)`));
      const empty = await messageOf(() => getCompose({ name: "x", project: "shop", environment: "staging" }));
      assert.match(empty, /has no compose service named "x"\. It has no compose services at all\./);
    });

    it("at most twenty of them", async () => {
      const { projectId, environmentId } = await makeProject(server, "crowd");
      const names = Array.from({ length: 23 }, (_, index) => `worker-${index}`);
      await Promise.all(names.map((name) => make("application", name, environmentId)));
      const message = await messageOf(() => getApplication({ name: "worker-x", environmentId }));
      assert.equal(
        message.match(/"worker-\d+" \(/g)?.length,
        21,
        "one of them is asked about, twenty are listed",
      );
      assert.match(message, / and 3 more\./);
      await server.byHand("project.remove", { projectId });
    });

    it("the ids of those that share the name", async () => {
      const duplicate = await makeProject(server, "shop");
      const project = await messageOf(() => getProject({ name: "shop" }));
      assert.match(
        project,
        /^getProject: Dokploy has 2 projects named "shop": .*\. Give projectId instead\.$/,
      );
      for (const { projectId } of [shop, duplicate]) assert.ok(project.includes(projectId));
      await server.byHand("project.remove", { projectId: duplicate.projectId });

      const second = await make("application", "api", shop.environmentId);
      const message = await messageOf(() => getApplication({ name: "api", project: "shop" }));
      assert.match(message, /has 2 applications named "api": .*\. Give applicationId instead of the name\.$/);
      for (const id of [apiId, second]) assert.ok(message.includes(id));
      await server.byHand("application.delete", { applicationId: second });
    });

    it("the function that finds the service of the other kind", async () => {
      const message = await messageOf(() => getApplication({ name: "cache", project: "shop" }));
      assert.ok(
        message.includes(`There is a compose service of that name (${cacheId}): getCompose finds it.`),
      );
      const other = await messageOf(() => getCompose({ name: "api", project: "shop" }));
      assert.ok(other.includes(`There is an application of that name (${apiId}): getApplication finds it.`));
    });

    it("an id that Dokploy does not have", async () => {
      assert.equal(
        await messageOf(() => getApplication({ applicationId: "PQqzqTGCVtx0St2SA3vCi" })),
        'getApplication: Dokploy has no application with the id "PQqzqTGCVtx0St2SA3vCi". It was deleted, or the id is ' +
          "wrong: look it up in Dokploy.",
      );
      const environment = await messageOf(() =>
        getCompose({ name: "cache", environmentId: "PQqzqTGCVtx0St2SA3vCi" }),
      );
      assert.match(
        environment,
        /^getCompose: Dokploy has no environment with the id "PQqzqTGCVtx0St2SA3vCi"\./,
      );
    });

    it("an invalid id, without a word of it and without a call", async () => {
      for (const look of [
        () => getApplication({ applicationId: "canary of the job" }),
        () => getCompose({ composeId: "canary-of-the-job" }),
        () => getProject({ projectId: "canary-of-the-job" }),
        () => getEnvironment({ environmentId: "canary-of-the-job" }),
        () => getCompose({ name: "cache", environmentId: "canary-of-the-job" }),
      ]) {
        const message = await messageOf(look);
        assert.match(message, /^get\w+: \w+Id is not an id of Dokploy \(21 letters, digits, - and _\)\. It /);
        assert.doesNotMatch(message, /canary/);
        // A run begins with each look.
        assert.deepEqual(server.calls(), []);
      }
    });

    it("a missing permission, a refused key and missing settings, in the words of the resources", async () => {
      server.emulator.denyPermission("application.one");
      const denied = await messageOf(() => getApplication({ applicationId: apiId }));
      server.emulator.allowPermission("application.one");
      assert.match(
        denied,
        /^getApplication: Dokploy application\.one on application ".*the API key lacks the permission/,
      );

      server.emulator.rateLimit(0);
      const refused = await messageOf(() => getProject({ name: "shop" }));
      server.emulator.rateLimit(undefined);
      assert.match(refused, /^getProject: Dokploy project\.all failed: the API key was refused/);

      const { DOKPLOY_URL, DOKPLOY_API_KEY, ...without } = process.env;
      const withAll = process.env;
      process.env = without;
      try {
        const unset = await messageOf(async () => {
          pulumi.runtime.setAllConfig({ "dokploy:url": "" });
          return await getProject({ name: "shop" });
        });
        assert.match(unset, /^getProject: The settings of the connection to Dokploy are missing or wrong/);
        assert.match(unset, /pulumi config set --secret dokploy:apiKey/);
      } finally {
        process.env = withAll;
      }
    });

    it("once more after a failure, since that is not kept", async () => {
      const { value } = await run(async () => {
        server.emulator.denyPermission("project.all");
        await assert.rejects(getProject({ name: "shop" }), LookupError);
        server.emulator.allowPermission("project.all");
        return await getProject({ name: "shop" });
      });
      assert.equal(value.name, "shop");
    });

    it("wrong combinations, which do not compile either", async () => {
      const id = "PQqzqTGCVtx0St2SA3vCi";
      const wrong: (() => Promise<unknown>)[] = [
        // @ts-expect-error a name alone says not where
        () => getApplication({ name: "api" }),
        // @ts-expect-error two ways at once
        () => getApplication({ applicationId: id, name: "api" }),
        // @ts-expect-error two places at once
        () => getApplication({ name: "api", environmentId: id, project: "shop" }),
        // @ts-expect-error an environment of no project
        () => getCompose({ name: "cache", environment: "staging" }),
        // @ts-expect-error nothing
        () => getCompose({}),
        // @ts-expect-error no such argument
        () => getCompose({ composeId: id, id }),
        // @ts-expect-error two ways at once
        () => getProject({ projectId: id, name: "shop" }),
        // @ts-expect-error an environment of no project
        () => getEnvironment({ name: "staging" }),
        // @ts-expect-error two ways at once
        () => getEnvironment({ environmentId: id, name: "staging" }),
        // @ts-expect-error two projects at once
        () => getEnvironment({ projectId: id, project: "shop" }),
        // @ts-expect-error two ways at once
        async () => getApplicationOutput({ applicationId: pulumi.output(id), name: pulumi.output("api") }),
        // @ts-expect-error a name alone says not where
        async () => getComposeOutput({ name: pulumi.output("cache") }),
      ];
      for (const call of wrong)
        assert.match(await messageOf(call), /^get\w+ takes \{ .* or \{ .* \}; it got /);
      assert.equal(
        // @ts-expect-error
        await messageOf(() => getApplication({ name: "api" })),
        "getApplication takes { applicationId }, { name, environmentId } or { name, project, environment? }; " +
          "it got { name }.",
      );
      // @ts-expect-error an output where a plain value is needed
      const output = () => getApplication({ applicationId: pulumi.output(id) });
      assert.match(
        await messageOf(output),
        /applicationId is an output or a promise; call getApplicationOutput/,
      );
      assert.match(await messageOf(() => getProject({ name: "" })), /name must be a text, and not empty/);
    });
  });
});

describe("functions on an older Dokploy", () => {
  it("read it, though it is too old to be changed", async () => {
    const server = await startServer({ version: "v0.28.0" });
    try {
      const { projectId } = await makeProject(server);
      await pulumi.runtime.setMocks(mocks, "shop", "test", false);
      pulumi.runtime.setAllConfig({
        "dokploy:url": server.emulator.url,
        "dokploy:apiKey": server.emulator.apiKey,
      });
      let found: string | undefined;
      await pulumi.runtime.runInPulumiStack(async () => {
        found = (await getProject({ name: "shop" })).projectId;
      });
      assert.equal(found, projectId);
    } finally {
      pulumi.runtime.setAllConfig({});
      await server.close();
    }
  });
});
