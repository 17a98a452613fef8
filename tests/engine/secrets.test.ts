import * as assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Story } from "./story";

/** A text that appears nowhere by chance. Each has a name, so that a leak says what leaked. */
const canary = (name: string) => `${name}-${randomBytes(12).toString("hex")}`;
const names = [
  "envValue",
  "templateValue",
  "changedValue",
  "buildSecret",
  "buildArg",
  "registryPassword",
  "blockValue",
  "projectValue",
  "composeValue",
  "driftedValue",
  "gitPassword",
  "previewSecret",
  "composeFile",
  "inJson",
] as const;

describe("a secret", function () {
  this.timeout(180_000);
  let story: Story;
  let worker: string;
  const secrets = Object.fromEntries(names.map((name) => [name, canary(name)])) as Record<
    (typeof names)[number],
    string
  >;
  let printed = "";

  before(async () => {
    story = await Story.begin();
    worker = await story.existingApplication("worker");
    // The key is a secret of the stack's configuration here; a wrong one in the environment is overruled by it.
    const { apiKey } = story.emulator;
    const set = await story.workspace.pulumi("config", "set", "--secret", "dokploy:apiKey", apiKey);
    assert.equal(set.code, 0, set.stderr);
    story.workspace.env["DOKPLOY_API_KEY"] = environmentKey;
  });
  after(() => story?.end());

  const environmentKey = canary("environmentKey");

  const program = (change: { value?: string; image?: string } = {}) => `
    const secret = (text) => pulumi.secret(text);
    const project = new dokploy.Project("project", {
      name: "shop",
      env: { SHARED: secret("${secrets.projectValue}") },
    });
    new dokploy.Application("api", {
      environmentId: project.defaultEnvironmentId,
      name: "api",
      source: {
        type: "docker",
        image: "${change.image ?? "acme/api:1"}",
        registryUrl: "registry.example",
        username: "robot",
        password: secret("${secrets.registryPassword}"),
      },
      env: {
        VALUE: secret("${change.value ?? secrets.envValue}"),
        TEMPLATE: secret("{{ ${secrets.templateValue} }}"),
        PLAIN: "plain",
      },
      buildArgs: { ARG: secret("${secrets.buildArg}") },
      buildSecrets: { NPM_TOKEN: secret("${secrets.buildSecret}") },
      // A secret by its nature: the program need not say so.
      preview: { buildSecrets: { NPM_TOKEN: "${secrets.previewSecret}" } },
    });
    new dokploy.Application("site", {
      environmentId: project.defaultEnvironmentId,
      name: "site",
      source: {
        type: "git",
        url: secret("https://robot:${secrets.gitPassword}@git.example/acme/site.git"),
        branch: "main",
      },
      build: { type: "dockerfile" },
      deploy: false,
    });
    new dokploy.Compose("cache", {
      environmentId: project.defaultEnvironmentId,
      name: "cache",
      source: { type: "raw", composeFile: "services:\\n  cache:\\n    image: redis:7\\n" },
      env: { PASSWORD: secret("${secrets.composeValue}") },
    });
    new dokploy.Compose("whole", {
      environmentId: project.defaultEnvironmentId,
      name: "whole",
      source: {
        type: "raw",
        composeFile: secret(${JSON.stringify(wholeFile(change.image ?? "acme/api:1"))}),
      },
    });
    new dokploy.EnvironmentBlock("block", {
      target: { applicationId: "${worker}" },
      env: { VALUE: secret("${secrets.blockValue}") },
    });
  `;

  /** Marked as a whole; what is in it stands behind names that say nothing. */
  const wholeFile = (image: string) =>
    `services:\n  whole:\n    image: ${image}\n    command: [serve, --greeting, "${secrets.composeFile}"]\n` +
    `    environment:\n      OPTIONS: '{"greeting": ["${secrets.inJson}"]}'\n      LEVEL: info\n`;

  /** Looks in everything that was printed or written so far. */
  function assertHidden(): void {
    const home = path.dirname(story.workspace.dir);
    const places: Record<string, string> = {
      "the output": printed,
      "the backend": story.workspace.stateText(),
      "the Pulumi home": readAll(home, (name) => name !== "node_modules" && !name.startsWith("index.")),
    };
    for (const [place, text] of Object.entries(places)) {
      for (const [name, value] of [
        ...Object.entries(secrets),
        ["apiKey", story.emulator.apiKey],
        ["environmentKey", environmentKey],
      ] as const) {
        assert.equal(text.includes(value), false, `${place} shows the canary ${name}`);
        const encoded = Buffer.from(value).toString("base64").replace(/=+$/, "");
        assert.equal(text.includes(encoded), false, `${place} shows the canary ${name} in base64`);
      }
    }
  }

  async function run(...args: string[]) {
    const result = await story.run(...args);
    printed += result.output;
    return result;
  }

  it("stays hidden in a plan and in its update", async () => {
    story.program(program());
    const preview = await run("preview", "--diff");
    assert.equal(preview.code, 0, preview.output);
    const up = await run("up", "--skip-preview");
    assert.equal(up.code, 0, up.output);
    assert.deepEqual(story.emulator.containerEnv(story.resource("api").id), {
      VALUE: secrets.envValue,
      TEMPLATE: `{{ ${secrets.templateValue} }}`,
      PLAIN: "plain",
    });
    assertHidden();
  });

  it("stays hidden when it changes, in the plan as text and as JSON", async () => {
    story.program(program({ value: secrets.changedValue }));
    const text = await run("preview", "--diff");
    assert.match(text.stdout, /~ VALUE *: \[secret\] => \[secret\]/);
    const json = await run("preview", "--json");
    assert.ok(json.stdout.includes('"env.VALUE"'), json.stdout);
    assertHidden();
  });

  it("stays hidden when logs of failed deployments show it, down to the values of a compose file; nothing else is", async () => {
    const { id: api } = story.resource("api");
    const { id: whole } = story.resource("whole");
    const last = "Error occurred ❌, check the logs for details.";
    const logOfApi = [
      `export VALUE=${secrets.changedValue}`,
      `failed to expand "TEMPLATE={{ ${secrets.templateValue} }}"`,
      `docker login -p ${secrets.registryPassword}`,
      `--build-arg ARG=${secrets.buildArg} NPM_TOKEN=${secrets.buildSecret}`,
      last,
    ];
    const logOfWhole = [
      `serving with ${secrets.composeFile}, {"greeting":["${secrets.inJson}"]}`,
      "Error response from daemon: No such image: acme/api:2",
      "Container whole-1 Error, level=info, plain=plain",
      last,
    ];
    story.emulator.setOutcome(api, { status: "error", log: logOfApi.join("\n") });
    story.emulator.setOutcome(whole, { status: "error", log: logOfWhole.join("\n") });
    story.program(program({ image: "acme/api:2", value: secrets.changedValue }));
    const up = await run("up", "--skip-preview", "--continue-on-error");
    for (const id of [api, whole]) story.emulator.setOutcome(id, undefined);
    assert.notEqual(up.code, 0);
    assert.match(up.output, /export VALUE=/);
    assert.deepEqual(typeof story.resource("api").initErrors, "object");
    assert.match(up.output, /serving with \[secret\]/);
    assert.match(up.output, /No such image: acme\/api:2/);
    assert.match(up.output, /Container whole-1 Error, level=info, plain=plain/);
    assert.match(JSON.stringify(story.resource("whole").initErrors), /serving with \[secret\]/);
    printed += (await run("stack", "export")).output;
    assertHidden();
  });

  it("stays hidden when a value is refused: only its name is shown", async () => {
    const bad = `${secrets.changedValue}\\u0000`;
    story.program(program({ value: bad }));
    const preview = await run("preview");
    assert.notEqual(preview.code, 0, preview.output);
    assert.match(preview.output, /env\.VALUE/);
    assertHidden();
  });

  it("stays hidden when Dokploy's own error quotes the request", async () => {
    story.emulator.faults.add({
      endpoint: "application.update",
      status: 500,
      body: {
        message: `Failed query: update "application" set "env" = $1 params: VALUE=${secrets.envValue}`,
        code: "INTERNAL_SERVER_ERROR",
      },
    });
    story.program(program({ value: secrets.envValue }));
    const up = await run("up", "--skip-preview");
    assert.notEqual(up.code, 0, up.output);
    assertHidden();
  });

  it("stays hidden when somebody else set it, in refresh and in the next plan", async () => {
    story.program(program());
    const converged = await run("up", "--skip-preview");
    assert.equal(converged.code, 0, converged.output);
    const { id } = story.resource("api");
    const { env } = await story.application(id);
    await story.byHand("application.update", {
      applicationId: id,
      env: `${env}\nBYHAND=${secrets.driftedValue}`,
      buildSecrets: `NPM_TOKEN=${secrets.driftedValue}2`,
      password: `${secrets.driftedValue}3`,
    });
    for (const args of [
      ["refresh", "--diff", "--skip-preview"],
      ["preview", "--diff"],
      ["preview", "--json"],
    ]) {
      const result = await run(...args);
      assert.equal(result.code, 0, result.output);
    }
    assert.ok(printed.includes("BYHAND"));
    assertHidden();
  });

  it("is not in the state for the API key, encrypted or not", () => {
    for (const { urn, type, inputs, outputs } of story.workspace.state().resources ?? []) {
      if (type.startsWith("pulumi:providers:")) continue;
      assert.doesNotMatch(JSON.stringify([inputs, outputs]), /apiKey|api_key|"secrets"/i, urn);
    }
  });

  it("stays hidden to the end", async () => {
    const destroy = await run("destroy", "--skip-preview");
    assert.equal(destroy.code, 0, destroy.output);
    assertHidden();
  });
});

function readAll(folder: string, wanted: (name: string) => boolean): string {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => wanted(name))
    .map((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return readAll(file, wanted);
      return entry.isFile() ? fs.readFileSync(file, "latin1") : "";
    })
    .join("\n");
}

describe("a secret that was removed from the program", function () {
  this.timeout(180_000);
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin();
  });
  afterEach(() => story.end());

  it("stays encrypted in the state when the change could not be saved", async () => {
    const [env, build, password] = [canary("env"), canary("build"), canary("password")];
    const any = new RegExp([env, build, password].join("|"));
    const program = (args: string) => `
      const shop = new dokploy.Project("shop", { name: "shop" });
      new dokploy.Application("api", { environmentId: shop.defaultEnvironmentId, name: "api", ${args} });
    `;
    await story.up(
      program(`
        source: { type: "docker", image: "acme/api:1", registryUrl: "r.example", password: "${password}" },
        env: { LEVEL: "info", TOKEN: pulumi.secret("${env}") },
        buildSecrets: { NPM: "${build}" },
      `),
    );
    assert.doesNotMatch(story.workspace.stateText(), any);
    story.emulator.faults.add({ endpoint: "application.update", status: 500, times: Infinity });
    story.program(program('source: { type: "docker", image: "acme/api:2" }, env: { LEVEL: "debug" }'));
    const failed = await story.fails("up", "--skip-preview");
    story.emulator.faults.clear();
    const plan = await story.succeeds("preview", "--json");
    assert.doesNotMatch(failed.output + story.workspace.stateText() + plan.output, any);
    await story.succeeds("up", "--skip-preview");
  });

  it("is masked in Dokploy's response to the deployment, and no title contains it", async () => {
    const token = canary("token");
    story.emulator.faults.add({
      endpoint: "application.deploy",
      status: 400,
      body: {
        message: `cannot deploy with ${token}`,
        code: "BAD_REQUEST",
        data: { path: "application.deploy" },
      },
    });
    story.program(`
      const shop = new dokploy.Project("shop", { name: "shop" });
      new dokploy.Application("api", {
        environmentId: shop.defaultEnvironmentId, name: "api",
        source: { type: "docker", image: "acme/api:1" }, env: { TOKEN: pulumi.secret("${token}") },
        deploy: { title: pulumi.secret("${token}") },
      });
    `);
    const failed = await story.fails("up", "--skip-preview");
    assert.match(failed.output, /cannot deploy with \[secret\]/);
    await story.succeeds("up", "--skip-preview");
    const { output } = await story.succeeds("stack", "export");
    assert.doesNotMatch(failed.output + output + story.workspace.stateText(), new RegExp(token));
  });
});
