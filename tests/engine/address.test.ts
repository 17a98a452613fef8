import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { Story } from "./story";

const cli = path.join(__dirname, "..", "..", "dist", "cli", "main.js");

describe("the server of a stack", function () {
  this.timeout(180_000);
  let story: Story;
  /** Another server, which would take any key. */
  let evil: Emulator;
  before(async () => {
    story = await Story.begin();
    evil = await startEmulator({ apiKey: story.emulator.apiKey });
    await story.up(program("one"));
  });
  after(async () => {
    await evil?.close();
    await story?.end();
  });
  const program = (value: string) =>
    `new dokploy.Project("shop", { name: "shop", env: { CANARY: "canary-${value}" } });`;
  const hostOf = (server: Emulator) => new URL(server.url).host;
  /** Names the server in the stack's file, beside the provider that the stack uses. */
  const nameInFile = (url = "") => story.succeeds("config", "set", "dokploy:url", url);
  const removeFromFile = () => story.succeeds("config", "rm", "dokploy:url");

  it("is named by every plan, and by its summary, without a call", async () => {
    story.program(program("one"));
    const plan = await story.succeeds("preview");
    const server = `http://${hostOf(story.emulator)}`;
    assert.ok(plan.stdout.includes(`Dokploy: this plan is for ${server} [dokploy/server ${server} s-~]\n`));
    assert.deepEqual(plan.calls, []);
    const { stdout } = await story.succeeds("preview", "--json");
    const summary = spawnSync(process.execPath, [cli, "plan-summary"], { input: stdout, encoding: "utf8" });
    assert.equal(
      summary.stdout,
      `**Plan for \`shop/dev\` on \`http://${hostOf(story.emulator)}\`**: nothing to do.\n`,
    );
  });

  for (const [what, url] of [
    ["beside the address of the environment", true],
    ["where the environment has a key alone", false],
  ] as const) {
    it(`that a changed file of the stack names gets neither key nor variables ${what}`, async () => {
      const { env } = story.workspace;
      const { DOKPLOY_URL } = env;
      await nameInFile(evil.url);
      if (!url) delete env["DOKPLOY_URL"];
      const heard = evil.calls.length;
      try {
        // Also where nothing changes: the change of the file is what has to be seen.
        for (const value of ["one", "two"]) {
          story.program(program(value));
          for (const command of [["preview"], ["up", "--skip-preview"], ["refresh", "--run-program"]]) {
            const { output } = await story.fails(...command);
            assert.match(output, new RegExp(`${hostOf(evil)}`));
            assert.match(output, url ? /pulumi config rm dokploy:url/ : /set DOKPLOY_URL to it/);
            assert.ok(!output.includes(story.emulator.apiKey));
          }
        }
        assert.equal(evil.calls.length, heard);
      } finally {
        await removeFromFile();
        env["DOKPLOY_URL"] = DOKPLOY_URL;
      }
    });
  }

  it("is not changed by the address in the state of an earlier run", async () => {
    const { env } = story.workspace;
    const { DOKPLOY_URL } = env;
    await nameInFile(DOKPLOY_URL);
    await story.up(program("two"));
    env["DOKPLOY_URL"] = evil.url;
    const heard = evil.calls.length;
    try {
      const { output, calls } = await story.fails("refresh");
      assert.match(
        output,
        new RegExp(`is http://${hostOf(story.emulator)}, and DOKPLOY_URL is http://${hostOf(evil)}`),
      );
      assert.deepEqual(calls, []);
      assert.equal(evil.calls.length, heard);
    } finally {
      await removeFromFile();
      env["DOKPLOY_URL"] = DOKPLOY_URL;
    }
  });

  it("is found at its new address after a move, even when everything is destroyed", async () => {
    const other = await Story.begin();
    const moved = await startEmulator({ buildMs: 20 });
    const set = async ({ url, apiKey }: Emulator) => {
      await other.succeeds("config", "set", "dokploy:url", url);
      await other.succeeds("config", "set", "--secret", "dokploy:apiKey", apiKey);
    };
    for (const name of ["DOKPLOY_URL", "DOKPLOY_API_KEY"]) delete other.workspace.env[name];
    try {
      // Made on one that is gone, as an emulator that was stopped.
      await set(moved);
      await other.up('new dokploy.Project("moved", { name: "moved" });');
      await moved.close();
      const gone = await other.fails("destroy", "--skip-preview");
      assert.match(gone.output, /refuses connections/);
      assert.match(gone.output, /the previous ones until `pulumi up` has run, unless you add --run-program/);
      await set(other.emulator);
      const away = await other.fails("destroy", "--skip-preview", "--run-program");
      const [, command] = /set the former one: `pulumi ([^`]+)`/.exec(away.output) ?? [];
      assert.equal(command, `config set dokploy:formerUrl ${moved.url}`);
      await other.succeeds(...String(command).split(" "));
      await other.succeeds("destroy", "--skip-preview", "--run-program");
      assert.deepEqual(other.workspace.state().resources ?? [], []);
    } finally {
      await other.end();
    }
  });

  it("is not called over plain http, unless that is allowed", async () => {
    const { env } = story.workspace;
    const { DOKPLOY_URL } = env;
    // A name of this machine that does not say so; nothing may be looked up, let alone sent.
    env["DOKPLOY_URL"] = "http://dokploy.invalid:3000";
    try {
      story.program(program("three"));
      const { output } = await story.fails("preview");
      assert.match(output, /uses plain http to dokploy\.invalid:3000.*DOKPLOY_ALLOW_HTTP/s);
      env["DOKPLOY_ALLOW_HTTP"] = "true";
      const allowed = await story.fails("preview");
      assert.match(allowed.output, /dokploy\.invalid/);
      assert.doesNotMatch(allowed.output, /plain http/);
    } finally {
      env["DOKPLOY_URL"] = DOKPLOY_URL;
      delete env["DOKPLOY_ALLOW_HTTP"];
    }
  });
});
