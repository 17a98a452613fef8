import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { isMarked } from "../../../../provider/pulumi";
import { Application, DeploymentRepository, loadEnv } from "../../../../sdk";
import { answered } from "../../../../sdk/run";
import { EnvFolder, failureOf } from "../env-files/env-folder";

type Inputs = Readonly<Record<string, unknown>>;

describe("generated secrets inside texts, and in several places", () => {
  let folder: EnvFolder;
  let made: Map<string, Inputs>;
  before(() => {
    folder = new EnvFolder();
  });
  after(() => {
    folder.remove();
  });
  beforeEach(async () => {
    made = new Map();
    const mocks: pulumi.runtime.Mocks = {
      newResource: ({ name, type, inputs }) => {
        made.set(`${type.split(":").at(-1)} ${name}`, inputs as Inputs);
        const state = type.endsWith(":GeneratedSecret") ? { ...inputs, value: `<${name}>` } : inputs;
        return { id: `${name}_id`, state };
      },
      call: () => ({}),
    };
    await pulumi.runtime.setMocks(mocks, "shop", "test", false);
    pulumi.runtime.setAllConfig({ "shop:mail": "canary-mail" }, ["shop:mail"]);
    Object.assign(process.env, { DOKPLOY_URL: "http://127.0.0.1:9", DOKPLOY_API_KEY: "key" });
  });
  afterEach(() => {
    pulumi.runtime.setAllConfig({});
    delete process.env["DOKPLOY_URL"];
    delete process.env["DOKPLOY_API_KEY"];
  });

  function load(text: string): ReturnType<typeof loadEnv> {
    folder.write("envs/test/api.yaml", text);
    return loadEnv("envs/test/api.yaml");
  }
  const application = (env: object) =>
    new Application("api", {
      ...{ name: "api", environmentId: "e", source: { type: "docker", image: "acme/api:1" } as const },
      env: env as never,
    });
  async function run(program: () => void): Promise<void> {
    await pulumi.runtime.runInPulumiStack(async () => program());
    await answered();
  }
  async function failureOfRun(program: () => void): Promise<string> {
    try {
      await run(program);
    } catch (error) {
      return (error as Error).message;
    }
    assert.fail("it does not fail");
  }
  /** The inputs of a resource without the marks of secrets; those of the mocks have none. */
  function inputsOf(name: string): Inputs {
    const bare = (value: unknown): unknown => {
      if (typeof value !== "object" || value === null) return value;
      if (isMarked(value)) return bare((value as { value?: unknown }).value);
      if (Array.isArray(value)) return value.map(bare);
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bare(item)]));
    };
    return bare(made.get(name) ?? assert.fail(`${name} is not among ${[...made.keys()]}`)) as Inputs;
  }
  /** Paths of the inputs that are secret. */
  const secretPaths = (name: string) => (inputsOf(name)["__urn"] as Inputs)["secrets"];
  const envOf = (name: string) => inputsOf(name)["env"] as Inputs;
  const secrets = () => [...made.keys()].filter((key) => key.startsWith("GeneratedSecret ")).sort();
  const urn = "urn:pulumi:test::shop::pulumi-nodejs:dynamic/dokploy:Application::api";

  it("are filled into the places of a text, and nothing else of it changes", async () => {
    await run(() => {
      application(
        load(
          [
            "URL: !text",
            "  text: 'postgres://app:${PASSWORD}@db/app?mail=${MAIL}&x=${OTHER}$${PASSWORD}'",
            "  values: { PASSWORD: !generate { format: hex }, MAIL: !secret mail }",
            "PASSWORD: !generate",
            "",
          ].join("\n"),
        ),
      );
    });
    assert.deepEqual(secrets(), ["GeneratedSecret api/PASSWORD"]);
    const { format, adopts } = made.get("GeneratedSecret api/PASSWORD") ?? {};
    assert.deepEqual([format, adopts], ["hex", `${urn}/PASSWORD`], "the whole value is that of a variable");
    const { URL, PASSWORD } = envOf("Application api");
    assert.equal(URL, "postgres://app:<api/PASSWORD>@db/app?mail=canary-mail&x=${OTHER}$<api/PASSWORD>");
    assert.equal(PASSWORD, "<api/PASSWORD>");
  });

  it("have no variable of their own where they only stand in a text, so they adopt none", async () => {
    await run(() => {
      application(load("URL: !text { text: 'a:${PASSWORD}', values: { PASSWORD: !generate } }\n"));
    });
    assert.equal(made.get("GeneratedSecret api/PASSWORD")?.["adopts"], undefined);
  });

  it("need no generated value: those of the configuration alone are secret too", async () => {
    await run(() => {
      application(load("URL: !text { text: 'smtp://${MAIL}@mail', values: { MAIL: !secret mail } }\n"));
    });
    assert.deepEqual([secrets(), secretPaths("Application api")], [[], [["env", "URL"]]]);
    assert.equal(envOf("Application api")["URL"], "smtp://canary-mail@mail");
  });

  it("sign tokens, also a key that is only in the token, and a token adopts no value", async () => {
    await run(() => {
      application(
        load(
          [
            "JWT_SECRET: !generate { format: base64, bytes: 48 }",
            "ANON_KEY: !generate",
            "  format: jwt",
            "  signingKey: !generate JWT_SECRET",
            "  payload: { role: anon, level: 3, admin: false, note: '3', list: [a, ~] }",
            "MAIL_TOKEN: !generate { format: jwt, signingKey: !secret mail }",
            "HIDDEN: !generate { format: jwt, signingKey: !generate ONLY_HERE }",
            "",
          ].join("\n"),
        ),
      );
    });
    const names = ["ANON_KEY", "HIDDEN", "JWT_SECRET", "MAIL_TOKEN", "ONLY_HERE"];
    assert.deepEqual(
      secrets(),
      names.map((name) => `GeneratedSecret api/${name}`),
    );
    const token = inputsOf("GeneratedSecret api/ANON_KEY");
    assert.equal(token["signingKey"], "<api/JWT_SECRET>");
    assert.deepEqual(JSON.parse(String(token["payload"])), {
      ...{ role: "anon", level: 3, admin: false, note: "3", list: ["a", null] },
    });
    assert.equal(token["adopts"], undefined);
    assert.equal(made.get("GeneratedSecret api/JWT_SECRET")?.["adopts"], `${urn}/JWT_SECRET`);
    assert.equal(inputsOf("GeneratedSecret api/MAIL_TOKEN")["signingKey"], "canary-mail");
  });

  it("have claims of the types that YAML gives them, or those of a JSON text", async () => {
    const payloadOf = async (payload: string) => {
      made.clear();
      await run(() => {
        application(
          load(`A: !generate\n  format: jwt\n  signingKey: !env SIGNING_KEY\n  payload: ${payload}\n`),
        );
      });
      return JSON.parse(String(inputsOf("GeneratedSecret api/A")["payload"])) as unknown;
    };
    process.env["SIGNING_KEY"] = "canary-key";
    try {
      const yaml =
        "{ exp: 2000000000, ratio: 0.25, less: -15, more: +7, version: 1.2.3, hex: a1, day: 12th, yes: TRUE, no: False, " +
        "word: untrue, words: truest, none: NULL, nil: ~, nothing: , nullable: nullable, empty: '', quoted: \"true\", nested: { a: [1, { b: no }] } }";
      assert.deepEqual(await payloadOf(yaml), {
        ...{ exp: 2000000000, ratio: 0.25, less: -15, more: 7, version: "1.2.3", hex: "a1", day: "12th" },
        ...{ yes: true, no: false, word: "untrue", words: "truest", none: null, nil: null, nothing: null },
        ...{ nullable: "nullable", empty: "", quoted: "true", nested: { a: [1, { b: "no" }] } },
      });
      assert.equal(inputsOf("GeneratedSecret api/A")["signingKey"], "canary-key");
      assert.deepEqual(await payloadOf("{}"), {});
      assert.deepEqual(await payloadOf(`'{"role":"anon"}'`), { role: "anon" });
    } finally {
      delete process.env["SIGNING_KEY"];
    }
  });

  it("are one secret where two places describe them alike, also by the key that signs them", async () => {
    const keyed = (key: string) => `!generate { name: K, format: jwt, signingKey: ${key} }`;
    await run(() => {
      application(load(`A: ${keyed("!generate S")}\nB: ${keyed("!generate S")}\nC: !generate K\n`));
    });
    assert.deepEqual(secrets(), ["GeneratedSecret api/K", "GeneratedSecret api/S"]);
    assert.deepEqual(envOf("Application api"), { A: "<api/K>", B: "<api/K>", C: "<api/K>" });
    for (const [one, other] of [
      ["!generate S", "!generate T"],
      ["!generate S", "!secret mail"],
      ["!secret mail", "!generate S"],
    ] as const) {
      made.clear();
      assert.match(
        await failureOfRun(() => {
          application(load(`A: ${keyed(one)}\nB: ${keyed(other)}\n`));
        }),
        /two places say how the secret K is made, and say different things/,
        `${one} ${other}`,
      );
    }
  });

  it("are made as the key of a token says, also for a place before it that gives only the name", async () => {
    await run(() => {
      application(
        load(
          "A: !generate S\nB: !generate { format: jwt, signingKey: !generate { name: S, format: hex } }\n",
        ),
      );
    });
    assert.equal(made.get("GeneratedSecret api/S")?.["format"], "hex");
    assert.equal(envOf("Application api")["A"], "<api/S>");
  });

  it("are refused when two places describe them differently, or when they sign themselves", async () => {
    assert.match(
      await failureOfRun(() => {
        application(load("A: !generate { name: K, length: 20 }\nB: !generate { name: K, length: 21 }\n"));
      }),
      /Application "api": two places say how the secret K is made, and say different things: write !generate K in one of them/,
    );
    made.clear();
    assert.match(
      await failureOfRun(() => {
        application(load("A: !generate { format: jwt, signingKey: !generate A }\n"));
      }),
      /Application "api": the secret A signs itself; give another signingKey/,
    );
  });

  it("are refused in a text without their place, and in one of another form, without a value in the message", () => {
    const reasons: Readonly<Record<string, RegExp>> = {
      "canary text": /^envs\/test\/api\.yaml:1:\d+: KEY: !text takes a text and the secrets in it/,
      "{ text: canary }": /!text takes a text/,
      "{ text: 'canary', values: {} }": /values needs a mapping/,
      "{ text: 'canary', values: { A: !generate } }": /values: the text has no \$\{A\}/,
      "{ text: '${A} canary', values: { A: canary } }": /values: A: takes !generate, !secret, !env/,
      "{ text: '${A}', values: { A: !text { text: '${B}', values: { B: !env C } } } }": /values: A: takes/,
      "{ text: '${A-B}', values: { A-B: !generate } }": /values: A-B is no name/,
      "{ text: '${A}', values: { A: !generate }, more: canary }": /!text takes a text/,
    };
    for (const [value, reason] of Object.entries(reasons)) {
      const message = failureOf(() => load(`KEY: !text ${value}\n`));
      assert.match(message, reason, value);
      assert.doesNotMatch(message, /canary/);
    }
    folder.write("envs/test/api.yaml", "KEY: !text { text: 'a${A}', values: { A: !generate } }\n");
    const plain = () => loadEnv("envs/test/api.yaml", { plain: ["KEY"] });
    assert.match(failureOf(plain), /KEY: is !generate, and the option plain names it; remove it there/);
    const { KEY } = loadEnv("envs/test/api.yaml");
    assert.throws(() => `${KEY}`, /^Error: envs\/test\/api\.yaml:1:1: KEY is generated for a service/);
  });

  describe("of a service of a deployment repository", () => {
    const declare = (app: string, env = "", file = "") => {
      folder.write("services/wiki/dokploy-app.yaml", app);
      folder.write("services/wiki/compose.yaml", "services: {}\n");
      folder.write("services/wiki/app.toml", file);
      folder.write("envs/test/wiki.yaml", env);
      new DeploymentRepository("shop", { environmentId: "Hd8yJ0ZcDnc2ZTWqvNvJ4" });
    };

    it("are the same in a variable, in a mounted text and file, and in an address", async () => {
      const app = [
        "kind: compose",
        "domains: [{ host: !text { text: '${NAME}.example.com', values: { NAME: !generate { format: username } } }, serviceName: web }]",
        "mounts:",
        "  - type: file",
        "    mountPath: /a",
        "    filePath: a",
        "    content: !file { path: app.toml, values: { DB: !generate DB_PASSWORD, MAIL: !secret mail } }",
        "  - type: file",
        "    mountPath: /b",
        "    filePath: b",
        "    content: !generate DB_PASSWORD",
        "  - type: file",
        "    mountPath: /c",
        "    filePath: c",
        "    content: !generate ONLY_HERE",
        "",
      ].join("\n");
      await run(() => {
        declare(
          app,
          "DB_PASSWORD: !generate { format: hex, bytes: 20 }\n",
          "password = '${DB}'\nmail = '${MAIL}'\nother = '${X}'\n",
        );
      });
      const names = ["DB_PASSWORD", "NAME", "ONLY_HERE"];
      assert.deepEqual(
        secrets(),
        names.map((name) => `GeneratedSecret wiki/${name}`),
      );
      assert.equal(made.get("GeneratedSecret wiki/DB_PASSWORD")?.["bytes"], 20);
      assert.match(String(made.get("GeneratedSecret wiki/DB_PASSWORD")?.["adopts"]), /\/DB_PASSWORD$/);
      for (const name of ["NAME", "ONLY_HERE"])
        assert.equal(made.get(`GeneratedSecret wiki/${name}`)?.["adopts"], undefined, "no variable has it");
      const { domains, mounts } = inputsOf("Compose wiki");
      const content = "password = '<wiki/DB_PASSWORD>'\nmail = 'canary-mail'\nother = '${X}'\n";
      const text = { type: "file", mountPath: "/b", filePath: "b", content: "<wiki/DB_PASSWORD>" };
      assert.deepEqual(mounts, {
        "/a": { type: "file", mountPath: "/a", filePath: "a", content },
        "/b": text,
        "/c": { type: "file", mountPath: "/c", filePath: "c", content: "<wiki/ONLY_HERE>" },
      });
      assert.deepEqual(secretPaths("Compose wiki"), [["mounts", "/a", "content"]]);
      const host = "<wiki/NAME>.example.com";
      assert.deepEqual(domains, { [`${host}/`]: { host, serviceName: "web" } });
    });

    for (const [what, line, message] of [
      [
        "no name",
        "mounts: [{ type: file, mountPath: /a, filePath: a, content: !generate }]",
        /dokploy-app\.yaml:2:52: !generate needs the name of the secret here/,
      ],
      [
        "a value without a place in the file",
        "mounts: [{ type: file, mountPath: /a, filePath: a, content: !file { path: app.toml, values: { NONE: !generate } } }]",
        /dokploy-app\.yaml:2:52: values: .*app\.toml has no \$\{NONE\}/,
      ],
      [
        "a file of another folder",
        "mounts: [{ type: file, mountPath: /a, filePath: a, content: !file { path: ../a, values: { NONE: !generate } } }]",
        /dokploy-app\.yaml:2:52: !file takes the path of a file in the folder/,
      ],
      [
        "a schedule, which is an object of its own",
        "schedules: [{ name: a, cronExpression: '@daily', serviceName: web, command: !text { text: 'a ${B}', values: { B: !generate } } }]",
        /schedules.*!text makes a secret of the service, and backups and schedules are objects of their own; write !secret NAME/,
      ],
    ] as const)
      it(`are refused with ${what}`, async () => {
        assert.match(await failureOfRun(() => declare(`kind: compose\n${line}\n`)), message);
      });
  });
});
