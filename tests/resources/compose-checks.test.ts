import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;
const unknown = runtime.unknownValue;

describe("compose files at preview", () => {
  let server: Server;
  let environmentId: string;
  before(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  after(() => server.close());
  beforeEach(() => {
    server.newRun();
    server.warnings.length = 0;
  });
  afterEach(() => {
    delete process.env["DOKPLOY_COMPOSE_CHECKS"];
  });

  const file = (lines: string) => `services:\n  web:\n    image: acme/web:1\n    ${lines}\n`;
  const inputs = (composeFile: unknown, more: Values = {}, source: Values = {}) =>
    withProvider({
      environmentId,
      name: "cache",
      source: { type: "raw", composeFile, ...source },
      ...more,
    });
  /** Checked as an update, so that only the inputs count. */
  const failures = async (news: Values) =>
    (await server.Compose.check({ name: "old" }, news)).failures.map(
      ({ property, reason }) => `${property}: ${reason}`,
    );
  const clashing = file("ports: ['8005:1', '8005:2']");

  it("fail with file, line, column and rule, without a call", async () => {
    const [failure, ...others] = await failures(inputs(clashing, {}, { file: "services/cache.yaml" }));
    assert.deepEqual(others, []);
    assert.match(failure ?? "", /^source\.composeFile: services\/cache\.yaml:4:23: .*8005.* \[port-clash\]$/);
    assert.deepEqual(server.calls(), []);
  });

  it("fail with line and column if the file has no name", async () => {
    assert.match((await failures(inputs(clashing)))[0] ?? "", /^source\.composeFile: compose file 4:23: /);
    assert.match((await failures(inputs("- a\n")))[0] ?? "", /^source\.composeFile: compose file 1:1: /);
    assert.match(
      (await failures(inputs("# none\n")))[0] ?? "",
      /^source\.composeFile: compose file: is empty/,
    );
    assert.match(
      (await failures(inputs("# none\n", {}, { file: "a.yaml" })))[0] ?? "",
      /^source\.composeFile: a\.yaml: is empty/,
    );
  });

  it("report the first findings of a file that is wrong throughout, and how many more there are", async () => {
    const names = Array.from({ length: 50 }, (_, index) => index);
    const volumes = names.map((index) => `      - v${index}:/v${index}\n`).join("");
    const reported = await failures(
      inputs(`services:\n  web:\n    image: acme/web:1\n    volumes:\n${volumes}`),
    );
    assert.equal(reported.length, 21);
    assert.match(reported.at(-1) ?? "", /^source\.composeFile: and 30 more errors of the compose file$/);
    const services = names.map((index) => `  s${index}:\n    image: acme/web\n`).join("");
    assert.deepEqual(await failures(inputs(`services:\n${services}`)), []);
    assert.equal(server.warnings.length, 21);
    assert.match(server.warnings.at(-1) ?? "", /and 30 more warnings of the compose file/);
  });

  it("report once why a file cannot be read", async () => {
    const texts = [
      "",
      "services:\r  web:\r    image: a:1\r",
      "services:\n  web:\n    image: x:1\n      a: y\n b: [\n",
    ];
    for (const text of texts) assert.equal((await failures(inputs(text))).length, 1, text);
    assert.match((await failures(inputs(texts[1]))).join(), /compose file 1:10: a carriage return without/);
  });

  it("are refused for a new service before anything is created", async () => {
    const { failures } = await server.Compose.check({}, inputs(clashing));
    assert.match(failures[0]?.reason ?? "", /port-clash/);
    assert.deepEqual(server.calls(), []);
  });

  it("warn with the name of the service, the same but once", async () => {
    const news = inputs(file("container_name: web"), { env: { LEFT: "1" } }, { file: "a.yaml" });
    assert.deepEqual(await failures(news), []);
    assert.deepEqual(await failures(news), []);
    assert.equal(server.warnings.length, 2);
    assert.match(server.warnings[0] ?? "", /^Compose "cache": a\.yaml:4:5: .* \[container-name\]$/);
    assert.match(
      server.warnings[1] ?? "",
      /^Compose "cache": env\.LEFT: the file does not use .* \[unused-variable\]$/,
    );
  });

  it("name the variable if an error is about one", async () => {
    const [failure] = await failures(
      inputs(file(""), { env: { LEFT: "1" }, checks: { "unused-variable": "error" } }),
    );
    assert.match(failure ?? "", /^env\.LEFT: the file does not use/);
  });

  it("treat unknown variables as set, and report nothing if all are unknown", async () => {
    const used = file("command: ${A:?no} ${B:?no}");
    assert.deepEqual(await failures(inputs(used, { env: { A: unknown, B: "1" } })), []);
    assert.deepEqual(await failures(inputs(used, { env: unknown })), []);
    assert.deepEqual(await failures(inputs(used)), []);
    assert.match((await failures(inputs(used, { env: { A: unknown } })))[0] ?? "", /B is required/);
    assert.deepEqual(server.warnings, []);
  });

  it("know the files that mounts of the service write, and the variables in these", async () => {
    const text = file("volumes: ['../files/a.toml:/a.toml', '../files/data:/data']");
    const mount = { type: "file", filePath: "a.toml", mountPath: "/a.toml", content: "key = canary" };
    const env = { KEY: "canary", LEFT: "other" };
    assert.deepEqual(await failures(inputs(text, { env, mounts: { "/a.toml": mount } })), []);
    assert.deepEqual(
      server.warnings.map((text) => text.replace(/^.*?(env\.\w+|4:\d+):.*\[/, "$1 [")),
      ["4:42 [files-folder-mount]", "env.LEFT [unused-variable]"],
    );
  });

  it("are not checked if they are unknown or elsewhere", async () => {
    assert.deepEqual(await failures(inputs(unknown)), []);
    const git = { source: { type: "git", url: "https://acme.dev/a.git", branch: "main" } };
    assert.deepEqual(await failures(withProvider({ environmentId, name: "cache", ...git })), []);
  });

  it("know no variables if a custom command reads its own file", async () => {
    const own = { env: {}, createEnvFile: false, command: "compose --env-file ../files/prod.env up -d" };
    assert.deepEqual(await failures(inputs(file("command: ${A:?no}"), own)), []);
    assert.match(
      (await failures(inputs(file("command: $A"), { createEnvFile: false })))[0] ?? "",
      /env-file-off/,
    );
  });

  it("treat profiles as unknown if a custom command may request them", async () => {
    const text = `${file("depends_on: [dev]")}  dev: {image: 'acme/dev:1', profiles: [dev]}\n`;
    assert.match((await failures(inputs(text, { env: {} })))[0] ?? "", /profile is not requested/);
    const own = { env: {}, command: "compose --profile dev up -d" };
    assert.deepEqual(await failures(inputs(text, own)), []);
    assert.deepEqual(await failures(inputs(text, { env: { COMPOSE_PROFILES: "dev" } })), []);
  });

  it("are checked as a stack for a stack", async () => {
    const text = file("mem_limit: 1g");
    assert.deepEqual(await failures(inputs(text)), []);
    assert.match((await failures(inputs(text, { composeType: "stack" })))[0] ?? "", /stack-refused/);
  });

  it("follow the levels of the stack's settings, then those of the resource", async () => {
    process.env["DOKPLOY_COMPOSE_CHECKS"] = "port-clash=warn";
    server.newRun();
    assert.deepEqual(await failures(inputs(clashing)), []);
    assert.match(server.warnings.join(), /port-clash/);

    server.newRun({ composeChecks: '{"port-clash":"off"}' });
    server.warnings.length = 0;
    assert.deepEqual(await failures(inputs(clashing)), []);
    assert.deepEqual(server.warnings, []);
    const own = inputs(clashing, { checks: { "port-clash": "error" } });
    assert.match((await failures(own))[0] ?? "", /port-clash/);
  });

  it("refuse unknown rules and levels", async () => {
    const checks = async (levels: Values) =>
      (await failures(inputs(file(""), { checks: levels }))).join("\n");
    assert.match(
      await checks({ latest: "off" }),
      /^checks: no rule has the name "latest"; the rules are .*latest-tag/,
    );
    assert.match(
      await checks({ "latest-tag": "loud" }),
      /^checks\.latest-tag: must be one of "off", "warn", "error"/,
    );
  });

  it("must have every service that a domain names, unless that is off", async () => {
    const raw = file("environment: {}");
    const domains = (entry: Values, more: Values = {}, composeFile: unknown = raw) =>
      failures(
        inputs(composeFile, {
          ...more,
          domains: { "a/": { host: "a.example.com", serviceName: "api", ...entry } },
        }),
      );
    const [failure, ...others] = await domains({});
    assert.equal(
      failure,
      'domains["a/"].serviceName: "api" is not a service of the compose file, which has web',
    );
    assert.deepEqual(others, []);
    assert.deepEqual(await domains({ serviceName: "web" }), []);
    assert.deepEqual(await domains({ enabled: false }), []);
    assert.deepEqual(await domains({ enabled: unknown }), []);
    assert.deepEqual(await domains({ serviceName: unknown }), []);
    assert.deepEqual(await domains({}, {}, unknown), []);
    const secretName = { serviceName: "canary-service" };
    const [hidden] = await domains(secretName, { __secrets: [["domains", "a/", "serviceName"]] });
    assert.equal(
      hidden,
      'domains["a/"].serviceName: "[secret]" is not a service of the compose file, which has web',
    );
    const [wrong, ...rest] = await failures(inputs(raw, { domains: { "[0]": null } }));
    assert.match(wrong ?? "", /^domains\[0\]: must /);
    assert.deepEqual(rest, []);
    const many = Array.from({ length: 12 }, (_, n) => `  s${n}:\n    image: acme/web:1\n`).join("");
    assert.match((await domains({}, {}, `services:\n${many}`)).join(), /, which has s0, .*, s9 and 2 more$/);
    const [marked] = await domains({}, { __secrets: [["source", "composeFile"]] });
    assert.equal(marked, 'domains["a/"].serviceName: "api" is not a service of the compose file');
    assert.deepEqual(server.calls(), []);
  });

  it("have their services under the names that randomize gives them", async () => {
    const reach = (serviceName: string, more: Values) =>
      failures(
        inputs(file("environment: {}"), {
          suffix: "blue",
          ...more,
          domains: { "a/": { host: "a.example.com", serviceName } },
        }),
      );
    assert.deepEqual(await reach("web-blue", { randomize: true }), []);
    assert.match((await reach("web", { randomize: true })).join(), /, which has web-blue$/);
    assert.deepEqual(await reach("web", { randomize: true, isolatedDeployment: true }), []);
    assert.deepEqual(await reach("web", {}), []);
    assert.deepEqual(await reach("web", { randomize: unknown }), []);
  });

  it("are not deployed by any server while a domain names a missing service", async () => {
    const created = await server.Compose.create(
      inputs(file("environment: {}"), { name: "wiki", deploy: { waitFor: "deployed" } }),
    );
    const domain = server.of("Domain");
    await assert.rejects(
      domain.create(withProvider({ composeId: created.id, host: "b.example.com", serviceName: "api" })),
      /attached to service "api" which does not exist in the compose/,
    );
  });

  it("are the same plan under another name, change the state alone with other levels, and stay so on refresh", async () => {
    const olds = inputs(file(""), { name: "kept" }, { file: "a.yaml" });
    const { id, outs } = await server.Compose.create(olds);
    for (const news of [
      inputs(file(""), { name: "kept" }, { file: "b.yaml" }),
      inputs(file(""), { name: "kept" }),
    ]) {
      assert.deepEqual(await server.Compose.diff(id, outs, news), { changes: false });
    }
    const levels = inputs(file(""), { name: "kept", checks: { localhost: "off" } }, { file: "a.yaml" });
    server.newRun();
    assert.deepEqual(await server.Compose.diff(id, outs, levels), { deleteBeforeReplace: true });
    await server.Compose.update(id, outs, levels);
    assert.deepEqual(server.calls(), []);
    assert.deepEqual((await server.Compose.read(id, outs)).inputs, olds);
  });
});
