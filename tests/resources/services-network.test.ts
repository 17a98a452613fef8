import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { DokployError } from "../../provider/dokploy";
import { checkNetwork } from "../../provider/engine/services/full-network";
import { type Context, Run } from "../../provider/lifecycle";

type Values = Record<string, unknown>;

/** Dokploy's network, beside one of others that is full. */
const health = (containersInUse: number, serviceCount = 0, capacity = 100) => ({
  containers: { serviceCount },
  dockerNetworks: {
    usage: [
      { name: "other", capacity: 1, containersInUse: 1 },
      { name: "dokploy-network", capacity, containersInUse },
    ],
  },
});

describe("the check of free addresses", () => {
  function world(answer: unknown, more: Values = {}) {
    const said: unknown[][] = [];
    const calls: unknown[][] = [];
    const reads: Values = {
      async call(...call: unknown[]) {
        calls.push(call);
        await new Promise(setImmediate);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    };
    const supports = more["supports"];
    if (supports !== undefined) reads["supports"] = async () => supports;
    const context = {
      ...{ reads, run: new Run(), checks: more["checks"] ?? {} },
      warn: (...given: unknown[]) => void said.push(["warning", ...given]),
      inform: (...given: unknown[]) => void said.push(["notice", ...given]),
    } as unknown as Context;
    return {
      said,
      calls,
      check: (inputs: Parameters<typeof checkNetwork>[0]) => checkNetwork(inputs, context),
    };
  }
  const isSaid = async (...given: Parameters<typeof world>) => {
    const { said, check } = world(...given);
    await check({});
    return said.length;
  };

  it("warns from four fifths of them, each service counted too", async () => {
    for (const [found, count] of [
      [health(79), 0],
      [health(80), 1],
      [health(50, 29), 0],
      [health(50, 30), 1],
      [health(0, 80), 1],
      [health(100), 1],
      [health(5, 5, 0), 0],
      [{ ...health(0, 80), dockerNetworks: { usage: [] } }, 0],
    ] as const)
      assert.equal(await isSaid(found), count, JSON.stringify(found));
  });

  it("says how many, on which server, and what to do", async () => {
    const text = (where: string) =>
      `dokploy-network of ${where} has about 91 of its 100 addresses in use: one for each container in it, and one for each ` +
      "service of the Swarm. When none is left, new containers never start. Remove services that nobody uses, or make the " +
      "network larger: ";
    const { said, calls, check } = world(health(81, 10));
    for (const serverId of [undefined, null, "far", undefined, "far"]) await check({ serverId });
    assert.deepEqual(
      said.map(([kind, line, code]) => [kind, String(line).replace(/https:.*/, ""), code]),
      [
        ["warning", text("the server"), "advice"],
        ["warning", text("the server far"), "advice"],
      ],
    );
    for (const [, line] of said) assert.match(String(line), /https:\S+ \[full-network\]$/);
    assert.deepEqual(calls, [
      ["docker.getServerHealth", { sinceHours: 1 }],
      ["docker.getServerHealth", { serverId: "far", sinceHours: 1 }],
    ]);
  });

  it("is one call and one warning for services that are planned at the same time", async () => {
    const { said, calls, check } = world(health(81, 10));
    await Promise.all([check({}), check({}), check({})]);
    assert.deepEqual([said.length, calls.length], [1, 1]);
    const refusing = world(health(81, 10), { checks: { "full-network": "error" } });
    for (const _ of [1, 2])
      await assert.rejects(refusing.check({}), /dokploy-network of the server has/, "each one");
    assert.deepEqual([refusing.said.length, refusing.calls.length], [0, 1]);
  });

  it("asks nothing for a service that takes no address, or whose server is not known", async () => {
    const { said, calls, check } = world(health(100));
    for (const apart of [
      { detachDokployNetwork: true },
      { isolatedDeployment: true },
      { detachDokployNetwork: true, isolatedDeployment: false },
      { serverId: runtime.unknownValue },
    ])
      await check(apart);
    assert.deepEqual([said, calls], [[], []]);
    await check({ detachDokployNetwork: false, isolatedDeployment: false });
    assert.equal(said.length, 1);
  });

  it("is silent where Dokploy shows nothing, and fails with any other fault", async () => {
    const endpoint = "docker.getServerHealth";
    const refusal = new DokployError("no", { kind: "forbidden", endpoint, outcome: "refused" });
    assert.equal(await isSaid(refusal), 0);
    const old = world(health(100), { supports: false });
    await old.check({});
    assert.deepEqual([old.said, old.calls], [[], []]);
    assert.equal(await isSaid(health(100), { supports: true }), 1);
    const fault = new TypeError("a bug");
    await assert.rejects(isSaid(fault), fault);
  });

  it("is information, or nothing, where the program says so", async () => {
    const quiet = world(health(100), { checks: { "full-network": "info" } });
    await quiet.check({});
    assert.deepEqual(
      quiet.said.map(([kind, , code]) => [kind, code]),
      [["notice", "advice"]],
    );
    const off = world(health(100), { checks: { "full-network": "off" } });
    await off.check({});
    assert.deepEqual([off.said, off.calls], [[], []]);
  });
});
