import * as assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Story } from "./story";

const stackTrace = /\n\s+at (?:\S+ \()?\S+\.(?:js|ts):\d+/;

describe("a plan refuses", function () {
  this.timeout(180_000);
  let story: Story;
  let worker: string;
  let environmentId: string;

  before(async () => {
    story = await Story.begin();
    worker = await story.existingApplication("worker", { env: "OWN=1" });
    environmentId = String((await story.application(worker))["environmentId"]);
  });
  after(() => story?.end());

  /** The plan must fail, with these texts, before anything is changed, and without a stack trace. */
  async function refuses(program: string, ...texts: (string | RegExp)[]): Promise<string> {
    story.program(program);
    const { output, calls } = await story.fails("preview");
    for (const text of texts) {
      assert.ok(
        typeof text === "string" ? output.includes(text) : text.test(output),
        `${text} in:\n${output}`,
      );
    }
    assert.doesNotMatch(output, stackTrace);
    assert.deepEqual(
      calls.filter((call) => /create|update|save|deploy$|delete/.test(call)),
      [],
    );
    return output;
  }

  const application = (inputs: string) => `
    new dokploy.Application("api", {
      environmentId: "${environmentId}",
      name: "api",
      source: { type: "docker", image: "acme/api:1" },
      ${inputs}
    });
  `;

  it("wrong types and values, missing and unknown inputs, each by its path", async () => {
    const output = await refuses(
      `new dokploy.Application("api", {
        environmentId: "${environmentId}",
        source: { type: "docker", image: "acme/api:1", branch: "main" },
        replicas: "two",
        colour: "red",
        resources: { memoryLimit: "512 potatoes", cpuLimit: -1, disk: "1GiB" },
        preview: { certificateType: "none at all" },
        args: "one two",
        env: { PORT: 8080 },
        deploy: { method: "now" },
      });`,
      "name",
      "source.branch",
      "replicas",
      "colour",
      "resources.memoryLimit",
      "resources.cpuLimit",
      "resources.disk",
      "preview.certificateType",
      "args",
      "env.PORT",
      "deploy.method",
    );
    assert.match(output, /branch.* is not an input of source of type "docker"/);
    assert.match(
      output,
      /colour.* is not an input of a Application|colour.* is not an input of an Application/,
    );
    assert.match(output, /name.* is missing/);
    assert.match(output, /replicas.* must be a number, not a string/);
    assert.match(output, /must be one of "letsencrypt", "none", "custom"/);
  });

  it("names and values of variables that would not arrive unchanged", async () => {
    await refuses(
      application(`env: {
        "not a name": "x",
        "1": "x",
        __proto__x: "fine",
        NUL: "a\\u0000b",
        GOOD: "x",
        REFERENCE: "\${{missing}}",
        HUGE: "x".repeat(140000),
      }`),
      "env.not a name",
      "env.NUL",
      "env.REFERENCE",
      "env.HUGE",
    );
  });

  it("a name that is taken, with advice on adopting its object", async () => {
    await refuses(
      application("").replace(`name: "api"`, `name: "worker"`),
      `already has an application named "worker" (${worker})`,
      `import: "${worker}"`,
    );
    await refuses(
      `new dokploy.Project("p", { name: "project of worker" });`,
      `already has a project named "project of worker"`,
      '`project of worker-${pulumi.getStack()}` is "project of worker-dev" here',
      "import:",
    );
  });

  it("an environment named production", async () => {
    await refuses(
      `new dokploy.Environment("e", { projectId: "some-project000000000", name: "production" });`,
      "defaultEnvironmentId",
    );
  });

  it("the id of an object that does not exist", async () => {
    await refuses(
      `new dokploy.EnvironmentBlock("b", { target: { applicationId: "no-such-application00" }, env: { A: "a" } });`,
      "target.applicationId",
      "Dokploy has no application no-such-application00",
    );
    await refuses(
      application("").replace(environmentId, "no-such-environment00"),
      "environmentId",
      "Dokploy has no environment no-such-environment00",
    );
    await refuses(
      `new dokploy.Compose("c", {
        environmentId: "${environmentId}", name: "c", source: { type: "raw", composeFile: "services: { c: { image: 'c:1' } }" },
      }, { import: "no-such-service000000" });`,
      "Dokploy has no compose service no-such-service000000",
    );
  });

  it("a resource without inputs, and an undefined variable", async () => {
    await refuses(
      `new dokploy.Application("api");`,
      `Application "api" has no inputs; it needs environmentId, name and source: new Application("api", {`,
    );
    await refuses(
      application(`env: { A: process.env.NOT_SET_ANYWHERE, B: "b" }, buildArgs: { C: undefined }`),
      `Application "api": env.A and buildArgs.C are undefined, which is what process.env gives for a variable that is not set`,
    );
    await refuses(
      application("env: { A: pulumi.output(undefined) }"),
      `Application "api": env.A is undefined`,
    );
  });

  it("a target without variables", async () => {
    await refuses(
      `const b = new dokploy.EnvironmentBlock("b", { target: { applicationId: "${worker}" }, env: {} });
       new dokploy.EnvironmentBlock("c", { target: b, env: {} });`,
      `EnvironmentBlock "c": target is a resource without variables`,
    );
  });

  describe("two owners of the same variables:", () => {
    const block = (name: string, env: string, mode = "exclusive", id = `"${worker}"`) => `
      new dokploy.EnvironmentBlock("${name}", { target: { applicationId: ${id} }, mode: "${mode}", env: ${env} });
    `;

    it("an application's own and a block", async () => {
      const api = application(`env: { A: "a" }`).replace("new", "const api = new");
      await refuses(
        api + block("b", `{ B: "b" }`, "additive", "api.id"),
        `EnvironmentBlock "b" and Application "api" both own env of the same application`,
      );
    });

    it("two blocks for the whole text", async () => {
      await refuses(
        block("one", `{ A: "a" }`) + block("two", `{ B: "b" }`),
        /EnvironmentBlock "two" and EnvironmentBlock "one" both own env of the same application/,
      );
    });

    it("two blocks with a name in common", async () => {
      await refuses(
        block("one", `{ A: "a", B: "b" }`, "additive") + block("two", `{ B: "b", C: "c" }`, "additive"),
        /both own env\.B of the same application/,
      );
    });

    it("but not two blocks with different names", async () => {
      story.program(block("one", `{ A: "a" }`, "additive") + block("two", `{ B: "b" }`, "additive"));
      const { stdout } = await story.succeeds("up", "--skip-preview");
      assert.match(stdout, /3 created/);
      assert.deepEqual(story.emulator.containerEnv(worker), { OWN: "1", A: "a", B: "b" });
      await story.succeeds("preview", "--expect-no-changes");
      await story.succeeds("destroy", "--skip-preview");
      assert.equal((await story.application(worker)).env, "OWN=1");
    });
  });
});

describe("a program with a resource for a target", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  it("uses its id, and returns inputs as outputs", async () => {
    story.program(`
      const shop = new dokploy.Project("shop", { name: "shop" });
      const place = { environmentId: shop.defaultEnvironmentId };
      const source = { type: "docker", image: "acme/api:1" };
      const api = new dokploy.Application("api", { ...place, name: "api", source, replicas: 2 });
      new dokploy.EnvironmentBlock("api", { target: api, env: { A: "a" } });
      new dokploy.EnvironmentBlock("shop", { target: shop, env: { REGION: "eu" } });
      new dokploy.Deployment("api", { target: api, triggers: { of: pulumi.jsonStringify([api.replicas, api.command]) } });
      exports.image = api.source.image;
      exports.replicas = api.replicas;
    `);
    const { stdout } = await story.succeeds("up", "--skip-preview");
    assert.match(stdout, /image *: "acme\/api:1"/);
    assert.match(stdout, /replicas *: 2/);
    const [api] = (story.workspace.state().resources ?? []).filter(({ urn }) =>
      urn.endsWith("Application::api"),
    );
    assert.deepEqual(story.emulator.containerEnv(String(api?.id)), { A: "a" });
    await story.succeeds("preview", "--expect-no-changes");
    await story.succeeds("destroy", "--skip-preview");
  });
});

describe("a connection that does not work", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
    story.program(`new dokploy.Project("p", { name: "p" });`);
  });
  after(() => story?.end());

  /** What a preview says with these settings in place of the good ones. */
  async function preview(settings: NodeJS.ProcessEnv): Promise<string> {
    const { env } = story.workspace;
    const good = { DOKPLOY_URL: env["DOKPLOY_URL"], DOKPLOY_API_KEY: env["DOKPLOY_API_KEY"] };
    Object.assign(env, settings);
    for (const [name, value] of Object.entries(settings)) if (value === undefined) delete env[name];
    try {
      const { output } = await story.fails("preview");
      assert.doesNotMatch(output, stackTrace);
      return output;
    } finally {
      Object.assign(env, good);
    }
  }

  it("with missing settings names both ways to give each", async () => {
    const output = await preview({ DOKPLOY_URL: undefined, DOKPLOY_API_KEY: undefined });
    assert.match(output, /`pulumi config set dokploy:url https:\/\/…` or DOKPLOY_URL/);
    assert.match(output, /`pulumi config set --secret dokploy:apiKey` or DOKPLOY_API_KEY/);
  });

  it("for a malformed address names the mistake", async () => {
    assert.match(await preview({ DOKPLOY_URL: "dokploy.example" }), /dokploy:url is not a complete URL/);
  });

  it("says where a wrong setting comes from, and names a misspelt one", async () => {
    await story.succeeds("config", "set", "dokploy:url", "dokploy.example");
    try {
      assert.match(
        await preview({}),
        /dokploy:url is not a complete URL.*; it comes from the stack's configuration \(dokploy:url\)/,
      );
    } finally {
      await story.succeeds("config", "rm", "dokploy:url");
    }
    await story.succeeds("config", "set", "dokploy:ur", "https://dokploy.example");
    try {
      assert.match(await preview({}), /has dokploy:ur, which is not a setting\. Is dokploy:url meant\?/);
    } finally {
      await story.succeeds("config", "rm", "dokploy:ur");
    }
  });

  it("for a wrong key says so, without the key", async () => {
    const output = await preview({ DOKPLOY_API_KEY: "wrongkeywrongkey" });
    assert.match(output, /The key comes from DOKPLOY_API_KEY\./);
    assert.match(output, /the API key was refused/);
    assert.doesNotMatch(output, /wrongkeywrongkey/);
  });

  it("for a key that lacks the permission names who has it", async () => {
    story.emulator.denyPermission("project.all");
    const output = await preview({});
    assert.match(output, /the API key lacks the permission/);
    assert.match(output, /owner or admin/);
  });

  it("for a page instead of Dokploy's API says what responded", async () => {
    const server = createServer((_, response) => {
      response.setHeader("content-type", "text/html").end("<html>Welcome to nginx!</html>");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const output = await preview({ DOKPLOY_URL: `http://127.0.0.1:${port}` });
      assert.match(
        output,
        /responded with a body of type text\/html, which is not a response of Dokploy's API/,
      );
    } finally {
      server.close();
    }
  });

  it("for a server that does not exist says so, after it tried for a while", async () => {
    // Another test may get a port that was closed a moment ago; this one belongs to no program that runs in tests.
    const port = 1;
    const output = await preview({ DOKPLOY_URL: `http://127.0.0.1:${port}` });
    assert.match(output, new RegExp(`127\\.0\\.0\\.1:${port} refuses connections`));
    assert.match(output, /The address comes from DOKPLOY_URL\./);
    assert.match(output, /after 5 tries/);
    // Nobody looks at a silent terminal until then.
    assert.match(output, /Dokploy: \S+ failed \(.+\); trying again in \d+ s/);
  });
});
