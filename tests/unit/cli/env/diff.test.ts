import * as assert from "node:assert/strict";
import { runDiff } from "../../../../cli/env";
import { connectToStack, type RunPulumi } from "../../../../cli/stack";
import { UsageError } from "../../../../cli/terminal";
import { type Emulator, startEmulator } from "../../../../emulator";
import { writeEnv } from "../../../../provider/env";
import { EnvFolder } from "../../sdk/env-files/env-folder";
import { byHand } from "../by-hand";

const canary = {
  test: "canary-test-4c1d",
  prod: "canary-prod-9a2b",
  live: "canary-live-77fe",
  process: "canary-job-0b3a",
};

describe("env diff", () => {
  let folder: EnvFolder;
  let emulator: Emulator;
  /** The configuration of stacks; `locked` ones do not give their secrets. */
  let configs: Record<string, Record<string, { value?: string; secret: boolean }>>;
  let locked: boolean;
  let states: Record<string, unknown[]>;
  let hasPulumi: boolean;
  /** It prints what is no JSON. */
  let odd: boolean;
  let pulumiCalls: string[];
  let printed: string;

  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.close());
  beforeEach(() => {
    folder = new EnvFolder();
    folder.write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    configs = {
      test: {
        "shop:TOKEN": { value: canary.test, secret: true },
        "shop:SAME": { value: canary.test, secret: true },
      },
      prod: {
        "shop:TOKEN": { value: canary.prod, secret: true },
        "shop:SAME": { value: canary.test, secret: true },
      },
    };
    locked = false;
    states = {};
    hasPulumi = true;
    odd = false;
    pulumiCalls = [];
    printed = "";
  });
  afterEach(() => {
    folder.remove();
    assert.doesNotMatch(printed, /canary/);
    assert.equal(printed.includes(emulator.apiKey), false);
  });

  const pulumi: RunPulumi = async (args) => {
    pulumiCalls.push(args.join(" "));
    if (!hasPulumi) return undefined;
    if (odd) return { code: 0, stdout: canary.test, stderr: "" };
    const failure = (reason: string) => ({ code: 255, stdout: "", stderr: `error: ${reason}\n` });
    const stack = args[args.indexOf("--stack") + 1] ?? "";
    if (args[0] === "stack") {
      const resources = states[stack];
      if (resources === undefined) return failure(`no stack named '${stack}' found`);
      return { code: 0, stdout: JSON.stringify({ version: 3, deployment: { resources } }), stderr: "" };
    }
    const config = configs[stack];
    if (config === undefined) return failure(`no stack named '${stack}' found`);
    const isOpen = args.includes("--show-secrets");
    if (isOpen && locked) return failure("passphrase must be set with PULUMI_CONFIG_PASSPHRASE");
    const seen = Object.entries(config).map(([name, { value, secret }]) => [
      name,
      secret && !isOpen ? { secret } : { value, secret },
    ]);
    return { code: 0, stdout: JSON.stringify(Object.fromEntries(seen)), stderr: "" };
  };

  async function diff(command: string, env: NodeJS.ProcessEnv = {}) {
    const server = { DOKPLOY_URL: emulator.url, DOKPLOY_API_KEY: emulator.apiKey };
    const all = { ...server, ...env };
    const result = await runDiff(command.split(" "), {
      ...{ env: all, pulumi },
      connect: (stack) => connectToStack(stack, all),
    });
    printed += result.output;
    return result;
  }

  async function refusal(command: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    try {
      await diff(command, env);
    } catch (error) {
      assert.ok(error instanceof UsageError, String(error));
      printed += error.message;
      return error.message;
    }
    throw new assert.AssertionError({ message: `${command} was carried out` });
  }

  /** `api.KEY`s by their status. */
  async function statuses(command: string, env: NodeJS.ProcessEnv = {}): Promise<Record<string, string>> {
    const { output } = await diff(`${command} --json`, env);
    const { services } = JSON.parse(output) as {
      services: { name: string; variables: { key: string; status: string }[] }[];
    };
    return Object.fromEntries(
      services.flatMap(({ name, variables }) => variables.map((v) => [`${name}.${v.key}`, v.status])),
    );
  }

  const call = <T>(...given: [endpoint: string, input: Record<string, unknown>]) =>
    byHand<T>(emulator, ...given);

  async function environment(): Promise<{ projectId: string; environmentId: string }> {
    const made = await call<{ project: { projectId: string }; environment: { environmentId: string } }>(
      "project.create",
      {
        name: "shop",
      },
    );
    return { projectId: made.project.projectId, environmentId: made.environment.environmentId };
  }

  async function application(name: string, environmentId: string, env: string): Promise<string> {
    const { applicationId } = await call<{ applicationId: string }>("application.create", {
      name,
      environmentId,
    });
    const others = { buildArgs: null, buildSecrets: null, createEnvFile: false };
    await call("application.saveEnvironment", { applicationId, env, ...others });
    return applicationId;
  }

  const resource = (kind: string, name: string, id: string, inputs: object) => ({
    urn: `urn:pulumi:test::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`,
    type: `pulumi-nodejs:dynamic/dokploy:${kind}`,
    id,
    inputs,
  });

  describe("of two stages", () => {
    beforeEach(() => {
      folder.write("envs/base/api.yaml", "REGION: eu\nTOKEN: !secret\nSAME: !secret\nHOOK: !env CI_HOOK");
      folder.write("envs/test/api.yaml", "LOG_LEVEL: debug\nOLD: 1");
      folder.write("envs/prod/api.env", `LOG_LEVEL=warn\nNEW=1\nDB_PASSWORD=${canary.prod}`);
      folder.write("envs/test/cache.yaml", "SIZE: 64mb");
      folder.write("envs/prod/cache.yaml", "SIZE: 64mb");
    });

    it("reports what differs, with the secrets of each stage's stack", async () => {
      const { output, failed } = await diff("test prod");
      assert.equal(
        output,
        [
          "api",
          "     KEY          test    prod",
          "  +  DB_PASSWORD          secret  only in prod",
          "  ?  HOOK         secret  secret  not compared (1)",
          "  ~  LOG_LEVEL    debug   warn    different",
          "  +  NEW                  1       only in prod",
          "  -  OLD          1               missing in prod",
          "  ~  TOKEN        secret  secret  different",
          "",
          "cache: the same (1)",
          "",
          "9 variables in 2 services: 2 different, 1 missing in prod, 2 only in prod, 1 not compared, 3 the same",
          "(1) the environment has no CI_HOOK, which !env reads",
        ].join("\n"),
      );
      assert.equal(failed, true);
      assert.equal((await statuses("test prod", { CI_HOOK: canary.process }))["api.HOOK"], "not-compared");
    });

    it("says which missing variables a stage needs by the contract, and what they are for", async () => {
      folder.write(
        "envs/schema.yaml",
        "services:\n  api:\n    OLD: { description: Number of the old shop }\n    NEW: { required: [test] }\n" +
          "    DB_PASSWORD: { required: [prod] }\n",
      );
      const { output } = await diff("test prod");
      for (const line of [
        "  +  DB_PASSWORD          secret  only in prod",
        "  +  NEW                  1       only in prod, and test needs it",
        "  -  OLD          1               missing in prod, which needs it (2)",
        "(2) Number of the old shop",
      ])
        assert.ok(output.split("\n").includes(line), output);
      const { services } = JSON.parse((await diff("test prod --json")).output) as {
        services: { variables: Record<string, unknown>[] }[];
      };
      const found = services[0]?.variables.filter((variable) => "required" in variable);
      assert.deepEqual(found, [
        { key: "DB_PASSWORD", status: "extra", required: false },
        { key: "NEW", status: "extra", b: "1", required: true },
        { key: "OLD", status: "missing", a: "1", required: true, description: "Number of the old shop" },
      ]);
    });

    it("reads no values when only names count, and fails on the chosen differences", async () => {
      const { failed } = await diff("test prod --keys-only");
      assert.deepEqual(pulumiCalls, []);
      assert.equal(failed, true);
      const failing = async (options: string) => (await diff(`test prod --keys-only ${options}`)).failed;
      assert.equal(await failing("--ignore OLD --ignore NEW --ignore DB_*"), false);
      assert.equal(await failing("--ignore OLD,NEW,DB_*"), false);
      assert.equal(await failing("--ignore OLD, --ignore NEW,DB_*"), false);
      assert.equal(await failing("--ignore OLD --fail-on missing"), false);
      assert.equal(await failing("--fail-on missing"), true);
      assert.equal(await failing("--fail-on different"), false);
      assert.equal(await failing("--fail-on none"), false);
      assert.equal(await failing("--service cache"), false);
      assert.equal(
        (await diff("test prod --service api --ignore *_* --ignore [NO]* --fail-on not-compared")).failed,
        true,
      );
    });

    it("does not compare secrets that it cannot read, and says why", async () => {
      locked = true;
      const { output } = await diff("test prod");
      assert.match(output, / {2}\? {2}TOKEN +secret +secret +not compared/);
      assert.match(
        output,
        /the secrets of stack test cannot be read: passphrase must be set with PULUMI_CONFIG_PASSPHRASE/,
      );
      hasPulumi = false;
      assert.match((await diff("test prod")).output, /cannot be read: pulumi is not on the PATH/);
      hasPulumi = true;
      locked = false;
      delete configs["test"]?.["shop:TOKEN"];
      assert.match((await diff("test prod")).output, /stack test has no shop:TOKEN in its configuration/);
    });

    it("treats base as a separate stage, and accepts other folders with --dir", async () => {
      assert.equal((await statuses("base test"))["api.OLD"], "extra");
      folder.write("config/a/x.yaml", "A: 1");
      folder.write("config/b/x.yaml", "A: 1");
      assert.equal((await diff("a b --dir config")).failed, false);
    });
  });

  it("says that nothing is left to compare if everything is ignored", async () => {
    folder.write("envs/test/api.yaml", "A: 1");
    folder.write("envs/prod/api.yaml", "A: 2");
    folder.write("envs/test/web.yaml", "A: 1");
    for (const option of ["", " --keys-only", " --all"]) {
      assert.equal(
        (await diff(`test prod --ignore *${option}`)).output,
        "api: no variables\n\nweb, only in test: no variables\n\nno variables in 2 services",
      );
    }
  });

  it("compares files and directories by their paths, with the secrets of --stack", async () => {
    folder.write("a/api.yaml", "TOKEN: !secret\nA: 1");
    folder.write("b/web.yaml", `TOKEN: ${canary.test}\nA: 1`);
    assert.deepEqual(await statuses("a/api.yaml b/web.yaml"), {
      "api.A": "same",
      "api.TOKEN": "not-compared",
    });
    assert.deepEqual(await statuses("a/api.yaml ./b/web.yaml --stack test"), {
      "api.A": "same",
      "api.TOKEN": "same",
    });
    assert.deepEqual(await statuses("./a ./b --stack test"), {
      ...{ "api.A": "missing", "api.TOKEN": "missing" },
      ...{ "web.A": "extra", "web.TOKEN": "extra" },
    });
  });

  it("compares files with one object on the server, without Swarm's escapes", async () => {
    const { environmentId, projectId } = await environment();
    const live = { TEMPLATE: "{{ x }}", LOG: "info", PASSWORD: canary.live, DRIFT: canary.live };
    const id = await application("api", environmentId, writeEnv(live, "application"));
    folder.write(
      "envs/test/api.yaml",
      `TEMPLATE: "{{ x }}"\nLOG: debug\nPASSWORD: ${canary.live}\nDRIFT: old\nNEW: 1`,
    );
    folder.write("envs/test/shared.yaml", "REGION: eu");
    const { output } = await diff(`test application/${id} --all --service api`);
    assert.match(output, /^ {5}TEMPLATE +\{\{ x \}\} +\{\{ x \}\} +same$/m);
    assert.match(output, /^ {2}~ {2}LOG +debug +secret +different$/m);
    assert.match(output, /^ {2}~ {2}DRIFT +old +secret +different$/m);
    assert.match(output, /^ {5}PASSWORD +secret +secret +same$/m);
    assert.match(output, /^ {2}- {2}NEW +1 +missing in application/m);

    await call("project.update", { projectId, env: "REGION=eu" });
    await call("environment.update", { environmentId, env: "REGION=us" });
    const shared = "envs/test/shared.yaml";
    assert.deepEqual(await statuses(`${shared} project/${projectId}`), { "shared.REGION": "same" });
    assert.deepEqual(await statuses(`environment/${environmentId} ${shared}`), {
      "shared.REGION": "different",
    });
    assert.deepEqual(await statuses(`project/${projectId} environment/${environmentId}`), {
      "shop.REGION": "different",
    });
  });

  it("compares a stage with the variables of its stack on the server", async () => {
    const { environmentId, projectId } = await environment();
    await call("project.update", { projectId, env: "REGION=eu" });
    const api = await application(
      "shop-api",
      environmentId,
      `LOG=info\nTOKEN=${canary.live}\nBY_HAND=${canary.live}`,
    );
    const web = await application("web", environmentId, `FLAG=on\nFOREIGN=${canary.live}`);
    const { composeId } = await call<{ composeId: string }>("compose.create", {
      name: "cache",
      environmentId,
      composeType: "docker-compose",
    });
    await call("compose.update", { composeId, env: "SIZE=64mb" });
    const alone = await application("alone", environmentId, `X=${canary.live}`);
    states["test"] = [
      { urn: "urn:pulumi:test::shop::pulumi:pulumi:Stack::shop-test", type: "pulumi:pulumi:Stack" },
      resource("Project", "shop", projectId, { name: "shop", env: { REGION: "eu" } }),
      resource("Environment", "extra", environmentId, { name: "production" }),
      resource("Application", "backend", api, {
        name: "shop-api",
        env: { LOG: "info", TOKEN: { ciphertext: "x" } },
      }),
      resource("Application", "alone", alone, { name: "alone" }),
      resource("EnvironmentBlock", "flags", `application/${web}`, { mode: "additive", env: { FLAG: "on" } }),
      resource("EnvironmentBlock", "cache", `compose/${composeId}`, { env: { SIZE: "64mb" } }),
      resource("Application", "gone", "doesNotExist000000000", { name: "gone", env: {} }),
      resource("Deployment", "again", `application/${web}`, {}),
      { ...resource("Application", "old", "alsoGone0000000000000", { env: {} }), delete: true },
    ];
    folder.write("envs/test/shop-api.yaml", "LOG: debug\nTOKEN: !secret");
    folder.write("envs/test/flags.yaml", "FLAG: on\nNEXT: on");
    folder.write("envs/test/cache.yaml", "SIZE: 64mb");
    folder.write("envs/test/shared.yaml", "REGION: eu");
    folder.write("envs/test/gone.yaml", "G: 1");
    assert.deepEqual(await statuses("test --live"), {
      "cache.SIZE": "same",
      "flags.FLAG": "same",
      "flags.NEXT": "missing",
      "gone.G": "missing",
      "shared.REGION": "same",
      "shop-api.BY_HAND": "extra",
      "shop-api.LOG": "different",
      "shop-api.TOKEN": "different",
    });
    const { output } = await diff("test --live");
    // The stack has it in clear, so the old value may be seen.
    assert.match(output, /^ {2}~ {2}LOG +debug +info +different$/m);
    assert.match(output, /^gone, only in test$/m);

    const secretBlock = {
      mode: "additive",
      env: { "4dabf18193072939515e22adb298388d": "x", ciphertext: "y" },
    };
    states["secret"] = [resource("EnvironmentBlock", "flags", `application/${web}`, secretBlock)];
    assert.deepEqual(await statuses("envs/test live:secret --service flags"), {
      "flags.FLAG": "same",
      "flags.NEXT": "missing",
    });

    states["prod"] = states["test"] ?? [];
    assert.equal((await diff("live:test live:prod")).failed, false);
    assert.equal((await statuses("live:test ./envs/test"))["shop-api.LOG"], "different");
    folder.write("envs/test/alone.yaml", "X: 1");
    assert.equal((await statuses("test live:test"))["alone.X"], "different");
  });

  it("does not count variables that a deployment repository adds to the files as differences", async () => {
    const { environmentId } = await environment();
    const api = await application("api", environmentId, `LOG=info\nDATABASE_URL=${canary.live}`);
    const { composeId } = await call<{ composeId: string }>("compose.create", {
      ...{ name: "web", environmentId, composeType: "docker-compose" },
    });
    await call("compose.update", { composeId, env: "SIZE=1\nIMAGE_TAG=7" });
    states["test"] = [
      resource("Application", "api", api, {
        name: "api",
        env: { LOG: "info", DATABASE_URL: { ciphertext: "x" } },
      }),
      resource("Compose", "web", composeId, { name: "web", env: { SIZE: "1", IMAGE_TAG: "7" } }),
    ];
    folder.write("envs/test/api.yaml", "LOG: info");
    folder.write("envs/test/web.yaml", "SIZE: 1");
    folder.write("services/db/dokploy-app.yaml", "kind: postgres\nimage: postgres:17\n");
    folder.write(
      "services/api/dokploy-app.yaml",
      "kind: application\nimage: acme/api:1\nbuildSecrets: { A: !secret none }\ndatabaseUrls: { DATABASE_URL: db }\n",
    );
    folder.write("services/web/dokploy-app.yaml", "kind: compose\n");
    const compose = (image: string) =>
      folder.write("services/web/compose.yaml", `services:\n  web:\n    image: ${image}\n`);
    for (const image of ["acme/web:$IMAGE_TAG", "acme/web:${IMAGE_TAG:-1}"]) {
      compose(image);
      const { output, failed } = await diff("test --live");
      assert.equal(failed, false, output);
      assert.match(output, /\? {2}DATABASE_URL +secret +secret +not compared \(1\)/);
      assert.match(output, /^\(1\) databaseUrls of .*services\/api\/dokploy-app\.yaml gives it$/m);
      assert.match(output, /^\(2\) it is the tag of the image, which each run sets$/m);
    }
    await call("compose.update", { composeId, env: "SIZE=1" });
    assert.equal((await statuses("test --live"))["web.IMAGE_TAG"], undefined);
    compose("acme/web:1");
    await call("compose.update", { composeId, env: "SIZE=1\nIMAGE_TAG=7" });
    assert.equal((await statuses("test --live"))["web.IMAGE_TAG"], "extra");
    await call("application.saveEnvironment", {
      ...{ applicationId: api, env: "LOG=info", buildArgs: null, buildSecrets: null, createEnvFile: false },
    });
    assert.equal((await statuses("test --live"))["api.DATABASE_URL"], "missing");
  });

  it("takes the addresses that two stages have of one database for the same, and of two for unknown", async () => {
    folder.write("envs/test/api.yaml", "LOG: info");
    folder.write("envs/prod/api.yaml", "LOG: info");
    const app = (more: string) =>
      folder.write(
        "services/api/dokploy-app.yaml",
        `kind: application\nimage: acme/api:1\ndatabaseUrls: { DATABASE_URL: db }\n${more}`,
      );
    app("");
    assert.deepEqual(await statuses("test prod"), { "api.DATABASE_URL": "same", "api.LOG": "same" });
    app("stages: { prod: { databaseUrls: { DATABASE_URL: main } } }\n");
    assert.equal((await statuses("test prod"))["api.DATABASE_URL"], "not-compared");
    folder.write("services/web/dokploy-app.yaml", "kind: application\nimage: acme/web:1\n");
    folder.write("envs/test/api.yaml", "LOG: info\nDATABASE_URL: !ref db\nA: !ref web\nB: !ref web:1\n");
    folder.write("envs/prod/api.yaml", "LOG: info\nDATABASE_URL: !ref db\nA: !ref web\nB: !ref web:2\n");
    folder.write("services/db/dokploy-app.yaml", "kind: postgres\nimage: postgres:17\n");
    app("");
    const { "api.DATABASE_URL": db, "api.A": a, "api.B": b } = await statuses("test prod");
    assert.deepEqual([db, a, b], ["same", "same", "not-compared"]);
  });

  it("leaves out an object that a replacement has yet to delete", async () => {
    const { environmentId } = await environment();
    const id = await application("api", environmentId, "A=1\nB=1");
    const leaving = await application("api", environmentId, `OLD=${canary.live}`);
    states["test"] = [
      resource("Application", "api", id, { name: "api", env: { A: "1" } }),
      { ...resource("Application", "api", leaving, { name: "api", env: { OLD: "1" } }), delete: true },
    ];
    folder.write("envs/test/api.yaml", "A: 1");
    assert.deepEqual(await statuses("test --live"), { "api.A": "same", "api.B": "extra" });
  });

  it("distinguishes resources whose names end alike after colons", async () => {
    const { environmentId } = await environment();
    const [one, two] = [
      await application("first", environmentId, "A=1"),
      await application("second", environmentId, "A=2"),
    ];
    states["test"] = [resource("Application", "one::api", one, { name: "first", env: { A: "1" } })];
    states["prod"] = [resource("Application", "two::api", two, { name: "second", env: { A: "2" } })];
    const { output } = await diff("live:test live:prod");
    assert.match(output, /^one::api, only in live:test$/m);
    assert.match(output, /^two::api, only in live:prod$/m);
  });

  it("compares the variables of a database, given by its id or by a block", async () => {
    const { environmentId } = await environment();
    const { postgresId } = await call<{ postgresId: string }>("postgres.create", {
      ...{ name: "db", appName: "db", environmentId, dockerImage: "postgres:18" },
      ...{ databaseName: "shop", databaseUser: "shop", databasePassword: canary.live.replaceAll("-", "") },
    });
    await call("postgres.saveEnvironment", { postgresId, env: "TZ=UTC" });
    folder.write("envs/test/db.yaml", "TZ: UTC");
    states["test"] = [resource("EnvironmentBlock", "db", `postgres/${postgresId}`, { env: { TZ: "UTC" } })];
    assert.deepEqual(await statuses(`test postgres/${postgresId}`), { "db.TZ": "same" });
    assert.deepEqual(await statuses("test --live"), { "db.TZ": "same" });
    states["test"] = [resource("Postgres", "db", postgresId, { name: "db", env: { TZ: "Europe/Berlin" } })];
    assert.deepEqual(await statuses("test --live"), { "db.TZ": "same" });
  });

  it("finds the server in the stack's settings before the environment", async () => {
    const { environmentId } = await environment();
    const id = await application("api", environmentId, "A=1");
    folder.write("envs/test/api.yaml", "A: 1");
    states["test"] = [resource("Application", "api", id, { name: "api", env: { A: "1" } })];
    Object.assign(configs["test"] ?? {}, {
      "dokploy:url": { value: emulator.url, secret: false },
      "dokploy:apiKey": { value: emulator.apiKey, secret: true },
    });
    const none = { DOKPLOY_URL: undefined, DOKPLOY_API_KEY: undefined };
    assert.equal((await diff("test --live", none)).failed, false);
    assert.equal((await diff(`test application/${id} --stack test`, none)).failed, false);
    assert.equal((await diff(`test application/${id}`, none)).failed, false);
    assert.equal((await diff(`application/${id} live:test`, none)).failed, false);
    assert.match(await refusal(`test application/${id} --stack prod`, none), /dokploy:url is missing/);
    assert.match(
      await refusal(`envs/test/api.yaml application/${id}`, none),
      /dokploy:url is missing[\s\S]*dokploy:apiKey is missing[\s\S]*name a stack that has them with --stack/,
    );
    locked = true;
    assert.match(
      await refusal("test --live", none),
      /dokploy:apiKey is missing[\s\S]*the secrets of stack test cannot be read: passphrase must be set/,
    );
    assert.match(
      await refusal("test --live", { DOKPLOY_URL: undefined }),
      /the key in DOKPLOY_API_KEY is not sent to http:\/\/127\.0\.0\.1:\d+[\s\S]*passphrase must be set/,
    );
    assert.equal((await diff("test --live")).failed, false);
  });

  const wrong: [command: string, message: RegExp][] = [
    ["test", /takes two operands/],
    ["test prod more", /takes two operands/],
    ["test prod --live", /With --live env diff takes one operand/],
    ["live:test --live", /With --live env diff takes one operand/],
    ["tset test", /There is no folder envs\/tset .*; the stages are test\./],
    ["test other --dir nowhere", /There is no folder nowhere\/test .*--dir/],
    ["test prod --fail-on all", /--fail-on takes missing, extra/],
    ["test prod --bogus", /--bogus/],
    ["envs/test/none.yaml ./envs/test", /^envs\/test\/none\.yaml: there is no such file/],
    ["envs/bad.yaml ./envs/test", /^envs\/bad\.yaml:1:4: A: has a nested value/],
    ["test live:none", /The state of stack none cannot be read: no stack named 'none' found\./],
    ["test live:tset", /: no stack named 'tset' found\. Did you mean test\?$/],
    ["test live:empty", /Stack empty has no resources of Dokploy/],
    ["test application/PQqzqTGCVtx0St2SA3vCi", /Dokploy has no application PQqzqTGCVtx0St2SA3vCi/],
    ["test compose/PQqzqTGCVtx0St2SA3vCi", /Dokploy has no compose service PQqzqTGCVtx0St2SA3vCi/],
    [
      "test compose/canary-token",
      /^The id of the compose service is not an id of Dokploy \(21 letters, digits, - and _\)(?!.*canary)/s,
    ],
    [
      "test ./envs/test --service cache",
      /Neither test nor \.\/envs\/test has a service cache; the services are api\./,
    ],
  ];
  for (const [command, message] of wrong) {
    it(`refuses "${command}", and says why`, async () => {
      folder.write("envs/test/api.yaml", "A: 1");
      folder.write("envs/bad.yaml", `A: [${canary.test}]`);
      states["empty"] = [];
      folder.write("Pulumi.test.yaml", "config: {}\n");
      assert.match(await refusal(command), message);
    });
  }

  it("explains a problem with the server or the key, without the key", async () => {
    folder.write("envs/test/api.yaml", "A: 1");
    const key = "canaryKey0123456789";
    assert.match(
      await refusal("test application/PQqzqTGCVtx0St2SA3vCi", { DOKPLOY_API_KEY: key }),
      /API key/i,
    );
    const { environmentId } = await environment();
    const id = await application("api", environmentId, `A=${canary.live}`);
    emulator.denyPermission("application.one");
    try {
      assert.match(await refusal(`test application/${id}`), /permission/);
    } finally {
      emulator.allowPermission("application.one");
    }
    odd = true;
    assert.match(await refusal("test --live"), /something other than JSON/);
    folder.write("envs/test/api.yaml", "TOKEN: !secret");
    assert.match(await refusal("test ./envs/test"), /something other than JSON/);
    odd = false;
    hasPulumi = false;
    assert.match(
      await refusal("test --live"),
      /The state of stack test cannot be read: pulumi is not on the PATH/,
    );
  });
});
