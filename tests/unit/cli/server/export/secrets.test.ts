import * as assert from "node:assert/strict";
import type { Item } from "../../../../../cli/server/export/item";
import { SecretFinder } from "../../../../../cli/server/export/secret-finder";
import { type PlainValues, secretsOf, variableOf } from "../../../../../cli/server/export/secrets";
import { definitionOf } from "../../../../../provider/resources";

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
      "api-ANY": "hunter2",
      "api-USER": "kY7-token",
      "api-PORT": "8080",
      "api-TOKEN": "x",
      "api-URL": "http://${{project.HOST}}",
    });
  });

  it("are fewer where the person says so", () => {
    assert.deepEqual(
      Object.keys(secretsIn([application(env)], { keys: new Set(["LEVEL"]), unlessSecretLooking: false })),
      ["api-TOKEN", "api-URL"],
    );
    assert.deepEqual(secretsIn([application(env)], { keys: new Set(), unlessSecretLooking: true }), {
      "api-TOKEN": "x",
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
    assert.deepEqual(secretsIn([item], plain), { "api-content": "hunter2" });
  });

  it("are passwords in any case", () => {
    const item = application(
      {},
      { inputs: { source: { password: "info" } }, secrets: [["source", "password"]] },
    );
    const plain = { keys: new Set(["password"]), unlessSecretLooking: true };
    assert.deepEqual(secretsIn([item], plain), { "api-password": "info" });
  });

  it("have different names, in the environment too, and other names than the settings of the stack", () => {
    const item = application({ A: "1", a: "2", [`${"L".repeat(80)}`]: "3" });
    const names = Object.keys(secretsIn([item, application({ A: "4" })], nothingPlain, ["api-env-A"]));
    assert.equal(names.length, 4);
    assert.equal(new Set([...names, "api-env-A"].map(variableOf)).size, 5);
    for (const name of names) assert.match(name, /^[\w.-]{1,64}$/);
  });

  it("have names that the files take, and that no program gives a meaning", () => {
    const nameFor = (resource: string, key: string) => {
      const item = application({ [key]: "x1" });
      const names = new Map([[item, { resource, variable: "api" }]]);
      const [name = ""] = secretsOf([item], names, nothingPlain, [], new SecretFinder()).values.keys();
      return [name, variableOf(name)];
    };
    assert.deepEqual(nameFor("glances-monitoring-server-1", "A"), ["secret-2", "SECRET_2"]);
    assert.deepEqual(nameFor("dokploy", "URL"), ["dokploy-URL", "SECRET_DOKPLOY_URL"]);
    assert.deepEqual(nameFor("pulumi", "ACCESS_TOKEN"), [
      "pulumi-ACCESS_TOKEN",
      "SECRET_PULUMI_ACCESS_TOKEN",
    ]);
    assert.deepEqual(nameFor("1", "A"), ["1-A", "SECRET_1_A"]);
  });

  for (const [what, file, isSecret] of [
    ["an image and a port", "services:\n  auth:\n    image: authelia:4.38\n    ports: ['80:80']\n", false],
    ["references alone", "services:\n  db:\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD}\n", false],
    ["a password", "services:\n  db:\n    environment:\n      DB_PASSWORD: hunter2\n", true],
    ["a password in a list", "services:\n  db:\n    environment:\n      - DB_PASSWORD=hunter2\n", true],
    ["a password on one line", 'services: { db: { environment: { DB_PASSWORD: "hunter2" } } }\n', true],
    ["a default", "services:\n  db:\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD:-hunter2}\n", true],
    ["a comment", "# DB_PASSWORD=hunter2\nservices: {}\n", true],
    ["a command", "services:\n  db:\n    command: redis-server --requirepass hunter2\n", true],
    ["an address", "services:\n  db:\n    command: app postgres://shop:hunter2@db/shop\n", true],
    ["no YAML", "services: [\n", true],
  ] as const)
    it(`${isSecret ? "are" : "are not"} compose files with ${what}`, () => {
      const item: Item = {
        ...application({}),
        kind: "Compose",
        definition: definitionOf("Compose") as unknown as Item["definition"],
        inputs: { source: { type: "raw", composeFile: file } },
        maybeSecrets: [["source", "composeFile"]],
      };
      assert.equal("api-composeFile" in secretsIn([item]), isSecret);
    });
});
