import * as assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readEnv } from "../../provider/env";
import { UserError } from "../../provider/errors";
import { DeploymentRepository } from "../../sdk";
import { answered } from "../../sdk/run";
import { everyHelper, TemplateFolder } from "../unit/cli/server/init/templates";
import { plain, type Server, startServer } from "./server";

type Values = Record<string, unknown>;

/** Templates with several services, mounts, domains, tokens and long texts. */
const sample = [
  ...[
    "plausible",
    "supabase",
    "authelia",
    "livekit",
    "n8n",
    "umami",
    "openpanel",
    "appwrite",
    "ghost",
    "minio",
  ],
  ...[
    "outline",
    "chatwoot",
    "teable",
    "garage",
    "wordpress",
    "nextcloud-aio",
    "vikunja",
    "immich",
    "metabase",
    "grafana",
  ],
];

describe("services from templates", function () {
  this.timeout(600_000);
  const { DOKPLOY_TEMPLATES: checkout } = process.env;
  let server: Server;
  let folder: TemplateFolder;
  const directory = process.cwd();
  beforeEach(async () => {
    server = await startServer();
    server.stack = [];
    folder = new TemplateFolder({ all: everyHelper });
    folder.project("shop");
    rmSync(join(folder.path, "shop/services/api"), { recursive: true });
  });
  afterEach(async () => {
    process.chdir(directory);
    folder.remove();
    await server.close();
  });

  /** Runs the program of the repository: each resource is checked, and made on the server where that is wanted. */
  async function run(stack: string, isMade: boolean): Promise<string[]> {
    process.chdir(join(folder.path, "shop"));
    Object.assign(process.env, { DOKPLOY_URL: server.emulator.url, DOKPLOY_API_KEY: server.emulator.apiKey });
    const checked: string[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const make = async ({ name, type, inputs }: pulumi.runtime.MockResourceArgs) => {
          const [kind = ""] = type.split(":").slice(-1);
          if (!type.includes("dynamic")) return { id: `${name}_id`, state: inputs as Values };
          const { __provider: _, ...given } = plain(inputs) as Values;
          const { failures, inputs: news } = await server.of(kind).check({}, given);
          assert.deepEqual(failures, [], `${kind} ${name}`);
          checked.push(`${kind} ${name}`);
          if (!isMade && kind === "Compose") return { id: `${name}_id`, state: given };
          const { id, outs } = await server.of(kind).create(plain(news));
          return { id, state: { ...given, ...plain(outs) } };
        };
        const mocks = {
          newResource: (args: pulumi.runtime.MockResourceArgs) =>
            make(args).catch((error: Error) => {
              reject(error);
              throw error;
            }),
          call: () => ({}),
        };
        const program = async () => {
          await pulumi.runtime.setMocks(mocks, "shop", stack, false);
          await pulumi.runtime.runInPulumiStack(async () => {
            const { services } = new DeploymentRepository("shop");
            pulumi.all(Object.values(services).map(({ id }) => id)).apply(() => resolve());
          });
        };
        program().catch(reject);
      });
      await answered();
    } finally {
      process.chdir(directory);
      delete process.env["DOKPLOY_URL"];
      delete process.env["DOKPLOY_API_KEY"];
    }
    return checked;
  }
  const rows = (name: "mounts" | "domain") =>
    [...server.emulator.instance.simple(name).values()] as unknown as Values[];

  it("have what Dokploy itself makes of the template: variables, files, domains, and the compose file", async () => {
    await folder.init("shop", ["--template", "all", "--domain", "acme.dev"]);
    await run("test", true);
    const [service, ...others] = [...server.emulator.instance.tables.compose.values()];
    assert.deepEqual(others, []);
    assert.equal(service?.composeFile, everyHelper.compose);
    assert.equal(service?.name, "all");
    const env = readEnv(String(service?.env), "compose");
    const password = env["DB_PASSWORD"] ?? "";
    assert.match(password, /^[A-Za-z0-9]{32}$/);
    assert.equal(env["DATABASE_URL"], `postgres://app:${password}@db/app`);
    assert.equal(env["BASE_URL"], "http://test.all.acme.dev");
    assert.equal(env["API"], "test.api-all.acme.dev");
    assert.equal(Buffer.from(env["KEY"] ?? "", "base64").length, 64);
    assert.match(env["hex"] ?? "", /^[0-9a-f]{64}$/);
    assert.match(env["ID"] ?? "", /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.match(env["ADMIN"] ?? "", /^[a-z][a-z0-9]{11}$/);
    assert.match(env["MAIL"] ?? "", /^[a-z0-9]+@example\.com$/);
    assert.match(env["SESSION"] ?? "", /^[0-9a-f]{64}$/);
    assert.equal(env["OPEN"], "${NOBODY}");
    assert.equal(env["QUOTED"], "a # b");
    assert.equal(env["NAME"], "${{APP_NAME}}");
    for (const key of ["ANON_KEY", "TOKEN"]) {
      const [head = "", payload = "", signature] = (env[key] ?? "").split(".");
      const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
      assert.deepEqual(JSON.parse(Buffer.from(head, "base64url").toString()), { alg: "HS256", typ: "JWT" });
      const { iat, ...more } = claims;
      assert.ok(Math.abs(iat - Date.now() / 1000) < 600);
      assert.deepEqual(
        more,
        key === "TOKEN"
          ? { iss: "dokploy", exp: 1_893_456_000 }
          : { role: "anon", iss: "dokploy", exp: 1_924_992_000 },
      );
      assert.notEqual(signature, createHmac("sha256", "").update(`${head}.${payload}`).digest("base64url"));
    }
    const files = Object.fromEntries(rows("mounts").map(({ filePath, content }) => [filePath, content]));
    assert.deepEqual(files, {
      "conf/app.toml": `password = "${password}"\nkept = "\${NOBODY}"\n`,
      "conf/hosts": `test.all.acme.dev ${env["KEY"]}`,
    });
    assert.deepEqual(
      rows("domain").map(
        ({ host, port, serviceName, path, stripPath, https, certificateType, domainType }) => ({
          ...{ host, port, serviceName, path, stripPath, https, certificateType, domainType },
        }),
      ),
      [
        {
          ...{ host: "test.all.acme.dev", port: 8000, serviceName: "web", path: "/", stripPath: false },
          ...{ https: false, certificateType: "none", domainType: "compose" },
        },
        {
          ...{ host: "test.api-all.acme.dev", port: 3000, serviceName: "api", path: "/v1", stripPath: true },
          ...{ https: false, certificateType: "none", domainType: "compose" },
        },
      ],
    );
    const said = [...server.warnings, ...server.notices, ...server.reported].join("\n");
    for (const secret of [password, env["KEY"] ?? "x"]) assert.ok(!said.includes(secret));
  });

  it("are all templates of a checkout, and a sample of them passes the checks of a plan", async function () {
    if (checkout === undefined) {
      console.log("      set DOKPLOY_TEMPLATES to a checkout of Dokploy/templates to convert them");
      this.skip();
    }
    const blueprints = join(checkout, "blueprints");
    const ids = readdirSync(blueprints).filter((id) => existsSync(join(blueprints, id, "template.toml")));
    const refused: string[] = [];
    for (const id of ids) {
      try {
        await folder.init("shop", ["--template", id, "--domain", "acme.dev"], checkout);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        refused.push(error.message);
      }
    }
    console.log(`      ${ids.length - refused.length} of ${ids.length} templates have files`);
    assert.deepEqual(refused, []);
    const names = readdirSync(join(folder.path, "shop/services"));
    for (const name of names)
      if (!sample.includes(name)) rmSync(join(folder.path, "shop/services", name), { recursive: true });
    for (const stage of ["test", "prod"]) {
      const checked = await run(stage, false);
      for (const name of sample) assert.ok(checked.includes(`Compose ${name}`), name);
    }
  });
});
