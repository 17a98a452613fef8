import * as assert from "node:assert/strict";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type ServiceError, status } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { componentRequest, Engine, PluginProcess } from "./engine";

/** Values whose escaped and broken forms differ from the value itself. Each line and each part has a canary. */
const secrets = {
  "shop:pem": `-----BEGIN PRIVATE KEY-----\n${"canarypem0A".repeat(5)}\n${"canarypem1B".repeat(5)}\n-----END PRIVATE KEY-----\n`,
  "shop:json": JSON.stringify({
    password: 'canary"json\\x',
    list: ["canary'list"],
    deep: '{"k":"canary\\"deep"}',
  }),
  "shop:quoted": `"canary'quoted"`,
  "shop:lines": "canary-line-one\r\ncanary\tline two",
  "shop:spaces": "canary $HOME `id` <b>&amp;",
};

const component = "dokploy-native:index:DeploymentRepository";

describe("a process of the plugin", function () {
  this.timeout(300_000);
  let dir: string;
  beforeEach(() => {
    dir = fs.mkdtempSync(path.join(os.tmpdir(), "dokploy-plugin-"));
    for (const name of ["api", "web", "jobs"]) {
      write(`services/${name}/dokploy-app.yaml`, `kind: application\nimage: acme/${name}:1\n`);
      const keys = Object.keys(secrets).map((key) => key.slice("shop:".length));
      write(`envs/dev/${name}.yaml`, keys.map((key) => `${key.toUpperCase()}: !secret ${key}\n`).join(""));
    }
  });
  afterEach(() => fs.rmSync(dir, { recursive: true }));

  function write(file: string, text: string): void {
    fs.mkdirSync(path.join(dir, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(dir, file), text);
  }

  const repository = (plugin: PluginProcess, engine: Engine) =>
    plugin.construct(
      componentRequest(engine, component, { directory: ".", environmentId: "environment" }, secrets),
    );

  it("registers the services of a repository", async () => {
    const engine = await Engine.start();
    const plugin = await PluginProcess.start(engine, { dir, config: secrets });
    try {
      assert.equal(await repository(plugin, engine), undefined);
      assert.deepEqual(engine.registered.toSorted(), ["api", "jobs", "shop", "web"]);
      assert.equal(plugin.output, "");
    } finally {
      await plugin.stop();
      engine.close();
    }
  });

  /** Creates the component in a process of its own, while Pulumi ends the run. */
  async function failed(): Promise<{ error: string; exitCode: number | null; output: string }> {
    const engine = await Engine.start({ isBusy: true });
    const plugin = await PluginProcess.start(engine, { dir, config: secrets });
    try {
      const error = (await repository(plugin, engine)) ?? "";
      await engine.refuse();
      await plugin.idle();
      const { exitCode } = plugin.process;
      await plugin.stop();
      return { error, exitCode, output: plugin.output };
    } finally {
      await plugin.stop();
      engine.close();
    }
  }

  const mistakes: readonly [name: string, file: string, text: string, problem: RegExp, runs: number][] = [
    [
      "a service",
      "services/api/dokploy-app.yaml",
      "kind: application\nimage: acme/api:1\nreplica: 2\n",
      /^services\/api\/dokploy-app\.yaml:3:1: replica/,
      10,
    ],
    [
      "variables",
      "envs/dev/web.yaml",
      "A: !secret pem\nB: !secret none\n",
      /^envs\/dev\/web\.yaml:2:1: B: /,
      4,
    ],
  ];
  for (const [name, file, text, problem, runs] of mistakes) {
    it(`names a mistake in the file of ${name} and shows no secret, though Pulumi refuses registrations that are under way: ${runs} times`, async () => {
      write(file, text);
      const one = async () => {
        const { error, exitCode, output } = await failed();
        assert.match(error, problem);
        assert.doesNotMatch(error, /canary|\n\s+at /);
        // The promise of Pulumi's SDK that is rejected has the stack's whole configuration below it.
        assert.match(output, /resource monitor shut down/);
        assert.doesNotMatch(output, /canary|PULUMI_CONFIG/);
        assert.equal(exitCode, null, "it stays, since other calls may be under way");
      };
      let left = runs;
      const worker = async () => {
        while (left-- > 0) await one();
      };
      await Promise.all([worker(), worker()]);
    });
  }

  it("says in one sentence that Pulumi's SDK is not installed, and ends when Pulumi does", async () => {
    const hiding = path.join(dir, "hiding.cjs");
    write(
      "hiding.cjs",
      `const Module = require("node:module");
       const resolve = Module._resolveFilename;
       Module._resolveFilename = (name, ...others) => {
         if (name.startsWith("@pulumi/pulumi")) throw new Error("Cannot find module " + name);
         return resolve(name, ...others);
       };
       const fs = require("node:fs");
       const { existsSync } = fs;
       fs.existsSync = (file) => !/@pulumi.pulumi$/.test(file) && existsSync(file);`,
    );
    const engine = await Engine.start();
    const plugin = await PluginProcess.start(engine, { dir, options: ["--require", hiding] });
    try {
      const { client } = plugin;
      const failed = (call: (done: (error: ServiceError | null) => void) => unknown) =>
        new Promise<ServiceError | null>((resolve) => call(resolve));
      for (const error of [
        await failed((done) => client.getSchema(new proto.GetSchemaRequest(), done)),
        await failed((done) => client.checkConfig(new proto.CheckRequest(), done)),
        await failed((done) => client.configure(new proto.ConfigureRequest(), done)),
      ]) {
        assert.match(
          error?.details ?? "",
          /^The plugin dokploy-native needs the npm package @pulumi\/pulumi, .*\.$/,
        );
        assert.equal(error?.code, status.FAILED_PRECONDITION);
      }
      // Pulumi calls a plugin broken whose handshake fails, or that does not take the end of the run.
      for (const error of [
        await failed((done) => client.handshake(new proto.ProviderHandshakeRequest(), done)),
        await failed((done) => client.cancel(new Empty(), done)),
      ]) {
        assert.equal(error?.code, status.UNIMPLEMENTED);
      }
      assert.equal(plugin.process.exitCode, null);
      const ended = once(plugin.process, "exit");
      // A killed Pulumi does no more than this.
      client.close();
      assert.deepEqual(await ended, [0, null]);
    } finally {
      await plugin.stop();
      engine.close();
    }
    assert.equal(plugin.output, "");
  });

  it("prints texts as people may see them, up to the last piece", async () => {
    const printing = path.join(dir, "printing.cjs");
    write(
      "printing.cjs",
      `const timer = setInterval(() => {
         if (!require("node:fs").existsSync("now")) return;
         clearInterval(timer);
         console.log("see dokploy:url\\u001b[2J", 7);
         process.stdout.write("set dokploy:url\\u001b[2J\\n");
         console.warn("no canary-token", "here");
         process.stdout.write("the end of canary-");
         process.stdout.write("token");
         process.exit(0);
       }, 5);
       timer.unref();`,
    );
    const engine = await Engine.start();
    const config = { "shop:token": "canary-token" };
    const plugin = await PluginProcess.start(engine, { dir, config, options: ["--require", printing] });
    try {
      await new Promise((resolve) => plugin.client.configure(new proto.ConfigureRequest(), resolve));
      write("now", "");
      assert.equal(await plugin.ended, 0);
    } finally {
      await plugin.stop();
      engine.close();
    }
    const ends =
      /^(no \[secret\] here\n)?see dokploy-native:url\\x1b\[2J 7\nset dokploy-native:url\\x1b\[2J\n(no \[secret\] here\n)?the end of \[secret\](no \[secret\] here\n)?$/;
    assert.match(plugin.output, ends);
    assert.equal(plugin.output.split("no [secret] here").length, 2);
  });

  const bugs: Readonly<Record<string, string>> = {
    "an exception": "throw error;",
    "an exception that is no error": "throw { message: 7, all: error };",
    "an exception with a text": "throw text;",
    "an unhandled rejection": "void Promise.reject(error);",
    "an error event that nobody handles": "new (require('node:events'))().emit('error', error);",
    "an exception that cannot be read": "throw unreadable(unreadable(error));",
    "an unhandled rejection that cannot be read": "void Promise.reject(unreadable({ message: text }));",
    "a printed object":
      "for (const name of ['error', 'warn', 'trace', 'dir', 'log', 'info', 'debug']) console[name](error, { error }); process.exit(1);",
    "texts that are printed in pieces":
      "for (const one of [text, 'é ' + text]) { const bytes = Buffer.from(one); for (let at = 0; at < bytes.length; at += 7) process.stdout.write(bytes.subarray(at, at + 7)); } process.exit(1);",
    "a printed text": "process.stderr.write(text); process.stdout.write(Buffer.from(text)); process.exit(1);",
  };
  for (const [name, statements] of Object.entries(bugs)) {
    it(`shows no object and no secret when it ends by ${name}`, async () => {
      const bug = path.join(dir, "bug.cjs");
      write(
        "bug.cjs",
        `const all = process.env.PULUMI_CONFIG;
         const values = Object.values(JSON.parse(all));
         const text = ["a bug", all, ...values, ...values.map((value) => JSON.stringify(value)), require("node:util").inspect(values)].join("\\n");
         const error = Object.assign(new Error(text), { all, values, env: process.env });
         const unreadable = (thrown) => Object.defineProperty(new Error(text), "message", { get() { throw thrown; } });
         const timer = setInterval(() => {
           if (!require("node:fs").existsSync("now")) return;
           clearInterval(timer);
           ${statements}
         }, 5);
         timer.unref();`,
      );
      const engine = await Engine.start();
      const plugin = await PluginProcess.start(engine, { dir, config: secrets, options: ["--require", bug] });
      write("now", "");
      try {
        assert.equal(await plugin.ended, 1);
      } finally {
        await plugin.stop();
        engine.close();
      }
      const expected = name.endsWith("no error")
        ? /^7\n$/
        : name.endsWith("cannot be read")
          ? /^an error whose text cannot be read\n$/
          : /a bug/;
      assert.match(plugin.output, expected);
      assert.doesNotMatch(plugin.output, /canary|PULUMI_CONFIG/);
    });
  }
});
