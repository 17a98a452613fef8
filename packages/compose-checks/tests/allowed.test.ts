import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { composeTable } from "../allowed/compose-table";
import { forPreview, type PreviewOptions, previewProblems } from "../allowed/previews";
import type { Shape } from "../allowed/shapes";
import * as spec from "../checks/compose-spec.json";
import { attacks, ordinary } from "./allowed-files";

const limits = { memory: 2 ** 30, cpu: 1, replicas: 3 };
const alone: PreviewOptions = { limits, inDokploysNetwork: undefined, writtenFiles: [] };
const shared = (...names: string[]): PreviewOptions => ({
  limits,
  inDokploysNetwork: names,
  writtenFiles: [],
});
const table = composeTable(limits, []);

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** A field of the Compose Specification, by the way to it: a key, or `*` for any key, or 0 for an item of a list. */
interface Known {
  readonly way: readonly (string | 0)[];
  readonly shape: Shape | undefined;
}

/** Lists the fields of the Compose Specification below a shape. A field that no shape names is not entered. */
function knownFields(schema: Schema, shape: Shape | undefined, way: Known["way"] = []): Known[] {
  if (way.length > 12) return [];
  if (schema.$ref !== undefined) {
    const target = schema.$ref
      .split("/")
      .slice(1)
      .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], spec);
    return knownFields(target as Schema, shape, way);
  }
  const parts = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, inner]): Known[] => {
    if (shape?.fields === undefined) return [];
    const field = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
    const here: Known = { way: [...way, key], shape: field };
    return field === undefined ? [here] : [here, ...knownFields(inner, field, here.way)];
  });
  const patterns = Object.values(schema.patternProperties ?? {}).flatMap((inner) =>
    shape?.inner === undefined ? [] : knownFields(inner, shape.inner, [...way, "a"]),
  );
  const items = schema.items === undefined ? [] : knownFields(schema.items, shape?.inner, [...way, 0]);
  return [...own, ...patterns, ...items, ...parts.flatMap((part) => knownFields(part, shape, way))];
}

/** Returns a file with a value at the end of a way, in a service that has all it needs. */
function fileWith(way: Known["way"], value: unknown): string {
  const at = (step: number): unknown => {
    const key = way[step];
    if (key === undefined) return value;
    const inner = at(step + 1);
    if (key === 0) return [inner];
    const isService = step === 2 && way[0] === "services" && key !== "build" && key !== "image";
    const isMount = way[step - 1] === 0 && way[step - 2] === "volumes" && key !== "type";
    return {
      ...(isService ? { image: "acme/web:1" } : {}),
      ...(isMount ? { type: "volume", target: "/x" } : {}),
      [key]: inner,
    };
  };
  const file = at(0) as Record<string, unknown>;
  return JSON.stringify("services" in file ? file : { services: { a: { image: "acme/web:1" } }, ...file });
}

const all = knownFields(spec as Schema, table);
const values = ["x", "1", true, 1, ["x"], { x: "y" }, "${X:-1}"];
const refusedFields = new Map(all.filter(({ shape }) => !shape).map(({ way }) => [way.join("."), way]));

describe("a compose file of a preview", () => {
  it("has no field of the Compose Specification that the table does not name", () => {
    assert.ok(refusedFields.size > 100, String(refusedFields.size));
    for (const [name, way] of refusedFields)
      for (const value of values) {
        const reasons = previewProblems(fileWith(way, value), alone).map(({ reason }) => reason);
        const place = name.replaceAll(".0", "[0]");
        assert.ok(
          reasons.some((reason) => place.startsWith(reason.slice(0, reason.indexOf(":")))),
          JSON.stringify([name, value, reasons]),
        );
      }
  });

  it("has no variable where it could change more than a text", () => {
    const texts = all.filter(({ shape }) => shape && !shape.fields && !shape.inner);
    let count = 0;
    for (const { way, shape } of texts) {
      const isText = shape?.says === "any text" || shape?.says.startsWith("any text, or");
      if (isText || way.at(-1) === "image") continue;
      count += 1;
      for (const value of ["${X}", "$X", "${X:-true}", "1${X}", "./${X}"])
        assert.notDeepEqual(previewProblems(fileWith(way, value), alone), [], JSON.stringify([way, value]));
    }
    assert.ok(count > 60, String(count));
  });

  it("names only fields that the Compose Specification has", () => {
    const known = new Set(all.filter(({ shape }) => shape).map(({ way }) => way.join(".")));
    const named = (shape: Shape, way: string): string[] => [
      ...Object.entries(shape.fields ?? {}).flatMap(([key, inner]) => [
        `${way}${key}`,
        ...named(inner, `${way}${key}.`),
      ]),
      ...(shape.inner === undefined ? [] : named(shape.inner, `${way}a.`)),
    ];
    // Lists and mappings are one step, which is called 0 or a.
    const plain = new Set([...known].map((way) => way.replaceAll(/\.0(?=\.|$)/g, ".a")));
    assert.deepEqual(
      named(table, "").filter((way) => !plain.has(way)),
      [],
    );
  });

  for (const [what, texts] of Object.entries(attacks))
    it(`is not ${what}`, () => {
      for (const text of [texts].flat()) {
        const found = previewProblems(text, alone);
        assert.notDeepEqual(found, [], text);
        assert.notDeepEqual(previewProblems(text, shared("web")), [], text);
        for (const { offset, reason } of found) {
          assert.doesNotMatch(reason, /canary/);
          if (!text.startsWith("services: [")) assert.equal(typeof offset, "number", reason);
        }
      }
    });

  for (const [what, text] of Object.entries(ordinary))
    it(`may be ${what}`, () => {
      assert.deepEqual(previewProblems(text, alone), []);
    });

  it("names the place of each problem", () => {
    const text = "services:\n  db:\n    image: postgres:18\n    container_name: db\n";
    assert.deepEqual(previewProblems(text, alone), [
      {
        offset: text.indexOf("container_name"),
        reason: "services.db.container_name: is not allowed in a preview",
      },
    ]);
  });

  describe("in Dokploy's network", () => {
    const file = (name: string, networks = "[dokploy-network]") =>
      `services: { ${name}: { image: 'a:1', networks: ${networks} } }\nnetworks: { dokploy-network: { external: true } }\n`;

    it("joins it only where the rules say so", () => {
      assert.match(
        previewProblems(file("web"), alone)[0]?.reason ?? "",
        /name the service in dokployNetwork/,
      );
      assert.deepEqual(previewProblems(file("web"), shared()), []);
      assert.deepEqual(previewProblems(file("web", "{ dokploy-network: {} }"), shared()), []);
    });

    it("has no name that Dokploy could have given to another service", () => {
      for (const options of [shared(), shared("shop-web-k3j9x2")])
        assert.match(
          previewProblems(file("shop-web-k3j9x2"), options)[0]?.reason ?? "",
          /could be the name of another service/,
        );
      assert.deepEqual(previewProblems("services: { shop-web-k3j9x2: { image: 'a:1' } }", shared()), []);
      assert.equal(
        previewProblems("services: { shop-web-k3j9x2: { image: 'a:1' } }", shared("shop-web-k3j9x2")).length,
        1,
      );
    });

    it("may have a name that ends with an ordinary word of as many letters as Dokploy adds", () => {
      for (const name of ["immich-server", "budget-board-client", "typebot-viewer", "Shop-Worker"])
        assert.deepEqual(previewProblems(file(name), shared(name)), [], name);
      for (const name of ["shop-server-k3j9x2", "shop-qwerty", "shop-server.web-k3j9x2"])
        assert.equal(previewProblems(file(name), shared(name)).length, 1, name);
    });

    it("has no name of Dokploy's own, and none that Docker's DNS reads as that of another service", () => {
      for (const name of [
        ...["dokploy", "dokploy-postgres", "dokploy-redis", "Dokploy-Traefik", "tasks.dokploy-redis"],
        ...["shop-web-K3J9X2", "tasks.Shop-Web-k3j9x2", "shop-web-k3j9x2.dokploy-network"],
      ])
        for (const text of [file(name), `services: { ${name}: { image: 'a:1' } }`])
          assert.match(
            previewProblems(text, shared(name))[0]?.reason ?? "",
            /could be the name of another service/,
            text,
          );
      // Dokploy connects all containers whose names contain this one to isolated networks.
      assert.equal(previewProblems("services: { dokploy-traefik: { image: 'a:1' } }", alone).length, 1);
    });

    it("adds no other name", () => {
      assert.match(
        previewProblems(file("web", "{ dokploy-network: { aliases: [api] } }"), shared())[0]?.reason ?? "",
        /^services\.web\.networks\.dokploy-network\.aliases: is not allowed/,
      );
    });
  });

  describe("with files that mounts write", () => {
    const written = { ...alone, writtenFiles: ["/conf/a.toml", "b.toml"] };
    const mounting = (...volumes: string[]) =>
      `services:\n  web:\n    image: a:1\n    mem_limit: 64m\n    cpus: 1\n    volumes:\n${volumes.map((one) => `      - ${one}\n`).join("")}`;
    const mounts = (text: string) => {
      const made = forPreview(text, written);
      assert.ok("text" in made);
      return (parse(made.text) as { services: { web: { volumes: unknown[] } } }).services.web.volumes;
    };

    it("mounts these and their folders, which become read-only", () => {
      const text = mounting(
        ...[
          "../files/b.toml:/b",
          "../files/conf/:/conf:rw",
          "../files/./conf/a.toml:/a:z",
          "../files/x:/x:ro",
          "data:/d",
        ],
        "{ type: bind, source: ../files/conf, target: /c }",
        "{ type: bind, source: ../files/conf, target: /d, read_only: false }",
      );
      assert.deepEqual(previewProblems(text, written), []);
      assert.deepEqual(mounts(text), [
        ...[
          "../files/b.toml:/b:ro",
          "../files/conf/:/conf:ro",
          "../files/./conf/a.toml:/a:z,ro",
          "../files/x:/x:ro",
          "data:/d",
        ],
        { type: "bind", source: "../files/conf", target: "/c", read_only: true },
        { type: "bind", source: "../files/conf", target: "/d", read_only: true },
      ]);
      const read = mounting("../files/b.toml:/b:ro");
      assert.deepEqual(forPreview(read, written), { text: read });
    });

    it("mounts nothing else to write to", () => {
      for (const volume of [
        ...[
          "../files:/f",
          "../files/:/f",
          "../files/conf/b:/x",
          "../files/con:/x",
          "./b.toml:/b",
          "./conf:/c",
        ],
        ...[
          "../files/b.toml/..:/f",
          "../files/b.toml/x:/x",
          "'../files/$" + "{B}:/b'",
          "../files/b.toml:/b:shared",
        ],
        "{ type: bind, source: ../files, target: /f }",
        "{ type: bind, source: ../files/b.toml, target: /b, bind: { propagation: shared } }",
      ])
        assert.equal(previewProblems(mounting(volume), written).length, 1, volume);
    });
  });

  describe("has limits", () => {
    const limited = (text: string) => {
      const result = forPreview(text, alone);
      return "text" in result ? result.text : assert.fail(result.reason);
    };
    const problemOf = (text: string) => {
      const result = forPreview(text, alone);
      return "reason" in result ? result.reason : assert.fail(result.text);
    };

    it("of memory and processors in each service, with all else as it was", () => {
      const text =
        "# Our shop\nservices:\n  web:\n    image: acme/web:1 # the site\n  db: { image: 'postgres:18', mem_limit: 64m }\n  c:\n    image: c:1\n    deploy: { resources: { limits: { memory: 1m, cpus: '0.5' } } }\n";
      assert.equal(
        limited(text),
        "# Our shop\nservices:\n  web:\n    image: acme/web:1 # the site\n    mem_limit: 1073741824\n    cpus: 1\n  db: { image: 'postgres:18', mem_limit: 64m, cpus: 1 }\n  c:\n    image: c:1\n    deploy: { resources: { limits: { memory: 1m, cpus: '0.5' } } }\n",
      );
      assert.deepEqual(previewProblems(limited(text), alone), []);
    });

    it("among those of deploy, where Compose refuses another one beside them", () => {
      const service = (limits: string) =>
        `services:\n  a:\n    image: a:1\n    deploy: { resources: ${limits} }\n`;
      for (const [given, made] of [
        ["{ limits: { memory: 512M } }", '{ limits: { memory: 512M, cpus: "1" } }'],
        ["{ limits: { pids: 9 } }", '{ limits: { pids: 9, memory: "1073741824", cpus: "1" } }'],
        ["{ limits: {} }", '{ limits: { memory: "1073741824", cpus: "1" } }'],
      ] as const) {
        assert.equal(limited(service(given)), service(made));
        assert.deepEqual(previewProblems(service(made), alone), []);
      }
      const { length } = limited(service("{ reservations: { memory: 1m } }")).match(/mem_limit: 1/g) ?? [];
      assert.equal(length, 1);
      const merged =
        "x-d: &d { deploy: { resources: { limits: { memory: 1m } } } }\nservices:\n  a: { <<: *d, image: 'a:1' }\n";
      assert.match(
        limited(merged),
        / {2}a: \{.* deploy: \{ resources: \{ limits: \{ memory: 1m, cpus: "1" \} \} \} \}\n/,
      );
    });

    it("in services that an alias or a merge gives", () => {
      const text = "x-a: &a { image: 'a:1' }\nservices:\n  one: *a\n  two:\n    <<: *a\n";
      const { length } = limited(text).match(/mem_limit/g) ?? [];
      assert.equal(length, 2);
      const all = limited("x-s: &s { a: { image: 'a:1' } }\nservices: { <<: *s }\n");
      assert.match(all, /services: \{ a: \{ image: 'a:1', mem_limit: 1073741824, cpus: 1 \} \}/);
    });

    it("once in each service that shares fields with another one", () => {
      const base = "services:\n  web: &base\n    image: a:1\n";
      const both = (api: string) =>
        parse(limited(`${base}  api:\n    <<: *base\n${api}`)) as { services: object };
      const most = { mem_limit: 1073741824, cpus: 1 };
      const web = { image: "a:1", ...most };
      assert.deepEqual(both("").services, { web, api: web });
      assert.deepEqual(both("    mem_limit: 64m\n").services, { web, api: { ...web, mem_limit: "64m" } });
      // Compose refuses a mem_limit beside it.
      assert.deepEqual(both("    deploy: { resources: { limits: { memory: 64m } } }\n").services, {
        web,
        api: { image: "a:1", deploy: { resources: { limits: { memory: "64m", cpus: "1" } } } },
      });
      const lists =
        "x-a: &a { image: 'a:1', cpus: 1 }\nx-b: &b { image: 'b:1', mem_limit: 9m }\nservices:\n  one: { <<: [*a, *b] }\n  two: { <<: [*b, *a], image: 'c:1' }\n  three: *a\n";
      assert.deepEqual((parse(limited(lists)) as { services: object }).services, {
        one: { image: "a:1", cpus: 1, mem_limit: "9m" },
        two: { image: "c:1", cpus: 1, mem_limit: "9m" },
        three: { image: "a:1", ...most },
      });
    });

    it("in a service whose name is a number", () => {
      const text =
        "x-a: &a { 8: { image: 'a:1' } }\nservices:\n  <<: *a\n  '8': { image: 'b:1' }\n  0x10: { image: 'c:1' }\n";
      const made = "{ image: 'b:1', mem_limit: 1073741824, cpus: 1 }";
      assert.equal(
        limited(text),
        `x-a: { 8: { image: 'a:1' } }\nservices:\n  '8': ${made}\n  0x10: ${made.replace("b:1", "c:1")}\n`,
      );
    });

    it("if each service is a mapping", () => {
      assert.equal(problemOf("services:\n  web:\n"), "services.web: must be a mapping");
    });

    it("in time in proportion to the file", () => {
      // In quadratic time this would take minutes, far beyond the runner's own limit.
      const labels = Array.from({ length: 45_000 }, (_, at) => `  k${at}: 1\n`).join("");
      const text = `x-a: &a\n${labels}services:\n  web: { image: 'a:1', labels: { <<: *a } }\n`;
      assert.match(limited(text), /mem_limit/);
    });

    it("if its aliases do not make it longer than Dokploy accepts", () => {
      const command = `x-c: &c ${"x".repeat(400_000)}\n`;
      const services = ["a", "b", "c"].map((name) => `  ${name}: { image: 'a:1', command: *c }\n`).join("");
      assert.match(problemOf(`${command}services:\n${services}`), /too large with its aliases written out/);
    });

    it("which a file cannot exceed or switch off", () => {
      const service = (line: string) => `services: { a: { image: 'a:1', ${line} } }`;
      for (const line of [
        ...[
          "mem_limit: 2g",
          "mem_limit: 0",
          "mem_limit: -1",
          "mem_limit:",
          "mem_limit: 1073741825",
          "cpus: 1.5",
        ],
        ...[
          "cpus: 0",
          "cpus: 1e3",
          "scale: 4",
          "deploy: { replicas: 4 }",
          "shm_size: 2gb",
          "memswap_limit: -1",
        ],
        "deploy: { resources: { limits: { memory: 1025M } } }",
        "deploy: { resources: { limits: { cpus: '2' } } }",
        "deploy: { resources: { limits: { memory: } } }",
        "deploy: { mode: global }",
        // Compose drops a fraction of a byte, and less than one is none. Docker gives less than 10 µs of 100 ms no limit.
        ...[
          "mem_limit: '0.9'",
          "mem_limit: 0.5",
          "mem_limit: 1000.5",
          "mem_limit: 0.9b",
          "mem_limit: 0.0005k",
        ],
        "deploy: { resources: { limits: { memory: 0.9b, cpus: 1 } } }",
        "cpus: '0.000001'",
        "cpus: 0.000001",
        "deploy: { resources: { limits: { memory: 1m, cpus: '0.000000001' } } }",
      ])
        assert.equal(previewProblems(service(line), alone).length, 1, line);
      for (const line of [
        "mem_limit: 1g",
        "mem_limit: 1073741824",
        "mem_limit: 0.5g",
        "cpus: '0.25'",
        "cpus: 0.01",
        "scale: 0",
        "deploy: { replicas: 3 }",
      ])
        assert.deepEqual(previewProblems(service(line), alone), [], line);
    });
  });
});
