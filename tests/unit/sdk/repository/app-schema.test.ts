import * as assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { listsIn } from "../../../../provider/engine";
import { applicationSchema, composeSchema } from "../../../../provider/resources";
import { databaseData, databases } from "../../../resources/database-data";

const repository = path.join(__dirname, "..", "..", "..", "..");

describe("the JSON schema of dokploy-app.yaml", () => {
  const schema = JSON.parse(
    readFileSync(path.join(repository, "schemas", "dokploy-app.schema.json"), "utf8"),
  ) as object;
  const validate = new Ajv({
    strict: true,
    allErrors: true,
    strictRequired: false,
    strictTypes: false,
  }).compile(schema);
  const errors = (app: unknown): string[] => {
    validate(app);
    return (validate.errors ?? []).map(({ instancePath, params, message }) =>
      `${instancePath} ${Object.values(params).join()} ${message}`.trim(),
    );
  };

  it("takes the services of the examples", () => {
    const services = path.join(repository, "examples", "deployment-repository", "services");
    for (const name of readdirSync(services)) {
      const app = parse(readFileSync(path.join(services, name, "dokploy-app.yaml"), "utf8")) as unknown;
      assert.deepEqual(errors(app), [], name);
    }
  });

  it("takes each kind of database that exists, and the parts of a service", () => {
    for (const { kind, database } of databases) {
      const { inputs } = databaseData[kind] ?? {};
      assert.deepEqual(
        errors({ kind: database, ...inputs, stages: { prod: { externalPort: 5000 } } }),
        [],
        kind,
      );
      assert.match(errors({ kind: database, ...inputs, replicas: 2 }).join(), /replicas/, kind);
    }
    const domains = [{ host: "shop.example.com", port: 3000 }];
    const service = {
      kind: "application",
      image: "a",
      domains,
      ports: [{ publishedPort: 25, targetPort: 25 }],
    };
    assert.deepEqual(errors({ ...service, databaseUrls: { DATABASE_URL: "orders" } }), []);
    assert.match(errors({ ...service, domains: [{ hots: "shop.example.com" }] }).join("\n"), /hots/);
    assert.match(errors({ kind: "compose", ports: [] }).join("\n"), /ports/);
    for (const [kind, schema] of Object.entries({ application: applicationSchema, compose: composeSchema }))
      for (const name of listsIn(schema).keys())
        assert.match(errors({ kind, image: "a", [name]: 1 }).join(), new RegExp(`/${name} array`));
  });

  it("takes backups and schedules, by their destination's name or id", () => {
    const daily = { destination: "main", schedule: "@daily" };
    const volume = { name: "data", destinationId: "Hd8yJ0ZcDnc2ZTWqvNvJ4", cronExpression: "@daily" };
    const clean = { name: "clean", cronExpression: "@daily", command: "clean" };
    const files = { type: "volume", volumeName: "files", mountPath: "/files" };
    for (const { kind, database } of databases) {
      const { inputs } = databaseData[kind] ?? {};
      const app = { kind: database, ...inputs, mounts: [files], volumeBackups: [volume] };
      assert.deepEqual(errors(app), [], kind);
      const isTaken = errors({ ...app, backups: [daily] }).length === 0;
      assert.equal(isTaken, database !== "redis", kind);
    }
    const service = { volumeBackups: [{ ...volume, volumeName: "files" }], schedules: [clean] };
    assert.deepEqual(errors({ kind: "application", image: "a", ...service }), []);
    assert.deepEqual(errors({ kind: "compose", backups: [daily], ...service }), []);
    assert.match(errors({ kind: "application", image: "a", backups: [daily] }).join(), /backups/);
    const script = [{ ...clean, script: "rm -r /" }];
    assert.match(errors({ kind: "application", image: "a", schedules: script }).join(), /script/);
  });

  const bad: [what: string, app: unknown, found: RegExp][] = [
    ["no kind", { image: "a" }, /kind/],
    ["an unknown field", { kind: "application", image: "a", replica: 1 }, /replica/],
    ["a field of the other kind", { kind: "compose", image: "a" }, /image/],
    [
      "a field of another source",
      { kind: "application", source: { type: "docker", image: "a", url: "b" } },
      /url/,
    ],
    [
      "a wrong type in a stage",
      { kind: "application", image: "a", stages: { prod: { replicas: "2" } } },
      /replicas/,
    ],
    ["variables, which have files of their own", { kind: "application", image: "a", env: {} }, /env/],
  ];
  for (const [what, app, found] of bad) {
    it(`refuses ${what}`, () => assert.match(errors(app).join("\n"), found));
  }

  it("describes the fields, also inside of others and for stages", () => {
    type Part = { $ref?: string; description?: string; properties?: Record<string, Part> } & {
      additionalProperties?: Part;
    };
    const { $defs, allOf } = schema as { $defs: Record<string, Part>; allOf: { then: Part }[] };
    const resolve = ({ $ref, ...part }: Part): Part =>
      $ref === undefined ? part : resolve($defs[$ref.replace("#/$defs/", "")] ?? {});
    const inputOf = (part: Part, name: string) => resolve(part.properties?.[name] ?? {});
    const { then: application = {} } = allOf[0] ?? {};
    const stages = inputOf(application, "stages");
    const stage = resolve(stages.additionalProperties ?? {});
    assert.match(stages.description ?? "", /^Values that differ in a stage/);
    for (const inputs of [application, stage]) {
      assert.match(inputOf(inputs, "replicas").description ?? "", /^Number of containers/);
      assert.match(
        inputOf(inputOf(inputs, "resources"), "memoryLimit").description ?? "",
        /^Maximum amount of memory/,
      );
    }
  });
});

describe("the JSON schema of a contract for variables", () => {
  const file = path.join(repository, "schemas", "dokploy-env.schema.json");
  const validate = new Ajv({ strict: true, allErrors: true, strictTypes: false }).compile(
    JSON.parse(readFileSync(file, "utf8")) as object,
  );

  it("takes the example of the docs, and refuses what the program refuses", () => {
    const page = readFileSync(path.join(repository, "docs", "everyday", "env-contract.md"), "utf8");
    const [, example = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    assert.equal(validate(parse(example)), true, JSON.stringify(validate.errors));
    const wrong = [
      { service: {} },
      { services: { api: { A: { type: "text" } } } },
      { services: { api: { A: { values: [] } } } },
      { shared: { A: { tpye: "json" } } },
    ];
    for (const contract of wrong) assert.equal(validate(contract), false, JSON.stringify(contract));
  });
});
