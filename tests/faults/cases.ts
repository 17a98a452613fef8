import { runtime } from "@pulumi/pulumi";
import { simpleObjects } from "../../emulator/instance/simple-rows";
import { parseStack, type StackResource } from "../../provider/pulumi/stack-state";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { Engine, type Plan } from "./engine";
import { type Preview, unannounced } from "./hidden";
import { type FaultKind, isDeploy, KINDS, mustNotRepeat, type Point, serviceOf } from "./kinds";
import { CANARY, type Ids, prepare, STORIES, type Story } from "./stories";
import { World } from "./world";

/** One fault, at one call of one operation. */
export interface Case {
  readonly name: string;
  readonly story: Story;
  readonly kind: FaultKind;
  readonly point: Point;
  /** Whether the next run is a `pulumi up --refresh`. */
  readonly refresh: boolean;
  readonly expected: Expected;
}

type Call = World["emulator"]["calls"][number];

/** The same story without a fault. */
interface Expected {
  readonly points: readonly Point[];
  readonly facts: readonly string[];
  /** How often each endpoint is called that must not be called twice. */
  readonly once: ReadonlyMap<string, number>;
}

/**
 * How a case ended. `converged`: the next run brought everything to where it is without the fault. `advised`: the same,
 * after the one thing that its message said to do. `hidden`: something changed of which the preview before the run said
 * nothing. All others are faults of the provider.
 */
export type Outcome = "converged" | "advised" | "lost" | "doubled" | "hidden" | "diverged";

export interface Result {
  readonly case: Case;
  readonly outcome: Outcome;
  /** Whether the fault ended the run in which it happened. */
  readonly failed: boolean;
  /** What is wrong. */
  readonly problems: readonly string[];
}

/** After a deadline has passed, what still runs ends, and late requests arrive. */
const BETWEEN_RUNS_MS = 600_000;
/** The run that repairs, and one more where a person has to follow an advice: to adopt, or to take out of the state. */
const MAX_REPAIRS = 2;
const ADVICE = /option \{ import: "([^"]+)" \}/;
/** Names keys that nobody can use, since Dokploy shows one but once: a person deletes them. */
const UNUSABLE = /(?:has a new key of that name|already has an API key named "[^"]*") \(([^)]+)\)/;

/**
 * All cases: every story, every call that it makes, every fault that can happen there.
 *
 * @param only part of a name: where stories have it, of those alone, since each has to be played once to know its calls
 */
export async function generateCases(only = ""): Promise<Case[]> {
  const part = only.toLowerCase();
  const named = STORIES.filter((story) => isNamed(story, part));
  if (named.length === 0)
    throw new RangeError(`No fault has a name with "${only}". Give a resource, such as Port.`);
  const cases: Case[] = [];
  for (const story of named) cases.push(...(await casesOf(story)));
  return cases.filter(({ name }) => name.toLowerCase().includes(part));
}

/** Whether the part of a name stands in that of a story, or ends it and goes on with a call. */
function isNamed(story: Story, part: string): boolean {
  const title = `${titleOf(story)}:`.toLowerCase();
  const ends = [...part.matchAll(/:/g)].map(({ index }) => part.slice(0, index + 1));
  return title.includes(part) || ends.some((end) => title.endsWith(end));
}

/** The same, whichever other stories there are. */
async function casesOf(story: Story): Promise<Case[]> {
  const cases: Case[] = [];
  const expected = await withoutFault(story);
  for (const point of expected.points) {
    for (const kind of KINDS.filter((kind) => kind.hits(point) && !outlives(kind, story, point))) {
      // Of what was done in secret, a refresh sees more than the state knows. Elsewhere the two take turns.
      const isBoth = kind.isHidden && !kind.name.endsWith("always");
      const refreshes = isBoth ? [false, true] : [cases.length % 2 === 1];
      for (const refresh of refreshes) {
        cases.push({ name: nameOf(story, point, kind, refresh), story, kind, point, refresh, expected });
      }
    }
  }
  return cases;
}

/**
 * A save that was given up, repeated with success, and arrives late all the same, undoes what another resource saved in the
 * same text meanwhile: Dokploy replaces texts whole and has no versions of them, so nobody can tell. No case, therefore,
 * where two blocks of one text are saved side by side.
 */
function outlives({ name }: FaultKind, { beside = [] }: Story, { endpoint }: Point): boolean {
  return beside.length > 1 && name.endsWith("done late") && /\.saveEnvironment$/.test(endpoint);
}

function titleOf({ resource, operation }: Story): string {
  return `${resource}, ${operation}`;
}

function nameOf(story: Story, { endpoint, count }: Point, kind: FaultKind, refresh: boolean) {
  const call = count === 1 ? endpoint : `${endpoint} #${count}`;
  return `${titleOf(story)}: ${call}: ${kind.name}; then up${refresh ? " --refresh" : ""}`;
}

/** A few cases in which every operation of a resource, every endpoint and every kind of fault occurs. */
export function sample(cases: readonly Case[]): Case[] {
  const seen = new Set<string>();
  const traits = ({ story, point, kind, refresh }: Case) => [
    titleOf(story),
    point.endpoint,
    `kind ${kind.name}`,
    `refresh ${refresh}`,
  ];
  const chosen: Case[] = [];
  for (;;) {
    const news = (candidate: Case) => traits(candidate).filter((trait) => !seen.has(trait)).length;
    const best = cases.reduce<Case | undefined>(
      (best, candidate) => (best === undefined || news(candidate) > news(best) ? candidate : best),
      undefined,
    );
    if (!best || news(best) === 0) return chosen;
    chosen.push(best);
    for (const trait of traits(best)) seen.add(trait);
  }
}

async function withoutFault(story: Story): Promise<Expected> {
  const world = await World.start();
  try {
    const ids = await prepare(world);
    const before = await world.facts();
    const program = await begin(world, story, ids);
    const goal = goalOf(story, program);
    const begun = await world.facts();
    const shown = await preview(world, program, story, goal, story.refresh === true);
    world.emulator.clearCalls();
    const error = await up(world, program, story, goal, { refresh: story.refresh === true });
    const isRight = story.refused === undefined ? error === undefined : story.refused.test(error ?? "");
    if (!isRight) throw new Error(`${titleOf(story)}: ${error}`);
    const calls = world.emulator.calls.map(({ endpoint }) => endpoint);
    await world.clock.pass(BETWEEN_RUNS_MS);
    const facts = await world.facts();
    const unsaid = shown ? unannounced([shown], begun, facts) : [];
    if (unsaid.length > 0) throw new Error(`${titleOf(story)} hides ${unsaid.join("; ")}`);
    const kept = story.refused
      ? begun
      : story.duplicate
        ? begun.filter((fact) => !fact.includes(": "))
        : before;
    const lost = without(kept.filter(story.refused || story.duplicate ? () => true : isOthers(story)), facts);
    if (lost.length > 0) throw new Error(`${titleOf(story)} loses ${lost.join("; ")}`);
    return { points: pointsOf(calls), facts, once: countOnce(world.emulator.calls) };
  } finally {
    await world.close();
  }
}

function pointsOf(calls: readonly string[]): Point[] {
  const counts = new Map<string, number>();
  const points: Point[] = [];
  for (const endpoint of calls) {
    const count = (counts.get(endpoint) ?? 0) + 1;
    counts.set(endpoint, count);
    // Polls are all alike, and how many there are says nothing.
    if (count === 1 || !/^(deployment|docker)\./.test(endpoint)) points.push({ endpoint, count });
  }
  return points;
}

/** How often each endpoint was called that must not be called twice. */
function countOnce(calls: readonly Call[]): Map<string, number> {
  return countBy(calls.filter(({ endpoint }) => mustNotRepeat(endpoint)).map(({ endpoint }) => endpoint));
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** What of that which others made no run may change, with or without a fault. */
function isOthers({ resource, operation }: Story): (fact: string) => boolean {
  const sharesText = resource === "Deployment" || /^(?!update \().*\(additive/.test(operation);
  return (fact) =>
    /application busy|: (buildArgs|buildSecrets|createEnvFile) /.test(fact) ||
    (sharesText && /: env (KEEP=|# by hand)/.test(fact));
}

/** What Pulumi knows of the program's resources. */
interface Program {
  readonly engine: Engine;
  readonly dependent?: Engine;
  readonly beside: readonly Engine[];
  /** Another resource that the state has with the same object. */
  readonly duplicate?: Engine;
  readonly ids: Ids;
}

function goalOf(story: Story, { duplicate, ids }: Program): Record<string, unknown> | undefined {
  const goal = story.goal?.(ids);
  return goal && story.duplicate === "renamed" && "import" in goal
    ? { ...goal, import: duplicate?.id }
    : goal;
}

/** The program's earlier run. */
async function begin(world: World, story: Story, ids: Ids): Promise<Program> {
  const program: Program = {
    engine: new Engine(),
    ids,
    ...(story.dependent ? { dependent: new Engine() } : {}),
    beside: (story.beside ?? []).map(() => new Engine()),
  };
  if (story.first) {
    const error = await up(world, program, story, story.first(ids), { refresh: false, isFirst: true });
    if (error !== undefined) throw new Error(`The first run failed: ${error}`);
  }
  await story.drift?.(world, ids);
  world.emulator.clearCalls();
  if (story.duplicate === undefined) return program;
  const twinned = {
    ...program,
    duplicate: program.engine.copy(),
    ...(story.duplicate === "renamed" ? { engine: new Engine() } : {}),
  };
  world.stack = story.duplicate === "unread" ? () => undefined : () => stateOf(twinned, story);
  return twinned;
}

/** What a run reads of Pulumi's state. */
function stateOf({ engine, duplicate }: Program, { resource }: Story): readonly StackResource[] | undefined {
  const resources = [...engine.exported(resource, "new"), ...(duplicate?.exported(resource, "old") ?? [])];
  return parseStack(JSON.stringify({ version: 3, deployment: { resources } }));
}

/** What `pulumi preview` shows; undefined where it fails, so that no update follows. */
async function preview(
  world: World,
  { engine, dependent, beside, duplicate, ids }: Program,
  story: Story,
  goal: Record<string, unknown> | undefined,
  refresh: boolean,
): Promise<Preview | undefined> {
  const from = world.said.length;
  const unknowns = Object.fromEntries((story.unknown ?? []).map((input) => [input, runtime.unknownValue]));
  const isAlone = story.duplicate === "alone" && duplicate?.id !== undefined;
  return await world.run(
    { isPlugin: story.isPlugin === true },
    async () => {},
    async (handlers) => {
      try {
        const plans: Plan[] = [];
        if (!isAlone) {
          const asked = goal && engine.id === undefined ? { ...goal, ...unknowns } : goal;
          plans.push(await engine.preview(handlers[story.resource], asked, refresh));
        }
        for (const [index, { resource, goal }] of (story.beside ?? []).entries()) {
          const plan = await beside[index]?.preview(handlers[resource], goal(ids), refresh);
          if (plan) plans.push(plan);
        }
        if (story.dependent && dependent) {
          plans.push(
            await dependent.preview(handlers[story.dependent.resource], story.dependent.inputs(ids), refresh),
          );
        }
        return { plans, said: world.said.slice(from) };
      } catch {
        return undefined;
      }
    },
  );
}

interface Strike {
  readonly point: Point;
  readonly kind: FaultKind;
  /** The service that it hit. */
  readonly struck: string[];
  /** Whether the call came to be made. Another one of its kind may fail in its place, and end the run before it is sent. */
  reached?: boolean;
}

async function up(
  world: World,
  { engine, dependent, beside, duplicate, ids }: Program,
  story: Story,
  goal: Record<string, unknown> | undefined,
  options: { refresh: boolean; strike?: Strike; isFirst?: boolean },
): Promise<string | undefined> {
  const { refresh, strike, isFirst = false } = options;
  // The client reads the version by itself, so it is not seen coming.
  if (strike?.point.endpoint === "settings.getDokployVersion") {
    await strike.kind.strike(world, strike.point, {});
  }
  const onCall = async (endpoint: string, count: number, input: object) => {
    if (strike?.point.endpoint !== endpoint || strike.point.count !== count) return;
    strike.reached = true;
    strike.struck.push(...[serviceOf(input) ?? []].flat());
    await strike.kind.strike(world, strike.point, input);
  };
  const timeout = strike?.kind.timeoutMs;
  const client = {
    isPlugin: story.isPlugin === true,
    ...(timeout === undefined ? {} : { timeoutsMs: { read: timeout, write: timeout, slow: timeout } }),
  };
  return await world.run(client, onCall, async (handlers) => {
    const own = handlers[story.resource];
    const others = story.dependent && handlers[story.dependent.resource];
    try {
      if (refresh) {
        await engine.refresh(own);
        if (others) await dependent?.refresh(others);
        for (const [index, { resource }] of (story.beside ?? []).entries()) {
          await beside[index]?.refresh(handlers[resource]);
        }
      }
      if (story.duplicate === "alone" && duplicate?.id !== undefined) {
        await duplicate.up(own, undefined);
        return undefined;
      }
      try {
        await allOf([
          engine.up(own, goal),
          ...(story.beside ?? []).map(async ({ resource, first, goal }, index) => {
            const inputs = isFirst ? first?.(ids) : goal(ids);
            if (inputs) await beside[index]?.up(handlers[resource], inputs);
          }),
        ]);
      } finally {
        // With --continue-on-error deletions go on; what they fail with is told beside the first error.
        if (story.duplicate === "renamed" && engine.isAllowed)
          await duplicate?.up(own, undefined).catch(() => undefined);
      }
      await duplicate?.up(own, undefined);
      if (others) await dependent?.up(others, story.dependent?.inputs(ids));
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  });
}

/** Ends when all have, since Pulumi lets go on what has begun; with the first error. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** Matches the messages of JavaScript about a mistake in the code, which no fault of a server may lead to. */
const BUG = /Cannot (?:read|set) propert|Cannot destructure|is not a function|is not iterable/;

/** Plays a case: the run with the fault, then the runs that must put everything right. */
export async function play(played: Case): Promise<Result> {
  const { story, kind, point, expected } = played;
  const world = await World.start();
  const problems: string[] = [];
  const errors: string[] = [];
  let advised = false;
  try {
    const ids = await prepare(world);
    const program = await begin(world, story, ids);
    await kind.prepare?.(world, ids);
    world.emulator.clearCalls();
    let goal = goalOf(story, program);
    const strike: Strike = { point, kind, struck: [] };
    const hidden: string[] = [];
    const begun = await world.facts();
    const shown = await preview(world, program, story, goal, story.refresh === true);
    world.emulator.clearCalls();
    const error = await up(world, program, story, goal, { refresh: story.refresh === true, strike });
    if (error !== undefined) errors.push(error);
    problems.push(
      // Side by side, one may spare the other a call.
      ...(story.beside ? [] : missedStrike(world, strike)),
      ...repeated(world, expected, "the run with the fault", story),
      ...forbidden(world),
    );
    const settled = deployedBeside(world, strike);
    await calm(world, ids);
    const announced = shown ? [shown] : [];
    if (shown) hidden.push(...unannounced(announced, begun, await world.facts()));
    if (await deleteUnusable(world, errors)) advised = true;

    for (let run = 1; run <= MAX_REPAIRS; run += 1) {
      const refresh = played.refresh || story.refresh === true;
      const before = await world.facts();
      const shown = await preview(world, program, story, goal, refresh);
      world.emulator.clearCalls();
      const again = await up(world, program, story, goal, { refresh });
      problems.push(
        ...repeated(world, expected, `repair ${run}`, story),
        ...forbidden(world),
        ...needless(world, error === undefined ? undefined : settled),
      );
      await calm(world, ids);
      // What a run goes on with, the plan of the one before has shown.
      if (shown) announced.push(shown);
      if (shown) hidden.push(...unannounced(announced, before, await world.facts()));
      if (await deleteUnusable(world, [...(again === undefined ? [] : [again]), ...world.said]))
        advised = true;
      if (again === undefined) {
        if (story.refused) problems.push("the next run was not refused");
        break;
      }
      errors.push(again);
      if (story.refused?.test(again)) break;
      if (/`pulumi state delete`/.test(again) && kind.hidesCreation && !advised) {
        advised = true;
        program.engine.forget();
        continue;
      }
      const [, found] = ADVICE.exec(again) ?? [];
      if (found === undefined || !(kind.hidesCreation || answersNothing(story)) || advised) {
        problems.push(`the next run failed: ${again}`);
        break;
      }
      advised = true;
      goal = { ...goal, import: found };
    }
    if (problems.length === 0) {
      world.emulator.clearCalls();
      const last = await up(world, program, story, goal, { refresh: false });
      if (last !== undefined && !story.refused?.test(last)) problems.push(`the run after it failed: ${last}`);
      const changing = world.emulator.calls.filter(({ method }) => method === "POST");
      if (changing.length > 0 && !story.triesAgain) {
        problems.push(
          `the run after it still changes: ${changing.map(({ endpoint }) => endpoint).join(", ")}`,
        );
      }
    }
    problems.push(...leaks([...errors, ...world.said]));
    problems.push(...errors.filter((message) => BUG.test(message)).map((message) => `has a bug: ${message}`));
    const facts = await world.facts();
    problems.push(...hidden.map((fact) => `was not announced: ${fact}`));
    const compared = compare(expected.facts, facts, problems);
    const outcome = compared === "diverged" && hidden.length > 0 ? "hidden" : compared;
    return {
      case: played,
      outcome: outcome === "converged" && advised ? "advised" : outcome,
      failed: error !== undefined,
      problems,
    };
  } finally {
    await world.close();
  }
}

/** Deletes the keys that messages tell a person to delete. */
async function deleteUnusable(world: World, messages: readonly string[]): Promise<boolean> {
  const named = new Set(messages.flatMap((text) => UNUSABLE.exec(text)?.[1]?.split(", ") ?? []));
  const { user } = await world.byHand<{ user: { apiKeys: { id: string }[] } }>("user.get", {});
  const found = user.apiKeys.filter(({ id }) => named.has(id));
  for (const { id } of found) await world.byHand("user.deleteApiKey", { apiKeyId: id });
  return found.length > 0;
}

/** Whether Dokploy says nothing of what it has made, so that a look afterwards which fails hides it. */
function answersNothing({ resource, operation }: Story): boolean {
  const definition = allDefinitions().find(({ kind }) => kind === resource);
  if (operation !== "create" || !definition) return false;
  if (!("model" in definition)) return resource === "LibSql";
  const { answers, kinds } = simpleObjects[definition.model.spec.router] ?? {};
  return kinds !== undefined || answers?.create !== undefined;
}

/** The fault is over. */
async function calm(world: World, ids: Ids): Promise<void> {
  const { emulator, clock } = world;
  world.slow = undefined;
  emulator.faults.clear();
  emulator.releaseBuilds();
  await clock.pass(BETWEEN_RUNS_MS);
  for (const serviceId of serviceIds(emulator.calls, ids)) emulator.setOutcome(serviceId, undefined);
}

function serviceIds(calls: readonly Call[], ids: Ids): string[] {
  return [
    ids.applicationId,
    ids.composeId,
    ids.postgresId,
    ...calls.flatMap(({ input }) => serviceOf(input) ?? []),
  ];
}

/** The services that the run deployed and that the fault did not hit, when it hit one deployment alone. */
function deployedBeside({ emulator }: World, { point, kind, struck }: Strike): ReadonlySet<string> {
  if (!isDeploy(point) || !kind.isLocal) return new Set();
  const deployed = emulator.calls
    .filter((call) => isDeploy({ endpoint: call.endpoint, count: 1 }))
    .flatMap(({ input }) => serviceOf(input) ?? []);
  return new Set(deployed.filter((serviceId) => !struck.includes(serviceId)));
}

/** Deployments of what the run before had deployed; undefined: of anything, since that run went well. */
function needless({ emulator }: World, settled: ReadonlySet<string> | undefined): string[] {
  return emulator.calls.flatMap(({ endpoint, input }) =>
    isDeploy({ endpoint, count: 1 }) && (settled === undefined || settled.has(serviceOf(input) ?? ""))
      ? [`the next run called ${endpoint} for a service that was deployed`]
      : [],
  );
}

function missedStrike({ emulator }: World, { point: { endpoint, count }, reached }: Strike): string[] {
  const calls = emulator.calls.filter((call) => call.endpoint === endpoint).length;
  return reached || calls >= count ? [] : [`the fault never happened: ${endpoint} was called ${calls} times`];
}

/** Calls that must not be made twice, and were, in one run; those that were not taken do not count. */
function repeated({ emulator }: World, { once }: Expected, when: string, { beside }: Story): string[] {
  // What one of them could not wait for, another deploys once more.
  const spare = beside ? beside.length : 0;
  const taken = emulator.calls.filter(({ status }) => status !== 429 && status !== 503);
  const all = [...countOnce(taken)].flatMap(([endpoint, count]) => {
    const allowed = Math.max(1, once.get(endpoint) ?? 0) + spare;
    return count > allowed ? [`${when} called ${endpoint} ${count} times`] : [];
  });
  const deployed = taken.filter((call) => isDeploy({ endpoint: call.endpoint, count: 1 }));
  const each = [...countBy(deployed.map(({ input }) => serviceOf(input) ?? ""))];
  return [
    ...all,
    ...each.flatMap(([, count]) => (count > 1 + spare ? [`${when} deployed a service ${count} times`] : [])),
  ];
}

/** What is never sent: an order to delete volumes, a secret where everybody reads it. */
function forbidden({ emulator }: World): string[] {
  return emulator.calls.flatMap(({ endpoint, input }) => {
    const { deleteVolumes, title, description } = (input ?? {}) as Record<string, unknown>;
    if (endpoint === "compose.delete" && deleteVolumes !== false)
      return ["compose.delete takes the volumes along"];
    const isPublic = /\.(deploy|redeploy)$/.test(endpoint);
    return isPublic && `${title} ${description}`.includes(CANARY) ? [`${endpoint} shows a secret`] : [];
  });
}

function leaks(texts: readonly string[]): string[] {
  return texts.filter((text) => text.includes(CANARY)).map((text) => `a message shows a secret: ${text}`);
}

/** Compares what the server holds with what it should hold; names the difference. */
function compare(expected: readonly string[], actual: readonly string[], problems: string[]): Outcome {
  const extra = without(actual, expected);
  const missing = without(expected, actual);
  problems.push(
    ...extra.map((fact) => `should not be: ${fact}`),
    ...missing.map((fact) => `is missing: ${fact}`),
  );
  const isObject = (fact: string) => !fact.includes(": ");
  if (extra.some(isObject)) return "doubled";
  if (missing.some((fact) => isObject(fact) || /KEEP=|# by hand|ARG=|TOKEN=/.test(fact))) return "lost";
  return problems.length > 0 ? "diverged" : "converged";
}

/** The members of a list that another list does not have, each as often as it is more frequent. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const rest = [...other];
  return list.filter((fact) => {
    const index = rest.indexOf(fact);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}
