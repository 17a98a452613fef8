import * as assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as ts from "typescript";
import { isRecord } from "../../../packages/values";
import { unmarked } from "../../../provider/pulumi";
import { readApp } from "../../../sdk/repository";
import { makeProject, type Server, startServer } from "../../resources/server";
import { pages, programOf, type Recipe, recipesOf, referencePages } from "./recipes";

const root = join(__dirname, "..", "..", "..");
const all = pages().flatMap((page) => recipesOf(page));
const [first] = all.filter(({ language, place }) => language === "ts" && place.startsWith("README.md"));
const given = first as Recipe;
/** Those that are no programs of Pulumi, or run in tests of their own. */
const others = (recipe: Recipe) => recipe === given || recipe.place.startsWith("docs/everyday/testing.md");
const recipes = all.filter((recipe) => recipe.language === "ts" && !others(recipe));

/** Pulumi's own, which its types leave out: ends when all that is registered so far has been. */
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

describe("the recipes of README and docs", function () {
  this.timeout(600_000);
  let folder: string;
  const before_ = process.cwd();
  const fileOf = (recipe: Recipe) => join(folder, `${recipe.place.replaceAll(/\W/g, "_")}.ts`);

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "recipes-")));
    process.chdir(folder);
    mkdirSync("node_modules");
    for (const name of ["@pulumi", "@types", "typescript", "undici-types"])
      symlinkSync(join(root, "node_modules", name), join("node_modules", name), "junction");
    const write = (name: string, text: string) => {
      mkdirSync(dirname(name), { recursive: true });
      writeFileSync(name, text);
    };
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    for (const stage of ["base", "test", "prod"])
      for (const service of ["api", "cache"]) write(`envs/${stage}/${service}.yaml`, "LOG_LEVEL: info\n");
    write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:1\n");
    write("services/cache/dokploy-app.yaml", "kind: compose\n");
    write("services/cache/compose.yaml", "services:\n  cache:\n    image: redis:8\n");
    const wiki =
      "services:\n  wiki:\n    image: acme/wiki:1\n    environment: { DB_PASSWORD: '${DB_PASSWORD}' }\n";
    write("compose/wiki.yaml", wiki);
    for (const recipe of recipes) write(fileOf(recipe), programOf(recipe));
  });
  after(() => {
    process.chdir(before_);
    rmSync(folder, { recursive: true, force: true });
  });

  it("exist, and few of them are parts of something", () => {
    assert.ok(recipes.length > 35, `${recipes.length}`);
    assert.ok(recipes.filter(({ around }) => around !== undefined).length <= 6);
  });

  it("compile under strict settings, unchanged", () => {
    const program = ts.createProgram(recipes.map(fileOf), {
      ...{ strict: true, noEmit: true, skipLibCheck: true, exactOptionalPropertyTypes: true },
      ...{ noUncheckedIndexedAccess: true, types: ["node"], esModuleInterop: true },
      ...{ module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, lib: ["lib.es2023.d.ts"] },
      resolveJsonModule: true,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      baseUrl: root,
      paths: { "pulumi-dokploy": ["sdk/index.ts"], "@pulumi/*": ["node_modules/@pulumi/*"] },
    });
    const places = new Map(recipes.map((recipe) => [fileOf(recipe), recipe]));
    const wrong = ts.getPreEmitDiagnostics(program).map(({ file, messageText, start = 0 }) => {
      const recipe = places.get(file?.fileName ?? "");
      const line = file?.text.slice(0, start).split("\n").length ?? 0;
      const text = ts.flattenDiagnosticMessageText(messageText, "\n");
      return `${recipe?.place ?? file?.fileName}: ${text}\n  ${file?.text.split("\n")[line - 1]}`;
    });
    assert.equal(wrong.join("\n"), "");
  });

  it("have nothing left out in the examples of the reference", () => {
    const examples = referencePages()
      .flatMap(recipesOf)
      .filter(({ language, code }) => language === "ts" && code.includes("new dokploy."));
    assert.ok(examples.length > 40, `${examples.length}`);
    const wrong = examples.filter(
      ({ code }) => ts.transpileModule(code, { reportDiagnostics: true }).diagnostics?.length !== 0,
    );
    assert.deepEqual(
      wrong.map(({ place }) => place),
      [],
    );
  });

  const services = all.filter(({ language, code }) => language === "yaml" && /^kind: /m.test(code));
  it("describe services in files that can be read", () => {
    assert.ok(services.length >= 5, `${services.length}`);
    for (const { place, code } of services) {
      const app = readApp({ path: place, text: code }, ["test"], () => "a value");
      assert.ok(app.kind, place);
    }
  });

  // The stages of one exist only where tests/engine/least-privilege.test.ts runs it. Pulumi's mocks have no hooks:
  // tests/engine/smoke-tests.test.ts runs the other.
  const hasItsOwnTest = ({ place, code }: Recipe) =>
    (place.startsWith("docs/operations/least-privilege.md") && code.includes("export = async")) ||
    place.startsWith("docs/everyday/smoke-tests.md");
  for (const recipe of recipes.filter((each) => !hasItsOwnTest(each))) {
    it(`run against a server: ${recipe.place}`, async () => {
      const server = await startServer();
      try {
        assert.deepEqual(await problemsOf(recipe, server), []);
      } finally {
        await server.close();
      }
    });
  }

  /** What a run of it says is wrong. */
  async function problemsOf(recipe: Recipe, server: Server): Promise<string[]> {
    const { url, apiKey } = server.emulator;
    const { ids, values } = await makeExisting(server);
    // Its servers are the one of this test, and what stands there already has ids of its own.
    let code = programOf(recipe).replaceAll(/https:\/\/(?:eu|us|dokploy)\.acme\.\w+/g, url);
    for (const [id, real] of Object.entries(ids)) code = code.replaceAll(id, real);
    const secrets = [...code.matchAll(/(?:config\.\w+|configSecret)\("([\w.-]+)"\)/g)].map(
      ([, name = ""]) => [`shop:${name}`, values[name] ?? `a-value-of-${name}`],
    );
    const wrong: string[] = [];
    const mocks: pulumi.runtime.Mocks = {
      async newResource({ type, name, inputs }) {
        const [, kind] = /dokploy:(\w+)$/.exec(type) ?? [];
        if (kind === undefined || type === "dokploy:index:DeploymentRepository")
          return { id: name, state: inputs };
        const handlers = server.of(kind);
        const checked = await handlers.check({}, plain(inputs) as Record<string, unknown>);
        wrong.push(...checked.failures.map(({ property, reason }) => `${name}: ${property} ${reason}`));
        if (checked.failures.length > 0) return { id: name, state: inputs };
        try {
          const { id, outs } = await handlers.create(checked.inputs);
          return { id, state: outs };
        } catch (error) {
          wrong.push(`${name}: ${(error as Error).message}`);
          return { id: name, state: inputs };
        }
      },
      call: ({ inputs }) => inputs,
    };
    const env = { ...process.env };
    Object.assign(process.env, { DOKPLOY_WAIT_FOR: "deployed" });
    const log = { ...pulumi.log };
    Object.assign(pulumi.log, { info: async () => {}, warn: async () => {} });
    const unhandled = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (error) => wrong.push(String(error)));
    try {
      await pulumi.runtime.setMocks(mocks, "shop", "test", false, "acme");
      const server = { "dokploy:url": url, "dokploy:apiKey": apiKey };
      pulumi.runtime.setAllConfig({ ...Object.fromEntries(secrets), ...server, "dokploy:imageTag": "1.4.2" });
      await pulumi.runtime.runInPulumiStack(async () => {
        const { outputText } = ts.transpileModule(code, {
          compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
        });
        const lookups: Promise<unknown>[] = [];
        new Function("require", "exports", outputText)((name: string) => load(name, lookups), {});
        for (let turn = 0; turn < 3 || lookups.length > 0; turn += 1) {
          await Promise.allSettled(lookups.splice(0));
          await new Promise((resolve) => setImmediate(resolve));
          await waitForRPCs();
        }
      });
    } catch (error) {
      wrong.push(String(error));
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const listener of unhandled) process.on("unhandledRejection", listener);
      Object.assign(pulumi.log, log);
      pulumi.runtime.setAllConfig({});
      process.env = env;
    }
    return wrong;
  }

  /** Loads a package. Pulumi does not wait for the lookups of a program, so they are noted. */
  function load(name: string, lookups: Promise<unknown>[]): unknown {
    if (name === "pulumi-dokploy") return notingLookups(require("../../../sdk"), lookups);
    if (name === "@pulumi/pulumi") return pulumi;
    throw new Error(`${name} is no package of a recipe.`);
  }
});

/** Returns a package whose lookups are added to a list when they are called. */
function notingLookups(sdk: Record<string, unknown>, lookups: Promise<unknown>[]): unknown {
  return new Proxy(sdk, {
    get(target, name) {
      const member = target[String(name)];
      if (typeof member !== "function" || !/^get[A-Z]/.test(String(name))) return member;
      return (...given: unknown[]) => {
        const result: unknown = member(...given);
        const { promise } = result as { promise?: () => Promise<unknown> };
        const lookup = Promise.resolve(promise === undefined ? result : promise.call(result));
        lookups.push(lookup.catch(() => {}));
        return result;
      };
    },
  });
}

/** Inputs as the provider gets them: secrets as their values. */
function plain(value: unknown): unknown {
  const open = unmarked(value);
  if (Array.isArray(open)) return open.map(plain);
  return isRecord(open)
    ? Object.fromEntries(Object.entries(open).map(([key, item]) => [key, plain(item)]))
    : open;
}

/** What recipes say is there already, by the ids that they call it by. */
async function makeExisting(
  server: Server,
): Promise<{ ids: Record<string, string>; values: Record<string, string> }> {
  const { projectId, environmentId } = await makeProject(server);
  const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
    name: "api",
    environmentId,
  });
  const { postgresId } = await server.byHand<{ postgresId: string }>("postgres.create", {
    ...{ name: "orders", appName: "orders", environmentId, dockerImage: "postgres:18" },
    ...{ databaseName: "orders", databaseUser: "orders", databasePassword: "a0b1c2d3" },
  });
  const image = { sourceType: "docker", dockerImage: "ghcr.io/acme/api:1.4.2" };
  await server.byHand("application.update", { applicationId, ...image });
  const person = { email: "ana@acme.example", password: "made-up-password", role: "member" };
  await server.byHand("user.createUserWithCredentials", person);
  const { emulator } = server;
  const githubId = emulator.makeGithubApp("acme", true);
  emulator.hosted.set(githubId, [{ owner: "acme", name: "api", branches: { main: "a".repeat(40) } }]);
  emulator.connect("github", githubId);
  emulator.vaults.secrets.set("main", new Map([["shop/prod:DB_PASSWORD", "a password"]]));
  const { apiKey } = emulator;
  return {
    ids: {
      PQqzqTGCVtx0St2SA3vCi: applicationId,
      oWoDTREuc8bwh1UYwU8Bv: postgresId,
      V9VfiH7szxFcPmioIh70t: projectId,
    },
    values: {
      ...{
        githubId,
        sshKeyId: emulator.connect("sshKey"),
        euKey: apiKey,
        usKey: apiKey,
        deployTestKey: apiKey,
      },
      slackWebhook: "https://hooks.slack.example/a",
    },
  };
}
