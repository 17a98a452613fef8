import * as assert from "node:assert/strict";
import type { Reached } from "../../../../../cli/server/export/addresses";
import type { Item } from "../../../../../cli/server/export/item";
import { type Found, planOf } from "../../../../../cli/server/export/plan";
import { programFiles } from "../../../../../cli/server/export/program";
import { References } from "../../../../../cli/server/export/references";
import { namesIn, repositoriesOf, repositoryFiles } from "../../../../../cli/server/export/repository";
import { SecretFinder } from "../../../../../cli/server/export/secret-finder";
import { refersIn } from "../../../../../cli/server/export/service-refs";
import { id, item } from "./items";

const shop = item("Project", "p1", { name: "shop" });
const store = item("Destination", "s1", { name: "Store" });
const source = { type: "docker", image: "acme/api:1" };
const application = (ownId: string, name: string, more: object = {}, facts: Partial<Item> = {}) =>
  item("Application", ownId, { environmentId: id("def"), name, source, ...more }, facts);

function written(
  items: readonly Item[],
  from: "config" | "env" = "config",
  reached: readonly Reached[] = [],
) {
  const defaults = new Map([[id("def"), id("p1")]]);
  const found: Found = {
    ...{ settings: new Map(), items, references: new References(items, defaults), defaults },
    ...{ skipped: [], unread: [], finder: new SecretFinder(items), reached },
  };
  const repositories = repositoriesOf(found);
  const plan = planOf(
    found,
    { keys: new Set(), unlessSecretLooking: false },
    { given: namesIn(repositories), refers: refersIn(repositories) },
  );
  const { files, images, elsewhere } = repositoryFiles(plan, repositories, from, "prod");
  const program = programFiles(plan, from, elsewhere).get("index.ts") ?? "";
  return {
    repositories,
    files,
    images,
    program,
    names: Object.fromEntries([...plan.names].map(([one, { resource }]) => [one.id, resource])),
  };
}

describe("a deployment repository of an export", () => {
  it("has a folder for each service, its variables, and those that all share", () => {
    const shared = item(
      "EnvironmentBlock",
      "x",
      { target: { environmentId: id("def") }, env: { S: "1x" } },
      {
        id: `environment/${id("def")}`,
        maybeSecrets: [["env", "S"]],
      },
    );
    const api = application(
      "a1",
      "api",
      { env: { LEVEL: "info", TOKEN: "canary" } },
      {
        maybeSecrets: [
          ["env", "LEVEL"],
          ["env", "TOKEN"],
        ],
      },
    );
    const { files, program, names } = written([shop, shared, api]);
    assert.deepEqual(Object.fromEntries(files), {
      "envs/prod/shared.yaml": "S: !secret shop-shared.S\n",
      "services/api/dokploy-app.yaml": "kind: application\nimage: acme/api:1\n".replace(
        "acme/api:1",
        '"acme/api:1"',
      ),
      "envs/prod/api.yaml": "LEVEL: info\nTOKEN: !secret api.TOKEN\n",
    });
    assert.equal(names[shared.id], "shop-shared");
    assert.match(
      program,
      /\nnew dokploy\.DeploymentRepository\("shop", \{ environmentId: shop\.defaultEnvironmentId \}\);\n/,
    );
    assert.doesNotMatch(program, /new dokploy\.(?:Application|EnvironmentBlock)/);
    assert.match(
      written([shop, api], "env").files.get("envs/prod/api.yaml") ?? "",
      /^TOKEN: !env SECRET_API_TOKEN$/m,
    );
  });

  it("has services with names of folders alone, and each once, also on a disk that does not distinguish case", () => {
    const items = ["api", "API", "my api", "shared", ".env", "constructor", "../x"].map((name, at) =>
      application(`a${at}`, name),
    );
    const { repositories, program } = written([shop, ...items]);
    assert.deepEqual(
      repositories.map(({ services }) => services.map(({ name }) => name)),
      [["api"]],
    );
    assert.equal(program.match(/new dokploy\.Application\(/g)?.length, 6);
  });

  it("has no folder with a name that a disk does not take, or that is the file of what all share", () => {
    const odd = ["con", "NUL", "aux.web", "Com1", "web.", "Shared", "a".repeat(101)];
    const services = [...odd, "console", "web.v1"].map((name, at) => application(`a${at}`, name));
    const [repository] = written([shop, ...services]).repositories;
    assert.deepEqual(
      repository?.services.map(({ name }) => name),
      ["console", "web.v1"],
    );
  });

  it("leaves what has no place in its files to the program: variables with odd names, files with secrets", () => {
    const odd = application("a1", "odd", { env: { "A B": "1" } });
    const file = "services: { db: { environment: { DB_PASSWORD: hunter2 } } }\n";
    const jobs = item("Compose", "c1", {
      ...{ environmentId: id("def"), name: "jobs", source: { type: "raw", composeFile: file } },
    });
    const plain = "services:\n  db:\n    image: redis:8\n";
    const cache = item("Compose", "c2", {
      ...{ environmentId: id("def"), name: "cache", source: { type: "raw", composeFile: plain } },
    });
    const { repositories, files } = written([shop, odd, cache]);
    assert.deepEqual(
      repositories.flatMap(({ services }) => services.map(({ name }) => name)),
      ["cache"],
    );
    assert.equal(files.get("services/cache/compose.yaml"), plain);
    assert.equal(files.get("services/cache/dokploy-app.yaml"), "kind: compose\n");
    assert.equal(files.get("envs/prod/cache.yaml"), "# No variables.\n");
    assert.equal(
      repositoriesOf({
        ...{ settings: new Map(), items: [jobs], references: new References([jobs], new Map()) },
        ...{ defaults: new Map(), skipped: [], unread: [], finder: new SecretFinder(), reached: [] },
      }).length,
      0,
    );
  });

  it("has long texts and an icon in files of the service", () => {
    const long = "worker {}\n".repeat(9);
    const icon = `data:image/svg+xml;base64,${Buffer.from("<svg/>").toString("base64")}`;
    const mounts = {
      "/a": { type: "file", mountPath: "/a", filePath: "conf/a.conf", content: long },
      "/b": { type: "file", mountPath: "/b", filePath: "b.conf", content: "a\nb\n" },
      "/c": { type: "file", mountPath: "/c", filePath: "c.conf", content: "a\npassword=canary\n" },
    };
    const facts = { maybeSecrets: Object.keys(mounts).map((path) => ["mounts", path, "content"]) };
    const { files, images } = written([shop, application("a1", "api", { icon, mounts }, facts)]);
    assert.equal(
      files.get("services/api/dokploy-app.yaml"),
      [
        "kind: application",
        'image: "acme/api:1"',
        "icon: !file icon.svg",
        "mounts:",
        ...[
          "  - type: file",
          '    mountPath: "/a"',
          "    filePath: conf/a.conf",
          "    content: !file files/conf/a.conf",
        ],
        ...[
          "  - type: file",
          '    mountPath: "/b"',
          "    filePath: b.conf",
          "    content: |",
          "      a",
          "      b",
        ],
        ...[
          "  - type: file",
          '    mountPath: "/c"',
          "    filePath: c.conf",
          "    content: !secret api.content",
          "",
        ],
      ].join("\n"),
    );
    assert.equal(files.get("services/api/files/conf/a.conf"), long);
    assert.deepEqual([...images], [["services/api/icon.svg", Buffer.from("<svg/>")]]);
  });

  it("has addresses of its services by !ref, where the files say all that they need", () => {
    const env = {
      DB: "postgresql://shop:canary@shop-db-4kq2ax:5432/shop",
      API: "http://shop-api-7x2m1c:3000/v1",
      HOST: "shop-db-4kq2ax",
    };
    const facts = { maybeSecrets: Object.keys(env).map((key) => ["env", key]) };
    const api = application("a1", "api");
    const db = item("Postgres", "d1", {
      environmentId: id("def"),
      name: "db",
      database: "shop",
      user: "shop",
    });
    const reached: readonly Reached[] = [
      {
        item: db,
        texts: [
          ["connectionUrl", env.DB],
          ["appName", "shop-db-4kq2ax"],
        ],
      },
      { item: api, texts: [["appName", "shop-api-7x2m1c"]] },
    ];
    const filesFor = (web: Item, ...others: Item[]) =>
      written([shop, api, db, web, ...others], "config", reached);
    const { files, program } = filesFor(application("w1", "web", { env }, facts));
    assert.equal(
      files.get("envs/prod/web.yaml"),
      'DB: !ref db\nAPI: !ref "api:3000/v1"\nHOST: !secret web.HOST\n',
    );
    assert.equal(
      files.get("services/db/dokploy-app.yaml"),
      "kind: postgres\nprotect: true\ndatabase: shop\nuser: shop\n",
    );
    assert.doesNotMatch(program, /web/);
    for (const more of [{ networkIds: [] }, { serverId: id("s1") }, { swarm: {} }])
      assert.match(
        filesFor(application("w1", "web", { env, ...more }, facts)).files.get("envs/prod/web.yaml") ?? "",
        /^DB: !secret web\.DB\n/,
      );
    // The name of a variable would be meant.
    const named = { ...env, db: "x1" };
    assert.match(
      filesFor(application("w1", "web", { env: named }, facts)).files.get("envs/prod/web.yaml") ?? "",
      /^DB: !secret web\.DB\n/,
    );
  });

  it("lists what belongs to a service in its file, with the name of its destination", () => {
    const orders = item(
      "Postgres",
      "d1",
      {
        ...{ environmentId: id("def"), name: "orders", database: "shop", user: "shop" },
        ...{ image: "postgres:18" },
      },
      { hidden: [["password"]] },
    );
    const backup = item(
      "Backup",
      "b1",
      {
        ...{
          postgresId: orders.id,
          destinationId: store.id,
          schedule: "0 3 * * *",
          prefix: "/",
          database: "shop",
        },
      },
      { notes: ["It is odd."] },
    );
    const { files, program, names } = written([store, shop, orders, backup]);
    const app = files.get("services/orders/dokploy-app.yaml") ?? "";
    assert.match(app, /^# backups: It is odd\.\nkind: postgres\n/);
    assert.match(app, /^ {4}destination: store\n/m);
    assert.doesNotMatch(app, /postgresId|destinationId/);
    assert.equal(names[backup.id], "orders/backup");
    assert.match(program, /destinations: \{ "?store"?: store\.id \}/);
    assert.equal(files.has("envs/prod/orders.yaml"), false);
  });

  it("is named where the program needs one of its services, and stands after its environment", () => {
    const api = application("a1", "api");
    const port = item("Port", "o1", { applicationId: api.id, publishedPort: 80, targetPort: 80 });
    const { program } = written([shop, api, port]);
    assert.match(program, /\nconst shopRepository = new dokploy\.DeploymentRepository\("shop", /);
    assert.match(program, /applicationId: shopRepository\.services\["api"\]!\.id/);
    assert.ok(program.indexOf("new dokploy.Project") < program.indexOf("new dokploy.DeploymentRepository"));
  });

  it("has a folder of its own for each of several environments", () => {
    const staging = item("Environment", "e1", { projectId: shop.id, name: "staging" });
    const web = item("Application", "a2", { environmentId: staging.id, name: "web", source });
    const { files, program } = written([shop, application("a1", "api"), staging, web]);
    assert.deepEqual([...files.keys()].sort(), [
      "shop/envs/prod/api.yaml",
      "shop/services/api/dokploy-app.yaml",
      "staging/envs/prod/web.yaml",
      "staging/services/web/dokploy-app.yaml",
    ]);
    assert.match(program, /directory: "staging",?\s+environmentId: staging\.id/);
    // One name of a kind in a program.
    const twice = item("Application", "a3", { environmentId: staging.id, name: "api", source });
    assert.equal(written([shop, application("a1", "api"), staging, twice]).repositories.length, 1);
  });
});

describe("the program of an export", () => {
  const plain = { keys: new Set<string>(), unlessSecretLooking: false };
  const programOf = (
    items: readonly Item[],
    more: Partial<Found> = {},
    from: "config" | "env" = "config",
  ) => {
    const references = new References(items, new Map([[id("def"), id("p1")]]));
    const found: Found = {
      ...{ settings: new Map(), items, references, defaults: new Map([[id("def"), id("p1")]]) },
      ...{ skipped: [], unread: [], finder: new SecretFinder(items), reached: [], ...more },
    };
    return programFiles(planOf(found, plain), from, undefined, "made/");
  };

  it("has a variable only for what another resource names", () => {
    const program = programOf([shop, application("a1", "api")]).get("index.ts") ?? "";
    assert.equal(
      program,
      [
        'import * as dokploy from "pulumi-dokploy";',
        "",
        "// Project shop",
        "",
        'const shop = new dokploy.Project("shop", { name: "shop" });',
        "",
        'new dokploy.Application("api", {',
        "  environmentId: shop.defaultEnvironmentId,",
        '  name: "api",',
        '  source: { type: "docker", image: "acme/api:1" },',
        "});",
        "",
      ].join("\n"),
    );
  });

  it("reads secrets from the configuration or the environment", () => {
    const items = [
      shop,
      application("a1", "api", { env: { T: "canary-4711-secret" } }, { maybeSecrets: [["env", "T"]] }),
    ];
    const config = programOf(items).get("index.ts") ?? "";
    assert.match(config, /^import \* as dokploy from "pulumi-dokploy";\n\n/);
    assert.match(config, /T: dokploy\.configSecret\("api\.T"\)/);
    const env = programOf(items, {}, "env").get("index.ts") ?? "";
    assert.match(env, /function secretOf\(name: string\)/);
    assert.match(env, /T: secretOf\("SECRET_API_T"\)/);
    assert.match(env, /^import \* as pulumi from "@pulumi\/pulumi";\n/);
    assert.doesNotMatch(env, /configSecret/);
  });

  it("has a comment about an object that is not managed at its place, and the others at the end", () => {
    const skipped = [
      { kind: "Mount", id: id("m1"), name: undefined, reason: "it is odd", parent: id("a1") },
      { kind: "Domain", id: id("d1"), name: "a.dev", reason: "it is odd too", parent: id("def") },
      { kind: "Tag", id: id("t1"), name: "x", reason: "it is of nothing" },
    ] as const;
    const lines = (programOf([shop, application("a1", "api")], { skipped }).get("index.ts") ?? "").split(
      "\n",
    );
    const at = (text: string) => lines.findIndex((line) => line.startsWith(text));
    const order = ["const shop", "// Domain a.dev", "new dokploy.Application", "// Mount (", "// Tag x"].map(
      at,
    );
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    assert.ok(!order.includes(-1), lines.join("\n"));
  });

  it("has compose files in a folder, by a path from the program on", () => {
    const composeFile = "services: {}\n";
    const jobs = item("Compose", "c1", {
      ...{ environmentId: id("def"), name: "jobs", source: { type: "raw", composeFile } },
    });
    const files = programOf([shop, jobs]);
    assert.equal(files.get("compose/jobs.yaml"), composeFile);
    assert.match(files.get("index.ts") ?? "", /source: dokploy\.composeFile\("made\/compose\/jobs\.yaml"\)/);
  });

  it("has the notes about an object before it", () => {
    const odd = { ...shop, notes: ["It is odd.", "Very."] };
    assert.match(
      programOf([odd]).get("index.ts") ?? "",
      /\n\/\/ It is odd\.\n\/\/ Very\.\nnew dokploy\.Project/,
    );
  });
});
