import * as assert from "node:assert/strict";
import type { Timers } from "../../provider/deploy/pace";
import type { Api } from "../../provider/dokploy/endpoints";
import { type Context, connect } from "../../provider/lifecycle/context";
import { lifecycle } from "../../provider/lifecycle/handlers";
import type { Handlers } from "../../provider/lifecycle/pipeline";
import { Run } from "../../provider/lifecycle/run/run";
import { identityKey } from "../../provider/pulumi/identity";
import { environmentBlock } from "../../provider/resources/environment-block";
import { makeProject, type Server, startServer, withProvider } from "./server";
import { untraced } from "./untraced";

type Values = Record<string, unknown>;

/** Pseudo-random numbers below 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Several programs, of which one at a time goes on: when all of them wait, for their call to arrive, for its answer, or for
 * time to pass, chance says which. Time passes only when nothing else is under way.
 */
class Turns {
  private waiting: (() => void)[] = [];
  private alarms: { at: number; run: () => void }[] = [];
  private time = 0;
  private running: number;

  constructor(
    programs: number,
    private readonly random: () => number,
  ) {
    this.running = programs;
  }

  readonly timers: Timers = {
    now: () => this.time,
    after: (ms, run) => {
      const alarm = { at: this.time + ms, run };
      this.alarms.push(alarm);
      this.stop();
      return () => {
        this.alarms = this.alarms.filter((other) => other !== alarm);
      };
    },
  };

  /** Waits for its turn. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve);
      this.stop();
    });
  }

  /** A program waits, or has ended. */
  stop(): void {
    this.running -= 1;
    if (this.running > 0) return;
    const [goesOn] = this.waiting.splice(Math.floor(this.random() * this.waiting.length), 1);
    const [alarm] = goesOn ? [] : this.alarms.sort((a, b) => a.at - b.at).splice(0, 1);
    if (!goesOn && !alarm) return;
    this.running += 1;
    if (alarm) this.time = alarm.at;
    (goesOn ?? alarm?.run)?.();
  }

  /** Lets time pass for what is under way. */
  delay(ms: number): void {
    this.time += ms;
  }
}

/** The blocks of a program with a run of its own. */
function programOn(server: Server, turns: Turns, warnings: string[] = []): Handlers {
  const settings: Values = { url: server.emulator.url, apiKey: server.emulator.apiKey };
  const run = new Run();
  const engine = {
    warn: (message: string) => void warnings.push(message),
    inform: () => {},
    progress: () => {},
    span: untraced,
    delivered: async () => {},
    stack: async () => "test",
  };
  const connected = connect(
    { stack: (name) => settings[name] as string | undefined, environment: {} },
    run,
    engine,
  );
  const call = async (endpoint: never, input: never) => {
    await turns.next();
    const answer = await connected.api.call(endpoint, input);
    await turns.next();
    return answer;
  };
  const api = { ...connected.api, call } as unknown as Api;
  const context: Context = { ...connected, api, timers: turns.timers };
  return lifecycle(environmentBlock, () => context, run);
}

describe("additive blocks of several programs on one text", () => {
  let server: Server;
  let targets: Readonly<Record<string, Values>>;
  before(async () => {
    server = await startServer();
    const { projectId, environmentId } = await makeProject(server);
    const { applicationId } = await server.byHand<Values>("application.create", {
      name: "api",
      environmentId,
    });
    targets = { application: { applicationId }, project: { projectId } };
  });
  after(() => server.close());

  const save = (what: string, text: string) =>
    server.byHand(`${what}.update`, { ...targets[what], env: text });
  const textOf = async (what: string) =>
    String((await server.byHand<Values>(`${what}.one`, targets[what] ?? {}))["env"]);
  const block = (what: string, env: Values): Values =>
    withProvider({
      target: targets[what],
      mode: "additive",
      env,
      ...(what === "application" ? { deploy: false } : {}),
      [identityKey]: "block",
    });

  for (const [what, rounds] of [
    ["application", 200],
    ["project", 40],
  ] as const) {
    it(`of a ${what} lose nothing in ${rounds} rounds of three programs, in any order of calls and responses`, async () => {
      const warnings: string[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const random = randomFrom(round);
        const names = ["A", "B", "C"];
        await save(
          what,
          ["# by hand", "KEEP=1", ...names.map((name) => `${name}=1\nOLD_${name}=1`)].join("\n"),
        );
        const turns = new Turns(names.length, random);
        const ended = names.map(async (name) => {
          const program = programOn(server, turns, warnings);
          const { target } = block(what, {});
          const id = `${what}/${Object.values(target as Values)[0]}`;
          const olds = block(what, { [name]: "1", [`OLD_${name}`]: "1" });
          try {
            await program.update(id, olds, block(what, { [name]: String(round), [`NEW_${name}`]: "2" }));
          } finally {
            turns.stop();
          }
        });
        await Promise.all(ended);
        const lines = (await textOf(what)).split("\n").sort();
        const expected = names.flatMap((name) => [`${name}=${round}`, `NEW_${name}=2`]);
        assert.deepEqual(lines, ["# by hand", "KEEP=1", ...expected].sort(), `round ${round}`);
      }
      assert.deepEqual(warnings, []);
    }).timeout(180_000);
  }

  it("warn if a save takes longer than the others wait", async () => {
    await save("project", "A=1");
    const warnings: string[] = [];
    const turns = new Turns(1, () => 0);
    const program = programOn(server, turns, warnings);
    const next = turns.next.bind(turns);
    let calls = 0;
    turns.next = async () => {
      calls += 1;
      // The save is the second call.
      if (calls === 3) turns.delay(5_000);
      await next();
    };
    await program.update(`project/x`, block("project", { A: "1" }), block("project", { A: "2" }));
    turns.stop();
    assert.match(
      warnings.join("\n"),
      /^Reading and saving the variables of the project "shop" \(.*\) took 5 s\. If another program saved variables there meanwhile, they may be lost/,
    );
  });

  it("fail in the end if somebody else removes a variable again and again, and the state has the saved values", async () => {
    await save("project", "A=1");
    const turns = new Turns(1, () => 0);
    const program = programOn(server, turns);
    const next = turns.next.bind(turns);
    turns.next = async () => {
      await save("project", "A=1");
      await next();
    };
    const failed = await program
      .update("project/x", block("project", { A: "1" }), block("project", { A: "2" }))
      .then(
        () => assert.fail("it should have failed"),
        (error: Values & Error) => error,
      );
    turns.stop();
    assert.match(
      failed.message,
      /^Variables of the project "shop" .* were saved 5 times, and each time somebody else removed them/,
    );
    assert.deepEqual((failed["properties"] as Values)["unconfirmed"], ["env.A"]);
  });

  it("are saved five times before their deployment, which they fail without", async () => {
    await save("application", "A=1");
    server.newRun();
    const turns = new Turns(1, () => 0);
    const program = programOn(server, turns);
    const next = turns.next.bind(turns);
    let saves = 0;
    turns.next = async () => {
      if (server.calls().at(-1) === "application.saveEnvironment") {
        saves += 1;
        await save("application", saves > 9 ? "A=2" : "A=1");
      }
      await next();
    };
    const deployed = (env: Values) => ({ ...block("application", env), deploy: true });
    const update = program.update("application/x", deployed({ A: "1" }), deployed({ A: "2" }));
    await assert.rejects(update, /^\w*Error: Variables of the application "api" .* were saved 5 times/);
    turns.stop();
    assert.equal(saves, 5);
    assert.ok(!server.calls().includes("application.deploy"));
  });

  it("fail too if somebody else takes it away before each last look", async () => {
    await save("project", "A=1");
    const turns = new Turns(1, () => 0);
    const wait = turns.timers.after;
    let looks = 0;
    turns.timers.after = (ms, run) =>
      wait(ms, () => {
        looks += 1;
        save("project", looks > 9 ? "A=2" : "A=1").then(run);
      });
    const update = programOn(server, turns).update(
      "project/x",
      block("project", { A: "1" }),
      block("project", { A: "2" }),
    );
    await assert.rejects(
      update,
      /were saved 5 times, and each time somebody else removed them again: another program changes the same text\. Run the update again when that program has finished\. If both give a variable of the same name, leave it to one of them\.$/m,
    );
    turns.stop();
    assert.equal(looks, 5);
  });

  it("are due if the look after their save fails", async () => {
    await save("application", "THEIRS=1");
    server.newRun();
    const turns = new Turns(1, () => 0);
    const program = programOn(server, turns);
    const next = turns.next.bind(turns);
    turns.next = async () => {
      if (server.calls().at(-1) === "application.saveEnvironment")
        server.emulator.faults.add({ endpoint: "application.one", status: 401, times: 99 });
      await next();
    };
    const failed = await program.create(block("application", { MINE: "1" })).then(
      () => assert.fail("it should have failed"),
      (error: Values & Error) => error,
    );
    turns.stop();
    server.emulator.faults.clear();
    assert.match(failed.message, /401/);
    assert.equal((failed["properties"] as Values | undefined)?.["pending"], "deploy");
    assert.equal(await textOf("application"), "THEIRS=1\nMINE=1");
  });

  it("deploy once more if a save of another program removed variables during the deployment", async () => {
    const { environmentId } = await makeProject(server, "deployed");
    const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
      name: "web",
      environmentId,
    });
    const columns = { applicationId, sourceType: "docker", dockerImage: "acme/web:1" };
    await server.byHand("application.update", { ...columns, env: "THEIRS=1" });
    server.newRun();
    server.emulator.holdBuilds();
    const inputs = { target: { applicationId }, mode: "additive", env: { MINE: "1" } };
    const create = server.EnvironmentBlock.create(withProvider(inputs));
    while (!server.calls().includes("application.deploy")) await new Promise(setImmediate);
    // Read before this block was saved, and arrived after it.
    await server.byHand("application.update", { applicationId, env: "THEIRS=2" });
    server.emulator.releaseBuilds();
    await create;
    assert.deepEqual(server.emulator.containerEnv(applicationId), { THEIRS: "2", MINE: "1" });
    assert.equal(server.calls().filter((call) => call === "application.deploy").length, 2);
  });

  it("of one run read the text once before each save, and look together at the end", async () => {
    await save("application", "THEIRS=1");
    let time = 0;
    const alarms: (() => void)[] = [];
    const after = (_: number, run: () => void) => {
      alarms.push(run);
      return () => {};
    };
    server.newRun({}, { now: () => time, after });
    const { lastLooks } = server.context.run;
    const look = lastLooks.look.bind(lastLooks);
    let waiting = 0;
    lastLooks.look = ((...asked: Parameters<typeof look>) => {
      waiting += 1;
      return look(...asked);
    }) as typeof look;
    const names = ["A", "B", "C", "D"];
    const ended = Promise.all(
      names.map((name) => server.EnvironmentBlock.create(block("application", { [name]: "1" }))),
    );
    while (waiting < names.length || alarms.length === 0) await new Promise(setImmediate);
    time = 10_000;
    for (const run of alarms) run();
    await ended;
    const calls = server.calls();
    assert.equal(calls.filter((call) => call === "application.one").length, names.length + 1);
    assert.equal(calls.at(-1), "application.one");
    assert.deepEqual((await textOf("application")).split("\n").sort(), [
      "A=1",
      "B=1",
      "C=1",
      "D=1",
      "THEIRS=1",
    ]);
  });

  /** A program of its own, before whose last look somebody saves another text. */
  function overtaken(text: string): Handlers {
    const turns = new Turns(1, () => 0);
    const wait = turns.timers.after;
    turns.timers.after = (ms, run) =>
      wait(ms, () => {
        turns.timers.after = wait;
        save("project", text).then(run);
      });
    return programOn(server, turns);
  }

  it("leave variables alone that somebody else set meanwhile, and end with the saved ones in the state", async () => {
    await save("project", "MINE=1");
    const [olds, news] = [block("project", { MINE: "1" }), block("project", { MINE: "2", SAME: "1" })];
    const failed = await overtaken("MINE=2\nSAME=canary")
      .update("project/x", olds, news)
      .then(
        () => assert.fail("it should have failed"),
        (error: Values & Error) => error,
      );
    assert.match(failed.message, /would overwrite SAME: nothing is saved/);
    assert.doesNotMatch(failed.message, /canary/);
    assert.deepEqual((failed["properties"] as Values)["env"], { MINE: "2", SAME: "1" });
    assert.equal(await textOf("project"), "MINE=2\nSAME=canary");
  });

  it("save once more after a save of another program has restored variables from before the adoption", async () => {
    await save("project", "OLD=2");
    await overtaken("OLD=2\nTHEIRS=1").create(block("project", { OLD: "3" }));
    assert.equal(await textOf("project"), "OLD=3\nTHEIRS=1");
  });
});
