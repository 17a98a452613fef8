import * as assert from "node:assert/strict";
import { once } from "node:events";
import * as fs from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import * as path from "node:path";
import { createWorkspace, type Workspace } from "./cli";
import { until } from "./interrupted";

const greeting = `
const pulumi = require("@pulumi/pulumi");
const provider = {
  async create(inputs) { return { id: "greeting-1", outs: inputs }; },
};
class Greeting extends pulumi.dynamic.Resource {
  constructor(name, args) { super(provider, name, args); }
}
new Greeting("hello", { text: "Hi", password: pulumi.secret("canary-5d1f") });
`;

describe("the Pulumi CLI in a separate workspace", function () {
  this.timeout(180_000);
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await createWorkspace({ project: "greetings" });
  });
  afterEach(() => workspace.close());

  it("plans, creates, finds nothing more to do, and destroys a dynamic resource", async () => {
    workspace.writeProgram(greeting);

    const plan = await workspace.pulumi("preview");
    assert.equal(plan.code, 0, plan.stdout + plan.stderr);
    assert.match(plan.stdout, /\+ +pulumi-nodejs:dynamic:Resource hello create/);
    assert.equal(workspace.state().resources, undefined);

    const up = await workspace.pulumi("up", "--skip-preview");
    assert.equal(up.code, 0, up.stdout + up.stderr);
    assert.equal(up.stderr, "");
    assert.doesNotMatch(up.stdout, /warning/i);
    const hello = workspace.state().resources?.find((resource) => resource.urn.endsWith("::hello"));
    assert.equal(hello?.id, "greeting-1");
    assert.equal(hello?.outputs?.["text"], "Hi");

    const again = await workspace.pulumi("preview", "--expect-no-changes");
    assert.equal(again.code, 0, again.stdout + again.stderr);

    const destroy = await workspace.pulumi("destroy", "--skip-preview");
    assert.equal(destroy.code, 0, destroy.stdout + destroy.stderr);
    assert.deepEqual(workspace.state().resources ?? [], []);
  });

  it("reads back every byte of the backend, in which a secret is encrypted", async () => {
    workspace.writeProgram(greeting);
    await workspace.pulumi("up", "--skip-preview");

    assert.match(workspace.stateText(), /"text": ?"Hi"/);
    assert.doesNotMatch(workspace.stateText(), /canary-5d1f/);
  });

  it("runs a TypeScript program, and rejects one with a type error", async () => {
    workspace.writeProgram(`export const answer: number = 6 * 7;`, { language: "ts" });
    const good = await workspace.pulumi("preview");
    assert.equal(good.code, 0, good.stdout + good.stderr);
    assert.match(good.stdout, /answer: 42/);

    workspace.writeProgram(`export const answer: number = "six times seven";`, { language: "ts" });
    const bad = await workspace.pulumi("preview");
    assert.notEqual(bad.code, 0);
    assert.match(bad.stdout + bad.stderr, /not assignable to type 'number'/);
  });

  it("gives the program the environment that the test asks for, without the user's variables", async () => {
    workspace.env["DOKPLOY_URL"] = "http://127.0.0.1:1";
    workspace.writeProgram(`
      exports.url = process.env.DOKPLOY_URL;
      exports.typeChecks = process.env.TS_NODE_TRANSPILE_ONLY === undefined;
    `);
    const plan = await workspace.pulumi("preview");
    assert.match(plan.stdout, /url +: "http:\/\/127\.0\.0\.1:1"/);
    assert.match(plan.stdout, /typeChecks: true/);
  });

  it("resolves pulumi-dokploy to this checkout", async () => {
    workspace.writeProgram(`exports.package = require("pulumi-dokploy/package.json").name;`);
    const plan = await workspace.pulumi("preview");
    assert.match(plan.stdout, /package: "pulumi-dokploy"/);
  });

  it("ends a running command with all its processes, and removes its folder, when it is closed", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    try {
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      workspace.writeProgram(`require("node:net").connect(${port}, "127.0.0.1").on("error", () => {});`);
      const command = workspace.start("preview");
      const [connection] = (await once(server, "connection")) as [Socket];
      const connectionEnds = new Promise((resolve) => connection.on("error", resolve).on("close", resolve));

      workspace.close();
      assert.equal((await command.result).code, -1);
      // Only the end of the program's process closes it.
      await connectionEnds;
      assert.equal(fs.existsSync(path.dirname(workspace.dir)), false);
    } finally {
      server.close();
    }
  });

  it("lets an interrupted command end in its own time", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    try {
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      workspace.writeProgram(slowGreeting(port));
      const command = workspace.start("up", "--skip-preview");
      const [connection] = (await once(server, "connection")) as [Socket];

      command.interrupt();
      // Else the creation may end before the CLI has seen the interrupt, and "after" would wait for ever.
      await until(() => command.output().includes("cancelling"), command.output);
      connection.end("go on");
      assert.notEqual((await command.result).code, 0);
      const hello = workspace.state().resources?.find((resource) => resource.urn.endsWith("::slow"));
      assert.equal(hello?.id, "slow-1");
    } finally {
      server.close();
    }
  });
});

/** A resource whose creation lasts until the server on `port` ends the connection. */
function slowGreeting(port: number): string {
  return `
    const pulumi = require("@pulumi/pulumi");
    const provider = {
      create: (inputs) => new Promise((resolve) => {
        require("node:net").connect(${port}, "127.0.0.1").resume().on("end", () => resolve({ id: "slow-1", outs: inputs }));
      }),
    };
    class Slow extends pulumi.dynamic.Resource {
      constructor(name, args) { super(provider, name, args); }
    }
    const slow = new Slow("slow", {});
    new Slow("after", { waitsFor: slow.id });
  `;
}
