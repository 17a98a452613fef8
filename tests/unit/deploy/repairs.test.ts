import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { type ContainerBehaviour, ManualClock } from "../../../emulator";
import { Containers } from "../../../emulator/instance/containers";
import type { Instance } from "../../../emulator/instance/instance";
import type { SwarmConfig } from "../../../emulator/instance/swarm-updates";
import { dockerEndpoints } from "../../../emulator/objects/docker";
import { NotRunningError } from "../../../provider/deploy";
import { readTasks, type WatchTarget, watchContainers } from "../../../provider/deploy/watch";
import type { Api } from "../../../provider/dokploy";
import { whilePending } from "./virtual-clock";

/** What happens to an application that is updated, and when, in milliseconds. */
interface Story {
  readonly old: ContainerBehaviour;
  readonly updated: ContainerBehaviour;
  readonly replicas: number;
  readonly config: SwarmConfig;
  /** How long the old version has been there until what runs is noted. */
  readonly noted: number;
  /** From there to the update, while an image is built. */
  readonly build: number;
  /** From the update to the first look. */
  readonly done: number;
  /** Default: an application. A stack has another service, which runs. */
  readonly target?: WatchTarget;
  /** What the update gives to that one. Default: what it has. */
  readonly otherImage?: string;
}

const APPLICATION: WatchTarget = { kind: "application", id: "web", name: "web", appName: "web" };
const STACK: WatchTarget = { ...APPLICATION, kind: "compose", composeType: "stack" };

type Outcome = NotRunningError | "running";

async function outcomeOf(story: Story, calls?: string[]): Promise<Outcome | undefined> {
  return (await outcomesOf(story, [story.updated], 0, calls))[0];
}

/**
 * How the waits for some updates end, with Docker alone: no server, and no time but that of the story.
 *
 * @param pause milliseconds between the updates
 * @param calls takes the endpoints that are asked
 */
async function outcomesOf(
  story: Story,
  updates: readonly ContainerBehaviour[],
  pause: number,
  calls: string[] = [],
): Promise<Outcome[]> {
  const { target = APPLICATION } = story;
  const clock = new ManualClock();
  const containers = new Containers(clock);
  const applied = { tables: { application: new Map() }, takenUp: new Map() };
  const instance = { clock, containers, ...applied } as unknown as Instance;
  const api = {
    async call(endpoint: string, input: { since: string; tail: number; containerId: string }) {
      calls.push(endpoint);
      const { since, tail, containerId } = input;
      if (endpoint === "application.readLogs") {
        const running = containers.find(target.appName) ?? assert.fail();
        return containers.output(running, since, tail);
      }
      if (endpoint === "compose.readLogs") {
        const { task } = containers.findContainer(containerId) ?? assert.fail();
        return containers.outputOf(task, since, tail);
      }
      return dockerEndpoints[endpoint]?.run(instance, input as never, instance.ownerId);
    },
  } as unknown as Api;
  const place = { slot: 1, image: "web:1", isStack: target === STACK };
  const main = target === STACK ? "web" : undefined;
  const specs = Array.from({ length: story.replicas }, (_, i) => ({
    ...place,
    slot: i + 1,
    composeService: main,
  }));
  const update = (behaviour: ContainerBehaviour, otherImage = "other:1") => {
    const other = { ...place, composeService: "other", image: otherImage };
    const all = target === STACK ? [...specs, other] : specs;
    containers.setBehaviour(target.id, target === STACK ? { ...behaviour, service: "web" } : behaviour);
    containers.update(target.id, target.appName, all, {}, { swarm: story.config });
  };
  update(story.old);
  clock.advance(story.noted);
  const outcomes: Outcome[] = [];
  for (const updated of updates) {
    const before = await readTasks(api, target, () => clock.now());
    clock.advance(story.build);
    // What happened until now happened to the old version.
    containers.find(target.appName);
    update(updated, story.otherImage);
    clock.advance(story.done);
    const watching = watchContainers(api, target, before, { timers: clock, replicas: story.replicas });
    const outcome = watching.then(
      () => "running" as const,
      (error: unknown) => (error instanceof NotRunningError ? error : Promise.reject(error)),
    );
    outcomes.push(await whilePending(outcome, () => clock.advance(250)));
    clock.advance(pause);
  }
  return outcomes;
}

const RUNS = 200;
const seconds = (max: number) => fc.integer({ min: 0, max: max * 100 }).map((hundredths) => hundredths * 10);
const crashes = fc.record({
  kind: fc.constant("crash-loop" as const),
  afterSeconds: fc.integer({ min: 0, max: 160 }).map((tenths) => tenths / 10),
  output: fc.constant("old"),
});
const good: fc.Arbitrary<ContainerBehaviour> = fc.oneof(
  fc.constant({ kind: "healthy" as const }),
  fc.record({ kind: fc.constant("slow" as const), afterSeconds: fc.integer({ min: 0, max: 20 }) }),
);
const bad: fc.Arbitrary<ContainerBehaviour> = fc.oneof(
  fc.record({
    kind: fc.constant("crash-loop" as const),
    afterSeconds: fc.integer({ min: 0, max: 80 }).map((tenths) => tenths / 10),
    rollback: fc.constantFrom("at-once" as const, "by-restart" as const),
  }),
  fc.constantFrom<ContainerBehaviour>(
    { kind: "unhealthy" },
    { kind: "unhealthy", exitCode: 137 },
    { kind: "exits" },
    { kind: "rejected", error: "No such image: web:2" },
    { kind: "never-placed", error: "no suitable node" },
  ),
);
/** A service of a stack may end well for good. */
const badInStack = bad.filter(({ kind }) => kind !== "exits");
/** Fails so early that Swarm goes back. */
const failing: fc.Arbitrary<ContainerBehaviour> = fc.record({
  kind: fc.constant("crash-loop" as const),
  afterSeconds: fc.integer({ min: 0, max: 40 }).map((tenths) => tenths / 10),
  rollback: fc.constantFrom("at-once" as const, "by-restart" as const),
});
const story = (
  old: fc.Arbitrary<ContainerBehaviour>,
  updated: fc.Arbitrary<ContainerBehaviour>,
): fc.Arbitrary<Story> =>
  fc.record({
    old,
    updated,
    replicas: fc.constantFrom(1, 1, 1, 2, 3),
    config: fc.record({
      updateOrder: fc.constantFrom("start-first" as const, "start-first" as const, "stop-first" as const),
      failureAction: fc.constantFrom(
        "rollback" as const,
        "rollback" as const,
        "pause" as const,
        "continue" as const,
      ),
      restartDelayMs: fc.constantFrom(5_000, 5_000, 1_000),
    }),
    noted: seconds(40),
    build: seconds(20),
    done: seconds(2),
  });

for (const [what, target] of [
  ["an application", APPLICATION],
  ["a stack", STACK],
] as const)
  describe(`an update of ${what} that crash-loops, whenever its tasks end meanwhile`, function () {
    this.timeout(120_000);

    it("is never treated as a failure when it puts it right", async () => {
      await fc.assert(
        fc.asyncProperty(story(crashes, good), async (it) => {
          assert.equal(await outcomeOf({ ...it, target }), "running");
        }),
        { numRuns: RUNS },
      );
    });

    it("is never treated as running when it does not", async () => {
      await fc.assert(
        fc.asyncProperty(story(crashes, target === STACK ? badInStack : bad), async (it) => {
          const outcome = await outcomeOf({ ...it, target });
          assert.ok(outcome instanceof NotRunningError);
          assert.ok(!outcome.log.includes("old"), "it shows the output of the version that failed, or none");
          // By then the old version has crashed as well.
          if (it.noted > 22_000) assert.doesNotMatch(outcome.message, /which runs with the old variables/);
        }),
        { numRuns: RUNS },
      );
    });

    it("that fails between two looks, so that only the old version is seen, shows no output of that one", async () => {
      const outcome = await outcomeOf({
        target,
        old: { kind: "crash-loop", afterSeconds: 0, output: "old" },
        updated: { kind: "unhealthy" },
        replicas: 1,
        config: { updateOrder: "start-first", failureAction: "rollback", restartDelayMs: 1_000 },
        noted: 0,
        build: 3_950,
        done: 300,
      });
      assert.ok(outcome instanceof NotRunningError);
      assert.deepEqual(outcome.log, []);
      assert.match(outcome.message, /Look at the service's Logs tab/);
      assert.match(outcome.message, /Swarm rolled back to the old version/);
      assert.doesNotMatch(outcome.message, /Raise the timeout/);
    });

    it("requests only the uncertain versions, each once", async () => {
      const calls: string[] = [];
      const config = {
        updateOrder: "start-first",
        failureAction: "rollback",
        restartDelayMs: 5_000,
      } as const;
      const updated = { kind: "healthy", output: "new" } as const;
      const calm = { target, updated, replicas: 1, config, noted: 20_000, build: 1_000, done: 500 };
      assert.equal(await outcomeOf({ ...calm, old: { kind: "healthy" } }, calls), "running");
      const inspected = () => calls.filter((endpoint) => endpoint === "docker.getConfig").length;
      // Whether Swarm rolled back.
      assert.equal(inspected(), 1);
      calls.length = 0;
      assert.equal(
        await outcomeOf({ ...calm, old: { kind: "crash-loop", afterSeconds: 15 } }, calls),
        "running",
      );
      assert.ok(inspected() <= 8, `${inspected()} inspections`);
    });
  });

describe("an update of a service of a stack", function () {
  this.timeout(120_000);

  it("is never treated as running while another one keeps crashing", async () => {
    const soon = crashes.filter(({ afterSeconds }) => afterSeconds < 9);
    await fc.assert(
      fc.asyncProperty(story(soon, good), async (it) => {
        const outcome = await outcomeOf({ ...it, updated: it.old, target: STACK, otherImage: "other:2" });
        assert.ok(outcome instanceof NotRunningError);
      }),
      { numRuns: RUNS },
    );
  });
});

describe("an update of an application that runs", () => {
  it("that fails twice within a minute says that the old version runs, each time", async () => {
    await fc.assert(
      fc.asyncProperty(story(fc.constant({ kind: "healthy" }), failing), seconds(20), async (it, pause) => {
        const config = { ...it.config, failureAction: "rollback" as const };
        const [, second] = await outcomesOf(
          { ...it, config, noted: 15_000, replicas: 1 },
          [it.updated, it.updated],
          pause,
        );
        assert.ok(second instanceof NotRunningError);
        assert.match(second.message, /Swarm rolled back to the old version/);
        assert.doesNotMatch(second.message, /which did not run either/);
      }),
      { numRuns: 100 },
    );
  });
});
