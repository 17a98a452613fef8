import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { begin, expire, type Health, isFinal, next, type Observation } from "../../../provider/deploy/health";
import type { Expected, FailureReason } from "../../../provider/deploy/health-model";
import { ageSeconds, readContainer, readTask } from "../../../provider/deploy/health-rows";
import { isFailing } from "../../../provider/deploy/health-swarm";
import type { ContainerRow, TaskRow } from "../../../provider/dokploy";
import { jsonLines, needsReference } from "../../conformance/reference";

const START = Date.parse("2026-01-01T00:00:00.000Z");

/** `id desired/Current ago error`, as in `n1 running/Running 4`. The slot is 1 unless the id says another: `n1@2`. */
function task(text: string): TaskRow {
  const [, id = "", slot = "1", state = "", current = "", age = "", error = ""] =
    /^(\w+)(?:@([\w.]+))? (\w+)\/(\w+) (\d+)(?: (.*))?$/.exec(text) ?? assert.fail(text);
  const name = slot.includes(".") ? `shop_${slot}` : `shop.${slot}`;
  const seconds = age === "0" ? "less than a second" : `${age} seconds`;
  return {
    containerId: id,
    name,
    state,
    currentState: `${current} ${seconds} ago`,
    node: "vm",
    error: error === "" ? "" : `"${error}"`,
  };
}

/** `id state status`, as in `c1 running Up 3 seconds`. */
function container(text: string): ContainerRow {
  const [, id = "", state = "", status = ""] = /^(\w+) (\w+) (.*)$/.exec(text) ?? assert.fail(text);
  return { containerId: id, name: `shop-${id}-1`, state, status };
}

type Looks = Readonly<Record<number, readonly string[]>>;

/** What the verdict is after looks at seconds since the end of the deployment; `expire` comes after the last. */
function follow(
  looks: Looks,
  expected: Partial<Omit<Expected, "before">> & { old?: readonly string[]; isFailing?: boolean } = {},
  { isCompose = false, endsAt }: { isCompose?: boolean; endsAt?: "deadline" } = {},
): Health {
  const { old = [], isFailing = false, ...rest } = expected;
  const before = { at: START - 5_000, ids: new Set(old), isFailing };
  let state = begin({ engine: isCompose ? "compose" : "swarm", at: START, before, ...rest });
  for (const [seconds, rows] of Object.entries(looks)) {
    const at = START + Number(seconds) * 1000;
    state = next(state, isCompose ? { at, containers: rows.map(container) } : { at, tasks: rows.map(task) });
  }
  return endsAt === "deadline" ? expire(state) : state;
}

function word({ verdict }: Health): string {
  if (verdict.phase !== "failed") return verdict.phase;
  return `${verdict.failure.reason}: ${verdict.failure.detail}`;
}

describe("health of a Swarm service", () => {
  const healthy: Looks = {
    0: ["n1 running/Starting 0"],
    1: ["n1 running/Running 0"],
    6: ["n1 running/Running 5"],
    11: ["n1 running/Running 10"],
  };

  it("is stable when the new task has been seen running for 10 s, not before", () => {
    const { 11: _, ...early } = healthy;
    const state = follow(early);
    assert.equal(word(state), "waiting");
    assert.deepEqual(
      state.verdict.phase === "waiting" && state.verdict.stableAt,
      START + 11_000,
      "it says when to look again",
    );
    assert.deepEqual(follow(healthy).verdict, { phase: "stable", ids: ["n1"] });
  });

  it("needs 5 s only when a health check has passed, all of it", () => {
    const at = (seconds: number, healthy: string[]): Observation => ({
      at: START + seconds * 1000,
      tasks: ["n1 running/Running 0", "n2@2 running/Running 0"].map(task),
      healthy: new Set(healthy),
    });
    const before = { at: START - 5_000, ids: new Set<string>(), isFailing: false };
    const outcome = (looks: Observation[]) =>
      word(looks.reduce(next, begin({ engine: "swarm", at: START, before, replicas: 2 })));
    const both = ["n1", "n2"];
    assert.equal(outcome([at(0, []), at(4.9, both)]), "waiting");
    assert.equal(outcome([at(0, []), at(5, both)]), "stable");
    assert.equal(outcome([at(0, []), at(5, ["n1"])]), "waiting");
    assert.equal(outcome([at(0, []), at(5, ["n1"]), at(10, ["n1"])]), "stable");
  });

  it("does not take Docker's word for the 10 s: clocks of nodes differ", () => {
    assert.equal(word(follow({ 0: ["n1 running/Running 40"], 3: ["n1 running/Running 43"] })), "waiting");
  });

  it("starts to count again when a task was replaced", () => {
    const looks = {
      0: ["n1 running/Running 0"],
      9: ["n2 running/Running 1"],
      11: ["n2 running/Running 3"],
      18: ["n2 running/Running 10"],
    };
    assert.equal(word(follow(looks)), "waiting");
    assert.equal(word(follow({ ...looks, 19: ["n2 running/Running 11"] })), "stable");
  });

  it("starts to count again after a look that did not show the task running", () => {
    for (const gap of [[], ["n1 running/Starting 0"], ["n2@2 running/Running 1"]]) {
      const looks = { 0: ["n1 running/Running 0"], 6: gap, 8: ["n1 running/Running 8"] };
      const later = (seconds: number) => ({ ...looks, [seconds]: [`n1 running/Running ${seconds}`] });
      assert.equal(word(follow(later(17))), "waiting", gap.join());
      assert.equal(word(follow(later(18))), "stable", gap.join());
    }
  });

  it("waits while the old version still runs, however long", () => {
    const rows = ["o1 running/Running 90"];
    const state = follow({ 0: rows, 60: rows }, { old: ["o1"] }, { endsAt: "deadline" });
    assert.equal(word(state), "unfinished: no new task was started, and the old version still runs");
    const both = ["n1 running/Running 30", "o1 running/Running 90"];
    const half = follow({ 0: both, 60: both }, { old: ["o1"] }, { endsAt: "deadline" });
    assert.equal(
      word(half),
      "unfinished: 1 of its 2 tasks were not replaced, and the old version still runs",
    );
  });

  it("does not mind that the old task takes its time to stop", () => {
    const looks = {
      0: ["n1 running/Running 1", "o1 shutdown/Running 90"],
      11: ["n1 running/Running 12", "o1 shutdown/Shutdown 1"],
    };
    assert.equal(word(follow(looks, { old: ["o1"] })), "stable");
  });

  it("needs as many tasks as replicas, all of them new", () => {
    const two = ["n1 running/Running 20", "n2@2 running/Running 20"];
    assert.equal(
      word(follow({ 0: two, 60: two }, { replicas: 3 }, { endsAt: "deadline" })),
      "unfinished: 2 of its 3 replicas run",
    );
    assert.equal(word(follow({ 0: two, 10: two }, { replicas: 2 })), "stable");
  });

  it("a service in global mode needs all tasks that Swarm wants", () => {
    const looks = { 0: ["n1@node1 running/Running 2"], 10: ["n1@node1 running/Running 12"] };
    assert.equal(word(follow(looks)), "stable");
  });

  it("no replicas: stable as soon as Swarm wants none", () => {
    assert.equal(word(follow({ 0: [] }, { replicas: 0 })), "stable");
    assert.equal(word(follow({ 0: ["o1 shutdown/Running 9"] }, { replicas: 0, old: ["o1"] })), "stable");
    assert.equal(word(follow({ 0: ["o1 running/Running 9"] }, { replicas: 0, old: ["o1"] })), "waiting");
  });

  it("an empty response proves nothing: Dokploy also gives it when Docker fails", () => {
    assert.equal(word(follow({ 0: [], 60: [] })), "waiting");
    const state = follow({ 0: [], 60: [] }, {}, { endsAt: "deadline" });
    assert.equal(word(state), "unfinished: Docker shows no task of it");
  });

  const failures: [name: string, looks: Looks, old: string[], verdict: string][] = [
    [
      "a crash loop, with exit code and how often",
      { 8: ["n3 ready/Ready 1", "n2 shutdown/Failed 1 task: non-zero exit (3)", "n1 shutdown/Failed 7 x"] },
      [],
      "crashed: its container ended with exit code 3, 2 times so far",
    ],
    [
      "a process that ends by itself",
      { 0: ["n2 ready/Ready 0", "n1 shutdown/Complete 0"] },
      [],
      "exited: its container exited with code 0, and should keep running",
    ],
    [
      "a crash seven seconds after it looked well",
      { 0: ["n1 running/Running 1"], 7: ["n1 shutdown/Failed 0 task: non-zero exit (4)"] },
      [],
      "crashed: its container ended with exit code 4",
    ],
    [
      "a failing health check",
      { 0: ["n1 shutdown/Failed 1 task: non-zero exit (137): dockerexec: unhealthy container"] },
      [],
      "unhealthy: the health check of its container fails",
    ],
    [
      "an image that is not there",
      { 0: ["n1 shutdown/Rejected 1 No such image: web:nope"] },
      [],
      "rejected: Docker refused to start its container: No such image: web:nope",
    ],
    [
      "a port of the server that another process has, whatever stands before the reason",
      {
        0: [
          `n1 shutdown/Failed 1 starting container failed: driver failed programming external connectivity on endpoint ${"web".repeat(99)}: Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use`,
        ],
      },
      [],
      "not-started: its container could not be started: port 8080, which it publishes, is already in use on the server (address already in use)",
    ],
    [
      "a port of which Docker's words are cut",
      {
        0: [
          "n1 shutdown/Rejected 1 driver failed programming external connectivity on endpoint web.1.abc (33f948474",
        ],
      },
      [],
      "not-started: its container could not be started: a port that it publishes cannot be opened on the server, " +
        "most likely because something else uses it",
    ],
    [
      "a command that is not there, in short",
      {
        0: [
          'n1 shutdown/Failed 1 starting container failed: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/nosuch": stat /nosuch: no such file or directory: unknown',
        ],
      },
      [],
      'not-started: its container could not be started: exec: "/nosuch": stat /nosuch: no such file or directory: unknown',
    ],
    [
      "a silent rollback",
      {
        0: [
          "n2 shutdown/Accepted 0",
          "n1 shutdown/Failed 2 task: non-zero exit (5)",
          "o1 running/Running 13",
        ],
      },
      ["o1"],
      "rolled-back: its container ended with exit code 5, and Swarm rolled back to the old version, which runs " +
        "with the old variables",
    ],
    [
      "a rollback whose running task is new, by the one that failed before",
      {
        0: ["n2 running/Running 1", "n1 shutdown/Failed 3 task: non-zero exit (5)", "o1 shutdown/Shutdown 4"],
      },
      ["o1"],
      "rolled-back: its container ended with exit code 5, and Swarm rolled back to the old version, which runs " +
        "with the old variables",
    ],
    [
      "another try of the new version, which Swarm starts after a pause",
      {
        0: ["n2 running/Running 1", "n1 shutdown/Failed 6 task: non-zero exit (5)", "o1 shutdown/Shutdown 7"],
      },
      ["o1"],
      "crashed: its container ended with exit code 5",
    ],
    [
      "a container that was starting for long and then ended well: Docker ends it so when its health check fails",
      { 0: ["n1 running/Starting 4"], 3: ["n2 ready/Ready 0", "n1 shutdown/Complete 0"] },
      [],
      "unhealthy: its container ended (exit code 0) before its health check had passed",
    ],
    [
      "a crash in the moment before Swarm gives the task up: it is no task of the old version",
      { 0: ["n1 running/Failed 0 task: non-zero exit (5)", "o1 shutdown/Shutdown 4"] },
      ["o1"],
      "crashed: its container ended with exit code 5",
    ],
    [
      "one replica of several, by its name",
      { 0: ["n1 running/Running 2", "n2@2 shutdown/Failed 1 task: non-zero exit (1)"] },
      [],
      "crashed: the container of shop.2 ended with exit code 1",
    ],
  ];
  for (const [name, looks, old, verdict] of failures) {
    it(`fails for ${name}`, () => assert.equal(word(follow(looks, { old })), verdict));
  }

  it("the deadline decides on a task that no node takes, and says why", () => {
    const rows = [
      "n1 running/Pending 90 no suitable node (scheduling constraints not satisfied on 1 node)",
      "o1 running/Running 200",
    ];
    assert.equal(word(follow({ 0: rows, 90: rows }, { old: ["o1"] })), "waiting");
    assert.equal(
      word(follow({ 0: rows, 90: rows }, { old: ["o1"] }, { endsAt: "deadline" })),
      "never-placed: Docker has found no server for its container: no suitable node (scheduling constraints not satisfied on 1 node); the old version still runs",
    );
  });

  it("the deadline decides on a task without an address", () => {
    const rows = ["n1 running/New 90", "o1 running/Running 200"];
    assert.equal(
      word(follow({ 0: rows, 90: rows }, { old: ["o1"] }, { endsAt: "deadline" })),
      "no-address: Swarm has found no network address for its container, which stays in the state New; the old version still runs",
    );
  });

  it("tasks of the version before that never ran are not called running", () => {
    const rows = ["n1 running/New 90", "o1@2 running/New 200"];
    const { verdict } = follow({ 0: rows, 90: rows }, { old: ["o1"] }, { endsAt: "deadline" });
    assert.ok(verdict.phase === "failed");
    assert.match(verdict.failure.detail, /state New$/);
    const none = ["o1 running/Pending 200"];
    assert.match(
      word(follow({ 0: none, 90: none }, { old: ["o1"] }, { endsAt: "deadline" })),
      /its container$/,
    );
  });

  it("the deadline decides on a pull and on a health check without an end", () => {
    const at = (current: string) => follow({ 0: [`n1 running/${current} 5`] }, {}, { endsAt: "deadline" });
    assert.match(word(at("Preparing")), /^unfinished: its container is still being prepared/);
    assert.match(word(at("Starting")), /^unfinished: its container is still starting/);
    assert.match(word(at("Assigned")), /^unfinished: its container is still in the state Assigned$/);
  });

  describe("when the version before was crash-looping", () => {
    const options = { old: ["o1"], isFailing: true };

    it("its ends during the build do not count", () => {
      const looks = {
        0: ["n1 running/Running 1", "x2 shutdown/Failed 3 task: non-zero exit (1)", "o1 shutdown/Failed 9 y"],
        10: ["n1 running/Running 11", "x2 shutdown/Failed 13 task: non-zero exit (1)"],
      };
      assert.equal(word(follow(looks, options)), "stable");
    });

    it("nor does its last task that ends while the new one is being prepared", () => {
      const looks = {
        0: ["n1 running/Preparing 1", "x2 running/Running 3"],
        4: ["n1 running/Preparing 5", "x2 shutdown/Failed 1 task: non-zero exit (1)"],
        8: ["n1 running/Running 1", "x2 shutdown/Failed 5 task: non-zero exit (1)"],
        18: ["n1 running/Running 11", "x2 shutdown/Failed 15 task: non-zero exit (1)"],
      };
      assert.equal(word(follow(looks, options)), "stable");
    });

    it("a new version that crashes too fails at its next end", () => {
      const looks = { 0: ["n2 ready/Ready 1", "n1 shutdown/Failed 1 task: non-zero exit (1)"] };
      assert.equal(word(follow(looks, options)), "waiting");
      const again = ["n3 ready/Ready 0", "n2 shutdown/Failed 0 task: non-zero exit (1)"];
      assert.match(word(follow({ ...looks, 6: again }, options)), /^crashed/);
    });

    it("a new version that is not started again fails after 10 s", () => {
      const end = (age: number) => [`n1 shutdown/Failed ${age} task: non-zero exit (1)`];
      assert.equal(word(follow({ 0: end(1), 6: end(7) }, options)), "waiting");
      assert.match(word(follow({ 0: end(1), 6: end(7), 10: end(11) }, options)), /^crashed/);
    });

    it("an end long before the deployment's does not count even if nobody knew", () => {
      const looks = {
        0: ["n1 running/Running 1", "x2 shutdown/Failed 40 task: non-zero exit (1)"],
        10: ["n1 running/Running 11", "x2 shutdown/Failed 50 task: non-zero exit (1)"],
      };
      assert.equal(word(follow(looks, { old: ["o1"] })), "stable");
    });

    it("is known by an end within the last minute", () => {
      assert.equal(isFailing([task("a running/Running 9"), task("b shutdown/Failed 14 x")]), true);
      assert.equal(isFailing([task("a running/Running 900"), task("b shutdown/Failed 914 x")]), false);
      assert.equal(isFailing([task("a running/Running 9"), task("b shutdown/Shutdown 9")]), false);
    });
  });

  describe("jobs", () => {
    it("a task that ends well is a success, for as many as must", () => {
      const looks = { 0: ["n1 running/Running 1"], 4: ["n1 shutdown/Complete 1"] };
      assert.equal(word(follow(looks, { isJob: true })), "stable");
      assert.equal(word(follow(looks, { isJob: true, replicas: 2 })), "waiting");
      const wanted = {
        0: ["n1 complete/Running 1", "o1 complete/Complete 90"],
        4: ["n1 complete/Complete 1"],
      };
      assert.equal(word(follow(wanted, { old: ["o1"] })), "stable");
    });

    it("a task that fails is a failure", () => {
      const looks = { 0: ["n1 shutdown/Failed 1 task: non-zero exit (2)"] };
      assert.match(word(follow(looks, { isJob: true })), /^crashed/);
    });
  });

  describe("stacks", () => {
    const stack = { keepsUnchanged: true, old: ["o1"] };

    it("keep what did not change", () => {
      const rows = ["o1@db.1 running/Running 900", "n1@web.1 running/Running 3"];
      assert.equal(word(follow({ 0: rows, 10: rows }, stack)), "stable");
    });

    it("may have services that end well and are not started again", () => {
      const rows = ["o1@db.1 running/Running 900", "n1@migrate.1 shutdown/Complete 1"];
      assert.equal(word(follow({ 0: rows, 10: rows }, stack)), "stable");
      assert.match(word(follow({ 0: [...rows, "n2@migrate.1 ready/Ready 1"] }, stack)), /^exited/);
    });

    it("do not go back to a version that a new service never had", () => {
      const rows = [
        "o1@db.1 running/Running 900",
        "n2@web.1 running/Starting 0",
        "n1@web.1 shutdown/Failed 1 task: non-zero exit (1)",
      ];
      assert.match(word(follow({ 0: rows }, stack)), /^crashed: /);
      assert.match(
        word(follow({ 0: [...rows, "o2@web.1 shutdown/Shutdown 3"] }, { ...stack, old: ["o1", "o2"] })),
        /^rolled-back: /,
      );
    });

    it("fail by the service that crashes", () => {
      const rows = ["o1@db.1 running/Running 900", "n1@web.1 shutdown/Failed 1 task: non-zero exit (1)"];
      assert.equal(
        word(follow({ 0: rows }, stack)),
        "crashed: the container of shop_web.1 ended with exit code 1",
      );
    });
  });
});

describe("health of a compose service", () => {
  const compose = (looks: Looks, old: string[] = [], endsAt?: "deadline") =>
    word(follow(looks, { old }, { isCompose: true, ...(endsAt ? { endsAt } : {}) }));

  it("is stable when all containers have run for 10 s", () => {
    const looks = (age: number) => [
      `web running Up ${age} seconds`,
      `db running Up ${age} seconds (healthy)`,
    ];
    assert.equal(compose({ 0: looks(1), 9: looks(10) }), "waiting");
    assert.equal(compose({ 0: looks(1), 9: looks(10), 10: looks(11) }), "stable");
  });

  it("is stable at once when an unchanged deployment kept them", () => {
    assert.equal(
      compose({ 0: ["web running Up 3 days", "db running Up 2 weeks (healthy)"] }, ["web", "db"]),
      "stable",
    );
    assert.equal(compose({ 0: ["web running Up 4 seconds"] }, ["web"]), "waiting");
  });

  it("takes a container that ends well for a one-shot, unless nothing else runs", () => {
    const rows = ["web running Up 2 seconds", "migrate exited Exited (0) 1 second ago"];
    assert.equal(compose({ 0: rows, 10: rows }), "stable");
    assert.equal(
      compose({ 0: ["web exited Exited (0) 1 second ago"] }),
      "exited: the container shop-web-1 exited with code 0, and should keep running",
    );
  });

  it("fails for a crash, a crash loop, a failing health check", () => {
    const fine = "db running Up 2 seconds";
    assert.equal(
      compose({ 0: [fine, "web exited Exited (3) Less than a second ago"] }),
      "crashed: the container shop-web-1 ended with exit code 3",
    );
    assert.match(
      compose({ 0: [fine, "web restarting Restarting (3) 1 second ago"] }),
      /^crashed: .* exit code 3$/,
    );
    assert.match(compose({ 0: [fine, "web restarting Restarting (0) 1 second ago"] }), /^exited/);
    assert.equal(
      compose({ 0: [fine, "web running Up 5 seconds (unhealthy)"] }),
      "unhealthy: the health check of the container shop-web-1 fails",
    );
  });

  it("is stable after 5 s when every health check has passed", () => {
    const rows = ["web running Up 9 seconds (healthy)", "db running Up 9 seconds (healthy)"];
    assert.equal(compose({ 0: rows, 4: rows }), "waiting");
    assert.equal(compose({ 0: rows, 5: rows }), "stable");
    const mixed = ["web running Up 9 seconds", "db running Up 9 seconds (healthy)"];
    assert.equal(compose({ 0: mixed, 5: mixed }), "waiting");
  });

  it("notices a restart between two looks by the container's age", () => {
    const looks = { 0: ["web running Up 1 second"], 6: ["web running Up 7 seconds"] };
    assert.equal(
      compose({ ...looks, 10: ["web running Up 1 second"] }),
      "crashed: the container shop-web-1 ended and was started again",
    );
    assert.equal(compose({ ...looks, 10: ["web running Up 11 seconds"] }), "stable");
  });

  it("waits for a health check, and for a container that was not started", () => {
    const starting = ["web running Up 20 seconds (health: starting)"];
    assert.equal(compose({ 0: starting, 60: starting }), "waiting");
    assert.match(
      compose({ 0: starting, 60: starting }, [], "deadline"),
      /^unfinished: the health check .* not passed/,
    );
    const created = ["web created Created", "db running Up 60 seconds"];
    assert.equal(
      compose({ 0: created }, [], "deadline"),
      "not-started: the container shop-web-1 was never started",
    );
    assert.equal(compose({ 0: [] }, [], "deadline"), "unfinished: Docker shows no container of it");
  });

  it("does not mind what others left: containers that ended before the deployment", () => {
    const rows = ["web running Up 12 seconds", "run1 exited Exited (1) 3 days ago", "run2 created Created"];
    assert.equal(compose({ 0: rows, 10: rows }, ["run1", "run2"]), "stable");
    // The deployment started it again, and it crashed again.
    assert.match(compose({ 0: ["run1 exited Exited (1) 2 seconds ago"] }, ["run1"]), /^crashed/);
  });
});

describe("the texts of Docker", () => {
  it("ages", () => {
    const ages: [string, number | undefined][] = [
      ["less than a second ago", 0],
      ["Less than a second", 0],
      ["1 second ago", 1],
      ["46 seconds", 46],
      ["About a minute ago", 60],
      ["5 minutes", 300],
      ["about an hour ago", 3_600],
      ["7 hours", 25_200],
      ["2 days ago", 172_800],
      ["3 weeks", 1_814_400],
      ["2 months ago", 5_184_000],
      ["1 year", 31_536_000],
      ["", undefined],
      ["soon", undefined],
    ];
    for (const [text, seconds] of ages) assert.equal(ageSeconds(text), seconds, text);
  });

  it("rows", () => {
    const row = { containerId: "t", name: "shop.1", state: "running", node: "vm" };
    assert.deepEqual(readTask({ ...row, currentState: "Running about a minute ago", error: "Error:" }), {
      id: "t",
      name: "shop.1",
      desired: "running",
      current: "Running",
      ageSeconds: 60,
      error: undefined,
    });
    assert.equal(
      readTask({ ...row, currentState: "Failed 1 second ago", error: '"a "b" c"' }).error,
      'a "b" c',
    );
    const status = (text: string) => {
      const { exitCode, ageSeconds, health } = readContainer(container(`c x ${text}`));
      return [exitCode, ageSeconds, health];
    };
    assert.deepEqual(status("Up About a minute (unhealthy)"), [undefined, 60, "unhealthy"]);
    assert.deepEqual(status("Up 9 seconds (health: starting)"), [undefined, 9, "starting"]);
    assert.deepEqual(status("Exited (137) 2 minutes ago"), [137, 120, undefined]);
    assert.deepEqual(status("Restarting (0) Less than a second ago"), [0, 0, undefined]);
    assert.deepEqual(status("Created"), [undefined, undefined, undefined]);
  });
});

describe("health, for anything that Docker shows", () => {
  const OLD = ["o1", "o2"];
  const row = fc.record({
    containerId: fc.constantFrom("o1", "o2", "n1", "n2", "n3"),
    name: fc.constantFrom("shop.1", "shop.2"),
    state: fc.constantFrom("running", "running", "running", "ready", "shutdown"),
    currentState: fc
      .tuple(
        fc.constantFrom(
          "Running",
          "Running",
          "Running",
          "Running",
          "Starting",
          "Pending",
          "Failed",
          "Complete",
        ),
        fc.constantFrom("2 seconds ago", "30 seconds ago", "less than a second ago"),
      )
      .map((words) => words.join(" ")),
    node: fc.constant("vm"),
    error: fc.constantFrom("", '"task: non-zero exit (1)"', "Error:"),
  });
  const rows = fc.uniqueArray(row, { maxLength: 4, selector: ({ containerId }) => containerId });
  /** The same rows are often seen several times. */
  const looks: fc.Arbitrary<Observation[]> = fc
    .array(fc.tuple(rows, fc.array(fc.integer({ min: 200, max: 12_000 }), { minLength: 1, maxLength: 4 })), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => {
      let at = START;
      return parts.flatMap(([tasks, waits]) =>
        waits.map((wait) => {
          at += wait;
          return { at, tasks };
        }),
      );
    });
  const expected: fc.Arbitrary<Expected> = fc.record(
    {
      engine: fc.constant("swarm" as const),
      at: fc.constant(START),
      before: fc.record({
        at: fc.constant(START - 3_000),
        ids: fc.constant(new Set(OLD)),
        isFailing: fc.boolean(),
      }),
      replicas: fc.integer({ min: 1, max: 3 }),
    },
    { requiredKeys: ["engine", "at", "before"] },
  );

  it("is never stable while a task that should run is old, or one does not run, or one is missing", () => {
    let stable = 0;
    fc.assert(
      fc.property(expected, looks, (what, observations) => {
        let state = begin(what);
        for (const observation of observations) {
          state = next(state, observation);
          if (state.verdict.phase !== "stable") continue;
          stable += 1;
          const wanted = (observation.tasks ?? []).filter((task) => task.state === "running");
          assert.ok(wanted.every(({ containerId }) => !OLD.includes(containerId)));
          assert.ok(wanted.every(({ currentState }) => currentState.startsWith("Running ")));
          assert.ok(wanted.length >= (what.replicas ?? 1));
          const since = observation.at - 10_000;
          const seen = observations.filter(({ at }) => at <= observation.at);
          const first = seen.findIndex((_, i) => seen.slice(i).every((look) => runs(look, state)));
          assert.ok(first >= 0 && (seen[first]?.at ?? observation.at) <= since, "all of it ran for 10 s");
          break;
        }
      }),
      { numRuns: 2_000 },
    );
    assert.ok(stable > 20, `only ${stable} of the runs became stable`);
  });

  function runs({ tasks = [] }: Observation, { verdict }: Health): boolean {
    assert.ok(verdict.phase === "stable");
    return verdict.ids.every((id) =>
      tasks.some(
        ({ containerId, currentState }) => containerId === id && currentState.startsWith("Running "),
      ),
    );
  }

  it("does not change a final verdict, and knows the same of the same looks", () => {
    fc.assert(
      fc.property(expected, looks, (what, observations) => {
        let state = begin(what);
        let final: Health | undefined;
        for (const observation of observations) {
          state = next(state, observation);
          if (final === undefined && isFinal(state.verdict)) final = state;
          if (final !== undefined) assert.deepEqual(state.verdict, final.verdict);
        }
        assert.deepEqual(observations.reduce(next, begin(what)).verdict, state.verdict);
        assert.ok(isFinal(expire(state).verdict));
      }),
      { numRuns: 1_000 },
    );
  });

  it("does not fail for what the old tasks do", () => {
    fc.assert(
      fc.property(expected, looks, (what, observations) => {
        const onlyOld = observations.map(({ at, tasks = [] }) => ({
          at,
          tasks: tasks.filter(
            ({ containerId, currentState }) =>
              OLD.includes(containerId) || !/^(Failed|Complete)/.test(currentState),
          ),
        }));
        assert.notEqual(onlyOld.reduce(next, begin(what)).verdict.phase, "failed");
      }),
      { numRuns: 1_000 },
    );
  });
});

/** What the recorded cases must lead to, and why. */
const RECORDED: Readonly<Record<string, "stable" | FailureReason>> = {
  "compose-crash-no-restart": "crashed", // Exited (3)
  "compose-crash-restart-always": "crashed", // Restarting (3)
  "compose-depends-on-healthy-fails": "unhealthy", // the db is; the deployment itself failed, too
  "compose-healthcheck": "unhealthy", // after 3 checks
  "compose-healthy": "stable",
  "compose-no-such-command": "not-started", // stays Created; the deployment itself failed, too
  "compose-no-such-image": "unfinished", // no container; the deployment itself failed, too
  "crash-after-5s": "crashed", // runs at first
  "crash-false": "crashed",
  "crash-with-output": "crashed",
  "exit-0-immediately": "exited", // Complete, and started again
  "healthcheck-failing": "unhealthy", // Starting for 13 s, then ended by Swarm
  "healthcheck-ok-after-6s": "stable", // Starting until the check passes
  healthy: "stable",
  "huge-single-value-140000": "crashed", // argument list too long
  "never-deployed": "unfinished", // no task
  "no-such-command": "not-started",
  "placement-impossible": "never-placed", // Pending to the deadline
  "reload-unknown-image": "rolled-back", // Rejected, and the old task stays
  "restart-policy-none-crash": "crashed", // only once
  "template-rejected": "unfinished", // no task; the deployment itself failed, too
  "three-replicas": "stable",
  "update-of-healthy-to-crash": "rolled-back", // within 5 s, without a word
};

/** The tasks that ran before the recorded update. */
const RECORDED_BEFORE: Readonly<Record<string, string>> = {
  "reload-unknown-image": "ycrg110f0nbsnoz1i910aunof",
  "update-of-healthy-to-crash": "p58f38zurku6p7nhkkgw1c15l",
};

interface Recorded {
  readonly name: string;
  readonly snapshots?: readonly {
    readonly secondsAfterDone: number;
    readonly response?: readonly ContainerRow[];
    readonly getServiceContainersByAppName?: { readonly response: readonly TaskRow[] };
  }[];
  readonly getServiceContainersByAppName?: { readonly response: readonly TaskRow[] } | [];
}

function recordedLooks({ snapshots, getServiceContainersByAppName: only }: Recorded): Observation[] {
  if (snapshots === undefined) {
    return [{ at: START, tasks: only !== undefined && "response" in only ? only.response : [] }];
  }
  return snapshots.map(({ secondsAfterDone, response, getServiceContainersByAppName }) => {
    const at = START + secondsAfterDone * 1000;
    return response === undefined
      ? { at, tasks: getServiceContainersByAppName?.response ?? [] }
      : { at, containers: response };
  });
}

describe("health of the recorded cases", () => {
  it("is right for each of them, also when only some of the looks were made", function () {
    const cases = jsonLines(needsReference(this, "container-states.jsonl")) as Recorded[];
    assert.deepEqual(cases.map(({ name }) => name).sort(), Object.keys(RECORDED).sort());
    for (const recorded of cases) {
      const looks = recordedLooks(recorded);
      const old = RECORDED_BEFORE[recorded.name];
      const before = { at: START - 5_000, ids: new Set(old ? [old] : []), isFailing: false };
      const engine = recorded.name.startsWith("compose-") ? "compose" : "swarm";
      const replicas = recorded.name === "three-replicas" ? 3 : 1;
      const verdictOf = (seen: readonly Observation[]) => {
        const { verdict } = expire(seen.reduce(next, begin({ engine, at: START, before, replicas })));
        return verdict.phase === "failed" ? verdict.failure.reason : verdict.phase;
      };
      assert.equal(verdictOf(looks), RECORDED[recorded.name], recorded.name);
      // Whichever look comes first, as long as half a minute is left: nothing is taken for stable that is not.
      for (let from = 1; from < looks.length - 1; from += 1) {
        const isStable = verdictOf(looks.slice(from)) === "stable";
        assert.equal(isStable, RECORDED[recorded.name] === "stable", `${recorded.name} from look ${from}`);
      }
    }
  });
});
