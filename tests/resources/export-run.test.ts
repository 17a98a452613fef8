import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { readOptions } from "../../cli/server/export/options";
import { runExport } from "../../cli/server/export/run";
import { runPulumi } from "../../cli/stack/process";
import { identityOf } from "../../provider/pulumi/identity";
import { diagnosticOf } from "../../provider/pulumi/notices";
import { FakeTools } from "../unit/sdk/env-files/fake-tools";
import { type Server, startServer } from "./server";

const { version } = require("../../package.json") as { version: string };

/** Does what the Pulumi CLI does with a project, in files next to the log of its calls. */
const fakePulumi = (folder: string) => `
cd '${folder}'
for word; do [ "$word" = --secret ] && { echo "$* <- $(cat)" >>stored; }; done
env | grep '^SECRET_\\|^LD_' >environment
case "$*" in
  *preview*) cp "$(echo "$*" | sed -n 's/.*--config-file \\([^ ]*\\).*/\\1/p')" used 2>/dev/null; cat preview; cat problem >&2 ;;
  *"stack export"*) cat state ;;
  *"-C infra config set"*) touch infra/Pulumi.prod.yaml ;;
  *--json*) cat settings ;;
esac
[ ! -e fails ]`;

describe("the command export, without the Pulumi CLI", function () {
  this.timeout(60_000);
  let server: Server;
  let tools: FakeTools;
  let folder: string;
  let printed: string[];
  const former = { cwd: process.cwd(), env: { ...process.env } };

  beforeEach(async () => {
    server = await startServer();
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "export-run-")));
    tools = new FakeTools(folder);
    tools.install("pulumi", fakePulumi(folder));
    tools.install("npm", "exit 0");
    for (const [name, text] of [
      ["settings", "{}"],
      ["state", '{"deployment":{"resources":[]}}'],
      ["preview", ""],
      ["problem", ""],
    ] as const)
      fs.writeFileSync(path.join(folder, name), text);
    process.chdir(folder);
    Object.assign(process.env, { DOKPLOY_URL: server.emulator.url, DOKPLOY_API_KEY: server.emulator.apiKey });
    printed = [];
    const { environment } = await server.byHand<{ environment: { environmentId: string } }>(
      "project.create",
      {
        name: "shop",
        env: "REGION=eu-1",
      },
    );
    const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
      name: "web",
      environmentId: environment.environmentId,
    });
    const env = "TOKEN=canary-token";
    await server.byHand("application.update", {
      applicationId,
      env,
      sourceType: "docker",
      dockerImage: "acme/web:1",
    });
  });
  afterEach(async () => {
    process.chdir(former.cwd);
    for (const name of Object.keys(process.env)) if (!(name in former.env)) delete process.env[name];
    Object.assign(process.env, former.env);
    fs.rmSync(folder, { recursive: true, force: true });
    await server.close();
  });

  const run = async (...args: string[]) =>
    await runExport(readOptions(["--out", "infra", ...args]), {
      ...{ env: process.env, pulumi: runPulumi },
      print: (text) => printed.push(text),
    });
  const file = (name: string) => fs.readFileSync(path.join(folder, name), "utf8");
  const has = (name: string) => fs.existsSync(path.join(folder, name));
  const write = (name: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  };
  /** The packages that a folder finds. */
  const installed = (own: string) => {
    write("infra/node_modules/@pulumi/pulumi/package.json", '{"main":"index.js"}');
    write("infra/node_modules/@pulumi/pulumi/index.js", "");
    write("infra/node_modules/pulumi-dokploy/package.json", JSON.stringify({ version: own }));
  };
  const step = (kind: string, name: string) => {
    const type = `pulumi-nodejs:dynamic/dokploy:${kind}`;
    const urn = `urn:pulumi:prod::dokploy-server::${type}::${name}`;
    return { op: "create", urn, newState: { type, urn, custom: true, inputs: {} } };
  };

  it("stores settings in plain text and secrets by standard input, and packs the version that runs", async () => {
    await run();
    const calls = tools.calls();
    assert.ok(
      calls.some((call) => call.startsWith(`npm pack `) && call.includes("--pack-destination infra")),
    );
    assert.ok(calls.includes("pulumi -C infra stack select --create prod --non-interactive"));
    assert.ok(
      calls.includes(
        `pulumi -C infra config set-all --stack prod --plaintext dokploy:url=${server.emulator.url} ` +
          "--plaintext dokploy:adopt=dokploy-adopt.json --non-interactive",
      ),
    );
    assert.doesNotMatch(calls.join("\n"), /canary/);
    assert.match(
      file("stored"),
      /--secret exportedSecrets --non-interactive <- \{"shop":\{"REGION":"eu-1"\},"web":\{"TOKEN":"canary-token"\}\}\n$/,
    );
    assert.deepEqual(JSON.parse(file("infra/package.json")).dependencies, {
      "@pulumi/pulumi": "~3.248.0",
      "pulumi-dokploy": `file:pulumi-dokploy-${version}.tgz`,
    });
    assert.match(printed.join("\n"), new RegExp(`dokploy-adopt\\.json, pulumi-dokploy-${version}\\.tgz`));
  });

  const setVariables = async (env: string) => {
    const applicationId = [...server.emulator.instance.tables.application.values()][0]?.["applicationId"];
    await server.byHand("application.update", { applicationId, env });
  };

  it("stores any number of secrets by one call", async () => {
    await setVariables(Array.from({ length: 300 }, (_, at) => `TOKEN_${at}=canary-${at}`).join("\n"));
    await run();
    const calls = tools.calls().filter((call) => call.startsWith("pulumi") && call.includes("config set"));
    assert.equal(calls.length, 2, calls.join("\n"));
    assert.match(printed.join("\n"), /301 secrets went into the encrypted configuration of the stack prod/);
  });

  describe("with secrets that no program could get", () => {
    it("writes nothing, and names the ways out", async () => {
      const serviceId = [...server.emulator.instance.tables.application.values()][0]?.["applicationId"];
      const file = { type: "file", mountPath: "/a", filePath: "a", content: "x".repeat(140_000) };
      await server.byHand("mounts.create", { ...file, serviceType: "application", serviceId });
      await assert.rejects(
        run(),
        /The 3 secrets take 141 KiB, and Pulumi passes at most 128 KiB[\s\S]*--project NAME[\s\S]*--plain-unless-secret-looking[\s\S]*--secrets env[\s\S]*web: 137 KiB/,
      );
      assert.ok(!has("infra"));
      await assert.rejects(
        run("--secrets", "env"),
        /web\.content takes 137 KiB, and a variable of the environment has at most 128 KiB/,
      );
      assert.ok(!has("infra"));
    });

    it("takes a way out", async () => {
      const lines = Array.from({ length: 8 }, (_, at) => `LIST_${at}=${"word, ".repeat(3500)}`);
      await setVariables(lines.join("\n"));
      await assert.rejects(run(), /secrets take \d+ KiB/);
      await run("--plain-unless-secret-looking");
      await run("--secrets", "env", "--force");
    });

    it("counts what an earlier export stored, which stays", async () => {
      write("infra/Pulumi.yaml", "name: dokploy-server\nruntime: nodejs\n");
      write("infra/Pulumi.prod.yaml", "config: {}\n");
      const setting = "dokploy-server:exportedSecrets";
      const former = (text: string) => write("settings", JSON.stringify({ [setting]: { value: text } }));
      former(JSON.stringify({ old: { KEY: "x".repeat(140_000) } }));
      await assert.rejects(run("--force"), /The 3 secrets take/);
      former(JSON.stringify({ old: { KEY: "canary-old" } }));
      await run("--force");
      assert.match(file("stored"), /<- \{"old":\{"KEY":"canary-old"\},"shop":/);
    });
  });

  it("overwrites nothing without --force, and stores nothing then", async () => {
    write("infra/index.ts", "mine");
    await assert.rejects(run(), /infra already has index\.ts\. Give another folder, or --force/);
    assert.equal(file("infra/index.ts"), "mine");
    assert.ok(!has("stored"));
    await run("--force");
    assert.match(file("infra/index.ts"), /new dokploy\.Application/);
  });

  it("keeps the stack's file, with the salt of its secrets, when secrets come from the environment", async () => {
    const text = "encryptionsalt: v1:salt\nconfig:\n  infra:other:\n    secure: v1:x\n";
    write("infra/Pulumi.prod.yaml", text);
    await run("--secrets", "env", "--force");
    assert.equal(file("infra/Pulumi.prod.yaml"), text);
    assert.match(file("infra/index.ts"), /secretOf\("SECRET_WEB_TOKEN"\)/);
  });

  it("writes the stack's file where there is none, and calls no CLI, when secrets come from the environment", async () => {
    await run("--secrets", "env");
    assert.equal(
      file("infra/Pulumi.prod.yaml"),
      `config:\n  dokploy:url: ${server.emulator.url}\n  dokploy:adopt: dokploy-adopt.json\n`,
    );
    assert.match(file("infra/index.ts"), /secretOf\("SECRET_WEB_TOKEN"\)/);
    assert.match(printed.join(), /Set these variables where the program runs[\s\S]* SECRET_WEB_TOKEN/);
    assert.doesNotMatch(tools.calls().join("\n"), /^pulumi /m);
  });

  it("refuses a project that Dokploy does not have, and a machine without the CLI before it reads anything", async () => {
    await assert.rejects(run("--project", "shpo"), /Dokploy has no project "shpo"\./);
    server.emulator.clearCalls();
    fs.rmSync(path.join(folder, "bin", "pulumi"));
    tools.hideOthers();
    await assert.rejects(run(), /pulumi is not on the PATH/);
    assert.deepEqual(server.emulator.calls, []);
  });

  it("says that the files exist when the secrets cannot be stored", async () => {
    tools.install("pulumi", `case "$*" in *"config set"*) echo "error: no key" >&2; exit 1;; esac`);
    await assert.rejects(
      run(),
      /pulumi config set-all failed: no key\.\nThe files are written, but the secrets are not complete: run the command again with --force\./,
    );
    assert.ok(has("infra/index.ts"));
  });

  describe("with --verify", () => {
    const unchanged = (kind: string, name: string) => ({
      severity: "info",
      message: diagnosticOf(
        `${kind} "${name}" is adopted: nothing to change.`,
        "unchanged",
        identityOf(step(kind, name).urn),
      ),
    });
    const preview = (steps: object[], diagnostics: object[]) =>
      write("preview", JSON.stringify({ steps, diagnostics }));

    beforeEach(() => preview([step("Application", "web")], [unchanged("Application", "web")]));

    it("installs the packages in a new folder, and runs a preview", async () => {
      await run("--verify");
      const calls = tools.calls();
      assert.ok(calls.some((call) => call.startsWith("npm install ")));
      assert.match(
        printed.at(-1) ?? "",
        /Verified by a preview: 1 to adopt, 0 changes, 0 writing calls, 0 deployments\./,
      );
    });

    for (const [what, own, isInstalled] of [
      ["none when the folder has the version that runs", version, false],
      ["them when the folder has another version", "0.0.1", true],
    ] as const)
      it(`installs ${what}`, async () => {
        installed(own);
        await run("--verify");
        assert.equal(
          tools.calls().some((call) => call.startsWith("npm install ")),
          isInstalled,
        );
      });

    it("installs them when the folder has no SDK of Pulumi", async () => {
      installed(version);
      fs.rmSync(path.join(folder, "infra/node_modules/@pulumi"), { recursive: true });
      await run("--verify");
      assert.match(tools.calls().join("\n"), /npm install /);
    });

    it("fails with what would change, and with other resources", async () => {
      preview(
        [
          step("Application", "web"),
          step("Project", "shop"),
          { ...step("X", "r"), urn: "urn:pulumi:prod::p::random:index:Id::r" },
        ],
        [unchanged("Application", "web")],
      );
      await assert.rejects(
        run("--verify"),
        /The preview shows changes:\n {2}Project shop: create\n {2}random:index:Id r$/,
      );
    });

    it("fails with the reason of a preview that fails, also without a plan", async () => {
      preview([], [{ severity: "error", message: "the key\n  was refused" }]);
      await assert.rejects(run("--verify"), /The preview fails:\n {2}the key was refused$/);
      write("preview", "");
      write("problem", "error: could not load plugin\n");
      await assert.rejects(run("--verify", "--force"), /pulumi preview failed: could not load plugin\.$/);
    });

    it("fails without a reason where a stream of events has none", async () => {
      write(
        "preview",
        [
          { sequence: 0, preludeEvent: { config: {} } },
          { sequence: 1, summaryEvent: { result: "failed" } },
        ]
          .map((event) => `${JSON.stringify(event)}\n`)
          .join(""),
      );
      await assert.rejects(run("--verify"), /The preview fails:\n {2}the preview failed$/);
    });

    it("fails when npm cannot install", async () => {
      tools.install("npm", `case "$*" in install*) echo "error: 404" >&2; exit 1;; esac`);
      await assert.rejects(run("--verify"), /npm install failed: 404\./);
    });

    it("gives a copy of the configuration the passwords that Dokploy never shows, and only those that are missing", async () => {
      await server.byHand("registry.create", {
        registryName: "hub",
        username: "deploy",
        password: "canary-registry",
        registryUrl: "hub.acme.dev",
        registryType: "cloud",
        imagePrefix: null,
      });
      write("infra/Pulumi.prod.yaml", "config: {}\n");
      await run("--verify", "--force");
      const [first = "", second = ""] = file("stored").trim().split("\n");
      assert.match(first, /config set --stack prod --secret exportedSecrets /);
      assert.doesNotMatch(first, /hidden/);
      assert.match(
        second,
        /config set --stack prod --config-file \S+ --secret exportedSecrets .*<- \{"hub":\{"password":"hidden"\},/,
      );
      assert.match(second, /"web":\{"TOKEN":"canary-token"\}/);
      assert.doesNotMatch(file("stored"), /canary-registry/);
      assert.equal(file("used"), "config: {}\n");
      const [, copy = ""] = /--config-file (\S+)/.exec(file("stored")) ?? [];
      assert.ok(copy.endsWith("/Pulumi.prod.yaml") && !fs.existsSync(path.dirname(copy)));
      assert.match(printed.join("\n"), /pulumi config set --secret hub\.password/);
    });

    it("gives the program its secrets in the environment, where those of the process go first", async () => {
      await server.byHand("registry.create", {
        registryName: "hub",
        username: "deploy",
        password: "canary-registry",
        registryUrl: "hub.acme.dev",
        registryType: "cloud",
        imagePrefix: null,
      });
      await run("--verify", "--secrets", "env");
      assert.match(file("environment"), /^SECRET_WEB_TOKEN=canary-token$/m);
      assert.match(file("environment"), /^SECRET_HUB_PASSWORD=hidden$/m);
      process.env["SECRET_HUB_PASSWORD"] = "given";
      await run("--verify", "--secrets", "env", "--force");
      assert.match(file("environment"), /^SECRET_HUB_PASSWORD=given$/m);
    });

    it("gives no program a variable that somebody has named for it", async () => {
      const [service] = server.emulator.services();
      const applicationId = service?.id ?? "";
      await server.byHand("application.update", { applicationId, name: "ld", env: "PRELOAD=/dev/shm/x.so" });
      await run("--verify", "--secrets", "env");
      assert.match(file("environment"), /^SECRET_LD_PRELOAD=\/dev\/shm\/x\.so$/m);
      assert.doesNotMatch(file("environment"), /^LD_/m);
      assert.match(file("infra/index.ts"), /secretOf\("SECRET_LD_PRELOAD"\)/);
    });
  });

  describe("with --missing", () => {
    const missing = (...args: string[]) => run("--missing", "--stack", "prod", ...args);
    const held = (...resources: { kind: string; name: string; id: string; outputs?: object }[]) =>
      write(
        "state",
        JSON.stringify({
          deployment: {
            resources: resources.map(({ kind, name, id, outputs = {} }) => ({
              urn: step(kind, name).urn,
              id,
              inputs: {},
              outputs,
            })),
          },
        }),
      );
    const idOf = (table: "project" | "application") =>
      String([...server.emulator.instance.tables[table].values()][0]?.[`${table}Id`]);

    it("writes what no resource has, under names that are free, with the ids of what the stack has", async () => {
      held(
        { kind: "Project", name: "shop", id: idOf("project") },
        { kind: "Application", name: "web", id: "other" },
      );
      write("Pulumi.yaml", "name: dokploy-server\nruntime: nodejs\n");
      const former = { value: '{"web-application":{"env-TOKEN":"canary-former"}}' };
      write(
        "settings",
        JSON.stringify({
          "dokploy-server:web-application.TOKEN": { value: "x" },
          "dokploy-server:exportedSecrets": former,
        }),
      );
      await missing();
      const program = file("infra/index.ts");
      assert.doesNotMatch(program, /new dokploy\.Project\(/);
      assert.match(program, /\/\/ environmentId is the defaultEnvironmentId of the Project shop\.\n/);
      assert.match(program, /new dokploy\.Application\("web-application", \{/);
      assert.match(program, /configSecret\("web-application\.TOKEN-2"\)/);
      assert.match(
        file("stored"),
        /<- \{"web-application":\{"env-TOKEN":"canary-former","TOKEN-2":"canary-token"\}\}$/m,
      );
      assert.deepEqual(Object.keys(JSON.parse(file("infra/dokploy-adopt.json")).Application), [
        "web-application",
      ]);
      assert.ok(!has("infra/package.json"));
      const calls = tools.calls().join("\n");
      assert.match(
        calls,
        /pulumi -C \. config set-all --stack prod --plaintext dokploy:adopt=infra\/dokploy-adopt\.json/,
      );
      assert.doesNotMatch(calls, /npm|select|dokploy:url/);
      assert.match(printed.join(), /import "\.\/infra";/);
    });

    it("knows the parts that the lists of a service have", async () => {
      const applicationId = idOf("application");
      const { domainId } = await server.byHand<{ domainId: string }>("domain.create", {
        applicationId,
        domainType: "application",
        host: "a.acme.dev",
        port: 80,
      });
      const web = { kind: "Application", name: "web", id: applicationId };
      held(web);
      await missing();
      assert.match(file("infra/index.ts"), /new dokploy\.Domain\("a-acme-dev"/);
      held({ ...web, outputs: { partIds: { domains: { "a.acme.dev/": domainId } } } });
      await missing("--force");
      assert.doesNotMatch(file("infra/index.ts"), /Domain/);
    });

    it("writes no file when the stack has everything", async () => {
      await missing();
      const adopted = JSON.parse(file("infra/dokploy-adopt.json")) as Record<string, Record<string, string>>;
      const all = Object.entries(adopted).flatMap(([kind, names]) =>
        Object.entries(names).map(([name, id]) => ({ kind, name, id })),
      );
      held(...all);
      fs.rmSync(path.join(folder, "infra"), { recursive: true });
      await missing();
      assert.match(printed.at(-1) ?? "", /has everything that a resource can manage; no file was written\./);
      assert.ok(!has("infra"));
    });

    it("refuses to replace an adoption file that is still needed, and only such a one", async () => {
      write("settings", '{"dokploy:adopt":{"value":"adopt.json"}}');
      write("adopt.json", JSON.stringify({ Application: { web: idOf("application") } }));
      await assert.rejects(
        missing(),
        /adopt\.json has Application "web", which the stack prod has not adopted yet: run pulumi up first\./,
      );
      assert.ok(!has("infra"));
      write("adopt.json", JSON.stringify({ Application: { web: "other" } }));
      await missing();
      fs.rmSync(path.join(folder, "adopt.json"));
      await missing("--force");
    });
  });
});
