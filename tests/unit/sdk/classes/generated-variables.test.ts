import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { isMarked } from "../../../../provider/pulumi";
import { Application, EnvironmentBlock, loadEnv, Project } from "../../../../sdk";
import { answered } from "../../../../sdk/run";
import { EnvFolder, failureOf } from "../env-files/env-folder";

const secretType = "pulumi-nodejs:dynamic/dokploy:GeneratedSecret";

type Inputs = Readonly<Record<string, unknown>>;

describe("generated values in files of variables", () => {
  let folder: EnvFolder;
  let made: Map<string, Inputs>;
  let twice: string[];
  let mocks: pulumi.runtime.Mocks;
  before(() => {
    folder = new EnvFolder();
  });
  after(() => {
    folder.remove();
  });
  beforeEach(async () => {
    made = new Map();
    twice = [];
    mocks = {
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

  /** The options of the secrets that a program declares, by their names. */
  async function optionsOf(program: () => void): Promise<Map<string, pulumi.CustomResourceOptions>> {
    const found = new Map<string, pulumi.CustomResourceOptions>();
    await run(() => {
      pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
        if (type.endsWith(":GeneratedSecret")) found.set(name, opts);
        return undefined;
      });
      program();
    });
    return found;
  }

  it("stay where their resource stays: with its parent, provider, protection and former names", async () => {
    const found = await optionsOf(() => {
      const parent = new pulumi.ComponentResource("my:index:Team", "team");
      const former = `urn:pulumi:test::shop::my:index:Old$pulumi-nodejs:dynamic/dokploy:Application::older`;
      const aliases = [
        { name: "first", type: "my:index:Api" },
        { parent: pulumi.rootStackResource },
        former,
        pulumi.output(former),
        "no URN",
      ];
      application(load("KEY: !generate\nLONG: !generate { length: 64, rotation: 3 }\n"), {
        ...{ parent, aliases, protect: true, version: "1.2.3", deleteBeforeReplace: true },
      });
    });
    const own = `urn:pulumi:test::shop::my:index:Old$${secretType}::older`;
    const { aliases, parent, ...others } = found.get("api/KEY") ?? {};
    assert.equal((parent as unknown as { __name?: string } | undefined)?.__name, "team");
    assert.deepEqual(others, { protect: true, version: "1.2.3" });
    assert.deepEqual(aliases, [
      { name: "first/KEY" },
      { name: "api/KEY", parent: pulumi.rootStackResource },
      `${own}/KEY`,
    ]);
    assert.deepEqual(found.get("api/LONG/3")?.aliases, [
      { name: "first/LONG/3" },
      { name: "api/LONG/3", parent: pulumi.rootStackResource },
      `${own}/LONG/3`,
      // Another number replaces the value in its place: protection would refuse to delete it.
      { name: "api/LONG/2" },
      { name: "api/LONG" },
    ]);
  });

  it("were at most twenty numbers before, and none while they rotate, when one of them goes unprotected", async () => {
    const found = await optionsOf(() => {
      application(
        load(
          [
            "MANY: !generate { rotation: 30 }",
            "KEY: { rotate: { previous: !generate , current: !generate { rotation: 2 } } }",
            "",
          ].join("\n"),
        ),
        { protect: true },
      );
    });
    const aliasesOf = (name: string) =>
      (found.get(name)?.aliases as { name: string }[] | undefined)?.map(({ name: former }) => former);
    assert.deepEqual(
      aliasesOf("api/MANY/30"),
      Array.from({ length: 20 }, (_, index) => `api/MANY/${29 - index}`),
    );
    for (const name of ["api/KEY", "api/KEY/2"])
      assert.deepEqual([aliasesOf(name), found.get(name)?.protect], [[], false], name);
    const bare = await optionsOf(() => {
      application(load("KEY: !generate\n"));
    });
    assert.deepEqual(Object.keys(bare.get("api/KEY") ?? {}), ["aliases"]);
  });

  it("adopt the variable with their own name first, and one of a container before one of a build", async () => {
    const place = async (env: string, buildArgs = "", buildSecrets = "") => {
      made.clear();
      await run(() => {
        const source = { type: "git", url: "https://git.example/acme/api.git", branch: "main" } as const;
        const variables = { env: load(env), buildArgs: load(buildArgs), buildSecrets: load(buildSecrets) };
        new Application("api", { name: "api", environmentId: "e", source, ...(variables as object) });
      });
      const { adopts } = ours("GeneratedSecret api/KEY");
      return String(adopts).slice(urnOf("Application", "api").length + 1);
    };
    const [own, other, last] = ["KEY: !generate\n", "A: !generate KEY\n", "Z: !generate KEY\n"];
    assert.equal(await place(other), "A");
    assert.equal(await place(other + last), "A", "the first one");
    assert.equal(await place(other + own + last), "KEY");
    assert.equal(await place(own, own, own), "KEY");
    assert.equal(await place("", own, own), "buildArgs/KEY");
    assert.equal(await place(other, "", own), "buildSecrets/KEY");
    assert.equal(await place(other, last, ""), "A");
    assert.equal(await place("", other, last), "buildArgs/A");
  });

  it("say their number in one place, which counts in the others, and not for the former value of a rotation", async () => {
    await run(() => {
      application(load("A: !generate KEY\nKEY: !generate { rotation: 3 }\n"));
    });
    const names = () => [...made.keys()].filter((key) => key.startsWith("GeneratedSecret ")).sort();
    assert.deepEqual(names(), ["GeneratedSecret api/KEY/3"]);
    made.clear();
    await run(() => {
      application(
        load(
          [
            "KEY: { rotate: { previous: !generate , current: !generate { rotation: 2, length: 64 } } }",
            "SAME: !generate KEY",
            "",
          ].join("\n"),
        ),
      );
    });
    assert.deepEqual(names(), ["GeneratedSecret api/KEY", "GeneratedSecret api/KEY/2"]);
    assert.deepEqual(ours("GeneratedSecret api/KEY"), {}, "it is made as it was, and takes no value");
    assert.deepEqual(ours("GeneratedSecret api/KEY/2"), { length: 64, rotation: 2 });
    const { env } = made.get("Application api") as { env: Record<string, unknown> };
    assert.deepEqual(env["SAME"], env["KEY"]);
    for (const other of ["rotation: 2", "rotation: 3, length: 64"])
      await assert.rejects(
        run(() => {
          application(load(`A: !generate { name: KEY, ${other} }\nKEY: !generate { rotation: 3 }\n`));
        }),
        /two places say how the secret KEY is made, and say different things/,
        other,
      );
  });

  describe("after the state was lost", () => {
    afterEach(() => {
      delete process.env["DOKPLOY_ONLY_LISTS"];
      delete process.env["DOKPLOY_ADOPTED_VALUES"];
    });

    it("say the variable of each value, whichever number it has, while the program is only listed", async () => {
      process.env["DOKPLOY_ONLY_LISTS"] = "true";
      await run(() => {
        application(
          load(
            [
              "LONG: !generate { length: 64, rotation: 3 }",
              "KEY: { rotate: { current: !generate , next: !generate { rotation: 2 } } }",
              "TOKEN: !generate { format: jwt, signingKey: !generate LONG }",
              "",
            ].join("\n"),
          ),
          // The object of the name in the file may be another one by now.
          { import: "oWoDTREuc8bwh1UYwU8Bv" },
        );
      });
      const adopts = (name: string) => made.get(`GeneratedSecret api/${name}`)?.["adopts"];
      const urn = urnOf("Application", "api");
      assert.equal(adopts("LONG/3"), `${urn}/LONG`);
      assert.equal(adopts("KEY"), `${urn}/KEY`);
      assert.equal(adopts("KEY/2"), `${urn}/KEY_NEXT`);
      assert.equal(adopts("TOKEN"), undefined);
      made.clear();
      process.env["DOKPLOY_ONLY_LISTS"] = "false";
      await run(() => {
        application(load("LONG: !generate { rotation: 3 }\n"));
      });
      assert.equal(adopts("LONG/3"), undefined);
    });

    it("have the value that they are to adopt in the plan alone, as a secret", async () => {
      const envOf = async (preview: boolean) => {
        made.clear();
        await pulumi.runtime.setMocks(mocks, "shop", "test", preview);
        await run(() => {
          application(load("KEY: !generate\nNEW: !generate\n"));
        });
        return made.get("Application api")?.["env"];
      };
      process.env["DOKPLOY_ADOPTED_VALUES"] = JSON.stringify({ "api/KEY": "canary that runs" });
      const planned = await envOf(true);
      assert.ok(isMarked(planned), "it is a secret");
      const { value } = planned as { value?: unknown };
      assert.deepEqual(value, { KEY: "canary that runs", NEW: "canary of api/NEW" });
      assert.deepEqual(await envOf(false), { KEY: "canary of api/KEY", NEW: "canary of api/NEW" });
    });
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
      "{ name: 5 }",
      "{ name: [canary] }",
      "{ name: { of: canary } }",
      "{ name: !secret canary }",
      "{ rotation: [2] }",
      "{ rotation: { number: 2 } }",
      "{ rotation: !env canary }",
      "{ rotation: '2' }",
      "{ rotation: 2.5 }",
      "{ length: 20, length: 30 }",
      "{ length: { canary: 20 } }",
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
      // A token has its claims as they are written, so a tag would have no effect.
      "{ format: jwt, signingKey: !generate K, payload: { role: !secret canary } }":
        /KEY: payload takes plain values, without tags, and each name once$/,
      "{ format: jwt, signingKey: !generate K, payload: { roles: [1, { of: !env canary }] } }":
        /KEY: payload takes plain values/,
      "{ format: jwt, signingKey: !generate K, payload: { role: canary, role: canary } }":
        /KEY: payload takes plain values/,
      "{ format: jwt, signingKey: !generate { length: 15 } }": /KEY: signingKey: !generate: length: .*16/,
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
