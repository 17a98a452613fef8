import * as assert from "node:assert/strict";
import type { Item } from "../../../../../cli/server/export/item";
import { SecretFinder } from "../../../../../cli/server/export/secret-finder";
import { type PlainValues, secretsOf, variableOf } from "../../../../../cli/server/export/secrets";
import { definitionOf } from "../../../../../provider/resources";
import { inserted } from "../../../../../sdk/files";

const nothingPlain: PlainValues = { keys: new Set(), unlessSecretLooking: false };
const application = (env: Record<string, string>, more: Partial<Item> = {}): Item => ({
  kind: "Application",
  definition: definitionOf("Application") as unknown as Item["definition"],
  id: "a1",
  inputs: { env },
  secrets: [],
  maybeSecrets: Object.keys(env).map((key) => ["env", key]),
  hidden: [],
  notes: [],
  ...more,
});

describe("the secrets of an exported program", () => {
  const secretsIn = (items: Item[], plain = nothingPlain, settings: string[] = []) => {
    const names = new Map(items.map((item) => [item, { resource: "api", variable: "api" }]));
    return Object.fromEntries(secretsOf(items, names, plain, settings, new SecretFinder(items)).values);
  };
  const env = {
    LEVEL: "info",
    TOKEN: "x",
    REGION: "${{project.REGION}}",
    URL: "http://${{project.HOST}}",
    NONE: "",
  };

  it("are all variables, but for empty ones, references, ordinary words and names of users", () => {
    const words = { DB_USER: "shop_app", ACTION: "Deploy", ANY: "hunter2", USER: "kY7-token", PORT: "8080" };
    assert.deepEqual(secretsIn([application({ ...env, ...words })]), {
      "api.ANY": "hunter2",
      "api.USER": "kY7-token",
      "api.PORT": "8080",
      "api.TOKEN": "x",
      "api.URL": "http://${{project.HOST}}",
    });
  });

  it("are fewer where the person says so", () => {
    assert.deepEqual(
      Object.keys(secretsIn([application(env)], { keys: new Set(["LEVEL"]), unlessSecretLooking: false })),
      ["api.TOKEN", "api.URL"],
    );
    assert.deepEqual(secretsIn([application(env)], { keys: new Set(), unlessSecretLooking: true }), {
      "api.TOKEN": "x",
    });
  });

  it("are contents of files and commands in any case: no name shows that `hunter2` is a password", () => {
    const item = application(
      {},
      {
        inputs: { mounts: { "/run/secrets/db": { type: "file", content: "hunter2" } } },
        maybeSecrets: [["mounts", "/run/secrets/db", "content"]],
      },
    );
    const plain = { keys: new Set<string>(), unlessSecretLooking: true };
    assert.deepEqual(secretsIn([item], plain), { "api.content": "hunter2" });
  });

  it("are passwords in any case", () => {
    const item = application(
      {},
      { inputs: { source: { password: "info" } }, secrets: [["source", "password"]] },
    );
    const plain = { keys: new Set(["password"]), unlessSecretLooking: true };
    assert.deepEqual(secretsIn([item], plain), { "api.password": "info" });
  });

  it("have different names, in the environment too, and other names than the settings of the stack", () => {
    const item = application({ A: "1", a: "2", [`${"L".repeat(80)}`]: "3" });
    const names = Object.keys(secretsIn([item, application({ A: "4" })], nothingPlain, ["api.env-A"]));
    assert.equal(names.length, 4);
    assert.equal(new Set([...names, "api.env-A"].map(variableOf)).size, 5);
    for (const name of names) assert.match(name, /^[\w.-]{1,64}$/);
  });

  it("have names that the files take, and that no program gives a meaning", () => {
    const nameFor = (resource: string, key: string) => {
      const item = application({ [key]: "x1" });
      const names = new Map([[item, { resource, variable: "api" }]]);
      const [name = ""] = secretsOf([item], names, nothingPlain, [], new SecretFinder()).values.keys();
      return [name, variableOf(name)];
    };
    assert.deepEqual(nameFor("glpat-monitoring-server-1", "A"), ["secrets.A", "SECRET_SECRETS_A"]);
    assert.deepEqual(nameFor("1", "A"), ["1.A", "SECRET_1_A"]);
    // Whoever names a service chooses the names of its secrets, and no other program may read or give one of these.
    for (const [resource, key] of [
      ["dokploy", "URL"],
      ["aws", "SECRET_ACCESS_KEY"],
      ["github", "TOKEN"],
      ["bash", "ENV"],
      ["ld", "PRELOAD"],
    ] as const)
      assert.deepEqual(nameFor(resource, key), [
        `${resource}.${key}`,
        `SECRET_${resource.toUpperCase()}_${key}`,
      ]);
    const [, longest = ""] = nameFor("a".repeat(40), "K".repeat(30));
    assert.match(longest, /^SECRET_\w{1,57}$/, "longer than a name that !env takes");
  });

  const composeFile = (text: string, env: Record<string, string> = {}) => {
    const item: Item = {
      ...application({}),
      kind: "Compose",
      definition: definitionOf("Compose") as unknown as Item["definition"],
      inputs: { source: { type: "raw", composeFile: text }, env },
      maybeSecrets: [["source", "composeFile"]],
    };
    const names = new Map([[item, { resource: "api", variable: "api" }]]);
    const secrets = secretsOf([item], names, nothingPlain, [], new SecretFinder([item]));
    const path = ["source", "composeFile"];
    return {
      values: Object.fromEntries(secrets.values),
      whole: secrets.nameOf(item, path),
      shown: secrets.placesIn(item, path),
    };
  };

  for (const [what, file] of [
    ["an image and a port", "services:\n  auth:\n    image: authelia:4.38\n    ports: ['80:80']\n"],
    ["references alone", "services:\n  db:\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD}\n"],
  ] as const)
    it(`are not compose files with ${what}`, () => {
      assert.deepEqual(composeFile(file), {
        values: {},
        whole: undefined,
        shown: { text: file, places: new Map() },
      });
    });

  for (const [what, file, places] of [
    [
      "a password",
      "services:\n  db:\n    environment:\n      DB_PASSWORD: hunter2\n",
      { DB_PASSWORD: "hunter2" },
    ],
    [
      "a password in a list",
      "services:\n  db:\n    environment:\n      - DB_PASSWORD=hunter2\n",
      { DB_PASSWORD: "hunter2" },
    ],
    [
      "a password on one line",
      'services: { db: { environment: { DB_PASSWORD: "hunter2" } } }\n',
      { DB_PASSWORD: "hunter2" },
    ],
    [
      "a default",
      "services:\n  db:\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD:-hunter2}\n",
      { DB_PASSWORD_2: "hunter2" },
    ],
    ["a comment", "# DB_PASSWORD=hunter2\nservices: {}\n", { DB_PASSWORD: "hunter2" }],
    [
      "a command",
      "services:\n  db:\n    command: redis-server --requirepass hunter2\n",
      { REQUIREPASS: "hunter2" },
    ],
    [
      "an address",
      "services:\n  db:\n    command: app postgres://shop:hunter2@db/shop\n",
      { SECRET: "hunter2" },
    ],
    [
      "one password in two places",
      "services:\n  db:\n    environment:\n      - PASSWORD=hunter2\n      - URL=pg://a:hunter2@db\n",
      { PASSWORD: "hunter2" },
    ],
    [
      "escapes",
      'services:\n  db:\n    environment: { BODY: "{\\"password\\": \\"hun\\\\\\"ter2\\"}" }\n',
      { PASSWORD: 'hun\\\\\\"ter2' },
    ],
  ] as const)
    it(`are the part of a compose file with ${what}`, () => {
      const { values, whole, shown } = composeFile(file);
      assert.equal(whole, undefined);
      const given = [...(shown?.places ?? [])].map(([place, name]) => [place, values[name]] as const);
      assert.deepEqual(Object.fromEntries(given), places);
      assert.ok(!/hun.{0,4}ter2/.test(shown?.text ?? ""), shown?.text);
      assert.equal(inserted(shown?.text ?? "", Object.fromEntries(given) as Record<string, string>), file);
    });

  it("have places whose names no variable has", () => {
    const text = "services:\n  db:\n    environment:\n      PASSWORD: hunter2\n      OTHER: $PASSWORD_2\n";
    const { shown } = composeFile(text, { PASSWORD: "${{project.X}}" });
    assert.match(shown?.text ?? "", /PASSWORD: \$\{PASSWORD_3\}\n/);
  });

  it("are a compose file that nobody can read, or in which the place of the secret is unclear", () => {
    for (const text of [
      "services: [\n",
      'services:\n  db:\n    environment: { "DB_PASSWORD":\n      hunter2 }\n',
    ]) {
      const { values, whole } = composeFile(text);
      assert.equal(whole, "api.composeFile");
      assert.deepEqual(values, { "api.composeFile": text });
    }
  });

  it("are parts of a file of several lines, unless its name says that all of it is secret", () => {
    const judged = (filePath: string, content: string) => {
      const item: Item = {
        ...application({}),
        inputs: { mounts: { "/a": { type: "file", filePath, content } } },
        maybeSecrets: [["mounts", "/a", "content"]],
      };
      return secretsIn([item]);
    };
    const toml = "[db]\nhost = 'db'\npassword = 'hunter2'\n";
    assert.deepEqual(judged("app.toml", toml), { "api.PASSWORD": "hunter2" });
    assert.deepEqual(judged("app.toml", "[db]\nhost = 'db'\n"), {});
    for (const name of [
      "secrets/app.toml",
      "conf/.htpasswd",
      "db_password.txt",
      "tls/server.key",
      "id_ed25519",
    ])
      assert.deepEqual(judged(name, "a\nb\n"), { "api.content": "a\nb\n" }, name);
  });

  it("have names by the path of their file where the short one is taken", () => {
    const mount = (filePath: string) => ({
      type: "file",
      filePath,
      content: `a\npassword=${filePath}hunter2\n`,
    });
    const item: Item = {
      ...application({}),
      inputs: { mounts: { "/a": mount("a"), "/b": mount("b") } },
      maybeSecrets: [
        ["mounts", "/a", "content"],
        ["mounts", "/b", "content"],
      ],
    };
    assert.deepEqual(secretsIn([item]), {
      "api.PASSWORD": "ahunter2",
      "api.mounts-b-content-PASSWORD": "bhunter2",
    });
  });
});
