import * as assert from "node:assert/strict";
import { DeploymentError } from "../../provider/deploy";
import { Companions, DokployError } from "../../provider/dokploy";
import { ReleaseCommand, type ReleaseInput } from "../../provider/engine/release/command";
import { createCompanion, type Wanted } from "../../provider/engine/release/companion";
import { runRelease } from "../../provider/engine/release/release";
import type { Context } from "../../provider/lifecycle";
import { add, missing, type Rows, withApplications } from "./applications-alone";
import { waitingClock } from "./server";
import { untraced } from "./untraced";

type Values = Record<string, unknown>;

/** Docker's words for a task that has ended; any others are those of one that runs. */
const DONE = "Complete 1 second ago";
const FAILED = "Failed 1 second ago";
const RUNS = "Running 1 second ago";
const REJECTED = "Rejected 1 second ago";
const WAITS = "Pending 1 second ago";
const REASONS: Readonly<Record<string, string>> = {
  [FAILED]: "task: non-zero exit (3)",
  [REJECTED]: "invalid env s3cret-canary",
  [WAITS]: "no node for s3cret-canary",
};

describe("the run of a release command", () => {
  const secrets = ["s3cret-canary"];
  const wanted = (release: ReleaseInput, tag = "2", name = "api"): Wanted => {
    const command = ReleaseCommand.in({ release });
    assert.ok(command);
    return {
      of: { id: "service", name, environmentId: "env", environmentIds: ["env"], releaseWord: "word" },
      ...{ command, columns: { dockerImage: `acme/api:${tag}` }, mounts: [] },
    };
  };

  /** Dokploy with what Docker says of each application, look by look; the last word stays. */
  function world(answers: Record<string, (input: Values, rows: Rows) => unknown> = {}) {
    const states = new Map<string, string[]>();
    const log: string[] = [];
    const shown: unknown[][] = [];
    const reported: string[] = [];
    /** What Docker says of the command that is started, or how its deployment ends. */
    const started: { says: string[]; error?: Error; given?: unknown[] } = { says: [DONE] };
    const { api, rows } = withApplications({
      "docker.getServiceContainersByAppName": ({ appName }) => {
        const says = states.get(String(appName)) ?? [];
        const currentState = says.length > 1 ? says.shift() : says[0];
        if (currentState === undefined) return [];
        const error = REASONS[currentState] ?? "";
        return [{ containerId: "t", name: "release.1", state: "running", currentState, error }];
      },
      "deployment.queueList": () => [],
      "deployment.all": () => [],
      "application.readLogs": () => "",
      "application.create": (input) => {
        log.push("create");
        const row = add(rows, input);
        return Object.assign(row, { appName: row["applicationId"] });
      },
      async "application.delete"({ applicationId }) {
        await new Promise(setImmediate);
        log.push(`delete ${applicationId}`);
        rows.delete(String(applicationId));
      },
      ...answers,
    });
    const clock = waitingClock();
    const deployments = {
      async run(target: { id: string }, ...given: unknown[]) {
        log.push(`start ${target.id}`);
        started.given = given;
        if (started.error) throw started.error;
        states.set(target.id, [...started.says]);
      },
    };
    const ended = (name: string, ...failures: Error[]) => {
      shown.push([name, ...failures]);
      reported.push(...failures.map(({ message }) => message));
    };
    const progress = (line: string) => void reported.push(line);
    const context = {
      ...{ api, deployments, progress, ended, span: untraced, timers: clock },
    } as unknown as Context;
    const run = (release: Wanted) => runRelease({ ...release, secrets }, context);
    /** Leaves what an earlier run had started. */
    const leave = async (release: Wanted, ...says: string[]) => {
      const { id } = await createCompanion(release, api);
      if (says.length > 0) states.set(id, says);
      log.length = 0;
      return id;
    };
    return { api, rows, log, shown, reported, started, states, run, leave, clock };
  }
  const failure = async (work: Promise<unknown>) =>
    await work.then(
      () => assert.fail("it must fail"),
      (error: Error) => error,
    );

  it("takes a success among several that earlier runs left, whichever is read last", async () => {
    for (const at of [0, 1, 2]) {
      const { run, leave, log } = world();
      for (const place of [0, 1, 2]) await leave(place === at ? wanted("migrate") : wanted("seed"), DONE);
      await run(wanted("migrate"));
      assert.deepEqual(
        log.filter((line) => !line.startsWith("delete")),
        [],
        "it does not run again",
      );
    }
  });

  it("starts where what was left has ended otherwise, never began, or is removed at that moment", async () => {
    const removed: { id?: string } = {};
    const { run, leave, log, rows } = world({
      "application.one": ({ applicationId }) =>
        (applicationId === removed.id ? undefined : rows.get(String(applicationId))) ??
        missing("application.one"),
    });
    const failed = await leave(wanted("migrate"), FAILED);
    const idle = await leave(wanted("migrate"));
    removed.id = await leave(wanted("migrate"), DONE);
    await run(wanted("migrate"));
    assert.deepEqual(log, [`delete ${failed}`, `delete ${idle}`, "create", "start app4"]);
  });

  it("begins after the end of another command, and has all of its time", async () => {
    const { run, leave, log, started, clock } = world();
    const slow: ReleaseInput = { command: "migrate", timeoutSeconds: 60 };
    const former = await leave(wanted("seed"), ...Array.from({ length: 26 }, () => RUNS), DONE);
    started.says = [...Array.from({ length: 26 }, () => RUNS), DONE];
    const before = clock.now();
    await run(wanted(slow));
    assert.deepEqual(log, [`delete ${former}`, "create", "start app2"]);
    const took = clock.now() - before;
    assert.ok(took > 60_000, `both together take longer than the limit of one: ${took}`);
  });

  it("does not begin while another command goes on, which stays", async () => {
    const { run, leave, log, shown } = world();
    const former = await leave(wanted("seed"), RUNS);
    const error = await failure(run(wanted({ command: "migrate", timeoutSeconds: 60 })));
    assert.equal(
      error.message,
      'Application "api" was not deployed: the release command of an earlier run has not ended after 60 s. It goes on in ' +
        `Dokploy as the application "release of api" (${former}). The next update waits for it again, and starts no second ` +
        "one. To stop it, delete that application in Dokploy; for more time, set release.timeoutSeconds.",
    );
    assert.deepEqual(log, []);
    assert.deepEqual(shown, [["api", error]]);
  });

  it("takes the end of the same command, and fails with it", async () => {
    const good = world();
    await good.leave(wanted("migrate"), RUNS, RUNS, DONE);
    await good.run(wanted("migrate"));
    assert.deepEqual(good.log, []);
    assert.match(
      good.reported.join(),
      /^api: waits for the release command that an earlier run started, \d+ s$/,
    );
    assert.deepEqual(good.shown, [["api"]]);
    const bad = world({ "application.readLogs": () => "no such table" });
    const former = await bad.leave(wanted("migrate"), RUNS, FAILED);
    const { message } = await failure(bad.run(wanted("migrate")));
    assert.equal(
      message,
      'The release command `migrate` of application "api" exited with code 3. The application stays as it was. The next ' +
        "update runs the command again.\nIts last output (1 line):\n    no such table",
    );
    assert.deepEqual(bad.log, [`delete ${former}`]);
  });

  it("removes what has a copied description first, and only while that has nothing", async () => {
    const { run, api, rows, log, states } = world();
    const description = new Companions(api, "word").text("service", "of-another");
    for (const env of ["", "PASSWORD=theirs"])
      Object.assign(add(rows, { sourceType: "docker", description }), { env });
    const same = { dockerImage: "acme/api:2", command: "sh -c", args: ["migrate"], appName: "theirs" };
    add(rows, { sourceType: "docker", description, ...same });
    states.set("theirs", [DONE]);
    await run(wanted("migrate"));
    assert.deepEqual(log, ["delete app1", "create", "start app4"], "its success is not believed");
    assert.equal(rows.get("app2")?.["env"], "PASSWORD=theirs");
  });

  it("stays for the next run where its start is not known, and is removed where Dokploy could not start it", async () => {
    for (const outcome of ["error", "cancelled", "lost", "timeout", "ambiguous"] as const) {
      const { run, started, log, shown } = world();
      const target = { kind: "application", id: "app1", name: "release of api" } as const;
      started.error = new DeploymentError({
        ...{ outcome, target, what: "failed", hint: "Look." },
        log: ["with s3cret-canary"],
      });
      const error = await failure(run(wanted({ command: "migrate", timeoutSeconds: 7 })));
      const isKnown = outcome === "error";
      assert.deepEqual(log, ["create", "start app1", ...(isKnown ? ["delete app1"] : [])], outcome);
      if (isKnown)
        assert.match(
          error.message,
          /^The release command `migrate` of application "api" could not be started\. The application stays as it was\. The next update runs the command again\.\n./,
        );
      else assert.equal(error, started.error);
      assert.deepEqual(shown, [["api", error]]);
      const options = { title: "Pulumi: release command", timeoutSeconds: 7 };
      assert.deepEqual(started.given, [[], options, secrets]);
    }
  });

  it("is removed before its start where its end could not be seen", async () => {
    const endpoint = "docker.getServiceContainersByAppName";
    for (const kind of ["forbidden", "server"] as const) {
      const error = new DokployError("no look", { kind, endpoint, outcome: "refused" });
      const { run, log } = world({
        [endpoint]() {
          throw error;
        },
      });
      const { message } = await failure(run(wanted("migrate")));
      assert.deepEqual(log, ["create", "delete app1"]);
      assert.match(
        message,
        kind === "server"
          ? /^no look$/
          : /^no look\nOnly its container shows .* docker:read \(access to Docker\)\. Give it, use a key of an owner or admin, or remove `release`\. Nothing was deployed\.$/,
      );
    }
  });

  it("says what Dokploy forbids without advice on containers", async () => {
    const error = new DokployError("no new applications", {
      ...{ kind: "forbidden", endpoint: "application.create", outcome: "refused" },
    } as const);
    const { run } = world({
      "application.create"() {
        throw error;
      },
    });
    assert.equal(await failure(run(wanted("migrate"))), error);
  });

  it("says the same of a failure without any output", async () => {
    for (const [says, why] of [
      [[FAILED], "exited with code 3"],
      [[], "did not start"],
    ] as const) {
      const { run, started, log } = world();
      started.says = [...says];
      assert.equal(
        (await failure(run(wanted("migrate")))).message,
        `The release command \`migrate\` of application "api" ${why}. The application stays as it was. The next update runs ` +
          "the command again.\nIt printed nothing that could be read.",
      );
      assert.deepEqual(log, ["create", "start app1", "delete app1"]);
    }
  });

  it("shows no secret, whoever says it", async () => {
    const said = "no place for s3cret-canary";
    const refusal = new DokployError(said, {
      ...{ kind: "invalid", endpoint: "application.create", outcome: "refused", said },
      saidWithout: (hidden) => [...hidden].reduce((text, secret) => text.replaceAll(secret, "***"), said),
    } as const);
    const refused = world({
      "application.create"() {
        throw refusal;
      },
    });
    assert.equal((await failure(refused.run(wanted("migrate")))).message, "no place for ***");
    assert.deepEqual(refused.shown, [["api", refusal]]);
    assert.deepEqual(refused.reported, ["no place for ***"], "from the start");
    const failing = world({ "application.readLogs": () => "with s3cret-canary\nlast line" });
    failing.started.says = [REJECTED];
    const { message } = await failure(failing.run(wanted("migrate")));
    assert.match(message, /could not be started: invalid env /);
    assert.match(message, /last line$/);
    assert.doesNotMatch(message, /canary/);
    const waiting = world();
    waiting.started.says = [WAITS];
    const late = await failure(waiting.run(wanted({ command: "migrate", timeoutSeconds: 60 })));
    assert.match(late.message, /: its release command `migrate` has not ended after 60 s: no node for /);
    assert.ok(
      waiting.reported.some((line) => /^api: runs its release command: no node for .*, \d+ s$/.test(line)),
    );
    assert.doesNotMatch([late.message, ...waiting.reported].join("\n"), /canary/);
  });

  it("shows no control characters of a name", async () => {
    const { run, leave } = world();
    const named = wanted({ command: "migrate", timeoutSeconds: 5 }, "2", "a\u009b2Jpi");
    await leave(named, RUNS);
    const { message } = await failure(run(named));
    assert.match(message, /release of a/);
    assert.doesNotMatch(message, /\u009b/);
    const bad = world();
    bad.started.says = [FAILED];
    assert.doesNotMatch((await failure(bad.run(named))).message, /\u009b/);
  });
});
