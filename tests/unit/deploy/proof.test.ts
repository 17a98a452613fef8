import * as assert from "node:assert/strict";
import { differing, variablesOf, wentBack } from "../../../provider/deploy/proof";
import { isRunning, versionsOf } from "../../../provider/deploy/task-versions";
import type { WatchTarget } from "../../../provider/deploy/watch";
import type { Api, ContainerConfig, TaskRow } from "../../../provider/dokploy";

const WEB: WatchTarget = { kind: "application", id: "a-1", name: "web", appName: "web-x1" };
const STACK: WatchTarget = {
  ...{ kind: "compose", id: "c-1", name: "shop", appName: "shop-x1" },
  composeType: "stack",
};

/** Docker with these containers and configurations, and the names of those that were asked for. */
function docker(names: readonly string[], configs: Readonly<Record<string, ContainerConfig>>) {
  const asked: string[] = [];
  const api = {
    async call(endpoint: string, { containerId }: { containerId: string }) {
      if (endpoint !== "docker.getConfig") {
        return names.map((name, at) => ({ containerId: `c${at}`, name, state: "running", status: "Up" }));
      }
      asked.push(containerId);
      return configs[containerId];
    },
  } as unknown as Api;
  return { api, asked };
}

const env = (...Env: string[]): ContainerConfig => ({ Config: { Env } });

describe("the variables that prove a deployment", () => {
  it("are those of each service of a stack, by one of its containers", async () => {
    const names = ["shop-x1_web.1.t0", "shop-x1_web.2.t1", "shop-x1_db.1.t2", "shop-x1_web.3.other"];
    const { api, asked } = docker(names, { c0: env("A=1"), c1: env("A=9"), c2: env("A=2") });
    const found = await variablesOf(api, STACK, ["t0", "t1", "t2"]);
    assert.deepEqual(asked, ["c0", "c2"]);
    assert.deepEqual(differing({ "web/A": "1", "db/A": "2" }, found), []);
    assert.deepEqual(differing({ "web/A": "2", "db/A": "2" }, found), ["web/A"]);
    assert.deepEqual(differing({ "web/A": "1", "db/B": "" }, found), ["db/B"]);
  });

  it("are those of at most three replicas, each of which must have them", async () => {
    const names = ["web-x1.1.t0", "web-x1.2.t1", "web-x1.3.t2", "web-x1.4.t3"];
    const { api, asked } = docker(names, { c0: env("A=1"), c1: env("A=1"), c2: env("A=2") });
    const found = await variablesOf(api, WEB, ["t0", "t1", "t2", "t3"]);
    assert.deepEqual(asked, ["c0", "c1", "c2"]);
    assert.deepEqual(differing({ A: "1" }, found), ["A"]);
    assert.deepEqual(differing({ A: "1" }, found.slice(0, 2)), []);
  });

  it("cannot be read from a container on another node", async () => {
    const { api } = docker(["web-x1.1.t0"], {});
    assert.deepEqual(await variablesOf(api, WEB, ["t0"]), []);
    assert.deepEqual(await variablesOf(api, WEB, []), []);
    const withoutEnv = { Config: { Env: null } } as unknown as ContainerConfig;
    assert.deepEqual(await variablesOf(docker(["web-x1.1.t0"], { c0: withoutEnv }).api, WEB, ["t0"]), []);
  });
});

describe("the result of an update in Swarm", () => {
  it("is reported by its state, with the task that failed", async () => {
    for (const [State, Message, expected] of [
      ["rollback_started", "update rolled back due to failure of task f0", "f0"],
      ["rollback_paused", "update rolled back due to failure of task f0", "f0"],
      ["rollback_completed", "", ""],
      ["paused", "update paused due to failure of task f0", undefined],
      ["completed", "", undefined],
    ] as const) {
      const { api } = docker([], { "web-x1": { UpdateStatus: { State, Message } } });
      assert.equal(await wentBack(api, WEB, ["other", "web-x1"]), expected, State);
    }
  });
});

describe("the version of a task", () => {
  const spec = (image: string) => ({ ContainerSpec: { Image: image } });
  /** As Docker shows it of a service. */
  const template = (image: string) => ({
    ...{ Runtime: "container", Resources: {}, Placement: {} },
    RestartPolicy: { Condition: "any", Delay: 5_000_000_000, MaxAttempts: 0 },
    ContainerSpec: { StopGracePeriod: 10_000_000_000, DNSConfig: {}, Image: image },
  });
  const row = (id: string, state = "running", currentState = "Running 5 seconds ago", slot = 1): TaskRow => ({
    ...{ containerId: id, name: `web-x1.${slot}`, state, currentState, node: "vm", error: "" },
  });

  const versionOf = async (image: string | undefined, service: ContainerConfig) => {
    const { api } = docker([], { "web-x1": service, t1: image === undefined ? {} : { Spec: spec(image) } });
    return (await versionsOf(api, WEB, [row("t1")])).get("t1");
  };

  it("is that of its service, or the previous one", async () => {
    const updated = {
      Spec: { TaskTemplate: template("a:2") },
      PreviousSpec: { TaskTemplate: { ...spec("a:1"), Runtime: "container" } },
    };
    assert.equal(await versionOf("a:2", updated as ContainerConfig), "new");
    assert.equal(await versionOf("a:1", updated as ContainerConfig), "old");
    assert.equal(await versionOf(undefined, updated as ContainerConfig), undefined);
  });

  it("is not known if the service has not changed", async () => {
    const former = { TaskTemplate: { ...spec("a:1"), Runtime: "container" } };
    const same = { Spec: { TaskTemplate: template("a:1") }, PreviousSpec: former };
    assert.equal(await versionOf("a:1", same as ContainerConfig), undefined);
  });

  it("is the old one if Swarm rolled back to that", async () => {
    const back = { Spec: { TaskTemplate: template("a:1") }, UpdateStatus: { State: "rollback_completed" } };
    assert.equal(await versionOf("a:1", back as ContainerConfig), "old");
    assert.equal(await versionOf("a:2", back as ContainerConfig), "new");
  });

  it("runs if a task of it does, and none of the same has failed in its place", async () => {
    const { api } = docker([], {
      t1: { Spec: spec("a:1") },
      t2: { Spec: spec("a:1") },
      t3: { Spec: spec("a:2") },
    });
    const failed = (id: string) => row(id, "shutdown", "Failed 9 seconds ago");
    assert.equal(await isRunning(api, WEB, [row("t1")]), true);
    assert.equal(await isRunning(api, WEB, []), false);
    assert.equal(await isRunning(api, WEB, [row("t1"), failed("t2")]), false);
    assert.equal(await isRunning(api, WEB, [row("t1"), failed("t3")]), true);
    const starting = row("t1", "running", "Starting 1 second ago");
    assert.equal(await isRunning(api, WEB, [starting, failed("t3")]), true, "Swarm goes back to it");
    assert.equal(await isRunning(api, WEB, [starting]), false);
  });
});
