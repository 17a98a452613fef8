import * as assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { UsageError } from "../../../../../cli/terminal";
import { UserError } from "../../../../../provider/errors";
import { everyHelper, runTemplates, TemplateFolder } from "./templates";

const plain = {
  config: '[config.env]\nA = "1"\n',
  compose: "services:\n  web:\n    image: acme/web:1\n    env_file: [.env]\n",
};

describe("a service from a template", () => {
  let folder: TemplateFolder;
  beforeEach(() => {
    folder = new TemplateFolder({ all: everyHelper, plain });
    folder.project("shop");
  });
  afterEach(() => folder.remove());
  const read = (path: string) => readFileSync(join(folder.path, "shop", path), "utf8");
  const add = (...options: string[]) => folder.init("shop", options);

  it("has each random value as a generated secret, and the hosts of each stage", async () => {
    const printed = await add("--template", "all", "--domain", "acme.dev");
    assert.equal(read("services/all/compose.yaml"), everyHelper.compose);
    const base = read("envs/base/all.yaml");
    assert.match(base, /^TABLES: x_[0-9a-f]{4}$/m);
    assert.equal(
      base.replace(/^TABLES: .*\n/m, ""),
      `# Variables of every stage, from the template all
DATABASE_URL: !text { text: "postgres://app:\${db_password}@db/app", values: { db_password: !generate { length: 32 } } }
DB_PASSWORD: !generate db_password
KEY: !generate { name: key, format: base64, bytes: 64 }
hex: !generate { format: hex, bytes: 32 }
ID: !generate { name: id, format: uuid }
ADMIN: !generate { name: admin, format: username }
MAIL: !generate { name: mail, format: email }
ANON_KEY: !generate { format: jwt, signingKey: !generate { name: signing_key, length: 40 }, payload: {"role":"anon","iss":"dokploy","exp":1924992000} }
TOKEN: !generate { format: jwt, signingKey: !generate { name: TOKEN_key, format: hex, bytes: 32 }, payload: {"iss":"dokploy","exp":1893456000} }
SESSION: !generate { format: hex, bytes: 32 }
PIN: !generate { name: pin, length: 16 }
DIRECT: !generate { length: 20 }
NAME: "\${{APP_NAME}}"
OPEN: "\${NOBODY}"
QUOTED: "a # b"
`,
    );
    const ports = ["test", "prod"].map((stage) => {
      const [, port = ""] = /^PORT: "(\d+)"$/m.exec(read(`envs/${stage}/all.yaml`)) ?? [];
      return port;
    });
    assert.notEqual(ports[0], ports[1]);
    assert.match(
      read("envs/test/all.yaml"),
      /^BASE_URL: "http:\/\/test\.all\.acme\.dev"\nAPI: test\.api-all\.acme\.dev\n/,
    );
    assert.match(
      read("envs/prod/all.yaml"),
      /^BASE_URL: "http:\/\/all\.acme\.dev"\nAPI: api-all\.acme\.dev\n/,
    );
    assert.equal(
      read("services/all/dokploy-app.yaml").split("  prod:")[1],
      `
    domains:
      - { host: all.acme.dev, port: 8000, serviceName: web }
      - { host: api-all.acme.dev, port: 3000, serviceName: api, path: "/v1", stripPath: true }
    mounts:
      - { type: file, filePath: conf/app.toml, mountPath: "/conf/app.toml", content: !file { path: files/conf/app.toml, values: { db_password: !generate } } }
      - { type: file, filePath: conf/hosts, mountPath: "/conf/hosts", content: !file { path: files/prod/conf/hosts, values: { key: !generate } } }
`,
    );
    assert.equal(
      read("services/all/files/conf/app.toml"),
      'password = "${db_password}"\nkept = "${NOBODY}"\n',
    );
    assert.equal(read("services/all/files/test/conf/hosts"), "test.all.acme.dev ${key}");
    assert.match(printed, /^Wrote 8 files to .*services\/all\/dokploy-app\.yaml/);
    assert.match(printed, /^ {2}all: pin has 16 characters, not 6 as in the template$/m);
    assert.match(printed, /^ {2}all: OPEN: has a place \$\{…\} for which the template has no value/m);
    assert.match(printed, /^ {2}all: its domains are plain http, as in the template/m);
    assert.match(printed, /^ {2}pulumi preview --stack test$/m);
  });

  it("may have another name and another host, and several are added at once", async () => {
    await add("--template", "stats=all,host=numbers.acme.org", "--template", "plain");
    assert.match(read("services/stats/dokploy-app.yaml"), /host: test\.numbers\.acme\.org,/);
    assert.equal(read("envs/base/plain.yaml").split("\n")[1], 'A: "1"');
    assert.equal(read("services/plain/dokploy-app.yaml").split("\n").slice(1).join("\n"), "kind: compose\n");
    assert.ok(!existsSync(join(folder.path, "shop/envs/test/plain.yaml")));
  });

  it("has a host for each domain that leaves it to Dokploy, and the first one in its variables", async () => {
    const domain = (serviceName: string, host: string) =>
      `[[config.domains]]\nserviceName = "${serviceName}"\nport = 80\n${host}\n`;
    folder.write({
      "templates/blueprints/plain/template.toml": `${domain("web", 'host = "${domain}"')}${domain("admin", 'host = "${domain}"')}${domain("web_api", "")}
[config.env]
URL = "https://\${domain}/"
`,
    });
    await add("--template", "plain", "--domain", "acme.dev");
    const hosts = [...read("services/plain/dokploy-app.yaml").matchAll(/host: (\S+),/g)].map(
      ([, host]) => host,
    );
    assert.deepEqual(hosts.slice(3), ["plain.acme.dev", "admin-plain.acme.dev", "web-api-plain.acme.dev"]);
    assert.equal(read("envs/prod/plain.yaml"), 'URL: "https://plain.acme.dev/"\n');
  });

  it("distinguishes an open place from a secret whose name looks the same", async () => {
    folder.write({
      "templates/blueprints/plain/template.toml":
        '[variables]\na-b = "${password:20}"\n[config]\nenv = ["X=${a-b} ${a_b}"]\n',
    });
    await add("--template", "plain");
    assert.match(
      read("envs/base/plain.yaml"),
      /^X: !text { text: "\$\{a_b_\} \$\{a_b\}", values: { a_b_: !generate/m,
    );
  });

  it("has the size of Dokploy for a random value without one", async () => {
    const env = ["password", "base64", "hash:20", "uuid", "jwt:24"].map(
      (name, at) => `V${at} = "\${${name}}"`,
    );
    folder.write({
      "templates/blueprints/plain/template.toml": `[config.env]\n${env.join("\n")}\nH = "\${hash}"\n`,
    });
    await add("--template", "plain");
    const values = read("envs/base/plain.yaml")
      .split("\n")
      .slice(1, -1)
      .map((line) => line.replace(/^\w+: /, ""));
    assert.deepEqual(values, [
      ...[
        "!generate { length: 16 }",
        "!generate { format: base64, bytes: 32 }",
        "!generate { format: hex, bytes: 16 }",
      ],
      ...[
        "!generate { format: uuid }",
        "!generate { format: hex, bytes: 24 }",
        "!generate { format: hex, bytes: 16 }",
      ],
    ]);
  });

  it("has the issuer and the end that a template gives its token", async () => {
    folder.write({
      "templates/blueprints/plain/template.toml": `[variables]\nkey = "\${password:32}"\nclaims = '{"iss":"shop","exp":5}'\n[config.env]\nA = "\${jwt:key:claims}"\n`,
    });
    await add("--template", "plain");
    assert.match(read("envs/base/plain.yaml"), /payload: \{"iss":"shop","exp":5\}/);
  });

  it("has no path for a domain at the root, and one for any other", async () => {
    const domain = (fields: string) => `[[config.domains]]\nserviceName = "web"\nport = 80\n${fields}\n`;
    folder.write({
      "templates/blueprints/plain/template.toml":
        domain('path = "/"\ninternalPath = "/"') + domain('internalPath = "/in"'),
    });
    await add("--template", "plain", "--domain", "acme.dev");
    const lines = read("services/plain/dokploy-app.yaml")
      .split("\n")
      .filter((line) => line.includes("host:"));
    assert.deepEqual(lines.map((line) => /internalPath.*|path.*/.exec(line)?.[0] ?? "").slice(0, 2), [
      "",
      'internalPath: "/in" }',
    ]);
  });

  it("is part of a new project, whose other files are those of any", async () => {
    await folder.init("new", ["--template", "plain", "--ci", "none", "--service", "api=acme/api:1"]);
    const names = readdirSync(join(folder.path, "new/services")).sort();
    assert.deepEqual(names, ["api", "plain"]);
    assert.ok(existsSync(join(folder.path, "new/Pulumi.prod.yaml")));
    await folder.init("alone", ["--template", "plain", "--ci", "none"]);
    assert.deepEqual(readdirSync(join(folder.path, "alone/services")), ["plain"]);
  });

  it("is read in time in proportion to its length", async () => {
    const places = `[config.env]\nA = '${"${".repeat(200_000)}'\n`;
    folder.write({ "templates/blueprints/plain/template.toml": places });
    await add("--template", "plain");
    assert.ok(read("envs/base/plain.yaml").includes("${${${"));
  });

  it("is added to the project of this folder", async () => {
    const before = process.cwd();
    process.chdir(join(folder.path, "shop"));
    try {
      await runTemplates([".", "--template", "plain", "--templates", "../templates"]);
    } finally {
      process.chdir(before);
    }
    assert.ok(existsSync(join(folder.path, "shop/services/plain/compose.yaml")));
  });

  it("overwrites nothing, and a mistake writes nothing", async () => {
    await add("--template", "plain");
    const before = read("envs/base/plain.yaml");
    await assert.rejects(add("--template", "plain"), /already has .*Give the service another name/);
    assert.equal(read("envs/base/plain.yaml"), before);
    await assert.rejects(add("--template", "api=plain"), /already has "?services\/api/);
    const refused: [string[], RegExp][] = [
      [["--template", "all"], /--template all: it has a host, so give --domain acme\.dev/],
      [["--template", "plain,host=x"], /host=x needs the domain/],
      [["--template", "a=plain", "--template", "a=all"], /a is given twice/],
      [["--template", "shared=plain"], /is not called shared/],
      [["--template", "constructor=plain"], /constructor: a service has small letters/],
      [["--template", "../plain"], /--template takes the name of a template/],
      [["--template", "x=.."], /--template takes the name of a template/],
      [["--template", "Big=plain"], /small letters/],
      [["--template", "plian"], /has no plian\/template\.toml; did you mean plain\?/],
      [["--template", "plain", "--stages", "tset"], /no stage tset; did you mean test\?/],
      [["--template", "plain", "--service", "a=b:1", "--ci", "none"], /leave out --service and --ci/],
      [["--template", "plain", "--layout", "program"], /are for --layout repository/],
    ];
    const files = readdirSync(join(folder.path, "shop"), { recursive: true }).length;
    for (const [options, reason] of refused)
      await assert.rejects(add(...options), (error: Error) => {
        assert.ok(error instanceof UsageError, `${error.stack}`);
        assert.match(error.message, reason, options.join(" "));
        return true;
      });
    assert.equal(readdirSync(join(folder.path, "shop"), { recursive: true }).length, files);
    await assert.rejects(folder.init("new", ["--from-server", "--template", "plain"]), /leave out/);
    await assert.rejects(folder.init("new", []), /--templates says where the templates are/);
    for (const from of ["ftp://acme.dev", "https://me:canary@acme.dev", "http://acme.dev", "https://a.dev?x"])
      await assert.rejects(folder.init("shop", ["--template", "plain"], from), /--templates takes a folder/);
    await assert.rejects(folder.init("shop", ["--template", "plain"], folder.path), /no folder blueprints/);
  });

  it("is refused by name where a repository cannot have it", async () => {
    const mount = (path: string, content = "x") =>
      `[[config.mounts]]\nfilePath = ${JSON.stringify(path)}\ncontent = ${JSON.stringify(content)}\n`;
    const doubled = Array.from({ length: 40 }, (_, n) => `v${n + 1} = "\${v${n}}\${v${n}}"`).join("\n");
    const refused: [string, RegExp][] = [
      ["[config", /template\.toml is not TOML: line 1/],
      [`a = ${"[".repeat(50_000)}`, /template\.toml is not TOML/],
      [`[config.env]\nA = "${"${password}".repeat(2000)}"`, /it has more than 1000 generated values/],
      [
        `[variables]\nv0 = "${"x".repeat(100)}"\n${doubled}\n[config.env]\nA = "\${v40}"`,
        /a text of it is too long with its variables/,
      ],
      [
        `[variables]\np = '{"a":${"[".repeat(3000)}${"]".repeat(3000)}}'\n[config.env]\nA = "\${jwt:k:p}"`,
        /the claims of a token are too long/,
      ],
      [
        '[variables]\na = "x${jwt:k:b}"\nb = "x${jwt:k:a}"\n[config.env]\nA = "${a}"',
        /the claims of a token contain the token itself/,
      ],
      ['[variables]\na = "\\uE000"', /contains a character that no text has/],
      [mount("../../../etc/passwd"), /the path .* of a mount is not one/],
      [mount("a/../../b"), /the path .* of a mount is not one/],
      [mount("a b"), /the path "?a b"? of a mount is not one/],
      [mount("a") + mount("A"), /two mounts have the path A/],
      [mount("a") + mount("/a/b"), /two mounts have the path a\/b/],
      [`[variables]\np = "\${password:32}"\n${mount("${p}")}`, /contains a generated secret/],
      [mount("a", "${APP_NAME}"), /contains \$\{APP_NAME\}, which only Dokploy knows/],
      [
        '[config]\nenv = ["a b=1", "=2", "toString=2"]',
        /envs\/base\/odd\.yaml:2:1: toString: is a name that Pulumi/,
      ],
      [
        '[variables]\np = "${password}"\n[[config.domains]]\nserviceName = "web"\nport = 80\nhost = "${p}.acme.dev"',
        /contains a generated secret/,
      ],
      [
        '[variables]\nd = "${domain}"\n[[config.domains]]\nserviceName = "web"\nport = 80\nhost = "x/${d}"',
        /the host x\/test\.odd\.acme\.dev of a domain is not one/,
      ],
    ];
    for (const [config, reason] of refused) {
      folder.write({
        "templates/blueprints/odd/template.toml": config,
        "templates/blueprints/odd/docker-compose.yml": plain.compose,
      });
      await assert.rejects(add("--template", "odd", "--domain", "acme.dev"), (error: Error) => {
        assert.ok(error instanceof UserError, `${config}: ${error.stack}`);
        assert.match(error.message, /^The template odd cannot be written into a repository: /);
        assert.match(error.message, reason, config);
        return true;
      });
      assert.ok(!existsSync(join(folder.path, "shop/services/odd")), config);
    }
  });

  it("names what the files lack, with the way out", async () => {
    const config = `
other = 1
[config]
isolated = true
[[config.domains]]
serviceName = "web"
port = 80
host = "web.example.com"
tls = "yes"
[[config.domains]]
port = 80
[[config.domains]]
serviceName = "web"
port = 0
[[config.domains]]
serviceName = "far"
port = 65536
[[config.mounts]]
filePath = "lonely"
`;
    folder.write({
      "templates/blueprints/odd/template.toml": config,
      "templates/blueprints/odd/docker-compose.yml":
        'services:\n  web:\n    image: acme/web:1\n    volumes: [./data:/data, "/etc:/host"]\n',
    });
    const printed = await add("--template", "odd", "--domain", "acme.dev");
    for (const note of [
      "Dokploy does not read other, config.isolated of template.toml",
      "tls of the domain of web: left out, so add to domains",
      "a domain without serviceName is left out",
      "the domain of far is left out, since its port is no number",
      "the domain of web is left out, since its port is no number",
      "a mount without both filePath and content is left out",
      "the host web.example.com of the template became one of each stage",
      'compose.yaml:4:15: service "web" mounts a path in the folder that Dokploy empties',
    ])
      assert.ok(printed.includes(`  odd: ${note}`), `${note} in:\n${printed}`);
    assert.match(read("services/odd/dokploy-app.yaml"), /host: test\.odd\.acme\.dev, port: 80/);
  });

  it("is not read through a link that leaves the checkout, and not beyond 1 MiB", async () => {
    const compose = join(folder.path, "templates/blueprints/plain/docker-compose.yml");
    folder.write({ "private.yml": "canary: 1\n" });
    rmSync(compose);
    symlinkSync(join(folder.path, "private.yml"), compose);
    await assert.rejects(add("--template", "plain"), /is not a file of at most 1 MiB inside/);
    folder.write({ "templates/blueprints/all/template.toml": "#".repeat(1024 * 1024 + 1) });
    await assert.rejects(add("--template", "all"), /is not a file of at most 1 MiB inside/);
  });

  describe("at an address", () => {
    let server: Server;
    let address: string;
    let respond: (path: string) => [status: number, text: string, headers?: Record<string, string>];
    beforeEach(async () => {
      server = createServer(({ url = "" }, response) => {
        const [status, text, headers] = respond(url);
        response.writeHead(status, headers).end(text);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/own`;
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });
    const fromAddress = () => folder.init("shop", ["--template", "plain"], `${address}/`);

    it("is read from the paths that Dokploy itself reads", async () => {
      const asked: string[] = [];
      respond = (path) => {
        asked.push(path);
        return [200, path.endsWith(".toml") ? plain.config : plain.compose];
      };
      await fromAddress();
      assert.deepEqual(asked.sort(), [
        "/own/blueprints/plain/docker-compose.yml",
        "/own/blueprints/plain/template.toml",
      ]);
      assert.equal(read("services/plain/compose.yaml"), plain.compose);
    });

    it("is refused where it is missing, elsewhere, or endless", async () => {
      const refused: [ReturnType<typeof respond>, RegExp][] = [
        [[404, ""], /has no template plain: .* does not exist/],
        [[500, "canary"], /responded with status 500/],
        [[302, "", { location: "/found" }], /did not respond, or named another address/],
        [[200, "#".repeat(1024 * 1024 + 1)], /is longer than 1 MiB/],
      ];
      for (const [response, reason] of refused) {
        respond = (path) => (path === "/found" ? [200, plain.compose] : response);
        await assert.rejects(fromAddress(), (error: Error) => {
          assert.ok(error instanceof UserError, error.stack);
          assert.match(error.message, reason);
          assert.doesNotMatch(error.message, /canary/);
          return true;
        });
      }
      server.close();
      server.closeAllConnections();
      await assert.rejects(fromAddress(), /did not respond/);
    });
  });
});
