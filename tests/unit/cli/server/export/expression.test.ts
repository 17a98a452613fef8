import * as assert from "node:assert/strict";
import { type Entry, type Expression, expressionOf } from "../../../../../cli/server/export/expression";
import type { Item } from "../../../../../cli/server/export/item";
import { survey } from "../../../../../cli/server/export/survey";
import { comment, literal, print } from "../../../../../cli/server/export/typescript";
import { DokployError, type ErrorKind, type ServerTree } from "../../../../../provider/dokploy";
import { UserError } from "../../../../../provider/errors";
import { item } from "./items";

describe("the value of an exported input", () => {
  const places = new Map([["DB_PASSWORD", "a-secret"]]);
  const entriesOf = (object: Item, secret?: string, shown?: string) =>
    new Map(
      expressionOf(object, {
        references: new Map(),
        secretName: (path) => (path.join(".") === secret ? "a-secret" : undefined),
        placesIn: (path) => (path.join(".") === shown ? { text: "shown\n", places } : undefined),
        piecesAt: () => undefined,
      }).entries,
    );
  const valuesIn = (expression: Expression | undefined) =>
    expression?.type === "list"
      ? expression.items.map((each) => (each.type === "plain" ? each.value : each.type))
      : expression?.type;

  it("is a list in the order of the server, such as the words of a command", () => {
    const given = entriesOf(item("Application", "a1", { name: "api", args: ["z", "a", "m", "b"] }));
    assert.deepEqual(valuesIn(given.get("args")), ["z", "a", "m", "b"]);
  });

  it("is in the order of the schema, not of the server", () => {
    const given = entriesOf(item("Application", "a1", { env: {}, name: "api", environmentId: "e" }));
    assert.deepEqual([...given.keys()], ["environmentId", "name", "env"]);
  });

  it("is a secret at its path, and where Dokploy never shows it", () => {
    const { entries } = entriesOf(item("Application", "a1", { env: { A: "1", B: "2" } }), "env.B").get(
      "env",
    ) as { entries: readonly Entry[] };
    assert.deepEqual(entries, [
      ["A", { type: "plain", value: "1" }],
      ["B", { type: "secret", name: "a-secret" }],
    ]);
    const registry = item("Registry", "r1", { name: "hub" }, { hidden: [["password"]] });
    assert.deepEqual(entriesOf(registry, "password").get("password"), { type: "secret", name: "a-secret" });
  });

  it("is a file of its own for a compose file, unless that is a secret, or a file would change or hide something", () => {
    const source = (composeFile: string, secret?: string, kind: "Compose" | "Application" = "Compose") =>
      entriesOf(item(kind, "c1", { source: { type: "raw", composeFile } }), secret).get("source")?.type;
    for (const text of ["services: {}\n", "a: 1\r\nb: 2\r\n", "x".repeat(1000)])
      assert.equal(source(text), "composeFile", text);
    assert.equal(source("services: {}\n", "source.composeFile"), "record");
    assert.equal(source("a: \u202e\n"), "record");
    assert.equal(source("x".repeat(64 * 1024 * 1024)), "record");
    assert.equal(source("services: {}\n", undefined, "Application"), "record");
  });

  it("is a file with places where a compose file or another text has secrets in it", () => {
    const compose = item("Compose", "c1", { source: { type: "raw", composeFile: "x" } });
    assert.deepEqual(entriesOf(compose, undefined, "source.composeFile").get("source"), {
      type: "composeFile",
      text: "shown\n",
      places,
    });
    const given = { filePath: "/conf//../a b/app.toml", content: "x" };
    const mount = entriesOf(item("Mount", "m1", given), undefined, "content");
    assert.deepEqual(mount.get("content"), {
      type: "text",
      text: "shown\n",
      places,
      file: "conf/a-b/app.toml",
    });
    assert.deepEqual(mount.get("filePath"), { type: "plain", value: given.filePath });
  });

  it("is a file where it is long, and an image where it is one", () => {
    const long = "line\n".repeat(5);
    const given = { description: long, script: "short\n" };
    const { type, ...rest } = entriesOf(item("Schedule", "s1", given)).get("description") as never as {
      type: string;
    };
    assert.deepEqual([type, rest], ["text", { text: long, places: new Map(), file: "description.txt" }]);
    assert.equal(entriesOf(item("Schedule", "s1", given)).get("script")?.type, "plain");
    const iconIn = (icon: string) => entriesOf(item("Application", "a1", { icon })).get("icon");
    const url = `data:image/png;base64,${Buffer.from([1, 2, 3]).toString("base64")}`;
    assert.deepEqual(iconIn(url), {
      type: "image",
      url,
      image: { ending: ".png", type: undefined, bytes: Buffer.from([1, 2, 3]) },
    });
    assert.equal(iconIn("https://acme.dev/icon.png")?.type, "plain");
    assert.equal(iconIn("data:image/png;base64,####")?.type, "plain");
  });
});

describe("a value in TypeScript", () => {
  const writing = {
    reference: () => "shop.id",
    resource: ({ id: name }: { readonly id: string }) => name,
    secret: (name: string) => `secret(${name})`,
    composeFile: () => "compose/a.yaml",
    text: (_: string, file: string) => `files/a/${file}`,
    image: () => "icons/a.ico",
  };
  const plain = (value: string | number | boolean | null): Expression => ({ type: "plain", value });
  const list = (...items: Expression[]): Expression => ({ type: "list", items });
  const record = (...entries: Entry[]): Expression => ({ type: "record", entries });

  it("is on one line of at most a hundred characters", () => {
    const fits = list(plain("x".repeat(40)), plain("y".repeat(47)));
    const line = `["${"x".repeat(40)}", "${"y".repeat(47)}"]`;
    assert.equal(print(fits, writing, 0, 100 - line.length), line);
    assert.equal(
      print(fits, writing, 2, 100 - line.length),
      `[\n    "${"x".repeat(40)}",\n    "${"y".repeat(47)}",\n  ]`,
    );
    const long = plain("z".repeat(120));
    assert.equal(print(long, writing, 0, 0), `"${"z".repeat(120)}"`);
    assert.equal(
      print(record(["a", list()], ["b-c", long]), writing, 0, 0),
      `{\n  a: [],\n  "b-c": "${"z".repeat(120)}",\n}`,
    );
  });

  it("has records, lists, references, secrets and files", () => {
    const value = record(
      ["a", record()],
      ["b", list(plain(1), plain(null), plain(true))],
      ["__proto__", { type: "secret", name: "s" }],
      ["c", { type: "reference", reference: {} as never }],
      ["d", { type: "composeFile", text: "x", places: new Map() }],
    );
    assert.equal(
      print(value, writing, 0, -100),
      '{ a: {}, b: [1, null, true], ["__proto__"]: secret(s), c: shop.id, d: dokploy.composeFile("compose/a.yaml") }',
    );
  });

  it("has files with the secrets that they get, on one line if they fit", () => {
    const places = new Map([
      ["A", "api.A"],
      ["B", "api.B"],
    ]);
    const file: Expression = { type: "text", text: "x", places, file: "app.toml" };
    assert.equal(
      print(file, writing, 0, 0),
      'dokploy.textFile("files/a/app.toml", { values: { A: secret(api.A), B: secret(api.B) } })',
    );
    assert.equal(
      print({ type: "composeFile", text: "x", places }, writing, 2, 40),
      'dokploy.composeFile("compose/a.yaml", {\n    values: { A: secret(api.A), B: secret(api.B) },\n  })',
    );
    const image = { ending: ".ico", type: "image/vnd.microsoft.icon", bytes: Buffer.from([]) };
    assert.equal(
      print({ type: "image", url: "", image }, writing, 0, 0),
      'dokploy.imageFile("icons/a.ico", { type: "image/vnd.microsoft.icon" })',
    );
  });

  it("has a text in the quotes that need fewer escapes", () => {
    for (const [text, written] of [
      ["a", '"a"'],
      ['say "hi"', "'say \"hi\"'"],
      [`it's`, `"it's"`],
      [`"it's"`, `'"it\\'s"'`],
      [`'a' "b"`, `"'a' \\"b\\""`],
      ["a\\b\n", '"a\\\\b\\n"'],
      ['"\\"', "'\"\\\\\"'"],
    ] as const)
      assert.equal(literal(text), written, text);
    assert.equal(comment("a\nb").split("\n").length, 2);
  });
});

describe("the kinds that an export reads", () => {
  const failing = (error: Error) =>
    new Proxy({} as ServerTree, {
      get: (_, name) => {
        if (name === "unread") return [{ kind: "Zzz", reason: "a server" }];
        if (name === "then") return undefined;
        return async () => {
          if (name === "projects") return [];
          throw error;
        };
      },
    });
  const failure = (kind: ErrorKind) =>
    new DokployError(`it is ${kind}`, { kind, endpoint: "tag.all", outcome: "refused" });

  it("are without those that the key or the server does not allow, with the reason, in order", async () => {
    for (const kind of ["forbidden", "unauthorized", "not-found", "server"] as const) {
      const { items, unread } = await survey(failing(failure(kind)));
      assert.deepEqual(items, []);
      const kinds = unread.map(({ kind: each }) => each);
      assert.ok(kinds.includes("Tag"));
      assert.deepEqual(kinds, [...kinds].sort());
      assert.equal(kinds.at(-1), "Zzz");
      assert.equal(unread.find(({ kind: each }) => each === "Tag")?.reason, `it is ${kind}`);
    }
    const { unread } = await survey(failing(new UserError("not here")));
    assert.equal(unread[0]?.reason, "not here");
  });

  it("do not exist where the server does not answer", async () => {
    for (const error of [failure("unreachable"), failure("timeout"), new TypeError("a bug")])
      await assert.rejects(survey(failing(error)), error);
  });
});
