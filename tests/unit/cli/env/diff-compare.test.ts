import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { compareSides } from "../../../../cli/env/diff/compare";
import type { Host, Side, Value } from "../../../../cli/env/diff/model";
import { parseOperand } from "../../../../cli/env/diff/operand";
import { renderJson, renderTable } from "../../../../cli/env/diff/render";
import { UsageError } from "../../../../cli/terminal";

type Given = string | Value;
const known = (text: string, origin: "plain" | "secret" | "job" | "server"): Value => ({
  kind: "known",
  text,
  origin,
});

function host(name: string, env: Record<string, Given>, more: Partial<Host> = {}): Host {
  const variables = new Map(
    Object.entries(env).map(([key, value]) => [
      key,
      typeof value === "string" ? known(value, "plain") : value,
    ]),
  );
  return { name, aliases: [], variables, ...more };
}
const side = (label: string, ...hosts: Host[]): Side => ({ label, hosts, isSingle: false });
const one = (label: string, of: Host): Side => ({ label, hosts: [of], isSingle: true });

const defaults = {
  services: [] as string[],
  keysOnly: false,
  takes: (_key: string) => true,
  hides: (_key: string) => false,
};
const compare = (a: Side, b: Side, options: Partial<typeof defaults> = {}) =>
  compareSides(a, b, { ...defaults, ...options });

/** `api.KEY: status`, with the values that are shown. */
function lines(a: Side, b: Side, options: Partial<typeof defaults> = {}): string[] {
  return compare(a, b, options).hosts.flatMap(({ name, variables }) =>
    variables.map((v) => `${name}.${v.key}: ${v.status} ${v.a ?? ""}|${v.b ?? ""}`),
  );
}

describe("the comparison of variables", () => {
  it("says for each key whether it is the same, different, or on one side only, sorted by name", () => {
    const a = side("a", host("web", { Z: "1" }), host("api", { B: "1", A: "1", C: "1" }));
    const b = side("b", host("api", { A: "1", B: "2", D: "1" }), host("web", { Z: "1" }));
    assert.deepEqual(lines(a, b), [
      "api.A: same 1|1",
      "api.B: different 1|2",
      "api.C: missing 1|",
      "api.D: extra |1",
      "web.Z: same 1|1",
    ]);
    assert.deepEqual(compare(a, b).counts, {
      same: 2,
      different: 1,
      missing: 1,
      extra: 1,
      "not-compared": 0,
    });
  });

  it("prefers the surest match of names, from either side", () => {
    const live = [
      host("block", { K: "block" }, { aliases: ["api"] }),
      host("api", { K: "service" }, { unmanaged: true }),
    ];
    for (const hosts of [live, [...live].reverse()]) {
      assert.deepEqual(lines(side("f", host("api", { K: "x" })), side("l", ...hosts)), [
        "api.K: different x|block",
      ]);
      assert.deepEqual(lines(side("l", ...hosts), side("f", host("api", { K: "x" }))), [
        "api.K: different block|x",
      ]);
    }
  });

  it("counts every key of a service that one side lacks", () => {
    const { hosts } = compare(side("a", host("x", { A: "1" })), side("b", host("y", { B: "1" })));
    assert.deepEqual(
      hosts.map(({ name, sides, variables }) => [name, sides, variables[0]?.status]),
      [
        ["x", "a", "missing"],
        ["y", "b", "extra"],
      ],
    );
  });

  const shownValues: [what: string, a: Given, b: Given, line: string][] = [
    ["neither of two secrets", known("s", "secret"), known("t", "secret"), "different |"],
    ["nothing of a key that is secret on one side", "p", known("s", "secret"), "different |"],
    ["no plain value that is a secret on the other side", "s", known("s", "secret"), "same |"],
    ["no plain value that the job has as a secret", known("s", "job"), "s", "same |"],
    ["no value of the server that differs", "p", known("s", "server"), "different p|"],
    ["a value of the server that the program has in clear", "p", known("p", "server"), "same p|p"],
    ["no value of two servers", known("s", "server"), known("s", "server"), "same |"],
    ["no value of the server beside a secret", known("s", "server"), known("s", "secret"), "same |"],
    ["a plain value beside one that cannot be read", "p", { kind: "unknown", why: "w" }, "not-compared p|"],
    ["nothing of two values of the job", known("s", "job"), known("s", "job"), "not-compared |"],
  ];
  for (const [what, a, b, line] of shownValues) {
    it(`shows ${what}`, () => {
      const [left, right] = [side("a", host("x", { K: a })), side("b", host("x", { K: b }))];
      assert.deepEqual(lines(left, right), [`x.K: ${line}`]);
      const [status = "", values = ""] = line.split(" ");
      assert.deepEqual(lines(right, left), [`x.K: ${status} ${values.split("|").reverse().join("|")}`]);
    });
  }

  it("compares only names when asked to, and shows no value", () => {
    const a = side("a", host("x", { A: "1", B: { kind: "unknown", why: "w" }, C: "1" }));
    const b = side("b", host("x", { A: "2", B: "1" }));
    assert.deepEqual(lines(a, b, { keysOnly: true }), ["x.A: same |", "x.B: same |", "x.C: missing |"]);
  });

  it("leaves out the keys that it is asked to leave out", () => {
    const [a, b] = [side("a", host("x", { A: "1", B: "1" })), side("b", host("x", {}))];
    assert.deepEqual(lines(a, b, { takes: (key) => key !== "B" }), ["x.A: missing 1|"]);
  });

  it("finds a service by the name of its resource before its name in Dokploy", () => {
    const live = side(
      "live",
      host("other", { A: "2" }, { aliases: ["api"] }),
      host("api", { A: "1" }, { aliases: ["web"] }),
    );
    assert.deepEqual(lines(side("files", host("api", { A: "1" })), live), [
      "api.A: same 1|1",
      "other.A: extra |2",
    ]);
    assert.deepEqual(lines(live, side("files", host("web", { A: "1" }), host("api", { A: "2" }))), [
      "api.A: different 1|2",
      "other.A: missing 2|",
      "web.A: extra |1",
    ]);
    assert.deepEqual(lines(side("files", host("web", { A: "1" })), side("live", ...live.hosts.slice(1))), [
      "web.A: same 1|1",
    ]);
  });

  it("leaves out services that the program does not manage, unless the other side has them", () => {
    const live = side(
      "live",
      host("api", { A: "1" }, { unmanaged: true }),
      host("flags", { F: "1", FOREIGN: "1", SHARED: "1" }, { owned: new Set(["F"]) }),
    );
    const files = side("files", host("flags", { F: "1", SHARED: "2" }));
    assert.deepEqual(lines(files, live), ["flags.F: same 1|1", "flags.SHARED: different 2|1"]);
    assert.deepEqual(lines(live, files), ["flags.F: same 1|1", "flags.SHARED: different 1|2"]);
    const withApi = side("files", host("api", { A: "1" }));
    assert.ok(lines(withApi, live).includes("api.A: same 1|1"));
  });

  it("prefers a resource with variables to one of the same name without", () => {
    const live = side(
      "live",
      host("api", { A: "of the service" }, { unmanaged: true }),
      host("api", { A: "of the block" }),
    );
    assert.deepEqual(lines(side("files", host("api", { A: "x" })), live), [
      "api.A: different x|of the block",
    ]);
  });

  it("compares two single objects regardless of their names, and one with its namesake among many", () => {
    assert.deepEqual(
      lines(one("a.yaml", host("a", { K: "1" })), one("application/x", host("b", { K: "2" }))),
      ["a.K: different 1|2"],
    );
    const many = side("test", host("api", { K: "1" }), host("web", { W: "1" }));
    const single = one("application/x", host("api", { K: "2" }));
    assert.deepEqual(lines(many, single), ["api.K: different 1|2"]);
    assert.deepEqual(lines(single, many), ["api.K: different 2|1"]);
    const odd = one("application/x", host("shop-web-1", { W: "1" }));
    assert.deepEqual(lines(many, odd, { services: ["web"] }), ["web.W: same 1|1"]);
    assert.throws(
      () => compare(many, odd),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(
          error.message,
          /^test has no service shop-web-1 to compare with application\/x; it has api, web\. .*--service/,
        );
        return true;
      },
    );
  });

  it("compares the selected services, and refuses unknown ones", () => {
    const [a, b] = [
      side("a", host("x", { A: "1" }), host("y", { A: "1" })),
      side("b", host("z", { A: "1" })),
    ];
    assert.deepEqual(lines(a, b, { services: ["y"] }), ["y.A: missing 1|"]);
    assert.throws(
      () => compare(a, b, { services: ["y", "v", "w"] }),
      /Neither a nor b has a service v, w; the services are x, y, z/,
    );
  });

  const text = fc.constantFrom("1", "2", "3");
  const origin = fc.constantFrom("plain", "secret", "job", "server" as const);
  const value: fc.Arbitrary<Value> = fc.oneof(
    fc.tuple(text, origin).map(([t, o]) => known(o === "plain" ? t : `canary${t}`, o)),
    fc.constant<Value>({ kind: "unknown", why: "w" }),
  );
  const anyHost = fc
    .tuple(
      fc.constantFrom("x", "y", "z"),
      fc.dictionary(fc.constantFrom("A", "B", "C"), value, { noNullPrototype: true }),
    )
    .map(([name, env]) => host(name, env));
  const anySide = fc.uniqueArray(anyHost, { selector: ({ name }) => name, maxLength: 3 });

  it("is symmetric, finds no difference to itself, and never shows a secret", () => {
    const mirror = { missing: "extra", extra: "missing" } as Record<string, string>;
    fc.assert(
      fc.property(anySide, anySide, fc.boolean(), (x, y, keysOnly) => {
        const [a, b] = [side("a", ...x), side("b", ...y)];
        const [there, back] = [compare(a, b, { keysOnly }), compare(b, a, { keysOnly })];
        assert.deepEqual(
          back.hosts.map(({ name, variables }) => [
            name,
            variables.map((v) => [v.key, mirror[v.status] ?? v.status, v.b, v.a]),
          ]),
          there.hosts.map(({ name, variables }) => [name, variables.map((v) => [v.key, v.status, v.a, v.b])]),
        );
        const { counts } = compare(a, a, { keysOnly });
        assert.equal(counts.different + counts.missing + counts.extra, 0);
        for (const output of [renderTable(there, true), renderJson(there, false)])
          assert.doesNotMatch(output, /canary/);
      }),
    );
  });
});

describe("the table of differences", () => {
  it("aligns columns, shortens values, and counts", () => {
    const a = side(
      "test",
      host("api", {
        LOG: "debug",
        OLD: "1",
        S: known("s", "secret"),
        W: { kind: "unknown", why: "no key" },
      }),
    );
    const b = side(
      "prod",
      host("api", { LOG: "x".repeat(60), NEW: "", S: known("t", "secret"), W: "v" }),
      host("db", { A: "1" }),
    );
    assert.equal(
      renderTable(compare(a, b), false),
      [
        "api",
        "     KEY  test    prod",
        `  ~  LOG  debug   ${"x".repeat(39)}…  different`,
        `  +  NEW          ""${" ".repeat(38)}  only in prod`,
        `  -  OLD  1       ${" ".repeat(40)}  missing in prod`,
        `  ~  S    secret  secret${" ".repeat(34)}  different`,
        `  ?  W    secret  v${" ".repeat(39)}  not compared (1)`,
        "",
        "db, only in prod",
        "     KEY  test  prod",
        "  +  A          1     only in prod",
        "",
        "6 variables in 2 services: 2 different, 1 missing in prod, 2 only in prod, 1 not compared",
        "(1) no key",
      ].join("\n"),
    );
  });

  it("says that a service is the same only when asked to", () => {
    const a = side("test", host("api", { A: "1" }));
    assert.equal(
      renderTable(compare(a, a), false),
      "api: the same (1)\n\n1 variable in 1 service: 1 the same",
    );
    assert.match(renderTable(compare(a, a), true), /^ {5}A {4}1 {5}1 {5}same$/m);
    assert.equal(
      renderTable(compare(a, a, { keysOnly: true }), false),
      "api: the same keys (1)\n\n1 variable in 1 service: 1 in both",
    );
    assert.equal(renderTable(compare(side("a"), side("b")), false), "\n\nno variables in 0 services".trim());
  });

  it("is not as wide as its longest name", () => {
    const long = "N".repeat(100_000);
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`K${i}`, "1"]));
    const table = renderTable(compare(side("a", host("api", { ...many, [long]: "1" })), side("b")), true);
    assert.ok(table.length < 300 * 200 + long.length, `${table.length} characters`);
    assert.match(table, /^ {2}- {2}K7 +1 +missing in b$/m);
  });

  it("writes control characters and invisible ones as JSON", () => {
    const cases: [string, string][] = [
      ["a\nb", '"a\\nb"'],
      ["\u001b[31mred", '"\\x1b[31mred"'],
      ["\u009b31m", '"\\x9b31m"'],
      ["a\u202eb", '"a\\u{202e}b"'],
      [" a", '" a"'],
      ["a ", '"a "'],
      ["", '""'],
      ["secret", '"secret"'],
      ['"x"', '"\\"x\\""'],
      ["x", "x"],
      ["é ü", "é ü"],
    ];
    for (const [value, cell] of cases) {
      const table = renderTable(compare(side("a", host("x", { K: value })), side("b", host("x", {}))), false);
      assert.ok(table.includes(`K    ${cell}  `), `${JSON.stringify(value)}\n${table}`);
    }
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const table = renderTable(
          compare(side("a", host("x", { K: value })), side("b", host("x", {}))),
          false,
        );
        assert.doesNotMatch(table.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
        assert.equal(table.split("\n").length, 5);
      }),
    );
  });
});

describe("the JSON of differences", () => {
  it("has every variable, whole values if they may be shown, and a reason if there is none", () => {
    const a = side(
      "test",
      host("api", { LOG: "x".repeat(60), S: known("s", "secret"), W: { kind: "unknown", why: "no key" } }),
    );
    const b = side("live:test", host("api", { LOG: known("y", "server"), S: known("s", "server") }));
    assert.deepEqual(JSON.parse(renderJson(compare(a, b), true)), {
      version: 1,
      a: "test",
      b: "live:test",
      keysOnly: false,
      failed: true,
      counts: { same: 1, different: 1, missing: 1, extra: 0, notCompared: 0 },
      services: [
        {
          name: "api",
          sides: "both",
          variables: [
            { key: "LOG", status: "different", a: "x".repeat(60) },
            { key: "S", status: "same" },
            { key: "W", status: "missing" },
          ],
        },
      ],
    });
  });
});

describe("an operand", () => {
  it("is a stage, a path, a stack on its server, or one object there", () => {
    assert.deepEqual(parseOperand("test"), { kind: "stage", stage: "test" });
    assert.deepEqual(parseOperand("eu-1.prod"), { kind: "stage", stage: "eu-1.prod" });
    for (const path of [
      "./test",
      "envs/test",
      "api.yaml",
      "prod.env",
      ".env",
      ".",
      "application/a/b",
      "..\\x",
    ]) {
      assert.deepEqual(parseOperand(path), { kind: "path", path });
    }
    assert.deepEqual(parseOperand("live:test"), { kind: "live", stack: "test" });
    assert.deepEqual(parseOperand("live:acme/shop/test"), { kind: "live", stack: "acme/shop/test" });
    assert.deepEqual(parseOperand("postgres/a-B_1"), { kind: "object", object: "postgres", id: "a-B_1" });
    const old = "env_prod_PQqzqTGCVtx0St2SA3vCi_1756789012.345678";
    assert.deepEqual(parseOperand(`environment/${old}`), { kind: "object", object: "environment", id: old });
    assert.deepEqual(parseOperand("environment/shop.yaml"), { kind: "path", path: "environment/shop.yaml" });
  });

  it("is refused in any other form", () => {
    for (const text of ["", "live:", "live:-x", "live:a/b/c/d", "a b", "live:$(x)"]) {
      assert.throws(() => parseOperand(text), UsageError, text);
    }
  });
});
