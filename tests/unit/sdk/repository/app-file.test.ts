import * as assert from "node:assert/strict";
import { isSecret, Output } from "@pulumi/pulumi";
import * as fc from "fast-check";
import { FileError } from "../../../../sdk/files";
import { type App, readApp, withSecretArgs } from "../../../../sdk/repository/app-file";
import { appSchemas } from "../../../../sdk/repository/app-schema";
import { attachedLists, namingFields } from "../../../../sdk/repository/attached-lists";

const path = "services/api/dokploy-app.yaml";

function read(text: string, stage = "test"): App {
  return readApp({ path, text }, stage === "" ? [] : [stage], ({ value }) =>
    "name" in value ? `value of ${value.kind} ${value.name}` : `value of ${value.kind}`,
  );
}

function problems(text: string, stage = "test"): string[] {
  try {
    read(text, stage);
  } catch (error) {
    assert.ok(error instanceof FileError, String(error));
    return error.message.split("\n").map((line) => line.replace(`${path}:`, ""));
  }
  return [];
}

describe("the description of a service", () => {
  const docker = "kind: application\nimage: acme/api:1\n";

  it("takes a health check, and says where it is wrong", () => {
    const web = "kind: application\nimage: acme/api:1\n";
    const check = (given: string) => problems(`${web}healthCheck: ${given}\n`);
    assert.deepEqual(check("{ path: /health, port: 3000, interval: 10s, startPeriod: 1m30s }"), []);
    assert.deepEqual(check('{ command: ["/app", "healthcheck"] }'), []);
    assert.match(
      check("{ path: /health, port: 3000, interval: 10 }")[0] ?? "",
      /^3:\d+: healthCheck\.interval/,
    );
    assert.match(check("{ path: /health }")[0] ?? "", /healthCheck\.port: is missing/);
    assert.match(
      problems("kind: redis\nhealthCheck: { path: /, port: 6379 }\n").join("\n"),
      /healthCheck\.path: is not an input of healthCheck/,
    );
  });

  it("is the inputs of an application, with its image in short", () => {
    const app = read(
      "kind: application\nimage: acme/api:1\nreplicas: 2\nresources: { memoryLimit: 128MiB }\n",
    );
    const { placeOf: _, sourceWith: __, ...values } = app;
    assert.deepEqual(values, {
      imageOf: undefined,
      kind: "application",
      inputs: {
        replicas: 2,
        resources: { memoryLimit: "128MiB" },
        source: { type: "docker", image: "acme/api:1" },
      },
      attached: {},
      dependsOn: [],
      formerNames: [],
      databaseUrls: [],
      adopts: undefined,
      isProtected: false,
      composeFile: undefined,
      stages: [],
    });
  });

  it("may have the placeholder of the tag in its image", () => {
    assert.deepEqual(problems("kind: application\nimage: acme/api:${IMAGE_TAG}\n"), []);
  });

  it("may take its image from another application, instead of one of its own", () => {
    const app = read("kind: application\nimageOf: api\nstages: { prod: { image: 'acme/api:2' } }\n");
    assert.deepEqual([app.imageOf?.name, app.imageOf?.offset, app.inputs], ["api", 18, {}]);
    const prod = read("kind: application\nimageOf: api\nstages: { prod: { image: 'acme/api:2' } }\n", "prod");
    assert.deepEqual(
      [prod.imageOf, prod.inputs["source"]],
      [undefined, { type: "docker", image: "acme/api:2" }],
    );
    const over = read("kind: application\nimage: acme/api:1\nstages: { test: { imageOf: api } }\n");
    assert.deepEqual([over.imageOf?.name, over.inputs], ["api", {}]);
    for (const [own, name] of [
      ["image: acme/api:1", "image"],
      ["source: { type: docker, image: acme/api:1 }", "source"],
    ])
      assert.deepEqual(problems(`kind: application\nimageOf: api\n${own}\n`), [
        `2:1: has both imageOf and ${name}; remove one`,
      ]);
    assert.match(
      problems("kind: application\nimageOf: !env API\n")[0] ?? "",
      /imageOf: !env: must be written here/,
    );
    assert.match(problems("kind: redis\npassword: x\nimageOf: api\n")[0] ?? "", /imageOf/);
  });

  it("is that of a compose service, with the file that it names", () => {
    const { inputs, composeFile } = read("kind: compose\ncomposeFile: stack.yaml\ncomposeType: stack\n");
    assert.deepEqual(inputs, { composeType: "stack" });
    assert.equal(composeFile, "stack.yaml");
  });

  it("lists the parts of a service, with secrets from elsewhere", () => {
    const { inputs } = read(
      [
        ...[
          "kind: application",
          "image: acme/api:1",
          "domains:",
          "  - host: shop.example.com",
          "    port: 3000",
        ],
        ...["security:", "  - username: staff", "    password: !secret staffPassword", "stages:", "  test:"],
        ...["    domains: [{ host: test.example.com, port: 3000 }]", ""],
      ].join("\n"),
    );
    assert.deepEqual(inputs["domains"], [{ host: "test.example.com", port: 3000 }]);
    assert.deepEqual(inputs["security"], [{ username: "staff", password: "value of secret staffPassword" }]);
    assert.deepEqual(
      problems("kind: application\nimage: a\ndomains: [{ host: shop.example.com, prot: 1 }]\n"),
      ["3:37: domains.0.prot: is not an input of domains.0: did you mean port?"],
    );
  });

  it("names the input that is meant, of every kind", () => {
    for (const [kind, { shape }] of Object.entries(appSchemas)) {
      for (const name of Object.keys(shape)) {
        const found = problems(`kind: ${kind}\n${name}x: 1\n`).find((line) => line.startsWith("2:1: "));
        // Of two names that are both a letter away, either is right.
        assert.match(found ?? "", /: did you mean \w+\?$/, `${kind}.${name}`);
      }
    }
  });

  it("may be that of a database, whose address others get", () => {
    const { kind, inputs } = read("kind: postgres\ndatabase: shop\nuser: shop\nimage: postgres:18\n");
    assert.equal(kind, "postgres");
    assert.deepEqual(inputs, { database: "shop", user: "shop", image: "postgres:18" });
    const { databaseUrls } = read(`${docker}databaseUrls: { DATABASE_URL: orders }\n`);
    assert.deepEqual(databaseUrls, [
      { variable: "DATABASE_URL", name: "orders", offset: docker.length + 16 },
    ]);
    assert.deepEqual(problems("kind: postgres\ndatabase: shop\nuser: shop\nimage: postgres:${IMAGE_TAG}\n"), [
      "4:1: image: contains ${IMAGE_TAG}, but the version of a database must be written here, since its data depends on it",
    ]);
    assert.match(problems("kind: postgres\nuser: shop\n").join(), /database: is missing/);
    assert.match(problems("kind: redis\nsource: { type: docker }\n").join(), /source: /);
    assert.match(
      problems("kind: oracle\n").join(),
      /kind: is unknown; it must be application, compose, .*postgres or redis/,
    );
  });

  it("may differ in a stage: objects are merged, all other values are replaced", () => {
    const text = [
      "kind: application",
      "image: acme/api:1",
      "buildArgs: { A: a, B: b }",
      "args: [one, two]",
      "stages:",
      "  prod:",
      "    image: acme/api:2",
      "    buildArgs: { B: c }",
      "    args: [three]",
      "    import: PQqzqTGCVtx0St2SA3vCi",
    ].join("\n");
    const prod = read(text, "prod");
    assert.deepEqual(prod.inputs, {
      source: { type: "docker", image: "acme/api:2" },
      buildArgs: { A: "a", B: "c" },
      args: ["three"],
    });
    assert.equal(prod.adopts, "PQqzqTGCVtx0St2SA3vCi");
    assert.deepEqual(read(text, "test").inputs["buildArgs"], { A: "a", B: "b" });
    assert.deepEqual(
      prod.stages.map(({ name }) => name),
      ["prod"],
    );
  });

  it("may take its source from elsewhere in one stage", () => {
    const git = "{ type: git, url: 'https://git.acme.dev/api.git', branch: main }";
    const text = `kind: application\nimage: acme/api:1\nstages: { test: { source: ${git} } }\n`;
    assert.deepEqual(read(text).inputs["source"], {
      type: "git",
      url: "https://git.acme.dev/api.git",
      branch: "main",
    });
    assert.deepEqual(read(text, "prod").inputs["source"], { type: "docker", image: "acme/api:1" });
  });

  it("takes secrets and variables of the environment by their tags, for any text", () => {
    const { inputs } = read(
      [
        "kind: application",
        "source:",
        "  type: docker",
        "  image: acme/api:1",
        "  password: !secret registry",
        "buildSecrets: { NPM_TOKEN: !env, OTHER: !secret other }",
      ].join("\n"),
    );
    assert.equal((inputs["source"] as { password: string }).password, "value of secret registry");
    assert.deepEqual(inputs["buildSecrets"], {
      NPM_TOKEN: "value of environment NPM_TOKEN",
      OTHER: "value of secret other",
    });
  });

  for (const list of attachedLists)
    for (const field of namingFields[list])
      for (const tag of ["!env REGISTRY_LOGIN", "!secret token"])
        it(`takes no ${tag} for ${field} of ${list}, as that names the resource`, () => {
          const given = `${list}: [{ ${field}: ${tag} }]`;
          for (const text of [given, `stages: { test: { ${given} } }`]) {
            assert.throws(
              () => read(`${docker}${text}\n`),
              new RegExp(`${list}\\.0\\.${field}: ${tag.split(" ")[0]}: must be written here`),
            );
          }
        });

  for (const [tag, where] of [
    ["!env REGISTRY_LOGIN", (value: string) => `import: ${value}\n`],
    ["!secret token", (value: string) => `import: ${value}\n`],
    ["!env REGISTRY_LOGIN", (value: string) => `stages: { test: { import: ${value} } }\n`],
  ] as const) {
    it(`takes no id of what it adopts from elsewhere, as plans name it: ${where(tag).trim()}`, () => {
      assert.throws(
        () => read(`${docker}${where(tag)}`),
        /import: !(?:env|secret): must be written here, since the repository itself needs it/,
      );
    });
  }

  for (const [tag, where] of [
    ["registryId: !env REGISTRY_LOGIN", "registryId"],
    ["networkIds: [!secret token]", "networkIds.0"],
    ["stages: { test: { serverId: !secret token } }", "stages.test.serverId"],
  ] as const) {
    it(`takes no id from elsewhere, as plans name it: ${tag}`, () => {
      assert.throws(
        () => read(`${docker}${tag}\n`),
        (error: Error) => {
          assert.ok(error.message.includes(`${where}: !`), error.message);
          assert.match(error.message, /an id is not a secret, and plans and errors name it; write it here/);
          return true;
        },
      );
    });
  }

  it("takes a variable with a name like that of an id from elsewhere", () => {
    assert.deepEqual(read(`${docker}buildArgs:\n  APP_registryId: !env CI_ID\n`).inputs["buildArgs"], {
      APP_registryId: "value of environment CI_ID",
    });
  });

  it("does not repeat a text that is not an id", () => {
    assert.throws(
      () => read(`${docker}import: hunter2-canary\nserverId: "canary server"\n`),
      (error) => {
        assert.ok(error instanceof Error && !/canary/.test(error.message));
        assert.match(error.message, /import: is not an id of Dokploy \(21 letters/);
        assert.match(error.message, /serverId: is not an id/);
        return true;
      },
    );
  });

  it("keeps build arguments that look like secrets as such, and not the others", async () => {
    const { inputs } = withSecretArgs(read(`${docker}buildArgs: { DB_PASSWORD: hunter2, VERSION: "1" }\n`));
    const { DB_PASSWORD, VERSION } = inputs["buildArgs"] as Record<string, unknown>;
    assert.ok(Output.isInstance(DB_PASSWORD));
    assert.equal(await isSecret(DB_PASSWORD), true);
    assert.equal(VERSION, "1");
  });

  it("resolves an alias to the nearest anchor above it, regardless of other aliases in between", () => {
    const stages = "{ a: { args: &a [&b x] }, b: { args: [&b y] }, c: { args: *a }, test: { args: [*b] } }";
    assert.deepEqual(read(`${docker}stages: ${stages}\n`).inputs["args"], ["y"]);
  });

  it("may use anchors", () => {
    const { inputs } = read("kind: application\nimage: &image acme/api:1\nbuildArgs: { IMAGE: *image }\n");
    assert.deepEqual(inputs["buildArgs"], { IMAGE: "acme/api:1" });
  });

  it("may have CRLF line breaks", () => {
    assert.deepEqual(read("kind: application\r\nimage: acme/api:1\r\n").inputs, {
      source: { type: "docker", image: "acme/api:1" },
    });
    assert.match(
      problems("kind: application\r\nimage: acme/api:1\r\nreplica: 1\r\n")[0] ?? "",
      /^3:1: replica/,
    );
  });

  const bad: [what: string, text: string, ...found: RegExp[]][] = [
    ["nothing", "", /is not a mapping/],
    ["a list", "- a\n", /1:1: is not a mapping/],
    ["no kind", "image: acme/api:1\n", /kind: is missing/],
    ["an unknown kind", "kind: lambda\n", /^1:1: kind: .*application, compose, .* or redis/],
    ["an unknown field", `${docker}replica: 2\n`, /^3:1: replica: is not an input of an application/],
    ["an unknown field inside", `${docker}resources:\n  memory: 1GiB\n`, /^4:3: resources\.memory/],
    [
      "an unknown field of a stage",
      `${docker}stages:\n  prod:\n    replica: 2\n`,
      /^5:5: stages\.prod\.replica/,
    ],
    ["a field of the other kind", `${docker}composeFile: a.yaml\n`, /^3:1: composeFile/],
    ["what the repository says by other means", `${docker}name: api\nenv: {}\n`, /^3:1: name/, /^4:1: env/],
    ["a text for a number", `${docker}replicas: "2"\n`, /^3:1: replicas: must be a number/],
    [
      "a number for a text",
      `${docker}buildArgs:\n  V: 1.10\n`,
      /^4:3: buildArgs\.V: must be a string.*quotes/,
    ],
    [
      "a number for a duration, which quotes would not mend",
      `${docker}healthCheck: { path: /, port: 3000, interval: 10 }\n`,
      /^3:37: healthCheck\.interval: is not a duration such as 10s, [^;]*$/,
    ],
    ["null", `${docker}replicas:\n`, /^3:1: replicas: .*leave it out/],
    [
      "a placeholder that nothing fills",
      "kind: application\nimage: acme/api:${IMAGETAG}\n",
      /^2:1: image: contains \$\{IMAGETAG\}/,
    ],
    [
      "a placeholder without braces",
      "kind: application\nimage: acme/$NAME:${IMAGE_TAG}\n",
      /^2:1: image: contains \$NAME, but only \$\{IMAGE_TAG\} gets/,
    ],
    [
      "one in the image of a source",
      "kind: application\nsource: { type: docker, image: 'acme/api:${TAG}' }\n",
      /^2:\d+: source\.image: contains \$\{TAG\}/,
    ],
    [
      "a placeholder that is not closed",
      "kind: application\nimage: acme/api:${IMAGE_TAG\n",
      /^2:1: image: contains/,
    ],
    ["neither image nor source", "kind: application\n", /either image or source.*none/],
    ["both of them", `${docker}source: { type: docker, image: a }\n`, /either image or source.*both/],
    [
      "composeFile and source",
      "kind: compose\ncomposeFile: a\nsource: { type: raw, composeFile: x }\n",
      /remove one/,
    ],
    ["a duplicate field", `${docker}image: acme/api:2\n`, /3:1: this key appears twice/],
    ["a merge key", `${docker}<<: { replicas: 1 }\n`, /3:1: merge keys/],
    ["an unknown tag", `${docker}command: !include x\n`, /^3:1: has an unknown YAML tag/],
    [
      "a tag with a value for a name",
      `${docker}command: !secret "s3cr3t!"\n`,
      /^3:1: !secret takes the name/,
    ],
    [
      "a tag on an object",
      `${docker}resources: !secret { a: b }\n`,
      /^3:1: has a YAML tag, which is for a single value/,
    ],
    [
      "a tag of YAML that gives an object",
      `${docker}command: !!binary aGk=\nargs: !!set { a }\n`,
      /^3:1: has an unknown YAML tag/,
      /^4:1: has an unknown YAML tag/,
    ],
    [
      "half of a character",
      `${docker}command: "\\ud800"\nbuildArgs: { "\\udfff": x }\n`,
      /^3:1: contains half of a character/,
      /^4:14: contains half of a character/,
    ],
    ["a NUL character", `${docker}args: ["a", "x\\0y"]\n`, /^3:13: contains a NUL character/],
    [
      "aliases that would grow without bounds",
      `${docker}a0: &z0 [q]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &z${i + 1} [${Array(10).fill(`*z${i}`)}]\n`).join("")}`,
      /^8:\d+: is too large/,
    ],
    [
      "an alias of what contains it",
      `${docker}args: &a [*a]\nlabels: &b { c: { d: *b } }\n`,
      /^3:11: this alias refers to a value that contains it/,
      /^4:19: this alias refers to a value that contains it/,
    ],
    [
      "a placeholder that nothing fills, in a source",
      "kind: application\nsource: { type: docker, image: 'a:${TAG}' }\n",
      /^2:25: source\.image: contains \$\{TAG\}/,
    ],
    [
      "a build argument called toString",
      `${docker}buildArgs: { toString: x }\n`,
      /^3:14: toString is a name that/,
    ],
    ["a tag for its kind", "kind: !env KIND\nimage: a\n", /^1:1: kind: !env: must be written here/],
    ["a tag for the stages", `${docker}stages: !secret x\n`, /^3:1: stages: !secret: must be written here/],
    [
      "a tag for what it depends on",
      `${docker}dependsOn: [cache, !secret x]\nstages: { a: { dependsOn: !env X }, b: !env X }\n`,
      /^3:28: dependsOn\.1: !secret: must be written here/,
      /^4:16: stages\.a\.dependsOn: !env: must/,
      /^4:37: stages\.b: !env: must/,
    ],
    [
      "a tag for its compose file",
      "kind: compose\ncomposeFile: !secret x\n",
      /^2:1: composeFile: !secret: must be written here/,
    ],
    [
      "a tag where no text stands",
      `${docker}replicas: !env R\nargs: !env A\nstages: { prod: { resources: { memoryLimit: !env M, cpuLimit: !env C } } }\n`,
      /^3:1: replicas: !env gives a text/,
      /^4:1: args: !env gives a text/,
      /^5:53: stages\.prod\.resources\.cpuLimit: !env gives a text/,
    ],
    [
      "a compose file of the machine",
      "kind: compose\ncomposeFile: /etc/passwd\n",
      /^2:1: composeFile: is an absolute/,
    ],
    [
      "two backups of one name",
      "kind: compose\nbackups: [{ destination: a, schedule: '@daily', databaseType: postgres, serviceName: db }, { destination: b, schedule: '@daily', serviceName: db }]\n" +
        "schedules: [{ name: a, cronExpression: '@daily', command: y, serviceName: w }, { name: a, cronExpression: '@daily', command: y, serviceName: w }]\n",
      /^2:\d+: backups\[1\]: another one has the name db too; give each its own prefix$/,
      /^3:\d+: schedules\[1\]: another one has the name a too; give each its own name$/,
    ],
    ["no finite number", `${docker}replicas: .inf\n`, /^3:1: replicas: must be a finite number$/],
    ["a missing anchor", `${docker}command: *nowhere\n`, /anchor/],
    ["a tab", `${docker}resources:\n\tmemoryLimit: 1GiB\n`, /4:1: a tab/],
    ["a key that is no text", `${docker}? [a]\n: b\n`, /a field needs a plain name/],
  ];
  for (const [what, text, ...found] of bad) {
    it(`refuses ${what}, with its place`, () => {
      const lines = problems(text);
      assert.equal(lines.length, found.length, lines.join("\n"));
      for (const [index, pattern] of found.entries()) assert.match(lines[index] ?? "", pattern);
    });
  }

  it("knows the place of a stage's values, and of each service that it depends on", () => {
    const text = `${docker}dependsOn:\n  - cache\n  - db\nstages: { test: { dependsOn: [nope] } }\n`;
    const placesIn = (stage: string) =>
      read(text, stage).dependsOn.map(({ offset }) => text.slice(offset, offset + 4));
    assert.deepEqual(placesIn("prod"), ["cach", "db\ns"]);
    assert.deepEqual(placesIn("test"), ["nope"]);
    assert.match(
      problems(`kind: compose\ncomposeFile: a\nstages:\n  test:\n    source: { type: raw }\n`)[0] ?? "",
      /^5:5: /,
    );
  });

  it("reads or refuses the largest files in little time", function () {
    // What takes more than a second or two for each of these would take minutes.
    this.timeout(30_000);
    const lines = (count: number, line: (index: number) => string) =>
      Array.from({ length: count }, (_, i) => line(i)).join("\n");
    assert.equal(problems(`${docker}${lines(30_000, (i) => `k${i}: 1`)}`).length, 21);
    assert.equal(problems(`${docker}${lines(30_000, () => "k: 1")}`).length, 21);
    const { inputs } = read(`${docker}command: &c x\nargs:\n${lines(20_000, () => "- *c")}`);
    assert.equal((inputs["args"] as string[]).length, 20_000);
  });

  it("never shows a value in messages", () => {
    const canary = "canary-5f0e";
    for (const text of [
      `${docker}replicas: ${canary}\n`,
      `kind: application\nsource: { type: docker, image: a, password: [${canary}] }\n`,
      `${docker}buildSecrets: { A: { B: ${canary} } }\n`,
      `${docker}buildSecrets: ${canary}\n`,
      `kind: ${canary}\n`,
      `kind: application\nsource: {type: docker, image: a/b:1, password:${canary}}\n`,
      `${docker}stages: { prod: {command:${canary}} }\n`,
    ]) {
      const lines = problems(text);
      assert.notEqual(lines.length, 0, text);
      assert.doesNotMatch(lines.join("\n"), new RegExp(canary));
    }
  });

  it("returns a result or a FileError for any text", () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "kind: application",
        "kind: compose",
        "image: a",
        "stages:",
        "  test:",
        "    replicas: 1",
        "x: *x",
      ),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        problems(lines.join("\n"));
      }),
    );
  });
});
