import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Generated } from "../../../../sdk/env-files";
import { layoutOf, previewStage, readLayout } from "../../../../sdk/repository";
import { readPreview } from "../../../../sdk/repository/preview-rules";
import type { Service } from "../../../../sdk/repository/service";
import { readServices } from "../../../../sdk/repository/services";
import { makeFolder, removeFolder } from "./folder";

const files: Readonly<Record<string, string>> = {
  "dokploy-previews.yaml": "from: test\nhost: ${service}-pr-${number}.preview.acme.dev\n",
  "services/web/dokploy-app.yaml": `kind: application
image: acme/web:1
databaseUrls: { DATABASE_URL: orders }
ports: [{ publishedPort: 25, targetPort: 25 }]
domains:
  - { host: shop.acme.dev, port: 3000 }
  - { host: www.acme.dev, port: 3000 }
  - { host: shop.acme.dev, path: /api, port: 4000 }
mounts:
  - { type: volume, volumeName: uploads, mountPath: /uploads }
  - { type: file, content: x, filePath: a.conf, mountPath: /a.conf }
schedules: [{ name: clean, cronExpression: "@hourly", command: /clean }]
import: PQqzqTGCVtx0St2SA3vCi
stages:
  test: { replicas: 2 }
  preview: { replicas: 1 }
`,
  "services/orders/dokploy-app.yaml": `kind: postgres
database: shop
user: shop
image: postgres:18
externalPort: 5432
protect: true
backups: [{ destination: main, schedule: 0 3 * * * }]
`,
  "envs/base/web.yaml": "LOG_LEVEL: info\n",
  "envs/test/web.yaml": "LOG_LEVEL: debug\nCOLOUR: blue\nSMTP_HOST: mail.acme.dev\n",
  "envs/preview/web.yaml": "COLOUR: green\n",
};

/** A service with a domain for each path. */
const domainsAt = (paths: readonly string[]) =>
  `kind: application\nimage: acme/web:1\ndomains: [${paths.map((path) => `{ host: a.acme.dev, path: ${path}, port: 80 }`).join(", ")}]\n`;

describe("a preview of a pull request", () => {
  const folders: string[] = [];
  afterEach(() => folders.splice(0).forEach(removeFolder));

  function read(
    changed: Readonly<Record<string, string>> = {},
    settings: Record<string, string> = {},
    stack = "pr-12",
  ) {
    const root = makeFolder({ ...files, ...changed });
    folders.push(root);
    const given: Record<string, string> = { preview: "12", ...settings };
    try {
      const preview = readPreview(root, (name) => given[name], {}, { root }, stack);
      const options = { root, over: previewStage, only: preview?.rules.services };
      const layout = readLayout(root, preview?.rules.from ?? "test", options);
      return readServices(layout, undefined, { root }, preview);
    } catch (error) {
      throw new Error((error as Error).message.replaceAll(`${root}/`, ""));
    }
  }
  const service = (services: readonly Service[], name: string) =>
    services.find((one) => one.name === name) ?? assert.fail(`no ${name}`);

  it("has the values of its stage, and over them those of previews", () => {
    const web = service(read(), "web");
    assert.equal(web.app.inputs["replicas"], 1);
    assert.deepEqual(web.env, { LOG_LEVEL: "debug", COLOUR: "green", SMTP_HOST: "mail.acme.dev" });
  });

  it("has limits of memory and processors: its own, or the largest", () => {
    const { inputs } = service(read(), "orders").app;
    assert.deepEqual(inputs["resources"], { memoryLimit: "1GiB", cpuLimit: 1 });
    const rules = `${files["dokploy-previews.yaml"]}limits: { memory: 256MiB, cpu: 0.5, replicas: 1 }\n`;
    const web = (line: string) => ({
      "dokploy-previews.yaml": rules,
      "services/web/dokploy-app.yaml": `kind: application\nimage: a/b:1\n${line}\n`,
    });
    const { resources } = service(read(web("resources: { memoryLimit: 64MiB }")), "web").app.inputs;
    assert.deepEqual(resources, { memoryLimit: "64MiB", cpuLimit: 0.5 });
    for (const line of ["resources: { memoryLimit: 257MiB }", "resources: { cpuLimit: 0.6 }", "replicas: 2"])
      assert.throws(
        () => read(web(line)),
        /dokploy-app\.yaml:3:\d+: [\w.]+: must be a (?:size|number) of at most `limits\./,
      );
  });

  it("makes its own secrets, also inside addresses and mounted files", () => {
    const { env, app } = service(
      read({
        "envs/test/web.yaml":
          "DB_PASSWORD: !generate\nURL: !text { text: 'redis://:${A}@cache/0', values: { A: !generate DB_PASSWORD } }\n" +
          "API_TOKEN: !text { text: '${A}:${B}', values: { A: !generate, B: !generate { format: jwt, signingKey: !generate K } } }\n",
        "services/web/dokploy-app.yaml":
          "kind: application\nimage: a/b:1\n" +
          "command: !text { text: 'run --password ${A}', values: { A: !generate DB_PASSWORD } }\n" +
          "mounts: [{ type: file, filePath: a.toml, mountPath: /a, content: !file { path: a.toml, values: { A: !generate DB_PASSWORD } } }]\n",
        "services/web/a.toml": "key = '${A}'\npassword = '${A}'\n",
      }),
      "web",
    );
    assert.ok(["DB_PASSWORD", "URL"].every((name) => env?.[name] instanceof Generated));
    assert.ok(app.inputs["command"] instanceof Generated);
  });

  describe("has compose services", () => {
    const cache = (compose: string, app = "", rules = "") => ({
      "dokploy-previews.yaml": `${files["dokploy-previews.yaml"]}${rules}`,
      "services/cache/dokploy-app.yaml": `kind: compose\n${app}`,
      "services/cache/compose.yaml": compose,
    });
    const redis = "services:\n  cache:\n    image: redis:8\n";
    const joining = `${redis}    networks: [dokploy-network]\nnetworks: { dokploy-network: { external: true } }\n`;
    const rule = "dokployNetwork: [cache]\n";
    const urls = "databaseUrls: { URL: orders }\n";
    const env = { "envs/test/cache.yaml": "A: b\n" };

    it("with commands that have no secret", () => {
      const lines = [
        "command: redis-server --requirepass $PASSWORD",
        "command: [server, --password-file, /run/secrets/password, --tls-key, /etc/ssl/key.pem]",
        "healthcheck: { test: [CMD-SHELL, 'mysqladmin ping -p$$MYSQL_ROOT_PASSWORD'] }",
        "entrypoint: [node, --max-old-space-size=512, server.js, --port, '3000']",
      ];
      for (const line of lines) assert.doesNotThrow(() => read(cache(`${redis}    ${line}\n`)), line);
    });

    it("with secrets that variables give", () => {
      const given = [
        "TOKEN: $X",
        "TOKEN: '${X}:${Y}'",
        "TOKEN: '${X:?give the token}'",
        "TOKEN: '${X:-}'",
        "URL: 'postgres://shop:${PASSWORD}@db/shop'",
        "URL: '${URL:-postgres://shop:${PASSWORD}@db/shop}'",
      ];
      for (const variable of given)
        assert.doesNotThrow(() => read(cache(`${redis}    environment: { ${variable} }\n`)), variable);
    });

    it("with files of mounts, which the containers only read", () => {
      const mount = "mounts: [{ type: file, filePath: conf/a.toml, mountPath: /a.toml, content: x }]\n";
      const compose = `${redis}    mem_limit: 64m\n    cpus: 1\n    volumes: [../files/conf/a.toml:/a.toml]\n`;
      const { composeFile } = service(read(cache(compose, mount)), "cache");
      assert.match(
        composeFile?.composeFile ?? "",
        /volumes: \[\s*\.\.\/files\/conf\/a\.toml:\/a\.toml:ro\s*\]/,
      );
      assert.throws(
        () => read(cache(compose)),
        /compose\.yaml:6:15: services\.cache\.volumes\[0\]: must be .*:ro/,
      );
    });

    it("with a network of their own, and limits", () => {
      const { app, composeFile } = service(read(cache(redis)), "cache");
      assert.equal(app.inputs["isolatedDeployment"], true);
      assert.equal(app.inputs["deleteVolumes"], true);
      const kept = service(read(cache(redis, "", "deleteVolumes: false\n")), "cache");
      assert.equal(kept.app.inputs["deleteVolumes"], false);
      assert.equal(composeFile?.composeFile, `${redis}    mem_limit: 1073741824\n    cpus: 1\n`);
      assert.throws(
        () => read(cache(joining)),
        /services\/cache\/compose\.yaml:4:5: services\.cache\.networks: has Dokploy's network/,
      );
      assert.throws(
        () => read({ ...cache(redis, urls), ...env }),
        /services\/cache\/dokploy-app\.yaml:2:1: databaseUrls: needs Dokploy's network/,
      );
    });

    it("in Dokploy's network where the rules say so", () => {
      const { app } = service(read({ ...cache(joining, urls, rule), ...env }), "cache");
      assert.ok(!("isolatedDeployment" in app.inputs));
      const routed = "domains: [{ host: a.acme.dev, serviceName: shop-web-k3j9x2 }]\n";
      const named = redis.replace("cache", "shop-web-k3j9x2");
      assert.throws(() => read(cache(named, routed, rule)), /could be the name of another service/);
      service(read(cache(named, routed)), "cache");
      assert.throws(
        () => read(cache(redis, "", "dokployNetwork: [cahce]\n")),
        /dokploy-previews\.yaml:3:1: dokployNetwork: names cahce, but the repository has/,
      );
    });
  });

  it("has no secret as a build argument in the file, and no reference beyond its own project", () => {
    const web = (line: string) => ({
      "services/web/dokploy-app.yaml": `kind: application\nimage: a/b:1\n${line}\n`,
    });
    assert.throws(
      () => read(web("buildArgs: { DB_PASSWORD: canary }")),
      /buildArgs\.DB_PASSWORD: is a secret in the file/,
    );
    for (const reference of ["vault.main.key", " vault.main.key", "VAULT.main.key", "other.x"])
      assert.throws(
        () => read(web(`args: ['\${{${reference}}}']`)),
        /args\[0\]: refers to a vault, or/,
        reference,
      );
    service(read(web("args: ['${{project.A}} ${{environment.B}} ${{C}}']")), "web");
  });

  it("has its own host, once for each path", () => {
    const host = "web-pr-12.preview.acme.dev";
    assert.deepEqual(service(read(), "web").app.inputs["domains"], [
      { host, port: 3000 },
      { host, path: "/api", port: 4000 },
    ]);
  });

  it("may have one host for all services, each with paths of its own", () => {
    const services = read({
      "dokploy-previews.yaml": "from: test\nhost: pr-${number}.acme.dev\n",
      "services/admin/dokploy-app.yaml": domainsAt(["/admin"]),
    });
    const host = "pr-12.acme.dev";
    assert.deepEqual(service(services, "admin").app.inputs["domains"], [{ host, path: "/admin", port: 80 }]);
    assert.equal((service(services, "web").app.inputs["domains"] as unknown[]).length, 2);
  });

  it("adopts nothing, is not protected, publishes no ports, runs no backups, and names volumes by its number", () => {
    const services = read();
    const { inputs, attached, adopts } = service(services, "web").app;
    assert.deepEqual([attached, adopts], [{}, undefined]);
    assert.equal(service(services, "orders").app.isProtected, false);
    assert.ok(!("ports" in inputs));
    assert.deepEqual((inputs["mounts"] as object[])[0], {
      type: "volume",
      volumeName: `${pulumi.getProject()}-pr-12-uploads`,
      mountPath: "/uploads",
    });
    const orders = service(services, "orders").app;
    assert.ok(!("externalPort" in orders.inputs));
    assert.deepEqual(orders.attached, {});
  });

  it("has no volume that a preview of another project could have too", () => {
    const mounting = (volumeName: string) =>
      read({
        "services/admin/dokploy-app.yaml": `kind: application\nimage: a/b:1\nmounts: [{ type: volume, volumeName: ${volumeName}, mountPath: /a }]\n`,
      });
    // Preview 3 of a project `<project>-pr-12` has a volume `<project>-pr-12-pr-3-data` as well.
    for (const name of ["pr-3-data", "api-pr-3-data"])
      assert.throws(
        () => mounting(name),
        /^Error: services\/admin\/dokploy-app\.yaml:3:26: mounts\[0\]\.volumeName: has pr- and a number in its name/,
      );
    for (const name of ["pr-data", "spr-3-data", "pr-3"]) mounting(name);
  });

  it("has the services that the rules name, and those of no other", () => {
    const rules = { "dokploy-previews.yaml": `${files["dokploy-previews.yaml"]}services: [orders]\n` };
    assert.deepEqual(
      read(rules).map(({ name }) => name),
      ["orders"],
    );
    assert.throws(
      () => read({ "dokploy-previews.yaml": `${files["dokploy-previews.yaml"]}services: [web]\n` }),
      /^Error: services\/web\/dokploy-app\.yaml:3:17: databaseUrls\.DATABASE_URL: orders takes no part in previews/,
    );
    const web = "kind: application\nimage: acme/web:1\n";
    assert.throws(
      () =>
        read({
          "dokploy-previews.yaml": `${files["dokploy-previews.yaml"]}services: [web]\n`,
          "services/web/dokploy-app.yaml": web,
          "envs/test/web.yaml": "DATABASE_URL: !ref orders\n",
        }),
      /^Error: envs\/test\/web\.yaml:1:1: DATABASE_URL: !ref orders: orders takes no part in previews; add it to services in/,
    );
  });

  it("gets the addresses of its own services, and of containers only in Dokploy's network", () => {
    const cache = (rules: string) => ({
      "dokploy-previews.yaml": `${files["dokploy-previews.yaml"]}${rules}`,
      "services/cache/dokploy-app.yaml": "kind: compose\n",
      "services/cache/compose.yaml":
        "services:\n  redis:\n    image: redis:8\n    networks: [dokploy-network]\n" +
        "networks:\n  dokploy-network: { external: true }\n",
      "envs/test/cache.yaml": "A: !ref web:80\n",
    });
    const { addresses } = service(read(cache("dokployNetwork: [cache]\n")), "cache");
    assert.deepEqual(
      addresses.map(({ variable, name, port }) => [variable, name, port]),
      [["A", "web", 80]],
    );
  });

  it("leaves out the variables that the rules name, and refuses a name that no service has", () => {
    const without = (names: string) => ({
      "dokploy-previews.yaml": `${files["dokploy-previews.yaml"]}without: [${names}]\n`,
    });
    assert.deepEqual(Object.keys(service(read(without("SMTP_HOST, 'LOG*'")), "web").env ?? {}), ["COLOUR"]);
    assert.throws(
      () => read(without("SMTP_HSOT")),
      /^Error: dokploy-previews\.yaml:3:1: without: names SMTP_HSOT, which no service has/,
    );
  });

  it("meets the contract of its stage, apart from what the rules leave out", () => {
    const contract = (rule: string) => ({
      "envs/schema.yaml": `services:\n  web:\n    NEEDED: { required: [test] }\n${rule}additional: true\n`,
    });
    assert.throws(
      () => read(contract("")),
      /NEEDED: is missing, and stage test needs it \(envs\/schema\.yaml:3:5\)/,
    );
    const rules = `${files["dokploy-previews.yaml"]}without: [SMTP_HOST]\n`;
    const given = {
      "envs/test/web.yaml": `${files["envs/test/web.yaml"]}NEEDED: x\n`,
      "dokploy-previews.yaml": rules,
    };
    const web = service(read({ ...contract("    SMTP_HOST: { required: true }\n"), ...given }), "web");
    assert.deepEqual(Object.keys(web.env ?? {}).sort(), ["COLOUR", "LOG_LEVEL", "NEEDED"]);
  });

  it("runs a seed on request", () => {
    const seed = (text: string) => ({
      "dokploy-previews.yaml": `${files["dokploy-previews.yaml"]}seed: { ${text} }\n`,
    });
    assert.deepEqual(service(read(seed("web: npm run seed")), "web").app.attached, {
      schedules: [
        {
          name: "seed",
          cronExpression: "0 0 1 1 *",
          enabled: false,
          shellType: "sh",
          command: "npm run seed",
        },
      ],
    });
    assert.throws(() => read(seed("orders: x")), /:3:9: seed\.orders: is a database/);
    assert.throws(() => read(seed("wbe: x")), /:3:1: seed: names wbe, but the repository has orders, web/);
    assert.throws(
      () => read(seed("web: { serviceName: a, command: x }")),
      /seed\.web: needs the command alone/,
    );
  });

  it("is built from the branch of the pull request where the rules say so", () => {
    const github =
      "source: { type: github, githubId: PQqzqTGCVtx0St2SA3vCi, owner: acme, repository: web, branch: main }";
    const changed = {
      "dokploy-previews.yaml": `${files["dokploy-previews.yaml"]}services: [api]\nbuildsBranch: [api]\nids: [PQqzqTGCVtx0St2SA3vCi]\nrepositories: [acme/web]\n`,
      "services/api/dokploy-app.yaml": `kind: application\n${github}\n`,
    };
    const { source } = service(read(changed, { previewBranch: "feature/x" }), "api").app.inputs;
    assert.equal((source as { branch: string }).branch, "feature/x");
    for (const previewBranch of ["-x", "x;id", "x$(id)", "../x"])
      assert.throws(
        () => read(changed, { previewBranch }),
        /source\.branch: must be a branch/,
        previewBranch,
      );
    assert.throws(() => read(changed), /services\/api\/dokploy-app\.yaml:2:1: source: .*previewBranch/);
  });

  const refused: Readonly<Record<string, [changed: Record<string, string>, reason: RegExp]>> = {
    "variables of production": [
      { "dokploy-previews.yaml": "from: eu-prod\n" },
      /^Error: dokploy-previews\.yaml:1:1: from: is a stage of production/,
    ],
    "a secret of its stage": [
      { "envs/test/web.yaml": "API_TOKEN: sk-canary\nA: b\n" },
      /^Error: envs\/test\/web\.yaml:1:1: API_TOKEN: looks like a secret.*write !secret/,
    ],
    "an address with a password": [
      { "envs/base/web.yaml": "CACHE: redis://:canary@cache:6379\n" },
      /^Error: envs\/base\/web\.yaml:1:1: CACHE: looks like a secret/,
    ],
    "a secret of a vault": [
      { "envs/test/web.yaml": "X: !ref vault.main.key\n" },
      /^Error: envs\/test\/web\.yaml:1:1: X: refers to a vault/,
    ],
    "a secret of its stage in a secrets manager": [
      { "envs/test/web.yaml": "A: 1\nTOKEN: !op op://shop/test/token\n" },
      /^Error: envs\/test\/web\.yaml:2:1: TOKEN: takes a secret of another stage from 1Password; write another/,
    ],
    "a file of SOPS outside of the folder of previews": [
      { "envs/preview/web.yaml": "A: b\nTOKEN: !sops ../prod/web.enc.yaml#token\n" },
      /^Error: envs\/preview\/web\.yaml:2:1: TOKEN: takes a secret of another stage from SOPS; write another/,
    ],
    "a value of the environment, which has keys": [
      { "envs/preview/web.yaml": "A: b\nX: !env AWS_SECRET_ACCESS_KEY\n" },
      /^Error: envs\/preview\/web\.yaml:2:1: X: comes from the environment of the run.*write !secret/,
    ],
    "a secret of a provider's configuration": [
      { "envs/test/web.yaml": "X: !secret aws:secretKey\n" },
      /^Error: envs\/test\/web\.yaml:1:1: X: comes from the configuration of aws, .*write !secret secretKey/,
    ],
    "a secret of its stage inside a text": [
      { "envs/test/web.yaml": "X: !text { text: 'redis://:canary@cache/${A}', values: { A: !generate } }\n" },
      /^Error: envs\/test\/web\.yaml:1:1: X: looks like a secret/,
    ],
    "a value of the environment inside a text": [
      { "envs/test/web.yaml": "X: !text { text: 'a ${A}', values: { A: !env AWS_SECRET_ACCESS_KEY } }\n" },
      /^Error: envs\/test\/web\.yaml:1:1: X: comes from the environment of the run/,
    ],
    "a value of the environment that signs a token": [
      { "envs/test/web.yaml": "X: !generate { format: jwt, signingKey: !env AWS_SECRET_ACCESS_KEY }\n" },
      /^Error: envs\/test\/web\.yaml:1:1: X: comes from the environment of the run/,
    ],
    "a vault beside a place for a secret in a service's file": [
      {
        "services/web/dokploy-app.yaml":
          "kind: application\nimage: a/b:1\nbuildArgs: { X: !text { text: '${{vault.main.key}}${A}', values: { A: !generate } } }\n",
      },
      /^Error: services\/web\/dokploy-app\.yaml:3:\d+: !text refers to a vault/,
    ],
    "a secret beside a place for one in a service's file": [
      {
        "services/web/dokploy-app.yaml":
          "kind: application\nimage: a/b:1\ncommand: !text { text: 'run redis://:canary@cache/${A}', values: { A: !generate } }\n",
      },
      /^Error: services\/web\/dokploy-app\.yaml:3:1: !text is a secret in the file/,
    ],
    "a secret beside a place for one in a mounted file": [
      {
        "services/web/dokploy-app.yaml":
          "kind: application\nimage: a/b:1\nmounts: [{ type: file, filePath: a.toml, mountPath: /a, content: !file { path: a.toml, values: { A: !generate } } }]\n",
        "services/web/a.toml": "key = '${A}'\npassword = 'canary'\n",
      },
      /^Error: services\/web\/dokploy-app\.yaml:3:\d+: services\/web\/a\.toml is a secret in the file/,
    ],
    "a text with a place where only some words are allowed": [
      {
        "services/web/dokploy-app.yaml":
          "kind: application\nimage: a/b:1\nredirects: [{ regex: !text { text: '`${A}', values: { A: !generate } }, replacement: /a, permanent: true }]\n",
      },
      /^Error: services\/web\/dokploy-app\.yaml:3:\d+: redirects\[0\]\.regex: /,
    ],
    "a value of the environment in a service's file": [
      {
        "services/web/dokploy-app.yaml":
          "kind: application\nimage: a/b:1\nbuildArgs: { X: !env AWS_SECRET_ACCESS_KEY, Y: !secret aws:secretKey }\n",
      },
      /^Error: services\/web\/dokploy-app\.yaml:3:\d+: !env comes from the environment.*\n.*!secret comes from the configuration of aws/,
    ],
    ...Object.fromEntries(
      (
        [
          [
            "labels of Traefik",
            "swarm: { labels: { Traefik.http.routers.x.rule: Host(`shop.acme.dev`) } }",
            "swarm\\.labels: is not allowed in a preview",
          ],
          [
            "published ports",
            "swarm: { endpointSpec: { Ports: [{ TargetPort: 80, PublishedPort: 80 }] } }",
            "swarm\\.endpointSpec\\.Ports: is not allowed in a preview",
          ],
          [
            "a vault in a service's file",
            "buildArgs: { X: '${{vault.main.key}}' }",
            "buildArgs\\.X: refers to a vault",
          ],
          [
            "a password in a mounted file",
            "mounts: [{ type: file, filePath: a.toml, mountPath: /a, content: \"user = a\\npassword = 'canary'\\n\" }]",
            "mounts\\[0\\]\\.content: is a secret in the file",
          ],
        ] as const
      ).map(([what, line, reason]): [string, [Record<string, string>, RegExp]] => [
        what,
        [
          { "services/web/dokploy-app.yaml": `kind: application\nimage: a/b:1\n${line}\n` },
          new RegExp(`^Error: services/web/dokploy-app\\.yaml:3:\\d+: ${reason}`),
        ],
      ]),
    ),
    "networks of other stages for parts of a compose service": [
      {
        "services/cache/dokploy-app.yaml":
          "kind: compose\nserviceNetworks: [{ serviceName: a, networkIds: [PQqzqTGCVtx0St2SA3vCi], detachDokployNetwork: false }]\n",
        "services/cache/compose.yaml": "services: { a: { image: 'r:7' } }\n",
      },
      /^Error: services\/cache\/dokploy-app\.yaml:2:50: serviceNetworks\[0\]\.networkIds\[0\]: must be an id that `ids` of dokploy-previews\.yaml names/,
    ],
    "a password in a compose file": [
      {
        "services/cache/dokploy-app.yaml": "kind: compose\n",
        "services/cache/compose.yaml":
          "services:\n  a:\n    image: r:7\n    environment:\n      - DB_PASSWORD=canary\n",
      },
      /^Error: services\/cache\/compose\.yaml:5:9: services\.a\.environment\.DB_PASSWORD: looks like a secret.*\$\{DB_PASSWORD\}/,
    ],
    "a password in the command of a compose file": [
      {
        "services/cache/dokploy-app.yaml": "kind: compose\n",
        "services/cache/compose.yaml":
          "services:\n  a:\n    image: r:7\n    healthcheck: { test: [CMD, redis-cli, -a, canary, ping] }\n    command: server --password ${P:-canary}\n",
      },
      /compose\.yaml:4:20: services\.a\.healthcheck\.test: has a password[\s\S]*compose\.yaml:5:5: services\.a\.command: has a password/,
    ],
    "a password in a command": [
      {
        "services/web/dokploy-app.yaml":
          "kind: application\nimage: a/b:1\ncommand: run --token canary\nargs: [--password, canary]\nswarm: { healthCheck: { Test: [CMD-SHELL, mysqladmin ping -pcanary] } }\n",
      },
      /:3:1: command: is a secret[\s\S]*:4:1: args: is a secret[\s\S]*:5:\d+: swarm\.healthCheck\.Test: is a secret/,
    ],
    "a password in the command of a health check": [
      {
        "services/web/dokploy-app.yaml":
          "kind: application\nimage: a/b:1\nhealthCheck: { command: mysqladmin ping -pcanary }\n",
      },
      /:3:\d+: healthCheck\.command: is a secret/,
    ],
    "a password as the default of a variable in a compose file": [
      {
        "services/cache/dokploy-app.yaml": "kind: compose\n",
        "services/cache/compose.yaml":
          "services:\n  a:\n    image: r:7\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD:-${X-canary}}\n",
      },
      /^Error: services\/cache\/compose\.yaml:5:20: services\.a\.environment\.DB_PASSWORD: looks like a secret/,
    ],
    "a password after a variable in a compose file": [
      {
        "services/cache/dokploy-app.yaml": "kind: compose\n",
        "services/cache/compose.yaml":
          "services:\n  a:\n    image: r:7\n    environment: [ 'DB_PASSWORD=${X}canary' ]\n",
      },
      /^Error: services\/cache\/compose\.yaml:4:20: services\.a\.environment\.DB_PASSWORD: looks like a secret/,
    ],
    "limits that Docker reads as none": [
      { "dokploy-previews.yaml": "from: test\nlimits: { memory: 0.4B, cpu: 0.000001 }\n" },
      /limits\.memory: is less than a byte[\s\S]*limits\.cpu: is less than 0\.01/,
    ],
    "a config with a password in a compose file": [
      {
        "services/cache/dokploy-app.yaml": "kind: compose\n",
        "services/cache/compose.yaml":
          "services: { a: { image: 'r:7' } }\nconfigs:\n  c:\n    content: |\n      password: canary\n",
      },
      /^Error: services\/cache\/compose\.yaml:4:5: configs\.c\.content: looks like a secret/,
    ],
    "a pattern that leaves nothing out": [
      { "dokploy-previews.yaml": `${files["dokploy-previews.yaml"]}without: ['STRPE_*']\n` },
      /^Error: dokploy-previews\.yaml:3:1: without: names STRPE_\*, which no service has/,
    ],
    "a host that two previews could share": [
      { "dokploy-previews.yaml": "from: test\nhost: ${service}${number}.acme.dev\n" },
      /^Error: dokploy-previews\.yaml:2:1: host: needs a - or a dot between/,
    ],
    "a host that two previews could share by digits": [
      { "dokploy-previews.yaml": "from: test\nhost: pr${number}1${service}.acme.dev\n" },
      /^Error: dokploy-previews\.yaml:2:1: host: needs a - or a dot between/,
    ],
    "one address for two services": [
      {
        "dokploy-previews.yaml": "from: test\nhost: pr-${number}.acme.dev\n",
        "services/admin/dokploy-app.yaml": domainsAt(["/admin", "/api"]),
      },
      /^Error: dokploy-previews\.yaml:2:1: host: gives admin and web the same address, pr-12\.acme\.dev\/api, since it has no \$\{service\}; write such as \$\{service\}-pr-\$\{number\}\.acme\.dev, or give their domains different paths in stages\.preview$/,
    ],
    "one address for two services whose names become the same": [
      {
        "services/a.b/dokploy-app.yaml": domainsAt(["/"]),
        "services/A-b/dokploy-app.yaml": domainsAt(["/"]),
      },
      /^Error: dokploy-previews\.yaml:2:1: host: gives A-b and a\.b the same address, a-b-pr-12\.preview\.acme\.dev\/, since .*; rename one, or/,
    ],
    "a folder of the server": [
      {
        "services/web/dokploy-app.yaml":
          "kind: application\nimage: a/b:1\nmounts: [{ type: bind, hostPath: /srv, mountPath: /srv }]\n",
      },
      /^Error: services\/web\/dokploy-app\.yaml:3:10: mounts\[0\]: must have one of these as its type: `volume`, `file`; leave it out/,
    ],
    "a field with nothing but an empty mapping, which runs a container on each node": [
      {
        "services/web/dokploy-app.yaml":
          "kind: application\nimage: a/b:1\nswarm: { mode: { Global: {} }, healthCheck: {} }\n",
      },
      /^Error: services\/web\/dokploy-app\.yaml:3:10: swarm\.mode: is not allowed in a preview; leave it out[^\n]*$/,
    ],
    "a network of another stage": [
      {
        "services/web/dokploy-app.yaml":
          "kind: application\nimage: a/b:1\nnetworkIds: [PQqzqTGCVtx0St2SA3vCi]\n",
      },
      /^Error: services\/web\/dokploy-app\.yaml:3:14: networkIds\[0\]: must be an id that `ids`/,
    ],
    "a password in a service's file": [
      {
        "services/web/dokploy-app.yaml":
          "kind: application\nsource: { type: docker, image: 'a/b:1', username: u, password: canary }\n",
      },
      /^Error: services\/web\/dokploy-app\.yaml:2:\d+: source\.password: is a secret in the file/,
    ],
    "a compose file with a volume that others have": [
      {
        "services/cache/dokploy-app.yaml": "kind: compose\n",
        "services/cache/compose.yaml":
          "services: { a: { image: 'r:7' } }\nvolumes:\n  data: { external: true }\n",
      },
      /^Error: services\/cache\/compose\.yaml:3:11: volumes\.data\.external: must be `false`.*composeFile in stages\.preview/,
    ],
    "a domain without a host for previews": [
      { "dokploy-previews.yaml": "from: test\n" },
      /^Error: dokploy-previews\.yaml:1:1: host: is missing, and web has domains/,
    ],
    "a host without the number": [
      { "dokploy-previews.yaml": "from: test\nhost: preview.acme.dev\n" },
      /^Error: dokploy-previews\.yaml:2:1: host: has no \$\{number\}/,
    ],
    "a host that is none": [
      { "dokploy-previews.yaml": "from: test\nhost: https://${number}.acme.dev\n" },
      /^Error: dokploy-previews\.yaml:2:1: host: is not a host/,
    ],
    "unknown rules": [
      { "dokploy-previews.yaml": "from: test\nlimts: 2\n" },
      /^Error: dokploy-previews\.yaml:2:1: limts: .*limit/,
    ],
    "a lifetime without a unit": [
      { "dokploy-previews.yaml": "from: test\nlifetime: '7'\n" },
      /^Error: dokploy-previews\.yaml:2:1: lifetime: must be a number of hours or days/,
    ],
    "a stage that does not exist": [
      { "dokploy-previews.yaml": "from: tset\nhost: x-${number}.acme.dev\n" },
      /envs\/tset: there is no such folder/,
    ],
  };
  for (const [what, [changed, reason]] of Object.entries(refused)) {
    it(`refuses ${what}, with its place and without a value`, () => {
      assert.throws(
        () => read(changed),
        (error: Error) => {
          assert.match(`Error: ${error.message}`, reason);
          assert.doesNotMatch(error.message, /canary/);
          return true;
        },
      );
    });
  }

  it("needs a number and rules", () => {
    assert.throws(() => read({}, { preview: "main" }), /dokploy:preview is not the number of a pull request/);
    const root = makeFolder({});
    folders.push(root);
    assert.throws(
      () => readPreview(root, (name) => (name === "preview" ? "12" : undefined), {}, { root }, "pr-12"),
      /dokploy-previews\.yaml: is missing, and a preview/,
    );
    assert.equal(
      readPreview(root, () => undefined, {}, { root }, "test"),
      undefined,
    );
    assert.throws(
      () => readPreview(root, () => undefined, { DOKPLOY_PREVIEW: "12" }, { root }, "pr-12"),
      /is missing/,
    );
  });

  it("is only the stack of its number, and adopts nothing by the configuration", () => {
    assert.throws(
      () => read({}, {}, "prod"),
      /dokploy:preview or DOKPLOY_PREVIEW is 12, but the stack is prod: the run would replace .* the stack pr-12/,
    );
    assert.throws(() => read({}, { adopt: "dokploy-adopt.json" }), /dokploy:adopt is set for the preview/);
  });

  it("gets no previews or deployments by Dokploy itself", () => {
    const more =
      "autoDeploy: true\nrollbackActive: true\npreview: { enabled: true, wildcard: '*.acme.dev' }\n";
    const { inputs } = service(
      read({ "services/web/dokploy-app.yaml": `kind: application\nimage: a/b:1\n${more}` }),
      "web",
    ).app;
    assert.equal(inputs["autoDeploy"], false);
    assert.ok(!("preview" in inputs) && !("rollbackActive" in inputs));
  });

  it("takes no folder of variables that is a link to another stage's", function () {
    if (process.platform === "win32") this.skip();
    const root = makeFolder(files);
    folders.push(root);
    fs.renameSync(path.join(root, "envs/test"), path.join(root, "envs/prod"));
    fs.symlinkSync("prod", path.join(root, "envs/test"));
    const preview = (name: string) => (name === "preview" ? "12" : undefined);
    assert.throws(
      () => readPreview(root, preview, {}, { root }, "pr-12"),
      /from: has a folder in envs that is a link/,
    );
  });

  it("takes secrets of a manager from the files of previews, and leaves out those that the rules name", () => {
    const rules = `${files["dokploy-previews.yaml"]}without: [MAIL_KEY]\n`;
    const changed = {
      "dokploy-previews.yaml": rules,
      "envs/test/web.yaml": "TOKEN: !vault secret/test\nMAIL_KEY: !vault secret/test\n",
      "envs/preview/web.yaml": "TOKEN: !secret token\n",
    };
    const name = `${pulumi.getProject()}:token`;
    pulumi.runtime.setAllConfig({ [name]: "canary" }, [name]);
    assert.deepEqual(Object.keys(service(read(changed), "web").env ?? {}), ["LOG_LEVEL", "TOKEN"]);
    const broken = { ...changed, "envs/preview/web.yaml": "TOKEN: !sops ../../none.yaml#a\nA: [1]\n" };
    // Only the mistake is refused, and not the tag.
    assert.throws(
      () => read(broken),
      (error: Error) => /web\.yaml:2:4: A: has a nested/.test(error.message) && !/TOKEN/.test(error.message),
    );
  });

  it("keeps the value of a !secret secret", async () => {
    const name = `${pulumi.getProject()}:token`;
    pulumi.runtime.setAllConfig({ [name]: "canary" }, [name]);
    const { env } = service(read({ "envs/test/web.yaml": "API_TOKEN: !secret token\n" }), "web");
    assert.ok(await pulumi.isSecret(pulumi.output(env?.["API_TOKEN"])));
  });
});

describe("links in the repository of a preview", () => {
  let root: string;
  before(function () {
    if (process.platform === "win32") this.skip();
  });
  beforeEach(() => {
    root = makeFolder({
      "dokploy-previews.yaml": "from: test\n",
      "services/web/dokploy-app.yaml": "kind: application\nimage: acme/web:1\n",
      "envs/test/web.yaml": "LOG_LEVEL: debug\n",
      "envs/prod/web.yaml": "API_TOKEN: canary-of-production-4711\n",
    });
  });
  afterEach(() => removeFolder(root));

  function read() {
    const given = (name: string) => (name === "preview" ? "12" : undefined);
    const preview = readPreview(root, given, {}, { root }, "pr-12") ?? assert.fail("no preview");
    const layout = readLayout(root, "test", { root, ...layoutOf(preview) });
    return readServices(layout, undefined, { root }, preview);
  }
  const link = (name: string, to: string) => {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.symlinkSync(to, path.join(root, name));
  };

  it("do not make the folder of another stage that of previews", () => {
    link(`envs/${previewStage}`, "prod");
    assert.throws(read, /from: has a folder in envs that is a link/);
  });

  it("do not make a file of another stage one of previews, of their stage, of all stages, or of a service", () => {
    for (const name of [
      ...[
        `envs/${previewStage}/web.yaml`,
        "envs/test/web.env",
        "envs/base/web.yaml",
        "envs/base/shared.yaml",
      ],
      "services/api/dokploy-app.yaml",
    ]) {
      link(name, name.includes("services") ? "../web/dokploy-app.yaml" : "../prod/web.yaml");
      assert.throws(read, (error: Error) => {
        assert.match(error.message, /is a symbolic link, or in a folder that is one/);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
      fs.rmSync(path.join(root, name));
      const folder = path.dirname(path.join(root, name));
      if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
    }
    for (const [name, to] of [
      ["envs/base", "prod"],
      ["services/api", "web"],
    ] as const) {
      fs.rmSync(path.join(root, name), { recursive: true, force: true });
      link(name, to);
      assert.throws(read, /is a symbolic link, or in a folder that is one/, name);
      fs.rmSync(path.join(root, name));
    }
    fs.mkdirSync(path.join(root, `envs/${previewStage}`), { recursive: true });
    fs.copyFileSync(path.join(root, "envs/prod/web.yaml"), path.join(root, `envs/${previewStage}/web.yaml`));
    assert.equal(read().length, 1, "a file of previews may have it");
  });
});
