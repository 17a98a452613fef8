import * as assert from "node:assert/strict";
import { DeploymentError, deployDatabase } from "../../../provider/deploy";
import { type Api, DokployError, type ServiceStatus } from "../../../provider/dokploy";
import { VirtualClock } from "./virtual-clock";

const lost = new DokployError("the connection broke", {
  kind: "timeout",
  endpoint: "postgres.deploy",
  outcome: "unknown",
});

/** Deploys a database whose call ends as told, and whose status is read as told, over and over. */
function run(
  deploy: (clock: VirtualClock) => Promise<unknown>,
  status: (clock: VirtualClock) => ServiceStatus | Error | "hidden outage" = () => "done",
  more: { before?: ServiceStatus; timeoutSeconds?: number; isProvenLater?: boolean } = {},
) {
  const clock = new VirtualClock();
  const calls: string[] = [];
  const lines: string[] = [];
  const doubts: DeploymentError[] = [];
  let outages = 0;
  const api = {
    outages: () => outages,
    call: async (endpoint: string) => {
      calls.push(endpoint);
      if (endpoint.endsWith(".deploy")) return await deploy(clock);
      const given = status(clock);
      if (given === "hidden outage" || (given instanceof DokployError && given.kind === "unreachable"))
        outages += 1;
      const applicationStatus = given === "hidden outage" ? "running" : given;
      if (applicationStatus instanceof Error) throw applicationStatus;
      return { applicationStatus };
    },
  } as unknown as Api;
  const { before = "done", ...options } = more;
  const target = { kind: "postgres", id: "db-1", name: "orders", status: before } as const;
  const deploying = deployDatabase(api, target, {
    isProvenLater: false,
    secrets: ["canary"],
    onDoubt: ({ ifUntouched }) => doubts.push(ifUntouched()),
    progress: (line) => lines.push(line),
    timers: clock,
    ...options,
  });
  const start = clock.now();
  const seconds = () => (clock.now() - start) / 1000;
  return { ended: clock.until(deploying), calls, lines, doubts, seconds };
}

async function failureOf(ended: Promise<unknown>): Promise<DeploymentError> {
  const error: unknown = await ended.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DeploymentError, String(error));
  return error;
}

const hangs = () => new Promise<never>(() => {});
const isLost = () => Promise.reject(lost);

describe("deploying a database", () => {
  it("is done when the call gets a response", async () => {
    const { ended, calls, lines } = run(async () => ({}));
    await ended;
    assert.deepEqual([calls, lines], [["postgres.deploy"], []]);
  });

  it("says every 10 s that it continues, since pulling an image takes minutes", async () => {
    const { ended, lines } = run((clock) => clock.sleep(35_000));
    await ended;
    assert.deepEqual(
      lines,
      [10, 20, 30].map((seconds) => `orders: is being deployed, ${seconds} s`),
    );
  });

  it("does not wait for a response longer than requested", async () => {
    const { ended, seconds } = run(hangs, undefined, { timeoutSeconds: 25 });
    const { outcome, message } = await failureOf(ended);
    assert.deepEqual([outcome, seconds()], ["timeout", 25]);
    assert.match(message, /Deployment of postgres "orders" has not ended within 25 s/);
  });

  it("waits 900 s by default", async () => {
    const { ended, seconds } = run(hangs);
    await failureOf(ended);
    assert.equal(seconds(), 900);
  });

  it("passes on a refusal of Dokploy at once", async () => {
    const refused = new DokployError("no", {
      kind: "forbidden",
      endpoint: "postgres.deploy",
      outcome: "refused",
    });
    const { ended, calls } = run(() => Promise.reject(refused));
    await assert.rejects(ended, refused);
    assert.deepEqual(calls, ["postgres.deploy"]);
  });

  it("follows the status when the response is lost", async () => {
    const runningFor = (ms: number, end: ServiceStatus) => {
      let from: number | undefined;
      return (clock: VirtualClock): ServiceStatus => {
        from ??= clock.now();
        return clock.now() - from < ms ? "running" : end;
      };
    };
    const { ended, calls } = run(isLost, runningFor(60_000, "done"));
    await ended;
    assert.ok(calls.length > 5 && calls.length < 60, `${calls.length} calls`);
    assert.equal(calls.filter((call) => call === "postgres.deploy").length, 1);

    const short = run(isLost, runningFor(1_000, "done"));
    await short.ended;
    assert.ok(short.seconds() < 1.5, `${short.seconds()} s`);

    const failing = await failureOf(run(isLost, runningFor(60_000, "error")).ended);
    assert.equal(failing.outcome, "error");
    const { outcome } = await failureOf(run(isLost, () => "running", { timeoutSeconds: 30 }).ended);
    assert.equal(outcome, "timeout");
  });

  for (const [before, now, isProvenLater, outcome] of [
    ["idle", "done", false, "done"],
    ["error", "done", false, "done"],
    ["done", "done", false, "ambiguous"],
    ["done", "done", true, "done"],
    ["idle", "idle", true, "ambiguous"],
    ["error", "error", true, "ambiguous"],
    ["done", "error", true, "error"],
  ] as const) {
    const proof = isProvenLater ? "with" : "without";
    it(`lost, with the status ${before} before and ${now} now, ${proof} a look at containers: ${outcome}`, async () => {
      const { ended, doubts } = run(isLost, () => now, { before, isProvenLater });
      if (outcome === "done") await ended;
      else assert.equal((await failureOf(ended)).outcome, outcome);
      assert.deepEqual(
        doubts.map(({ outcome }) => outcome),
        before === now && outcome === "done" ? ["lost"] : [],
      );
    });
  }

  it("keeps polling while Dokploy cannot be reached, and for a minute while it refuses the key", async () => {
    const failing = (kind: "unreachable" | "unauthorized" | "invalid") =>
      new DokployError(`it is ${kind}`, { kind, endpoint: "postgres.one", outcome: "refused" });
    const awayFor = (ms: number, kind: "unreachable" | "unauthorized") => {
      let from: number | undefined;
      return (clock: VirtualClock) => {
        from ??= clock.now();
        return clock.now() - from < ms ? failing(kind) : "done";
      };
    };
    await run(isLost, awayFor(180_000, "unreachable"), { before: "idle" }).ended;
    await run(isLost, awayFor(50_000, "unauthorized"), { before: "idle" }).ended;
    const refused = run(isLost, () => failing("unauthorized"));
    await assert.rejects(refused.ended, /it is unauthorized/);
    assert.ok(refused.seconds() >= 60 && refused.seconds() < 75, `${refused.seconds()} s`);
    await assert.rejects(run(isLost, () => failing("invalid")).ended, /it is invalid/);
    const late = await failureOf(run(isLost, () => failing("unreachable"), { timeoutSeconds: 30 }).ended);
    assert.match(late.message, /has not ended within 3\d s/);
    assert.match(late.message, /while waiting, the latest too: it is unreachable/);
  });

  it("says that a deployment that Dokploy's restart interrupted never ends", async () => {
    const { message } = await failureOf(run(isLost, () => "running", { timeoutSeconds: 30 }).ended);
    assert.match(message, /unless Dokploy was restarted meanwhile/);
  });

  const away = new DokployError("it is away", {
    kind: "unreachable",
    endpoint: "postgres.one",
    outcome: "refused",
  });
  const restarted = (ms: number, end: ServiceStatus) => {
    let from: number | undefined;
    return (clock: VirtualClock) => {
      from ??= clock.now();
      const passed = clock.now() - from;
      return passed < 20_000 ? away : passed < ms ? "running" : end;
    };
  };

  for (const isProvenLater of [true, false]) {
    it(`ends a minute after Dokploy is back from a restart, ${isProvenLater ? "with" : "without"} a look at containers`, async () => {
      const { ended, seconds, doubts } = run(isLost, restarted(900_000, "done"), { isProvenLater });
      const { outcome, message, hint } = await failureOf(ended);
      assert.equal(outcome, "cancelled");
      assert.ok(seconds() > 80 && seconds() < 100, `${seconds()} s`);
      assert.match(
        message,
        /has probably been ended by a restart of Dokploy: it could not be reached for a time/,
      );
      assert.match(message, /the database's status has stayed running for 6\d s since/);
      assert.match(hint, /^Run `pulumi up` again: it deploys once more/);
      assert.deepEqual(doubts, []);
    });
  }

  it("ends a minute after a restart that the client's repeated tries have bridged", async () => {
    let looks = 0;
    const status = () => {
      looks += 1;
      return looks === 1 ? "hidden outage" : "running";
    };
    const { ended, seconds } = run(isLost, status);
    assert.equal((await failureOf(ended)).outcome, "cancelled");
    assert.ok(seconds() >= 60 && seconds() < 75, `${seconds()} s`);
  });

  it("waits while Dokploy was away if the status ends soon after that", async () => {
    await run(isLost, restarted(70_000, "done")).ended;
    assert.equal((await failureOf(run(isLost, restarted(70_000, "error")).ended)).outcome, "error");
  });

  it("knows the containers that did not come up within the time that newer Dokploys wait", async () => {
    const refusal = new DokployError("Dokploy postgres.deploy failed", {
      kind: "server",
      endpoint: "postgres.deploy",
      outcome: "unknown",
      said: "Error on deploy postgresError: Service shop-db-x1 did not converge within 45s",
    });
    const { ended } = run(
      () => Promise.reject(refusal),
      () => "error",
    );
    const { message, hint } = await failureOf(ended);
    assert.match(message, /failed: its container did not run within the 45 s that Dokploy waits/);
    assert.match(hint, /^Look at its log in Dokploy.*run the update again once it is running\.$/);
  });

  it("reports Dokploy's reason for a failure, without secrets, even after an earlier failure", async () => {
    const refusal = new DokployError("Dokploy postgres.deploy failed", {
      kind: "server",
      endpoint: "postgres.deploy",
      outcome: "unknown",
      said: "Error on deploy postgresError: the disk canary is full.",
    });
    const { ended } = run(
      () => Promise.reject(refusal),
      () => "error",
      { before: "error" },
    );
    const { message, outcome } = await failureOf(ended);
    assert.equal(outcome, "error");
    assert.match(message, /Deployment of postgres "orders" failed: the disk .* is full\./);
    assert.doesNotMatch(message, /canary|Error on deploy/);
  });
});
