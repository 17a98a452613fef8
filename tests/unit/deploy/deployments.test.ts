import * as assert from "node:assert/strict";
import { DeploymentError, Deployments, type DeployTarget } from "../../../provider/deploy";
import { DokployError, type Endpoint } from "../../../provider/dokploy";
import { maskValues } from "../../../provider/env";
import { recordedSpans } from "../spans-of";
import { DokployModel } from "./dokploy-model";
import { VirtualClock } from "./virtual-clock";

type DeployOptions = Parameters<Deployments["run"]>[2];

const WEB: DeployTarget = { kind: "application", id: "web-id", name: "web" };
const STACK: DeployTarget = { kind: "compose", id: "stack-id", name: "stack" };
const OPTIONS: DeployOptions = { title: "Pulumi shop/prod: +NEW" };

interface Setup {
  clock: VirtualClock;
  model: DokployModel;
  deployments: Deployments;
  lines: string[];
  /** Runs a deployment that must fail. */
  fail(target?: DeployTarget, options?: DeployOptions, secrets?: string[]): Promise<DeploymentError>;
  calls(endpoint: Endpoint): number;
}

function setUp(concurrency = 1): Setup {
  const clock = new VirtualClock();
  const model = new DokployModel(clock, concurrency);
  const lines: string[] = [];
  const deployments = new Deployments(model, { timers: clock, progress: (line) => lines.push(line) });
  return {
    clock,
    model,
    deployments,
    lines,
    calls: (endpoint) => model.calls.filter((call) => call.endpoint === endpoint).length,
    fail: async (target = WEB, options = OPTIONS, secrets = []) => {
      const outcome = await clock.until(
        deployments.run(target, undefined, options, secrets).catch((error) => error),
      );
      assert.ok(outcome instanceof DeploymentError, String(outcome));
      return outcome;
    },
  };
}

const fault = (kind: DokployError["kind"], outcome: DokployError["outcome"], message: string) =>
  new DokployError(message, { kind, endpoint: "deployment.queueList", outcome });

describe("Deployments", () => {
  it("ends as it does without spans where these fail", async () => {
    const clock = new VirtualClock();
    const model = new DokployModel(clock);
    const span = async () => {
      throw new Error("no span");
    };
    const deployments = new Deployments(model, { timers: clock, span });
    model.build = () => ({ ms: 1_000, status: "done", log: "" });
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on("unhandledRejection", note);
    try {
      assert.equal((await clock.until(deployments.run(WEB, undefined, {}))).status, "done");
      await new Promise(setImmediate);
    } finally {
      process.off("unhandledRejection", note);
    }
    assert.deepEqual(unhandled, []);
  });

  it("makes spans of the wait in the queue and of the build", async () => {
    const clock = new VirtualClock();
    const model = new DokployModel(clock, 1);
    const { span, spans } = recordedSpans(() => clock.now());
    const deployments = new Deployments(model, { timers: clock, span });
    model.build = (title) => ({ ms: 30_000, status: title.includes("second") ? "error" : "done", log: "" });
    const run = (target: DeployTarget, title: string) =>
      deployments.run(target, undefined, { title }).catch(() => {});
    await clock.until(Promise.all([run(WEB, "first"), run(STACK, "second")]));
    const seconds = ({ begun, ended }: { begun: number; ended: number }) =>
      Math.round((ended - begun) / 10_000) * 10;
    assert.deepEqual(
      spans.map((span) => [span.name, seconds(span), span.facts]),
      [
        ["queue", 0, {}],
        ["queue", 30, {}],
        ["build", 30, {}],
        ["build", 30, { "error.type": "DeploymentError" }],
      ],
    );
  });

  for (const target of [WEB, STACK]) {
    for (const method of ["deploy", "redeploy"] as const) {
      it(`follows a ${method} of a ${target.kind} to its end`, async () => {
        const { clock, model, deployments } = setUp();
        model.build = () => ({ ms: 12_300, status: "done", log: "" });
        const result = await clock.until(
          deployments.run(target, undefined, { ...OPTIONS, method, description: "Added NEW" }),
        );
        const [record] = model.records(target.id);
        assert.deepEqual(result, {
          deploymentId: record?.deploymentId,
          status: "done",
          title: "Pulumi shop/prod: +NEW",
          startedAt: record?.startedAt,
          finishedAt: record?.finishedAt,
          durationSeconds: 12.3,
        });
        assert.match(record?.title ?? "", /^Pulumi shop\/prod: \+NEW \[[0-9a-f]{12}\]$/);
        assert.equal(record?.description, "Added NEW");
      });
    }
  }

  it("takes the caller's records for the ones before, and reads them only when there are none", async () => {
    const { clock, model, deployments } = setUp();
    model.addHistory(WEB.id, 3);
    await clock.until(deployments.run(WEB, model.records(WEB.id), OPTIONS));
    assert.equal(model.calls[0]?.endpoint, "application.deploy");
  });

  it("finds its record among those of others, also when git has replaced its title", async () => {
    for (const ms of [150, 400, 1_500, 20_000]) {
      const { clock, model, deployments } = setUp();
      model.git.add(WEB.id);
      model.addHistory(WEB.id, 11);
      model.build = () => ({ ms, status: "done", log: "" });
      model.post("application.deploy", WEB.id, "a webhook", "deploy");
      clock.advance(5);
      const before = model.records(WEB.id);
      const run = deployments.run(WEB, before, OPTIONS);
      model.post("application.deploy", WEB.id, "another webhook", "deploy");
      const { deploymentId } = await clock.until(run);
      const [title] = [...model.truth].find(([, id]) => id === deploymentId) ?? [];
      assert.match(title ?? "", /^Pulumi/);
    }
  });

  it("finds the records of many short deployments at once, whose titles git has replaced", async () => {
    for (const [concurrency, ms] of [1, 3, 6].flatMap((jobs) =>
      [20, 120, 400].map((each) => [jobs, each] as const),
    )) {
      const { clock, model, deployments } = setUp(concurrency);
      model.build = () => ({ ms, status: "done", log: "" });
      const services = Array.from({ length: 12 }, (_, at) => ({ ...WEB, id: `web-${at}` }));
      for (const { id } of services) {
        model.git.add(id);
        model.addHistory(id, 1);
      }
      for (let round = 0; round < 5; round += 1) {
        const ended = await clock.until(
          Promise.all(services.map((service) => deployments.run(service, undefined, OPTIONS))),
        );
        const ids = ended.map(({ deploymentId }) => deploymentId);
        const titles = [...model.truth].flatMap(([title, id]) => (ids.includes(id) ? [title] : []));
        assert.equal(titles.length, services.length);
        for (const title of titles) assert.match(title, /^Pulumi/);
      }
    }
  });

  it("notices the end within 2 seconds, however long the build takes", async () => {
    for (const ms of [10, 333, 2_000, 7_000, 31_000, 200_000, 800_000]) {
      const { clock, model, deployments } = setUp();
      model.build = () => ({ ms, status: "done", log: "" });
      const { finishedAt } = await clock.until(deployments.run(WEB, undefined, OPTIONS));
      assert.ok(
        clock.now() - Date.parse(finishedAt) <= 2_000,
        `${ms}: ${clock.now() - Date.parse(finishedAt)}`,
      );
    }
  });

  it("keeps 50 that wait for one build at a time within 3 polls a second together", async () => {
    const { clock, model, deployments, calls } = setUp();
    model.build = () => ({ ms: 2_000, status: "done", log: "" });
    const started = clock.now();
    const runs = Array.from({ length: 50 }, (_, i) => ({
      kind: "application" as const,
      id: `app-${i}`,
      name: `app-${i}`,
    })).map((target) => deployments.run(target, [], OPTIONS));
    const results = await clock.until(Promise.all(runs));
    const seconds = (clock.now() - started) / 1000;
    const polls = calls("deployment.queueList") + calls("deployment.all");
    assert.equal(new Set(results.map(({ deploymentId }) => deploymentId)).size, 50);
    assert.ok(seconds < 110, `${seconds} s`);
    assert.ok(polls / seconds <= 3, `${polls} polls in ${seconds} s`);
  });

  it("stops polling when nobody waits, and starts again", async () => {
    const { clock, model, deployments } = setUp();
    await clock.until(deployments.run(WEB, [], OPTIONS));
    const calls = model.calls.length;
    await clock.until(clock.sleep(60_000));
    assert.equal(model.calls.length, calls);
    const again = await clock.until(deployments.run(WEB, undefined, OPTIONS));
    assert.equal(again.status, "done");
  });

  it("reports progress when it changes, and every 10 seconds", async () => {
    const { clock, model, deployments, lines } = setUp();
    model.build = (title) => ({
      ms: title.startsWith("Pulumi") ? 25_000 : 6_000,
      status: "done",
      log: "Step 1/2 : FROM a\n\u001b[32mStep 2/2 : RUN login hunter2\u001b[0m\n",
    });
    model.post("application.deploy", "other", "a webhook", "deploy");
    model.post("application.deploy", "third", "a webhook", "deploy");
    await clock.until(deployments.run(WEB, [], OPTIONS, ["hunter2"]));
    assert.deepEqual(
      lines.map((line) => line.replace(/\d+ s/, "N s")),
      [
        "web: deployment queued behind 2",
        "web: deployment queued behind 1",
        "web: deploying",
        "web: deploying, N s: Step 2/2 : RUN login [secret]",
        "web: deploying, N s: Step 2/2 : RUN login [secret]",
      ],
    );
  });

  describe("that fail", () => {
    it("say why, what to do, and show the end of the log", async () => {
      const { model, fail } = setUp();
      model.build = () => ({
        ms: 12_000,
        status: "error",
        log: "Initializing deployment\nPulling shop/web:2\nError response from daemon: pull access denied for shop/web, repository does not exist\n❌ Pulling image failed\n\nError occurred ❌, check the logs for details.\n",
      });
      const error = await fail();
      assert.equal(error.outcome, "error");
      assert.equal(error.deploymentId, "record-1");
      assert.deepEqual(error.message.split("\n"), [
        'Deployment of application "web" failed after 12 s (deployment record-1): pull access denied for the image shop/web: it does not exist or needs a login.',
        "Check the name and tag of the image, and that it was pushed before this deployment. If it is private: Give the service a registry or a user name and password that may pull the image; check that they still work.",
        "End of the log (5 lines):",
        "    Initializing deployment",
        "    Pulling shop/web:2",
        "    Error response from daemon: pull access denied for shop/web, repository does not exist",
        "    ❌ Pulling image failed",
        "    Error occurred ❌, check the logs for details.",
      ]);
    });

    it("show no secret of the log: neither given values nor what Swarm prints", async () => {
      const { model, fail } = setUp();
      const secrets = ["c4nary-one", 'c4nary "two"\nc4nary-line', "c4nary'three"];
      model.build = () => ({
        ms: 500,
        status: "error",
        log: [
          "TOKEN=c4nary-one",
          `{"a":${JSON.stringify(secrets[1])}}`,
          "c4nary-line",
          `sh -c 'c4nary'\\''three'`,
          'expanding env failed: expanding env "DB=c4nary-{{four}}": template: expansion:1: function "four" not defined',
        ].join("\n"),
      });
      const error = await fail(WEB, OPTIONS, secrets);
      assert.doesNotMatch(error.message + JSON.stringify(error), /c4nary|four/);
      assert.match(error.message, /template/);
      assert.match(error.message, /DB/);
    });

    it("say so when the log holds no known cause, or cannot be read", async () => {
      const odd = setUp();
      odd.model.build = () => ({ ms: 500, status: "error", log: "something odd\n" });
      assert.match(
        (await odd.fail()).message,
        /shows no known cause\.\n.*Read the log below.*\n.*\n {4}something odd$/,
      );

      const mute = setUp();
      mute.model.build = () => ({ ms: 500, status: "error", log: "something odd\n" });
      mute.model.fault = (endpoint) =>
        endpoint === "deployment.readLogs"
          ? { error: fault("unsupported-version", "refused", "no such procedure"), acts: false }
          : undefined;
      const error = await mute.fail();
      assert.match(
        error.message,
        /^Deployment of application "web" failed after 1 s \(deployment record-1\): its log is empty/,
      );
      assert.deepEqual(error.log, []);
    });

    it("do not ask for a log that the server does not offer", async () => {
      const { clock, model, calls } = setUp();
      model.build = () => ({ ms: 500, status: "error", log: "something odd\n" });
      const deployments = new Deployments(model, { timers: clock, supportsLogs: async () => false });
      await assert.rejects(clock.until(deployments.run(WEB, [], OPTIONS)), DeploymentError);
      assert.equal(calls("deployment.readLogs"), 0);
    });

    it("are called cancelled when Dokploy restarts during the build", async () => {
      const { clock, model, fail } = setUp();
      model.build = () => ({ ms: 60_000, status: "done", log: "" });
      clock.after(8_000, () => model.restart(9_000));
      const error = await fail();
      assert.equal(error.outcome, "cancelled");
      assert.match(
        error.message,
        /was cancelled \(deployment record-1\): Dokploy restarted while it ran\.\n/,
      );
      assert.match(error.message, /polls? failed while waiting: Dokploy does not answer/);
    });

    it("are called lost when Dokploy restarts while they wait", async () => {
      const { clock, model, fail } = setUp();
      model.build = () => ({ ms: 60_000, status: "done", log: "" });
      model.post("application.deploy", "other", "a webhook", "deploy");
      clock.after(3_000, () => model.restart(9_000));
      const error = await fail();
      assert.equal(error.outcome, "lost");
      assert.match(error.message, /was lost: it is no longer in Dokploy's queue and left no record/);
    });

    it("are called lost when somebody deletes their record", async () => {
      const { clock, model, fail } = setUp();
      model.build = () => ({ ms: 60_000, status: "done", log: "" });
      clock.after(3_000, () => model.removeRecord(WEB.id, "record-1"));
      assert.match((await fail()).message, /its record was removed/);
    });

    it("are called ambiguous rather than guessed", async () => {
      const { clock, model, deployments } = setUp();
      model.git.add(WEB.id);
      model.build = () => ({ ms: 10, status: "done", log: "" });
      const run = deployments.run(WEB, [], OPTIONS);
      // Before the first poll: a push from somebody that builds just as fast.
      clock.after(20, () => model.post("application.deploy", WEB.id, "a webhook", "deploy"));
      await assert.rejects(clock.until(run), (error: DeploymentError) => {
        assert.equal(error.outcome, "ambiguous");
        assert.match(
          error.message,
          /cannot be distinguished from other deployments .*: its record may be record-1 or record-2\./,
        );
        return true;
      });
    });
  });

  describe("when the deploy call fails", () => {
    it("passes on a refusal, and polls nothing", async () => {
      const { clock, model, deployments } = setUp();
      const refused = new DokployError("no", {
        kind: "forbidden",
        endpoint: "application.deploy",
        outcome: "refused",
      });
      model.fault = (endpoint) =>
        endpoint === "application.deploy" ? { error: refused, acts: false } : undefined;
      await assert.rejects(clock.until(deployments.run(WEB, [], OPTIONS)), refused);
      assert.equal(model.calls.length, 1);
    });

    it("passes a refusal on without what it quotes of a secret", async () => {
      const { clock, model, deployments } = setUp();
      const said = "no canary-1 here";
      const refused = new DokployError(`Dokploy refused it: ${said}`, {
        kind: "invalid",
        endpoint: "application.deploy",
        outcome: "refused",
        said,
        saidWithout: (secrets) => maskValues(said, secrets),
      });
      model.fault = (endpoint) =>
        endpoint === "application.deploy" ? { error: refused, acts: false } : undefined;
      await assert.rejects(clock.until(deployments.run(WEB, [], OPTIONS, ["canary-1"])), {
        message: "Dokploy refused it: no [secret] here",
      });
    });

    const unknown = new DokployError("the connection broke", {
      kind: "unreachable",
      endpoint: "application.deploy",
      outcome: "unknown",
    });

    it("follows the deployment all the same when only the response was lost", async () => {
      for (const git of [false, true]) {
        const { clock, model, deployments, calls } = setUp();
        if (git) model.git.add(WEB.id);
        model.build = () => ({ ms: 3_000, status: "done", log: "" });
        model.fault = (endpoint) =>
          endpoint === "application.deploy" ? { error: unknown, acts: true } : undefined;
        const result = await clock.until(deployments.run(WEB, [], OPTIONS));
        assert.equal(result.deploymentId, "record-1");
        assert.equal(calls("application.deploy"), 1);
      }
    });

    it("says that it did not start when no trace of it appears, and does not call again", async () => {
      const { model, fail, calls } = setUp();
      model.fault = (endpoint) =>
        endpoint === "application.deploy" ? { error: unknown, acts: false } : undefined;
      const error = await fail();
      assert.equal(error.outcome, "lost");
      assert.match(
        error.message,
        /did not start: the response to the deploy call was lost.*\nthe connection broke\n/,
      );
      assert.equal(calls("application.deploy"), 1);
    });
  });

  it("continues when polls fail for a while, and reports it only in an error", async () => {
    const { clock, model, deployments } = setUp();
    model.build = () => ({ ms: 30_000, status: "done", log: "" });
    const start = clock.now();
    model.fault = (endpoint) => {
      const isPoll = endpoint === "deployment.queueList" || endpoint === "deployment.all";
      const since = clock.now() - start;
      return isPoll && since > 50 && since < 25_000
        ? { error: fault("unauthorized", "refused", "the API key was good a moment ago"), acts: false }
        : undefined;
    };
    const { status } = await clock.until(deployments.run(WEB, [], OPTIONS));
    assert.equal(status, "done");
    assert.ok(model.calls.length < 60);
  });

  it("gives up after a minute in which the key is refused, and says that the deployment continues", async () => {
    for (const kind of ["unauthorized", "forbidden"] as const) {
      const { clock, model, fail, deployments } = setUp();
      model.build = () => ({ ms: 600_000, status: "done", log: "" });
      const start = clock.now();
      let isRefused = false;
      model.fault = (endpoint) =>
        isRefused && !endpoint.endsWith(".deploy")
          ? { error: fault(kind, "refused", "the key is used up"), acts: false }
          : undefined;
      clock.after(30_000, () => {
        isRefused = true;
      });
      const error = await fail();
      assert.equal(error.outcome, "timeout");
      assert.equal(error.deploymentId, "record-1");
      assert.match(
        error.message,
        /^Deployment of application "web" continues in Dokploy, but cannot be followed to its end \(deployment record-1\): Dokploy has refused the API key for 60 s\.\n\d+ polls failed while waiting, the latest too: the key is used up\n.*Give a key/,
      );
      const seconds = (clock.now() - start) / 1000;
      assert.ok(seconds >= 90 && seconds < 105, `${seconds} s`);
      // The next one is followed by a poller of its own.
      isRefused = false;
      model.build = () => ({ ms: 100, status: "done", log: "" });
      assert.equal((await clock.until(deployments.run(STACK, [], OPTIONS))).status, "done");
    }
  });

  describe("past the deadline", () => {
    const late: DeployOptions = { ...OPTIONS, timeoutSeconds: 30 };

    it("leaves a running build alone", async () => {
      const { clock, model, fail, calls } = setUp();
      model.build = () => ({ ms: 60_000, status: "done", log: "" });
      const started = clock.now();
      const error = await fail(WEB, late);
      assert.equal(error.outcome, "timeout");
      assert.equal(error.deploymentId, "record-1");
      assert.match(
        error.message,
        /did not end within 30 s \(deployment record-1\): it still runs, .* left alone\.\n/,
      );
      assert.equal(calls("application.cleanQueues"), 0);
      assert.ok(clock.now() - started < 31_000);
    });

    it("takes what still waits out of the queue", async () => {
      const { clock, model, fail } = setUp();
      model.build = () => ({ ms: 60_000, status: "done", log: "" });
      model.post("application.deploy", "other", "a webhook", "deploy");
      const error = await fail(WEB, late);
      assert.match(error.message, /: it still waited in Dokploy's queue, and was removed\./);
      clock.advance(300_000);
      assert.deepEqual(model.records(WEB.id), []);
    });

    it("removes it too while another deployment of the service is built, which continues", async () => {
      const { clock, model, fail } = setUp();
      model.build = () => ({ ms: 60_000, status: "done", log: "" });
      model.post("application.deploy", WEB.id, "a webhook", "deploy");
      const error = await fail(WEB, late);
      assert.match(error.message, /: it still waited in Dokploy's queue, and was removed\./);
      clock.advance(300_000);
      assert.deepEqual(
        model.records(WEB.id).map(({ title, status }) => [title, status]),
        [["a webhook", "done"]],
      );
    });

    it("leaves alone what starts in the moment in which it would be removed", async () => {
      const { clock, model, fail, calls } = setUp();
      model.build = (title) => ({ ms: title === "a webhook" ? 30_000 : 60_000, status: "done", log: "" });
      model.post("application.deploy", "other", "a webhook", "deploy");
      // What it waits behind ends between the last look and that.
      model.fault = (endpoint) => {
        const isLast = endpoint === "deployment.queueList" && clock.now() - started > 30_000 && !hasEnded;
        if (!isLast) return undefined;
        hasEnded = true;
        return { error: fault("server", "refused", "away"), acts: false };
      };
      let hasEnded = false;
      const started = clock.now();
      const error = await fail(WEB, late);
      assert.match(error.message, /: it has just started, and was left alone\./);
      assert.equal(calls("application.cleanQueues"), 0);
    });

    it("leaves it there when that would remove others' deployments, and says so", async () => {
      const { clock, model, fail, calls } = setUp();
      model.build = () => ({ ms: 60_000, status: "done", log: "" });
      model.post("application.deploy", "other", "a webhook", "deploy");
      model.post("application.deploy", WEB.id, "another webhook", "deploy");
      const error = await fail(WEB, late);
      assert.match(error.message, /still waits in Dokploy's queue \(behind 2\), and was left there/);
      assert.equal(calls("application.cleanQueues"), 0);
      clock.advance(300_000);
      assert.equal(model.records(WEB.id).length, 2);
    });

    it("reports how many polls failed, and why", async () => {
      const { clock, model, deployments } = setUp();
      model.fault = (endpoint) =>
        endpoint === "application.deploy"
          ? undefined
          : { error: fault("server", "refused", "the database is away"), acts: false };
      const started = clock.now();
      await assert.rejects(clock.until(deployments.run(WEB, [], late)), (error: DeploymentError) => {
        assert.equal(error.outcome, "timeout");
        assert.match(
          error.message,
          /\n\d+ polls failed while waiting, the latest too: the database is away\n/,
        );
        assert.match(error.message, /cannot be read, so it may still wait there and run later/);
        return true;
      });
      assert.ok(clock.now() - started < 31_000);
    });

    it("takes an end that the last look shows", async () => {
      const { clock, model, deployments } = setUp();
      model.build = () => ({ ms: 29_800, status: "done", log: "" });
      const { status } = await clock.until(deployments.run(WEB, [], late));
      assert.equal(status, "done");
    });
  });

  it("reports a poll that failed only where it was about the service", async () => {
    const { clock, model, deployments } = setUp(2);
    model.build = () => ({ ms: 20_000, status: "error", log: "" });
    const error = fault("server", "unknown", "records are out of order");
    model.fault = (endpoint) => {
      const isOut = endpoint === "deployment.allByCompose" && clock.now() < began + 10_000;
      return isOut ? { error, acts: false } : undefined;
    };
    const began = clock.now();
    const messageOf = (target: DeployTarget) =>
      deployments.run(target, [], OPTIONS).then(
        () => "done",
        (reason: Error) => reason.message,
      );
    const [web, stack] = await clock.until(Promise.all([messageOf(WEB), messageOf(STACK)]));
    assert.match(stack, /polls failed while waiting: records are out of order/);
    assert.doesNotMatch(web, /out of order/);
  });

  it("leaves nobody waiting when the progress callback throws", async () => {
    const { clock, model } = setUp();
    const deployments = new Deployments(model, {
      timers: clock,
      progress: () => {
        throw new Error("no terminal");
      },
    });
    await assert.rejects(clock.until(deployments.run(WEB, [], OPTIONS)), /no terminal/);
  });
});
