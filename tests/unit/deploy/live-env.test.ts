import * as assert from "node:assert/strict";
import { liveVariables, type WatchTarget } from "../../../provider/deploy";
import type { Api } from "../../../provider/dokploy";

describe("the variables of running containers", () => {
  const swarm: WatchTarget = { kind: "application", id: "a", name: "web", appName: "app-web" };
  const compose: WatchTarget = { kind: "compose", id: "c", name: "wiki", appName: "app-wiki" };

  /** Containers by what they have; what is asked of Docker. */
  function docker(...containers: (readonly string[] | null | { state: string; env: readonly string[] })[]) {
    const calls: [string, object][] = [];
    const rows = containers.map((container, index) => ({
      containerId: `c${index}`,
      name: `app.${index}`,
      state: container !== null && "state" in container ? container.state : "running",
    }));
    const api = {
      call: async (endpoint: string, input: { containerId?: string }) => {
        calls.push([endpoint, input]);
        if (endpoint === "docker.getContainersByAppNameMatch") return rows;
        const found = containers[rows.findIndex(({ containerId }) => containerId === input.containerId)];
        if (found === null || found === undefined) return null;
        return { Config: { Env: "state" in found ? found.env : found } };
      },
    } as unknown as Api;
    return { api, calls };
  }
  const runs = (target: WatchTarget, env: Record<string, string>, ...containers: Parameters<typeof docker>) =>
    liveVariables(docker(...containers).api, target, env);

  it("are the same if each container of a Swarm service has all of them", async () => {
    assert.equal(await runs(swarm, { A: "1", B: "x=y" }, ["A=1", "B=x=y", "C=3"], ["B=x=y", "A=1"]), "same");
    assert.equal(await runs(swarm, { A: "1" }, ["A=1"], ["A=2"]), "other", "another value in one");
    assert.equal(await runs(swarm, { A: "1" }, ["A=2"], ["A=1"]), "other", "and in the other");
    assert.equal(await runs(swarm, { A: "1" }, ["A=1"], ["B=1"]), "other", "none in one");
    assert.equal(await runs(swarm, { A: "1", B: "2" }, ["A=1"]), "other", "one of them nowhere");
    assert.equal(await runs(swarm, { A: "" }, ["A="]), "same");
  });

  it("are the same where those containers of a compose service that have one have it right, and there are any", async () => {
    assert.equal(await runs(compose, { A: "1", B: "2" }, ["A=1"], ["B=2"]), "same");
    assert.equal(await runs(compose, { A: "1", B: "2" }, ["A=2"]), "other", "and one in none");
    // The file may give one of them a value of its own, or the image may.
    assert.equal(await runs(compose, { A: "1" }, ["A=1"], ["A=2"]), "unseen");
    const stack = { ...compose, composeType: "stack" } as WatchTarget;
    assert.equal(await runs(stack, { A: "1" }, ["A=1"], ["B=1"]), "same", "not in each service of a stack");
    assert.equal(await runs(compose, { A: "1", B: "2" }, ["A=1"]), "unseen", "one of them in none");
    assert.equal(await runs(compose, { A: "1" }, ["B=1"]), "unseen", "in none");
  });

  it("are not seen if no container runs, or nobody can look", async () => {
    assert.equal(await runs(swarm, {}), "unseen");
    assert.equal(await runs(swarm, {}, ["A=1"]), "same");
    assert.equal(await runs(swarm, { A: "1" }, { state: "exited", env: ["A=1"] }), "unseen");
    assert.equal(await runs(swarm, { A: "1" }, ["A=1"], { state: "exited", env: ["A=2"] }), "same");
    assert.equal(await runs(swarm, { A: "1" }, null), "unseen", "gone meanwhile");
    const refusing = {
      call: async () => {
        throw new Error("refused");
      },
    } as unknown as Api;
    assert.equal(await liveVariables(refusing, swarm, {}), "unseen");
  });

  it("are asked of the right server and of at most five containers", async () => {
    const six = Array.from({ length: 6 }, () => ["A=1"]);
    const { api, calls } = docker(...six);
    assert.equal(await liveVariables(api, { ...compose, serverId: "s" }, { A: "1" }), "same");
    assert.deepEqual(calls[0], [
      "docker.getContainersByAppNameMatch",
      { appName: "app-wiki", appType: "docker-compose", serverId: "s" },
    ]);
    assert.deepEqual(
      calls.slice(1),
      [0, 1, 2, 3, 4].map((n) => ["docker.getConfig", { containerId: `c${n}`, serverId: "s" }]),
    );
    const own = docker(["A=1"]);
    await liveVariables(own.api, swarm, { A: "1" });
    assert.deepEqual(own.calls, [
      ["docker.getContainersByAppNameMatch", { appName: "app-web" }],
      ["docker.getConfig", { containerId: "c0" }],
    ]);
  });
});
