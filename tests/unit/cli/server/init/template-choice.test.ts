import * as assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { UsageError } from "../../../../../cli/terminal";
import { domainOf, plainCompose, runTemplates, TemplateFolder, withEnv } from "./templates";

const mebibyte = 1024 * 1024;

describe("the choice of a template", () => {
  let folder: TemplateFolder;
  beforeEach(() => {
    folder = new TemplateFolder({ plain: { config: domainOf("https = true"), compose: plainCompose } });
    folder.project("shop");
  });
  afterEach(() => folder.remove());
  const add = (...options: string[]) => folder.init("shop", options);
  const services = () => readdirSync(join(folder.path, "shop/services")).filter((name) => name !== "api");
  const app = (name: string) =>
    readFileSync(join(folder.path, `shop/services/${name}/dokploy-app.yaml`), "utf8");

  it("names the service after the template where nothing else is given", async () => {
    const long = "a".repeat(40);
    const cases = [
      ["bolt.diy", "bolt-diy"],
      ["My__App", "my-app"],
      ["app.", "app"],
      [`${long}.b`, long],
      [`${long}bc`, `${long}b`],
      ["b".repeat(100), "b".repeat(41)],
    ] as const;
    for (const [id, name] of cases) {
      folder.write({
        [`templates/blueprints/${id}/template.toml`]: "",
        [`templates/blueprints/${id}/docker-compose.yml`]: plainCompose,
      });
      await add("--template", id);
      assert.deepEqual(services(), [name]);
      rmSync(join(folder.path, "shop"), { recursive: true });
      folder.project("shop");
    }
  });

  it("has a host in the domain, or one of its own", async () => {
    const cases: [options: string[], host: string][] = [
      [["a=plain", "--domain", "acme.dev"], "a.acme.dev"],
      [["a=plain,host=x", "--domain", "acme.dev"], "x.acme.dev"],
      [["a=plain,host=x.org", "--domain", "acme.dev"], "x.org"],
      [["a=plain,host=x.org"], "x.org"],
      [[`${"a".repeat(41)}=plain`, "--domain", "acme.dev"], `${"a".repeat(41)}.acme.dev`],
    ];
    for (const [options, host] of cases) {
      await add("--template", ...options);
      const [name = ""] = services();
      assert.match(app(name), new RegExp(`- \\{ host: ${host},[^{]*$`), options.join(" "));
      rmSync(join(folder.path, "shop"), { recursive: true });
      folder.project("shop");
    }
  });

  it("is refused where it has another form", async () => {
    const form = /--template takes the name of a template, with that of the service and a host if you like/;
    const refused: [template: string, reason: RegExp][] = [
      ["", form],
      ["-x", form],
      ["x y", form],
      ["c".repeat(101), form],
      ["a=b=plain", form],
      ["plain,host=x.org,host=y.org", form],
      ["plain,port=1", form],
      ["plain,host=x.org,more", form],
      ["=plain", /a service has small letters/],
      ["a_b=plain", /a service has small letters/],
      ["-a=plain", /a service has small letters/],
      [`${"a".repeat(42)}=plain`, /a service has small letters/],
      ["plain,host=", /plain: host takes a name in small letters/],
      ["plain,host=Bad.org", /plain: host takes a name in small letters/],
    ];
    for (const [template, reason] of refused)
      await assert.rejects(add(`--template=${template}`), (error: Error) => {
        assert.ok(error instanceof UsageError, error.stack);
        assert.match(error.message, reason, template);
        // One mistake has one sentence.
        assert.equal(error.message.split("--template ").length, 2, error.message);
        return true;
      });
    await assert.rejects(
      folder.init("new", [
        "--service",
        "plain=acme/a:1",
        "--template",
        "plain",
        "--ci",
        "none",
        "--domain",
        "a.dev",
      ]),
      /plain is given twice/,
    );
    assert.deepEqual(services(), []);
  });

  it("is written for each stage that has a configuration or a folder in envs, production last", async () => {
    for (const stage of ["zeta", "base", "preview", "a b", "test"])
      mkdirSync(join(folder.path, "shop/envs", stage), { recursive: true });
    folder.write({ "shop/Pulumi.alpha.yaml": "config: {}\n", "shop/Pulumi.-odd.yaml": "config: {}\n" });
    await add("--template", "plain", "--domain", "acme.dev");
    assert.deepEqual(
      [...app("plain").matchAll(/^ {2}(\S+):$/gm)].map(([, stage]) => stage),
      ["alpha", "test", "zeta", "prod"],
    );
  });

  it("begins a project where the folder has none", async () => {
    folder.write({ "bare/envs/qa/api.yaml": "A: b\n" });
    await assert.rejects(folder.init("bare", ["--template", "plain"]), UsageError);
  });

  it("gives the notes of each template the name of its service", async () => {
    folder.write({ "templates/blueprints/plain/template.toml": withEnv([], ['A = "${NONE}"']) });
    const printed = await add("--template", "a=plain", "--template", "b=plain");
    const notes = printed.split("\n").filter((line) => line.includes("has a place"));
    assert.deepEqual(
      notes.map((note) => note.slice(0, 8)),
      ["  a: A: ", "  b: A: "],
    );
  });

  it("is read from a checkout: each file of at most 1 MiB", async () => {
    const blueprint = join(folder.path, "templates/blueprints/plain");
    folder.write({ "templates/blueprints/plain/template.toml": "#".repeat(mebibyte) });
    await add("--template", "plain");
    rmSync(join(blueprint, "template.toml"));
    mkdirSync(join(blueprint, "template.toml"));
    await assert.rejects(add("--template", "b=plain"), /is not a file of at most 1 MiB inside/);
    rmSync(blueprint, { recursive: true });
    folder.write({ "templates/blueprints/plain/template.toml": "" });
    await assert.rejects(add("--template", "b=plain"), /has no plain\/docker-compose\.yml; it has none\.$/);
    folder.write({ "file/blueprints": "", "templates/blueprints/README.md": "" });
    await assert.rejects(add("--template", "README.md"), /has no README\.md\/template\.toml; it has plain/);
    for (const name of ["file", "file/blueprints", "nowhere"])
      await assert.rejects(
        folder.init("shop", ["--template", "plain"], join(folder.path, name)),
        /has no folder blueprints; give a checkout/,
      );
    mkdirSync(join(folder.path, "circle"));
    symlinkSync("blueprints", join(folder.path, "circle/blueprints"));
    await assert.rejects(
      folder.init("shop", ["--template", "plain"], join(folder.path, "circle")),
      /--templates: .*circle\/blueprints\/plain\/\S+ cannot be read \(ELOOP\); look at its rights and links/,
    );
  });

  it("is read from no address but https, and http of this machine, without a login", async () => {
    const refused = [
      ...["http://acme.dev", "ftp://acme.dev", "file:///tmp", "s3+x://acme", "HTTP://acme.dev"],
      ...["https://me:canary@acme.dev", "https://:canary@acme.dev", "https://me@acme.dev"],
      ...[
        "https://acme.dev?",
        "https://acme.dev/?x=1",
        "https://acme.dev#x",
        "https://acme.dev#",
        "https://",
      ],
    ];
    for (const from of refused)
      await assert.rejects(folder.init("shop", ["--template", "plain"], from), (error: Error) => {
        assert.match(error.message, /--templates takes a folder, or an https address without a login/, from);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
    // A folder whose path contains such a text.
    folder.write({
      "a/https:/x/blueprints/plain/template.toml": "",
      "a/https:/x/blueprints/plain/docker-compose.yml": plainCompose,
    });
    await folder.init("shop", ["--template", "plain"], `${folder.path}/a/https://x`);
    assert.deepEqual(services(), ["plain"]);
  });

  describe("at an address", () => {
    const { fetch } = globalThis;
    let asked: string[];
    beforeEach(() => {
      asked = [];
    });
    afterEach(() => {
      globalThis.fetch = fetch;
    });
    const respond = (respond: (init: RequestInit, url: string) => Response | Promise<Response>) => {
      globalThis.fetch = async (url, init = {}) => {
        asked.push(String(url));
        return await respond(init, String(url));
      };
    };

    it("is Dokploy's own without another one, of which no other address is read", async () => {
      respond(({ redirect }) => new Response(redirect === "error" ? "" : "a = 1"));
      await runTemplates([join(folder.path, "shop"), "--template", "plain"]);
      const blueprint = "https://templates.dokploy.com/blueprints/plain";
      assert.deepEqual(asked, [`${blueprint}/template.toml`, `${blueprint}/docker-compose.yml`]);
      await folder.init("shop", ["--template", "b=plain"], "HTTPS://acme.dev/t@1.2//");
      assert.equal(asked.at(-1), "HTTPS://acme.dev/t@1.2/blueprints/plain/docker-compose.yml");
    });

    it("is waited for half a minute", async () => {
      const { timeout } = AbortSignal;
      const deadlines: number[] = [];
      AbortSignal.timeout = (ms) => {
        deadlines.push(ms);
        return AbortSignal.abort();
      };
      const server = createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      try {
        await assert.rejects(folder.init("shop", ["--template", "plain"], address), /did not respond/);
      } finally {
        AbortSignal.timeout = timeout;
        server.close();
      }
      assert.deepEqual(deadlines, [30_000, 30_000]);
    });

    it("may be 1 MiB, in pieces that part a character", async () => {
      const bytes = Buffer.from(`# é${" ".repeat(mebibyte - 4)}`);
      assert.equal(bytes.length, mebibyte);
      const pieces = () =>
        new ReadableStream({
          start(controller) {
            controller.enqueue(bytes.subarray(0, 3));
            controller.enqueue(bytes.subarray(3));
            controller.close();
          },
        });
      respond((_, url) => new Response(url.endsWith(".toml") ? "" : pieces()));
      await folder.init("shop", ["--template", "plain"], "https://acme.dev");
      const compose = readFileSync(join(folder.path, "shop/services/plain/compose.yaml"), "utf8");
      assert.equal(compose, bytes.toString("utf8"));
    });

    it("is not read where the server refuses it", async () => {
      respond(
        () =>
          new Response(
            new ReadableStream({
              pull() {
                throw new Error("the text of an error is not read");
              },
            }),
            { status: 503 },
          ),
      );
      await assert.rejects(
        folder.init("shop", ["--template", "plain"], "https://acme.dev"),
        /responded with status 503\. Try again/,
      );
    });
  });
});
