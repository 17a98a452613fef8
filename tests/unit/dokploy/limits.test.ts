import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { RateLimiter, Semaphore } from "../../../provider/dokploy/limits";
import { afterVersion, Fixture, json } from "./http-server";

const MINUTE = 60_000;

/** When requests go that come at these times. */
function times(perMinute: number, arrivals: readonly number[]): number[] {
  const pace = new RateLimiter(perMinute);
  return arrivals.map((now) => now + pace.next(now));
}

/** The most that one minute holds, both its ends included. */
function mostInAMinute(at: readonly number[]): number {
  let first = 0;
  let most = 0;
  at.forEach((time, i) => {
    while (time - (at[first] ?? time) > MINUTE) first++;
    most = Math.max(most, i - first + 1);
  });
  return most;
}

describe("RateLimiter", () => {
  it("allows no minute more requests than its limit, whenever they come", () => {
    const groups = fc.array(fc.record({ count: fc.integer({ min: 1, max: 300 }), pause: fc.nat(90_000) }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), groups, (perMinute, arrivals) => {
        let now = 1_700_000_000_000;
        const at = times(
          perMinute,
          arrivals.flatMap(({ count, pause }) => {
            now += pause;
            return Array.from({ length: count }, () => now);
          }),
        );
        assert.ok(mostInAMinute(at) <= perMinute);
        assert.deepEqual(
          at,
          [...at].sort((a, b) => a - b),
          "in the order in which they came",
        );
      }),
    );
  });

  for (const [perMinute, burst] of [
    [1, 1],
    [10, 1],
    [60, 6],
    [100, 10],
    [6_000, 10],
  ] as const) {
    it(`of ${perMinute} sends the first ${burst} at once, and uses nine tenths of its limit`, () => {
      const at = times(
        perMinute,
        Array.from({ length: perMinute * 10 }, () => 0),
      );
      assert.equal(at.filter((t) => t === 0).length, burst);
      assert.ok(mostInAMinute(at) <= perMinute);
      assert.ok((at.at(-1) ?? 0) <= (10 * MINUTE) / 0.9, `${at.at(-1)}`);
    });
  }

  it("delays nobody below the limit", () => {
    const arrivals = Array.from({ length: 100 }, (_, i) => i * 1_200);
    assert.deepEqual(times(60, arrivals), arrivals);
  });
});

describe("Semaphore", () => {
  it("gives the turns in the order of arrival, each after the end of the previous one", async () => {
    const slots = new Semaphore(1);
    const took: string[] = [];
    const take = async (name: string) => {
      const end = await slots.take();
      took.push(name);
      return end;
    };
    const [a, b, c] = ["a", "b", "c"].map(take);
    const end = await a;
    assert.deepEqual(took, ["a"]);
    end?.();
    (await b)?.();
    (await c)?.();
    assert.deepEqual(took, ["a", "b", "c"]);
    (await slots.take())();
  });
});

describe("DokployClient's limits", () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = new Fixture();
  });
  afterEach(() => fixture.end());

  it("space reads, changes, polls and retries alike, and drop none", async () => {
    let now = 0;
    const at: number[] = [];
    const server = await fixture.server(
      afterVersion((_, response, count) => {
        at.push(now);
        json(response, count % 5 === 0 ? 503 : 200, []);
      }),
    );
    const client = fixture.client(
      server.url,
      {
        now: () => now,
        sleep: async (ms) => {
          now += ms;
        },
      },
      { requestsPerMinute: 20, concurrency: 1 },
    );
    const calls = Array.from({ length: 30 }, (_, i) =>
      i % 3 === 0
        ? client.call("application.update", { applicationId: "a", name: "x" })
        : client.call(i % 3 === 1 ? "deployment.queueList" : "project.all", {}),
    );
    await Promise.all(calls);
    assert.ok(at.length > 30, "some were tried again");
    assert.ok(mostInAMinute(at) <= 20, `${mostInAMinute(at)}`);
  });

  it("do not take time from the deadline of a request that waits", async () => {
    const server = await fixture.server((_, response) => json(response, 200, []));
    const client = fixture.client(
      server.url,
      { sleep: () => new Promise((resolve) => setTimeout(resolve, 400)), timeoutsMs: { read: 300 } },
      { requestsPerMinute: 1 },
    );
    await Promise.all([client.call("project.all", {}), client.call("project.all", {})]);
    assert.equal(server.seen.length, 2);
  });

  it("delay nothing if none is set", async () => {
    const server = await fixture.server((_, response) => json(response, 200, []));
    const client = fixture.client(server.url);
    await Promise.all(Array.from({ length: 50 }, () => client.call("project.all", {})));
    assert.deepEqual(fixture.sleeps, []);
  });
});

describe("DokployClient's queue for calls that rewrite the same things", () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = new Fixture();
  });
  afterEach(() => fixture.end());

  for (const [what, endpoint, input] of [
    ["deletes, which rewrite Traefik's files", "application.delete", { applicationId: "a" }],
    [
      "creates, which rewrite the list of what a member may see",
      "application.create",
      { name: "a", environmentId: "e" },
    ],
  ] as const) {
    it(`lets no two ${what} overlap, while reads continue`, async () => {
      let running = 0;
      let most = 0;
      let readsMeanwhile = 0;
      const open: (() => void)[] = [];
      const server = await fixture.server(
        afterVersion((request, response) => {
          if (!request.url.includes(endpoint)) {
            readsMeanwhile += running;
            json(response, 200, []);
            return;
          }
          most = Math.max(most, ++running);
          open.push(() => {
            running--;
            json(response, 200, { applicationId: "a" });
          });
        }),
      );
      const client = fixture.client(server.url);
      const calls = Array.from({ length: 4 }, () => client.call(endpoint, input as never));
      let ended = 0;
      for (const call of calls) void call.then(() => ended++);
      while (ended < calls.length) {
        await client.call("project.all", {});
        await client.call("project.all", {});
        open.shift()?.();
      }
      assert.equal(most, 1);
      assert.ok(readsMeanwhile > 0, "a read was answered while one of them ran");
    });
  }

  it("lets a delete that is tried again end before the next one begins", async () => {
    const seen: string[] = [];
    const server = await fixture.server(
      afterVersion((request, response, count) => {
        seen.push(JSON.parse(request.body).applicationId);
        json(response, count <= 2 ? 503 : 200, {});
      }),
    );
    const client = fixture.client(server.url);
    await Promise.all(
      ["a", "b"].map((applicationId) => client.call("application.delete", { applicationId })),
    );
    assert.deepEqual(seen, ["a", "a", "a", "b"]);
  });

  it("continues after a delete that failed", async () => {
    const server = await fixture.server(
      afterVersion((_, response, count) => json(response, count === 1 ? 500 : 200, {})),
    );
    const client = fixture.client(server.url);
    const results = await Promise.allSettled(
      ["a", "b"].map((applicationId) => client.call("application.delete", { applicationId })),
    );
    assert.deepEqual(
      results.map(({ status }) => status),
      ["rejected", "fulfilled"],
    );
  });

  it("keeps deletes and creates in separate queues", async () => {
    const waiting: (() => void)[] = [];
    const server = await fixture.server(
      afterVersion((request, response) => {
        if (request.url.includes("delete")) waiting.push(() => json(response, 200, {}));
        else json(response, 200, { applicationId: "new" });
      }),
    );
    const client = fixture.client(server.url);
    const deleted = client.call("application.delete", { applicationId: "a" });
    await client.call("application.create", { name: "a", environmentId: "e" });
    while (waiting.length === 0) await client.call("project.update", { projectId: "p", name: "x" });
    waiting.shift()?.();
    await deleted;
  });
});
