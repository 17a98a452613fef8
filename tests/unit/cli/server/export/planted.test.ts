import * as assert from "node:assert/strict";
import { z } from "zod";
import { adoptionsOf } from "../../../../../cli/server/export/adoptions";
import { fitted } from "../../../../../cli/server/export/fitting";
import { freeTexts } from "../../../../../cli/server/export/free-texts";
import { anyDefinition, type Definition, type Item } from "../../../../../cli/server/export/item";
import { type Plan, planOf } from "../../../../../cli/server/export/plan";
import { programFiles } from "../../../../../cli/server/export/program";
import { References } from "../../../../../cli/server/export/references";
import { reportOf } from "../../../../../cli/server/export/report";
import { SecretFinder } from "../../../../../cli/server/export/secret-finder";
import { secretTextsOf } from "../../../../../cli/server/export/secrets";
import type { Context } from "../../../../../provider/lifecycle";
import { allDefinitions } from "../../../../../provider/resources";
import type { Kind } from "../../../../../sdk/run";

const SECRET = "canary-Zx81/q";
const hash = "$apr1$tKtxa5JX$pP8oR1a8mC0u6r5y3v2Yx.";

/** Texts that hold a secret, each with what no file may show. */
const forms: readonly (readonly [what: string, text: string, hidden: string])[] = [
  ["an address with a password", `postgres://shop:${SECRET}@db/shop`, SECRET],
  ["an address with a token for a name", `https://${SECRET.replace("/", "")}@git.acme.dev/x`, "canary-Zx81q"],
  ["an option with its value", `--password=${SECRET}`, SECRET],
  ["an option before its value", `serve --requirepass ${SECRET}`, SECRET],
  ["an option of mysql", `mysqladmin ping -h localhost -p${SECRET}`, SECRET],
  ["an option of mysql in quotes", `mysql -u root -p'${SECRET}' shop`, SECRET],
  ["JSON in a command", `curl -d '{"password":"${SECRET}"}' localhost`, SECRET],
  ["JSON in JSON", `{"body": "{\\"password\\": \\"${SECRET}\\"}"}`, SECRET],
  ["an address of Go", `shop:${SECRET.replace("/", "")}@tcp(db:3306)/shop`, "canary-Zx81q"],
  ["SQL", `psql -c "CREATE USER shop PASSWORD '${SECRET}'"`, SECRET],
  ["SQL of MySQL", `mysql -e "CREATE USER shop IDENTIFIED BY '${SECRET}'"`, SECRET],
  ["a line of redis.conf", `redis-cli config set requirepass ${SECRET}`, SECRET],
  [
    "an address of a bot",
    "https://api.telegram.org/bot123456:ABCdefghijklmnop-qrstuv/x",
    "ABCdefghijklmnop-qrstuv",
  ],
  ["an option of curl with a sign", `curl --user=admin:${SECRET} localhost`, SECRET],
  ["a bearer of curl", `curl --oauth2-bearer ${SECRET} localhost`, SECRET],
  ["an option of redis-cli", `redis-cli -a ${SECRET} ping`, SECRET],
  ["an option of curl", `curl -fsu admin:${SECRET} localhost`.replace("-fsu", "-u"), SECRET],
  ["a variable before a command", `PGPASSWORD=${SECRET} pg_isready`, SECRET],
  ["a variable in an option", `--build-arg=NPM_TOKEN=${SECRET}`, SECRET],
  ["a hash of a password", `admin:${hash}`, hash],
  ["a hash in a label", `admin:${hash.replaceAll("$", "$$$$")}`, "tKtxa5JX"],
  ["JSON", JSON.stringify({ auth: { password: SECRET } }), SECRET],
  ["YAML", `users:\n  - token: ${SECRET}\n`, SECRET],
  ["a header", `Authorization: Bearer ${SECRET}`, SECRET],
  ["a header of another name", `X-Api-Key: ${SECRET}`, SECRET],
  ["a header in code", `{"Authorization":"Basic ${SECRET}"}`, SECRET],
  ["a setting", `password = ${SECRET}`, SECRET],
  ["a private key", `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----\n`, SECRET],
  ["letters at random", "x Qm9vdHN0cmFwUGFzc3dvcmQx9 y", "Qm9vdHN0cmFwUGFzc3dvcmQx9"],
  ["the password of a database", "s3cr3t-of-a-db", "s3cr3t-of-a-db"],
  ["the password of a database in a text", "see s3cr3t-of-a-db.", "s3cr3t-of-a-db"],
  [
    "the password of a database in Base64",
    Buffer.from("x:s3cr3t-of-a-db").toString("base64"),
    "czNjcjN0LW9mLWEtZ",
  ],
  ["a variable of a service", "kept-4711-quiet", "kept-4711-quiet"],
];
const definitions = allDefinitions().map(anyDefinition);

function itemOf(kind: string, inputs: object, more: Partial<Item> = {}): Item {
  const definition = definitions.find((each) => each.kind === kind) as Definition;
  return {
    kind: kind as Kind,
    definition,
    id: `${kind}-1`,
    inputs: inputs as Item["inputs"],
    secrets: [],
    maybeSecrets: [],
    hidden: [],
    notes: [],
    ...more,
  };
}

/** What the rest of the server knows. */
const others: readonly Item[] = [
  itemOf("Postgres", { name: "db", password: "s3cr3t-of-a-db" }, { secrets: [["password"]] }),
  itemOf(
    "EnvironmentBlock",
    { env: { QUIET: "kept-4711-quiet", HOST: "shop.acme.dev" } },
    {
      maybeSecrets: [
        ["env", "QUIET"],
        ["env", "HOST"],
      ],
    },
  ),
];
const finder = new SecretFinder(others);

type Step = string | number;

/** Each place of a schema that takes a text, as inputs with nothing but that text. */
function placesIn(type: z.ZodType): readonly (readonly Step[])[] {
  if (type instanceof z.ZodOptional) return placesIn(type.unwrap() as z.ZodType);
  if (type instanceof z.ZodUnion) return (type.options as z.ZodType[]).flatMap(placesIn);
  if (type instanceof z.ZodArray) return placesIn(type.element as z.ZodType).map((rest) => [0, ...rest]);
  if (type instanceof z.ZodRecord)
    return placesIn(type.valueType as z.ZodType).map((rest) => ["com.acme.x", ...rest]);
  if (type instanceof z.ZodObject)
    return Object.entries(type.shape as Record<string, z.ZodType>).flatMap(([name, inner]) =>
      placesIn(inner).map((rest) => [name, ...rest]),
    );
  return type instanceof z.ZodString && type.meta()?.isId !== true ? [[]] : [];
}

function planted([step, ...rest]: readonly Step[], text: string): unknown {
  if (step === undefined) return text;
  return typeof step === "number" ? [planted(rest, text)] : { [step]: planted(rest, text) };
}

/** Everything that an export of one object writes or shows. */
function written(item: Item): string {
  const marked = finder.marked(item);
  const references = new References([marked], new Map());
  const plain = { keys: new Set<string>(), unlessSecretLooking: true };
  const found = {
    settings: new Map(),
    items: [marked],
    references,
    defaults: new Map(),
    skipped: [],
    unread: [],
    finder,
    reached: [],
  };
  const plan: Plan = planOf(found, plain);
  const options = { missing: false, directory: "infra", stack: "prod", secrets: "config" } as never;
  const files = programFiles(plan, "config");
  return [
    ...files.keys(),
    ...files.values(),
    adoptionsOf(plan),
    reportOf({ plan, options, files: [], requests: 1 }),
  ].join("\n");
}

/** True for a text that a definition calls a secret itself, or a file with one. */
const isOwn = (item: Item) => {
  const [free] = freeTexts(item.definition.schema, item.inputs);
  return free === undefined;
};

describe("a secret that somebody wrote into any input", () => {
  const places = definitions.flatMap((definition) =>
    placesIn(definition.schema).map((place) => [definition.kind, place] as const),
  );

  it("may be in hundreds of places, and files show each as it is when it holds none", () => {
    assert.ok(places.length > 300, String(places.length));
    for (const [kind, place] of places) {
      const item = itemOf(kind, planted(place, "harmless words here") as object);
      assert.ok(!isOwn(item), `${kind} ${place.join(".")}`);
      if (nameLooksSecret(place)) continue;
      assert.match(written(item), /harmless words here/, `${kind} ${place.join(".")}`);
    }
  });

  for (const [at, [what, text, hidden]] of forms.entries())
    it(`is in no file: ${what}`, () => {
      for (const [kind, place] of places) {
        const item = itemOf(kind, planted(place, text) as object);
        const texts = secretTextsOf(finder.marked(item), finder);
        assert.deepEqual(texts, [text], `${kind} ${place.join(".")}`);
      }
      // What is a secret is in no file, whatever its form.
      for (const [kind, place] of places.filter((_, index) => index % forms.length === at)) {
        const shown = written(itemOf(kind, planted(place, text) as object));
        assert.ok(!shown.includes(hidden), `${kind} ${place.join(".")}`);
      }
    });

  it("is in no file as an item of a list after its option", () => {
    for (const words of [
      ["CMD", "mysqladmin", "ping", "-h", "localhost", `-p${SECRET}`],
      ["app", "--verbose", "--password", SECRET, "--port", "80"],
      ["redis-cli", "-a", SECRET, "ping"],
      ["curl", "-H", `Authorization: Bearer ${SECRET}`, "localhost"],
    ]) {
      const item = finder.marked(itemOf("Application", { args: words }));
      const at = words.findIndex((word) => word.includes(SECRET));
      assert.deepEqual(item.secrets, [["args", String(at)]], words.join(" "));
    }
  });

  it("leaves out the map in which it is a name, and the object that it is the name of", () => {
    const at = (kind: string, inputs: object) =>
      fitted(finder.marked(itemOf(kind, inputs)), finder, {} as Context);
    const environmentId = "hTj4KoG9xEoBqyTR6N3Vc";
    const source = { type: "docker", image: "acme/api:1" };
    const labels = { [`https://x:${SECRET}@acme.dev`]: "1" };
    const fit = at("Application", { environmentId, name: "api", source, swarm: { labels } });
    assert.ok(!("reason" in fit) && fit.inputs["swarm"] === undefined);
    assert.deepEqual(fit.notes, [
      "swarm has a name that holds a secret, which the program would show. It is not in the program and stays as it is.",
    ]);
    const named = at("Redirect", {
      applicationId: environmentId,
      regex: `token=${SECRET}`,
      replacement: "x",
    });
    assert.deepEqual(named, { reason: "regex holds a secret, which the name of the object would show" });
  });

  it("is no other text: addresses, images, digests, keys that everyone may see, variables, ordinary words", () => {
    for (const text of [
      "https://shop.acme.dev/path?page=2",
      "ghcr.io/acme/web:1.4.2@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      "git@github.com:acme/shop.git",
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0q5Yc2YzvC8kzGm6T0h6k0m8T2Q7jv8QxY8X0k deploy",
      "serve --password=${PASSWORD} --port 80",
      "redis-cli -a ${REDIS_PASSWORD} ping",
      "mysqladmin ping -p$$MYSQL_ROOT_PASSWORD",
      "--secret-file /run/secrets/token --api-key=/run/secrets/key",
      "https://$1/$2",
      "Host(`shop.acme.dev`) && PathPrefix(`/api`)",
      "kept 4711 quiet",
      "shop.acme.dev",
      "node dist/server.js --max-old-space-size=4096",
    ])
      assert.equal(finder.holds("command", text), false, text);
  });
});

/** True where the name alone calls the text a secret. */
function nameLooksSecret(place: readonly Step[]): boolean {
  const name = [...place].reverse().find((step) => typeof step === "string") ?? "";
  return finder.holds(String(name), "harmless words here");
}
