import * as assert from "node:assert/strict";
import { type JudgedTarget, type Judgement, judged } from "../../../provider/deploy";
import { type Api, DokployError } from "../../../provider/dokploy";

const application: JudgedTarget = {
  ...{ kind: "application", id: "a", name: "web", appName: "web-x" },
  expected: { replicas: 1, expectEnv: { TOKEN: "canary-4f9a", MODE: "fast" } },
};
const stack: JudgedTarget = {
  ...{ kind: "compose", id: "c", name: "s", appName: "s-x" },
  composeType: "stack",
};
const compose: JudgedTarget = { ...{ kind: "compose", id: "c", name: "s", appName: "s-x" } };

type Row = readonly [id: string, desired: string, current: string, error?: string, name?: string];

/** Docker as it answers: rows of tasks, rows of containers, and what `inspect` finds by name. */
interface Docker {
  readonly tasks?: readonly Row[];
  readonly containers?: readonly object[];
  readonly found?: Readonly<Record<string, object>>;
}

async function judge(
  target: JudgedTarget,
  { tasks = [], containers = [], found = {} }: Docker,
): Promise<Judgement & { calls: string[] }> {
  const calls: string[] = [];
  const rows = tasks.map(([containerId, state, currentState, error = "", name = `${target.appName}.1`]) => ({
    ...{ containerId, name, state, currentState, node: "n", error: error === "" ? "" : `"${error}"` },
  }));
  const call = async (endpoint: string, input: { containerId?: string }) => {
    calls.push(endpoint);
    if (endpoint === "docker.getConfig") return found[input.containerId ?? ""];
    return endpoint === "docker.getContainersByAppNameMatch" ? containers : rows;
  };
  return { ...(await judged({ call } as unknown as Api, target)), calls };
}

const spec = (image: string) => ({ ContainerSpec: { Image: image } });
const service = (image: string, more: object = {}) => ({ Spec: { TaskTemplate: spec(image) }, ...more });
const RAN = "Running 3 minutes ago";

describe("what a service of Swarm does now", () => {
  it("is healthy with one look at its tasks and one at its service, which has the image", async () => {
    const { condition, why, image, calls } = await judge(application, {
      tasks: [["t1", "running", RAN]],
      found: { "web-x": service("web:1") },
    });
    assert.deepEqual([condition, why, image], ["healthy", undefined, "web:1"]);
    assert.deepEqual(calls, ["docker.getServiceContainersByAppName", "docker.getConfig"]);
  });

  it("is not healthy after Swarm went back, however long ago, with or without the task that failed", async () => {
    const UpdateStatus = {
      State: "rollback_completed",
      Message: "update rolled back due to failure or early termination of task t2",
    };
    const found = { "web-x": service("web:1", { UpdateStatus }) };
    const running: Row = ["t3", "running", "Running 3 days ago"];
    const gone = await judge(application, { tasks: [running], found });
    assert.deepEqual(
      [gone.condition, gone.why, gone.image],
      ["rolled back", "the last version failed, and Swarm went back to the one before", "web:1"],
    );
    const failed: Row = ["t2", "shutdown", "Failed 3 days ago", "task: non-zero exit (7)"];
    const { condition, why } = await judge(application, { tasks: [running, failed], found });
    assert.equal(condition, "rolled back");
    assert.match(why ?? "", /went back to the one before: its container ended with exit code 7$/);
    const silent = { State: "rollback_completed", Message: "rollback completed" };
    const known = { "web-x": service("web:1", { UpdateStatus: silent }), t2: { Spec: spec("web:2") } };
    const last = await judge(application, { tasks: [running, failed], found: known });
    assert.match(last.why ?? "", /: its container ended with exit code 7$/);
    const waits = await judge(application, {
      tasks: [["t3", "running", "Starting 3 seconds ago"], failed],
      found,
    });
    assert.equal(waits.condition, "failing");
    assert.match(waits.why ?? "", /exit code 7; its container is still starting/);
  });

  it("fails for two minutes after each end of the version that runs", async () => {
    const ends = async (seconds: number, other = "web:1") => {
      const found = { "web-x": service("web:1"), t1: { Spec: spec(other) }, t2: { Spec: spec("web:1") } };
      const age = `${seconds} seconds ago`;
      const tasks: Row[] = [
        ["t2", "running", `Running ${age}`],
        ["t1", "shutdown", `Failed ${age}`, "task: non-zero exit (1)"],
      ];
      return await judge(application, { tasks, found });
    };
    const fresh = await ends(4);
    assert.deepEqual([fresh.condition, fresh.why], ["failing", "its container ended with exit code 1"]);
    assert.deepEqual(
      fresh.parts?.map(({ runs }) => runs),
      [false],
    );
    assert.equal((await ends(119)).condition, "failing");
    assert.equal((await ends(120)).condition, "healthy");
    assert.equal((await ends(4, "web:0")).condition, "healthy");
  });

  it("fails where Swarm stopped the update, or in one of the services of a stack", async () => {
    const paused = service("web:2", { UpdateStatus: { State: "paused" } });
    const one = await judge(application, { tasks: [["t1", "running", RAN]], found: { "web-x": paused } });
    assert.deepEqual(
      [one.condition, one.why],
      ["failing", "Swarm stopped its last update after a new task had failed"],
    );
    const UpdateStatus = { State: "rollback_completed", Message: "rollback completed" };
    const two = await judge(stack, {
      tasks: [
        ["t1", "running", RAN, "", "s-x_web.1"],
        ["t2", "running", RAN, "", "s-x_side.1"],
      ],
      found: { "s-x_web": service("w:1"), "s-x_side": service("d:1", { UpdateStatus }) },
    });
    assert.deepEqual([two.condition, two.image], ["rolled back", undefined]);
  });

  it("starts until each replica runs, and says what a task waits for", async () => {
    const starting = await judge(application, {
      tasks: [["t1", "running", "Pending 5 seconds ago", "no suitable node"]],
    });
    assert.equal(starting.condition, "starting");
    assert.match(starting.why ?? "", /^Docker has found no server for its container: no suitable node/);
    const few = await judge(
      { ...application, expected: { replicas: 3 } },
      { tasks: [["t1", "running", RAN]], found: { "web-x": service("web:1") } },
    );
    assert.deepEqual([few.condition, few.why], ["starting", "1 of its 3 replicas run"]);
  });

  it("is stopped where nothing should run, and fails where nothing does", async () => {
    const none = { ...application, expected: { replicas: 0 } };
    assert.equal((await judge(none, {})).condition, "stopped");
    const job = { ...application, expected: { isJob: true, replicas: 1 } };
    assert.equal(
      (await judge(job, { tasks: [["t1", "complete", "Complete 1 hour ago"]] })).condition,
      "stopped",
    );
    const failed = await judge(job, {
      tasks: [["t1", "complete", "Failed 1 hour ago", "task: non-zero exit (4)"]],
    });
    assert.deepEqual([failed.condition, failed.why], ["failing", "its container ended with exit code 4"]);
    assert.equal((await judge(application, {})).why, "no container of it runs");
    const Mode = { Replicated: { Replicas: 0 } };
    const found = { "web-x": { Spec: { TaskTemplate: spec("web:1"), Mode } } };
    for (const tasks of [[], [["t1", "shutdown", "Shutdown 1 hour ago"]]] as const) {
      const stopped = await judge(application, { tasks, found });
      assert.deepEqual(
        [stopped.condition, stopped.why],
        ["stopped", "somebody stopped it: Swarm is to run 0 replicas"],
      );
    }
  });

  it("is compared with the saved variables where Swarm no longer says which version runs", async () => {
    const found = {
      "web-x": service("web:1", { PreviousSpec: { TaskTemplate: spec("web:1") } }),
      c1: { Config: { Env: ["TOKEN=canary-4f9a", "MODE=slow"] } },
    };
    const containers = [{ containerId: "c1", name: "web-x.1.t1", state: "running", status: "Up 3 minutes" }];
    const { condition, staleVariables } = await judge(application, {
      tasks: [["t1", "running", RAN]],
      ...{ containers, found },
    });
    assert.deepEqual([condition, staleVariables], ["healthy", ["MODE"]]);
  });

  it("is unknown to a key that may not look, and hides secrets in Docker's words", async () => {
    const call = async () => {
      throw new DokployError("no", {
        ...{
          kind: "forbidden",
          endpoint: "docker.getServiceContainersByAppName",
          outcome: "refused",
          status: 403,
        },
      } as const);
    };
    const { condition, why, parts } = await judged({ call } as unknown as Api, application);
    assert.deepEqual([condition, parts], ["unknown", undefined]);
    assert.match(why ?? "", /permission docker:read/);
    const error = "starting container failed: exec: canary-4f9a: not found";
    const seen = await judge(
      { ...application, secrets: ["canary-4f9a"] },
      { tasks: [["t1", "shutdown", "Failed 5 seconds ago", error]] },
    );
    assert.match(seen.why ?? "", /^its container could not be started: .*\[secret\]/);
  });
});

describe("what a compose service does now", () => {
  const container = (state: string, status: string, containerId = "k") => ({
    ...{ containerId, name: `s-x-${containerId}-1`, state, status },
  });
  const seen = async (containers: readonly object[], restarts = 0) =>
    await judge(compose, { containers, found: { k: { RestartCount: restarts } } });

  it("is healthy with one call once it has run for two minutes", async () => {
    const { condition, calls } = await seen([container("running", "Up 2 minutes")], 9);
    assert.deepEqual([condition, calls], ["healthy", ["docker.getContainersByAppNameMatch"]]);
  });

  it("fails where Docker started a container again a moment ago", async () => {
    assert.equal((await seen([container("running", "Up 5 seconds")])).condition, "healthy");
    const { condition, why, parts } = await seen([container("running", "Up 5 seconds")], 3);
    assert.deepEqual(
      [condition, why, parts?.[0]?.runs],
      ["failing", "the container s-x-k-1 ended and was started again, 3 times so far", false],
    );
  });

  it("starts, fails or has done its work by the words of its containers", async () => {
    const up = container("running", "Up 5 minutes", "up");
    for (const [row, condition, why] of [
      [
        container("running", "Up 5 minutes (health: starting)"),
        "starting",
        /health check .* has not passed yet/,
      ],
      [container("created", "Created"), "starting", /was never started/],
      [container("running", "Up 5 minutes (unhealthy)"), "failing", /^the health check of .* fails$/],
      [container("restarting", "Restarting (2) 1 second ago"), "failing", /exit code 2/],
      [container("exited", "Exited (137) 1 hour ago"), "failing", /exit code 137/],
      [container("exited", "Exited (0) 1 hour ago"), "healthy", /^$/],
    ] as const) {
      const found = await seen([up, row]);
      assert.equal(found.condition, condition, row.status);
      assert.match(found.why ?? "", why);
    }
    for (const rows of [[], [container("exited", "Exited (0) 1 hour ago")]]) {
      const { condition, why } = await seen(rows);
      assert.deepEqual([condition, why], ["failing", "no container of it runs"]);
    }
  });
});
