import * as assert from "node:assert/strict";
import { Addresses, type Piece, type Reached } from "../../../../../cli/server/export/addresses";
import type { Item } from "../../../../../cli/server/export/item";
import { type Found, planOf } from "../../../../../cli/server/export/plan";
import { programFiles } from "../../../../../cli/server/export/program";
import { References } from "../../../../../cli/server/export/references";
import { SecretFinder } from "../../../../../cli/server/export/secret-finder";
import { connectionUrl } from "../../../../../provider/resources";
import { item } from "./items";

const env = (values: Readonly<Record<string, string>>): Partial<Item> => ({
  maybeSecrets: Object.keys(values).map((key) => ["env", key]),
});
const application = (id: string, name: string, values: Readonly<Record<string, string>> = {}) =>
  item("Application", id, { name, env: values }, env(values));
const db = item("Postgres", "d1", { name: "db" });
const api = application("a1", "api");
const cache = item("Compose", "c1", { name: "cache" });
const url = "postgresql://shop:hunter2@shop-db-4kq2ax:5432/shop";
const reached: readonly Reached[] = [
  {
    item: db,
    texts: [
      ["connectionUrl", url],
      ["appName", "shop-db-4kq2ax"],
    ],
  },
  { item: api, texts: [["appName", "shop-api-7x2m1c"]] },
  { item: cache, texts: [["appName", "shop-cache-9z8y7x"]] },
];

/** The variables of a service as a program gives them, and its secrets. */
function programOf(values: Readonly<Record<string, string>>) {
  const web = application("w1", "web", values);
  const items = [db, api, cache, web];
  const references = new References(items, new Map());
  const found: Found = {
    ...{ settings: new Map(), items, references, defaults: new Map(), skipped: [], unread: [] },
    ...{ finder: new SecretFinder(items), reached },
  };
  const plan = planOf(found, { keys: new Set(), unlessSecretLooking: false });
  const program = programFiles(plan, "config").get("index.ts") ?? "";
  const [, written = ""] = /"web", \{[\s\S]*?env: \{([\s\S]*?)\}\s*,?\s*\}\);/.exec(program) ?? [];
  return { program, env: written.trim().replace(/,$/, ""), secrets: Object.fromEntries(plan.secrets.values) };
}

describe("an address among the variables of an exported program", () => {
  for (const [what, text, written, secrets] of [
    ["that of a database", url, "db.connectionUrl", {}],
    [
      "that of a database with options",
      `${url}?sslmode=disable`,
      "pulumi.interpolate`${db.connectionUrl}?sslmode=disable`",
      {},
    ],
    ["the host of a database", "shop-db-4kq2ax", "db.appName", {}],
    ["host and port", "shop-db-4kq2ax:5432", "pulumi.interpolate`${db.appName}:5432`", {}],
    [
      "that of a database in another form",
      "mysql://root:s3cr3t@shop-db-4kq2ax:3306/x",
      'pulumi.interpolate`mysql://root:${dokploy.configSecret("web.A")}@${db.appName}:3306/x`',
      { "web.A": "s3cr3t" },
    ],
    ["that of an application", "http://shop-api-7x2m1c:3000", "api.internalUrl(3000)", {}],
    [
      "one with a path",
      "http://shop-api-7x2m1c:3000/v1?a=b",
      'api.internalUrl(3000, { path: "/v1?a=b" })',
      {},
    ],
    [
      "one of another scheme",
      "ws://shop-api-7x2m1c:80/x",
      'api.internalUrl(80, { path: "/x", scheme: "ws" })',
      {},
    ],
    ["one without a port", "http://shop-api-7x2m1c/x", "pulumi.interpolate`http://${api.appName}/x`", {}],
    [
      "that of a container",
      "redis://shop-cache-9z8y7x-redis-1:6379",
      "pulumi.interpolate`redis://${cache.appName}-redis-1:6379`",
      {},
    ],
    [
      "several",
      "http://shop-api-7x2m1c:1,http://shop-cache-9z8y7x-web-1:2",
      "pulumi.interpolate`http://${api.appName}:1,http://${cache.appName}-web-1:2`",
      {},
    ],
    [
      "a sign of templates",
      "http://shop-api-7x2m1c:1/`${x}\\",
      "pulumi.interpolate`http://${api.appName}:1/\\`\\${x}\\\\`",
      {},
    ],
    [
      "a quote after a backslash",
      `http://shop-api-7x2m1c/\`\\'"`,
      "pulumi.interpolate`http://${api.appName}/\\`\\\\'\"`",
      {},
    ],
  ] as const)
    it(`is a reference: ${what}`, () => {
      const found = programOf({ A: text });
      assert.equal(found.env, `A: ${written}`);
      assert.deepEqual(found.secrets, secrets);
      assert.equal(found.program.includes("import * as pulumi"), written.includes("pulumi."));
      assert.ok(!/hunter2|s3cr3t/.test(found.program));
    });

  for (const [what, text] of [
    ["a longer name", "http://shop-api-7x2m1c-2:80"],
    ["a longer name of a container", "http://myshop-cache-9z8y7x-web-1:80"],
    ["a sentence", "see shop-api-7x2m1c for more"],
    ["a path that may be a key", "http://shop-api-7x2m1c:80/hooks/9f8a7b6c5d4e"],
  ] as const)
    it(`is a secret as before: ${what}`, () => {
      const { env: written, secrets } = programOf({ A: text });
      assert.equal(written, 'A: dokploy.configSecret("web.A")');
      assert.deepEqual(secrets, { "web.A": text });
    });

  it("comes after the service that it names, which is neither itself nor in a circle", () => {
    const one = application("a1", "one", { B: "http://shop-two-111111:1", OWN: "http://shop-one-222222:1" });
    const two = application("a2", "two", { A: "http://shop-one-222222:1" });
    const all: readonly Reached[] = [
      { item: one, texts: [["appName", "shop-one-222222"]] },
      { item: two, texts: [["appName", "shop-two-111111"]] },
    ];
    const references = new References([one, two], new Map());
    const addresses = new Addresses(references, all, new SecretFinder(), () => true);
    const outputs = (pieces: readonly Piece[] | undefined) => pieces?.map(({ type }) => type);
    assert.deepEqual(outputs(addresses.piecesAt(one, ["env", "B"])), ["text", "output", "text"]);
    assert.equal(addresses.piecesAt(one, ["env", "OWN"]), undefined);
    assert.equal(addresses.piecesAt(two, ["env", "A"]), undefined);
    assert.deepEqual(addresses.targets(one), [two]);
    const { program } = programOf({ A: "http://shop-api-7x2m1c:3000" });
    assert.ok(program.indexOf("const api") < program.indexOf('"web"'));
  });

  it("is that which the database has in a program", () => {
    const row = {
      ...{
        appName: "shop-db-4kq2ax",
        databaseName: "shop",
        databaseUser: "shop",
        databasePassword: "hunter2",
      },
      ...{ databaseRootPassword: undefined, replicaSets: null, externalPort: null, server: null },
    };
    assert.equal(connectionUrl("postgres", row as never), url);
  });
});
