import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Application, EnvironmentBlock, loadEnv, Project } from "../../../../sdk";
import { answered } from "../../../../sdk/run";
import { EnvFolder, failureOf } from "../env-files/env-folder";

type Inputs = Readonly<Record<string, unknown>>;

describe("generated values in files of variables", () => {
  let folder: EnvFolder;
  let made: Map<string, Inputs>;
  let twice: string[];
  before(() => {
    folder = new EnvFolder();
  });
  after(() => {
    folder.remove();
  });
  beforeEach(async () => {
    made = new Map();
    twice = [];
    const mocks: pulumi.runtime.Mocks = {
      newResource: ({ name, type, inputs }) => {
        const key = `${type.split(":").at(-1)} ${name}`;
        // Mocks do not refuse a second resource of one URN, as Pulumi does.
        if (made.has(key)) twice.push(key);
        made.set(key, inputs as Inputs);
        const state = type.endsWith(":GeneratedSecret") ? { ...inputs, value: `canary of ${name}` } : inputs;
        return { id: `${name}_id`, state };
      },
      call: () => ({}),
    };
    await pulumi.runtime.setMocks(mocks, "shop", "test", false);
    Object.assign(process.env, { DOKPLOY_URL: "http://127.0.0.1:9", DOKPLOY_API_KEY: "key" });
  });
  afterEach(() => {
    delete process.env["DOKPLOY_URL"];
    delete process.env["DOKPLOY_API_KEY"];
  });

  function load(text: string): ReturnType<typeof loadEnv> {
    folder.write("envs/test/api.yaml", text);
    return loadEnv("envs/test/api.yaml");
  }
  const application = (env: object, options: pulumi.CustomResourceOptions = {}) =>
    new Application(
      "api",
      { name: "api", environmentId: "e", source: { type: "docker", image: "acme/api:1" }, env: env as never },
      options,
    );
  async function run(program: () => void): Promise<void> {
    await pulumi.runtime.runInPulumiStack(async () => program());
    await answered();
  }
  const ours = (name: string) => {
    const { length, rotation, adopts } =
      made.get(name) ?? assert.fail(`${name} is not among ${[...made.keys()]}`);
    return Object.fromEntries(
      Object.entries({ length, rotation, adopts }).filter(([, value]) => value !== undefined),
    );
  };

  const urnOf = (kind: string, name: string) =>
    `urn:pulumi:test::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`;

  it("are secrets next to the resource, which adopt the value that it has", async () => {
    await run(() => {
      const env = load("A: 1\nKEY: !generate\nLONG: !generate { length: 64, rotation: 3 }\n");
      application({ ...env, B: "2" });
    });
    assert.deepEqual(ours("GeneratedSecret api/KEY"), { adopts: `${urnOf("Application", "api")}/KEY` });
    assert.deepEqual(ours("GeneratedSecret api/LONG/3"), { length: 64, rotation: 3 });
    const { env } = made.get("Application api") as { env: Record<string, unknown> };
    assert.deepEqual(Object.keys(env).sort(), ["A", "B", "KEY", "LONG"]);
    assert.match(JSON.stringify(env["KEY"]), /canary of api\/KEY"/);
    assert.match(JSON.stringify(env["LONG"]), /canary of api\/LONG\/3"/);
  });

  it("are one secret where several variables have its name", async () => {
    await run(() => {
      application(load("KEY: !generate { length: 64 }\nSAME: !generate KEY\n"));
    });
    assert.deepEqual(twice, []);
    assert.deepEqual(
      [...made.keys()].filter((key) => key.startsWith("GeneratedSecret")),
      ["GeneratedSecret api/KEY"],
    );
    const { env } = made.get("Application api") as { env: Record<string, unknown> };
    assert.deepEqual(env["SAME"], env["KEY"]);
  });

  it("are both values of a rotation, of which the next one is never the one that the server has", async () => {
    await run(() => {
      application(load("KEY: { rotate: { current: !generate , next: !generate { rotation: 2 } } }\n"));
    });
    assert.deepEqual(ours("GeneratedSecret api/KEY"), { adopts: `${urnOf("Application", "api")}/KEY` });
    assert.deepEqual(ours("GeneratedSecret api/KEY/2"), { rotation: 2 });
    const { env } = made.get("Application api") as { env: Record<string, unknown> };
    assert.deepEqual(Object.keys(env), ["KEY", "KEY_NEXT"]);
    assert.match(JSON.stringify(env["KEY_NEXT"]), /canary of api\/KEY\/2"/);
    made.clear();
    await run(() => {
      application(load("KEY: { rotate: { current: !plain a, next: !plain b } }\n"));
      new EnvironmentBlock("b", {
        target: { applicationId: "PQqzqTGCVtx0St2SA3vCi" },
        env: load("KEY: { rotate: { current: !env PATH, next: !generate } }\n"),
      });
    });
    assert.deepEqual(ours("GeneratedSecret b/KEY"), {});
  });

  it("belong to blocks and projects too, and to an object that is adopted", async () => {
    await run(() => {
      const target = { applicationId: "PQqzqTGCVtx0St2SA3vCi" };
      new EnvironmentBlock("block", { target, env: load("KEY: !generate\n") });
      new Project("shop", { name: "shop", env: load("KEY: !generate\n") });
      application(load("KEY: !generate\n"), { import: "oWoDTREuc8bwh1UYwU8Bv" });
    });
    assert.deepEqual(ours("GeneratedSecret block/KEY"), { adopts: "application/PQqzqTGCVtx0St2SA3vCi/KEY" });
    assert.deepEqual(ours("GeneratedSecret shop/KEY"), { adopts: `${urnOf("Project", "shop")}/KEY` });
    assert.deepEqual(ours("GeneratedSecret api/KEY"), { adopts: "application/oWoDTREuc8bwh1UYwU8Bv/KEY" });
  });

  it("of a build adopt the variable of the build, not one of its name that the container has", async () => {
    await run(() => {
      const source = { type: "git", url: "https://git.example/acme/api.git", branch: "main" } as const;
      const [buildArgs, buildSecrets] = [load("ARG: !generate\n"), load("KEY: !generate\n")] as never[];
      new Application("api", { name: "api", environmentId: "e", source, ...{ buildArgs, buildSecrets } });
    });
    const urn = urnOf("Application", "api");
    assert.deepEqual(ours("GeneratedSecret api/ARG"), { adopts: `${urn}/buildArgs/ARG` });
    assert.deepEqual(ours("GeneratedSecret api/KEY"), { adopts: `${urn}/buildSecrets/KEY` });
  });

  it("fail in every other place, with the place in the file", async () => {
    const { KEY } = load("KEY: !generate\n");
    const reason =
      /^envs\/test\/api\.yaml:1:1: KEY is generated for a service, project or block of pulumi-dokploy/;
    assert.throws(() => `${KEY}`, { message: reason });
    assert.throws(() => JSON.stringify({ KEY }), { message: reason });
    assert.throws(() => pulumi.output({ KEY }), { message: reason });
  });

  it("take a name and fields, and no value", () => {
    const usage =
      /^envs\/test\/api\.yaml:1:\d+: KEY: !generate takes the name of the secret, .* !generate \{ length: 48/;
    const wrong = [
      // A value of the kind that somebody may have pasted, not the name of a secret.
      "ghp_canaryCanaryCanaryCanaryCanaryCanary",
      "canary of a value",
      "{ size: 20 }",
      "{ name: a b }",
      "[20]",
      "{ length: !x 20 }",
      "{ adopts: application/a/KEY }",
    ];
    const refused = (value: string) => failureOf(() => load(`KEY: !generate ${value}\n`));
    for (const value of wrong) {
      assert.match(refused(value), usage, value);
      assert.doesNotMatch(refused(value), /canary/);
    }
    const reasons: Readonly<Record<string, RegExp>> = {
      "{ length: 15 }": /KEY: !generate: length: .*16/,
      "{ length: 513 }": /KEY: !generate: length: .*512/,
      "{ rotation: 0 }": /KEY: !generate: rotation: .*1/,
      "{ format: rsa }": /KEY: !generate: format: .*base64/,
      "{ format: hex, length: 20 }": /KEY: !generate: length: is for the format alphanumeric/,
      "{ format: jwt }": /KEY: !generate: signingKey: is missing/,
      "{ format: jwt, signingKey: canary }":
        /KEY: signingKey takes !generate NAME, !secret NAME or !env NAME/,
      "{ format: jwt, signingKey: !generate K, payload: canary }":
        /KEY: !generate: payload: is not the JSON text/,
    };
    for (const [value, reason] of Object.entries(reasons)) {
      assert.match(refused(value), reason, value);
      assert.doesNotMatch(refused(value), /canary/);
    }
    folder.write("envs/test/api.yaml", "KEY: !generate\n");
    const plain = () => loadEnv("envs/test/api.yaml", { plain: ["KEY"] });
    assert.match(failureOf(plain), /KEY: is !generate, and the option plain names it; remove it there/);
  });
});
