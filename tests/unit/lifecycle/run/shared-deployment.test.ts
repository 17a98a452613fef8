import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { Deployments, type WantedDeployment } from "../../../../provider/lifecycle/run/deployments";
import { IdleClock } from "../../../faults/time";

const service = "application/a";
const workerCounts = [1, 2, 8, 64];

interface Part {
  readonly saveMs: number;
  readonly need?: WantedDeployment["need"];
  readonly running?: boolean;
  readonly fails?: boolean;
}

interface Run {
  /** Parts that each deployment included when it began. */
  readonly deployments: readonly ReadonlySet<number>[];
  readonly allWanted: readonly WantedDeployment[];
  readonly saved: ReadonlySet<number>;
  readonly errors: ReadonlyMap<number, string>;
  /** What the next run would have to deploy, if this one were killed at the worst moment. */
  readonly lost: readonly number[];
}

/**
 * A run of Pulumi with parts of one service: a free worker takes the next part, and after a failure none begins. Time
 * passes only where nothing else happens.
 */
async function run(
  parts: readonly Part[],
  {
    workers,
    buildMs,
    failing = () => false,
  }: { workers: number; buildMs: number; failing?: (n: number) => boolean },
): Promise<Run> {
  const clock = new IdleClock();
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  const deployments = new Deployments();
  const began: Set<number>[] = [];
  const allWanted: WantedDeployment[] = [];
  const [saved, deployed, working] = [new Set<number>(), new Set<number>(), new Set<number>()];
  const errors = new Map<number, string>();
  const lost = new Set<number>();
  /** The state that a killed run leaves: a part at work is done again, and deploys everything. */
  const lookForLoss = () => {
    if (working.size > 0) return;
    for (const part of saved) if (!deployed.has(part)) lost.add(part);
  };

  async function one(index: number, part: Part): Promise<void> {
    const { saveMs, need = "deploy", running = false, fails = false } = part;
    await deployments.savePart(
      service,
      async () => {
        await wait(saveMs);
        if (fails) throw new Error("refused");
        saved.add(index);
        return { need, running, since: deployments.saved(service) };
      },
      async (wanted) => {
        await deployments.run(service, wanted, async () => {
          const upTo = deployments.now;
          const included = new Set(saved);
          began.push(included);
          allWanted.push(wanted);
          await wait(buildMs);
          if (failing(began.length)) throw new Error(`deployment ${began.length} failed`);
          for (const part of included) deployed.add(part);
          return { upTo, method: wanted.need, running: wanted.running, lastDeployment: undefined };
        });
      },
    );
  }

  const waiting = parts.map((part, index) => ({ part, index }));
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next && errors.size === 0; next = waiting.shift()) {
      const { index, part } = next;
      working.add(index);
      try {
        await one(index, part);
      } catch (error) {
        errors.set(index, (error as Error).message);
      }
      working.delete(index);
      if (!errors.has(index)) lookForLoss();
    }
  }
  await clock.during(Promise.all(Array.from({ length: workers }, work)), () => false);
  return { deployments: began, allWanted, saved, errors, lost: errors.size > 0 ? [] : [...lost] };
}

const saves = (count: number): Part[] => Array.from({ length: count }, () => ({ saveMs: 10 }));

describe("the deployment that parts of a service share", () => {
  const anyParts = fc.array(fc.record({ saveMs: fc.nat({ max: 30 }) }), { minLength: 1, maxLength: 20 });

  for (const workers of workerCounts) {
    for (const [builds, buildMs] of [
      ["nothing", 0],
      ["seconds", 5_000],
    ] as const) {
      it(`with ${workers} workers, and builds that take ${builds}, includes everything that was saved`, async () => {
        await fc.assert(
          fc.asyncProperty(anyParts, async (parts) => {
            const { deployments, saved, errors, lost } = await run(parts, { workers, buildMs });
            assert.deepEqual([errors.size, saved.size, lost], [0, parts.length, []]);
            assert.deepEqual(deployments.at(-1), saved);
            if (workers === 1) assert.equal(deployments.length, parts.length);
            else if (buildMs > 0) assert.ok(deployments.length <= 2, `${deployments.length}`);
            else assert.ok(deployments.length <= Math.max(2, parts.length - 1), `${deployments.length}`);
          }),
          { numRuns: 60 },
        );
      });
    }
  }

  it("is one if each part has a worker", async () => {
    await fc.assert(
      fc.asyncProperty(anyParts, fc.constantFrom(0, 5_000), async (parts, buildMs) => {
        assert.equal((await run(parts, { workers: 64, buildMs })).deployments.length, 1);
      }),
      { numRuns: 60 },
    );
  });

  it("is one or two if parts wait for workers, and builds take longer than saves", async () => {
    for (const workers of [2, 8]) {
      const { deployments } = await run(saves(200), { workers, buildMs: 60_000 });
      assert.ok(deployments.length <= 2, `${workers}: ${deployments.length}`);
    }
  });

  it("uses the strongest action that a part needs, even after a failure", async () => {
    const parts: Part[] = [
      { saveMs: 5, need: "reload" },
      { saveMs: 5, need: "deploy" },
      { saveMs: 50, need: "reload" },
    ];
    const { allWanted, errors } = await run(parts, {
      workers: 2,
      buildMs: 1_000,
      failing: (count) => count === 1,
    });
    assert.deepEqual(allWanted, [
      { need: "deploy", running: false, since: 2 },
      { need: "deploy", running: false, since: 3 },
    ]);
    assert.deepEqual(errors, new Map());
  });

  it("is watched until it runs if any of them asks for that", async () => {
    for (const at of [0, 1, 2]) {
      const parts = saves(3).map((part, index) => ({ ...part, running: index === at }));
      const { allWanted } = await run(parts, { workers: 8, buildMs: 0 });
      assert.deepEqual(allWanted, [{ need: "deploy", running: true, since: 3 }]);
    }
  });

  it("fails in one part, which keeps the work for all of them", async () => {
    await fc.assert(
      fc.asyncProperty(anyParts, fc.constantFrom(...workerCounts), async (parts, workers) => {
        const { errors, saved, deployments } = await run(parts, {
          workers,
          buildMs: 100,
          failing: () => true,
        });
        assert.equal(errors.size, 1);
        assert.deepEqual(deployments.at(-1), saved);
      }),
      { numRuns: 60 },
    );
  });

  it("is made for the others if a save fails", async () => {
    const anyResult = fc.array(fc.record({ saveMs: fc.nat({ max: 30 }), fails: fc.boolean() }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(anyResult, fc.constantFrom(...workerCounts), async (parts, workers) => {
        const { deployments, saved, errors } = await run(parts, { workers, buildMs: 100 });
        assert.ok([...errors.values()].every((error) => error === "refused"));
        assert.deepEqual(deployments.at(-1) ?? new Set(), saved);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the deployment for a part that is deleted and created again", () => {
  const wanted: WantedDeployment = { need: "deploy", running: false, since: 1 };
  const successor = "new";

  /** @param create ends the creation */
  async function replace(
    isPlanned: boolean,
    create: () => Promise<WantedDeployment | undefined>,
  ): Promise<string[]> {
    const deployments = new Deployments();
    const made: string[] = [];
    const deploy = (name: string) => async () => void made.push(name);
    if (isPlanned) deployments.plan(service, successor, "deploy");
    await deployments.savePart(service, async () => wanted, deploy("old"), successor);
    await deployments.savePart(service, create, deploy("new")).catch(() => {});
    return made;
  }

  it("is one, by the new part", async () => {
    assert.deepEqual(await replace(true, async () => wanted), ["new"]);
    assert.deepEqual(await replace(true, async () => undefined), ["new"], "the deletion needs it");
  });

  it("is made for the deletion if the creation fails, or is not planned", async () => {
    const refuse = async () => {
      throw new Error("refused");
    };
    assert.deepEqual(await replace(true, refuse), ["new"]);
    assert.deepEqual(await replace(false, refuse), ["old"]);
  });
});
