import type { Fault } from "../../emulator";
import { policyOf } from "../../provider/dokploy/endpoint-policy";
import type { Endpoint } from "../../provider/dokploy/endpoints";
import { databaseKinds } from "../../provider/dokploy/kinds";
import { CANARY, type Ids } from "./stories";
import type { World } from "./world";

/** A call that an operation makes: the `count`-th of its endpoint. */
export interface Point {
  readonly endpoint: string;
  readonly count: number;
}

/** One way in which things go wrong. */
export interface FaultKind {
  readonly name: string;
  /** At which calls it makes a difference. */
  hits(point: Point): boolean;
  /** What is different on the server from the start. */
  readonly prepare?: (world: World, ids: Ids) => Promise<void>;
  /** Lets it happen, just before the call is made. */
  strike(world: World, point: Point, input: object): void | Promise<void>;
  /** Whether other calls go on as always, before and after. */
  readonly isLocal?: true;
  /** Milliseconds that the client waits for an answer. Default: as always. */
  readonly timeoutMs?: number;
  /** Whether the server did what it did not say that it did. */
  readonly isHidden: boolean;
  /**
   * The server acted and nothing on the client's side can tell, so a creation may leave an object of which the next run
   * can only say what to do.
   */
  readonly hidesCreation?: true;
}

/** Enough for an answer on this machine, and short enough to wait for it in hundreds of cases. */
const SHORT_TIMEOUT_MS = 150;
/** When a request that was given up reaches the server all the same. */
const LATE_MS = 3_000;

/** Calls that are made again and again while a deployment runs, and the one that comes before all that change something. */
const isPoll = ({ endpoint }: Point) => /^(deployment|docker|settings)\./.test(endpoint);
export const isDeploy = ({ endpoint }: Point) => /\.(deploy|redeploy)$/.test(endpoint);
const isDatabaseDeploy = ({ endpoint }: Point) => databaseKinds.some((kind) => endpoint === `${kind}.deploy`);
/** The first look at a deployment: it was accepted, and has not ended. */
const isFirstLook = ({ endpoint, count }: Point) => endpoint === "deployment.queueList" && count === 1;

const isMutation = ({ endpoint }: Point) => policyOf(endpoint as Endpoint).method === "POST";

/** What a second call would do a second time. Said here and not taken from the client, whose word is on trial. */
export function mustNotRepeat(endpoint: string): boolean {
  return /\.(create(?:[A-Z]\w*)?|deploy|redeploy|reload)$/.test(endpoint);
}

/** Dokploy's own words; some of its errors quote the whole query with its values. */
const failures: readonly { status: number; code: string; message: string }[] = [
  { status: 401, code: "UNAUTHORIZED", message: "UNAUTHORIZED" },
  { status: 403, code: "FORBIDDEN", message: "You don't have access to this service" },
  { status: 429, code: "TOO_MANY_REQUESTS", message: "Too many requests" },
  {
    status: 500,
    code: "INTERNAL_SERVER_ERROR",
    message: `Failed query: update "application" set "env" = $1 where "id" = $2\nparams: LEVEL=${CANARY}query,a1`,
  },
  { status: 502, code: "BAD_GATEWAY", message: "Bad gateway" },
  {
    status: 503,
    code: "SERVICE_UNAVAILABLE",
    message: "Couldn't reach the server at 10.0.0.9:22 (EHOSTUNREACH). Check that it is online.",
  },
  { status: 504, code: "GATEWAY_TIMEOUT", message: "Gateway timeout" },
];

/** How one answer is lost or wrong: a fault without its endpoint. */
type Wrong = Omit<Fault, "endpoint" | "times">;

const refusals: Record<string, Wrong> = {
  ...Object.fromEntries(failures.map((failure) => [`${failure.status}`, answer(failure)])),
  "502 page of a proxy": { html: true },
  "503 of a proxy": { status: 503, body: "no available server\n" },
  "200 page of a login": { html: true, status: 200 },
  "connection cut before": { cut: "before" },
};

const hiddenSuccesses: Record<string, Wrong> = {
  ...Object.fromEntries(
    failures.map((failure) => [`${failure.status}, but done`, { ...answer(failure), acted: true }]),
  ),
  "502 page of a proxy, but done": { html: true, acted: true },
  "200 page of a login, but done": { html: true, status: 200, acted: true },
  "connection cut after": { cut: "after" },
  "half an answer": { truncate: true },
  "half an answer, unnoticed": { halved: true },
};

function answer({ status, code, message }: (typeof failures)[number]): Wrong {
  const headers = status === 429 ? { "retry-after": "0" } : {};
  return { status, body: { message, code, data: { code, httpStatus: status } }, headers };
}

/** What says that the server refused and did nothing; a server that acts all the same cannot be seen through. */
const saysRefused = (name: string) => /^(401|403)/.test(name);
/**
 * 429 means by its definition that the request was not taken, and the client repeats every call on its word. A
 * server that acts and answers so gets two of what cannot be repeated: no case for a creation, therefore.
 */
const saysNotTaken = (name: string) => /^429/.test(name);

function once(name: string, wrong: Wrong): FaultKind {
  const isHidden = name in hiddenSuccesses;
  return {
    name,
    isHidden,
    hits: (point) => {
      // Reading does nothing that an answer could hide.
      if (!isMutation(point)) return !isHidden && (!isPoll(point) || pollFaults.has(name));
      return !isHidden || !mustNotRepeat(point.endpoint) || !saysNotTaken(name);
    },
    strike: ({ emulator }, { endpoint }) => emulator.faults.add({ endpoint, ...wrong }),
    isLocal: true,
    ...(isHidden && saysRefused(name) ? { hidesCreation: true as const } : {}),
  };
}

/** What a poll takes for the same is tried once. */
const pollFaults = new Set(["401", "500", "502", "200 page of a login", "connection cut before"]);
const lasting = new Set([
  "401",
  "500",
  "502",
  "connection cut before",
  "502, but done",
  "connection cut after",
]);
const lastingForReads = new Set(["401", "502"]);

function always(name: string, wrong: Wrong): FaultKind {
  const { hits, isLocal: _, ...kind } = once(name, wrong);
  return {
    ...kind,
    name: `${name}, always`,
    hits: (point) => hits(point) && (isMutation(point) || lastingForReads.has(name)),
    strike: ({ emulator }, { endpoint }) => {
      emulator.faults.add({ endpoint, times: Number.POSITIVE_INFINITY, ...wrong });
    },
  };
}

/** The server answers nothing from here on. Its version, which the client reads before the call itself, it still gave. */
function gone(name: string, last: Wrong | undefined): FaultKind {
  return {
    name,
    isHidden: last !== undefined,
    hits: (point) => isMutation(point) || (last === undefined && !point.endpoint.startsWith("settings.")),
    strike: ({ emulator }, { endpoint }) => {
      if (last) emulator.faults.add({ endpoint, ...last });
      emulator.faults.add({ endpoint: /^(?!settings)/, times: Number.POSITIVE_INFINITY, cut: "before" });
    },
    ...(last ? { hidesCreation: true as const } : {}),
  };
}

const silences: FaultKind[] = [
  {
    name: "no answer in time",
    isHidden: false,
    hits: () => true,
    strike: ({ emulator }, { endpoint }) => {
      emulator.faults.add({ endpoint, delayMs: LATE_MS, cut: "before" });
    },
    isLocal: true,
    timeoutMs: SHORT_TIMEOUT_MS,
  },
  {
    name: "no answer in time, always",
    isHidden: false,
    hits: (point) => isMutation(point),
    strike: ({ emulator }, { endpoint }) => {
      emulator.faults.add({ endpoint, delayMs: LATE_MS, cut: "before", times: Number.POSITIVE_INFINITY });
    },
    timeoutMs: SHORT_TIMEOUT_MS,
  },
  {
    name: "no answer in time, done late",
    isHidden: true,
    hits: isMutation,
    strike: ({ emulator }, { endpoint }) => emulator.faults.add({ endpoint, delayMs: LATE_MS }),
    isLocal: true,
    timeoutMs: SHORT_TIMEOUT_MS,
    hidesCreation: true,
  },
];

/** Somebody else's deployment runs for as long as the builds are held, so that the next one waits behind it. */
async function occupyQueue(world: World, { busyApplicationId }: Ids): Promise<void> {
  world.emulator.holdBuilds();
  await world.byHand("application.deploy", { applicationId: busyApplicationId });
}

/** The service that a call is about. */
export function serviceOf(input: unknown): string | undefined {
  const ids = (input ?? {}) as Record<string, string | undefined>;
  return ["application", "compose", ...databaseKinds].map((kind) => ids[`${kind}Id`]).find((id) => id);
}

function textOf(input: unknown): string | undefined {
  return (input as { env?: string } | undefined)?.env;
}

const accidents: FaultKind[] = [
  {
    name: "restart while it builds",
    isHidden: true,
    hits: isFirstLook,
    strike: ({ emulator }) => emulator.restart(),
  },
  {
    name: "restart while it waits",
    isHidden: true,
    hits: isFirstLook,
    prepare: occupyQueue,
    strike: ({ emulator }) => {
      emulator.restart();
      emulator.releaseBuilds();
    },
  },
  {
    name: "queue lost while it waits",
    isHidden: true,
    hits: isFirstLook,
    prepare: occupyQueue,
    strike: ({ emulator }) => {
      emulator.loseQueue();
      emulator.releaseBuilds();
    },
  },
  {
    name: "waits until its deadline",
    isHidden: true,
    hits: isFirstLook,
    prepare: occupyQueue,
    strike: () => {},
  },
  {
    name: "restart after an answer that was lost",
    isHidden: true,
    hits: isDeploy,
    strike: ({ emulator, clock }, { endpoint }) => {
      emulator.faults.add({ endpoint, cut: "after" });
      clock.after(50, () => emulator.restart());
    },
  },
  {
    name: "restart, and no answer for some polls",
    isHidden: true,
    hits: isFirstLook,
    strike: ({ emulator }) => {
      emulator.restart();
      emulator.faults.add({ endpoint: /^deployment\./, html: true, times: 20 });
    },
  },
  {
    name: "the build fails, and its log shows every variable",
    isHidden: true,
    hits: isDeploy,
    isLocal: true,
    strike: ({ emulator }, _point, input) => {
      const serviceId = serviceOf(input) ?? "";
      // Where nothing was saved for the service itself, it was for all that refer to shared variables.
      const saved =
        emulator.calls.findLast((call) => serviceOf(call.input) === serviceId && textOf(call.input)) ??
        emulator.calls.findLast((call) => textOf(call.input));
      const running = Object.entries(emulator.containerEnv(serviceId) ?? {});
      const variables = textOf(saved?.input) ?? running.map(([name, value]) => `${name}=${value}`).join("\n");
      const log = `Initializing deployment\n${variables}\nError occurred ❌\n`;
      emulator.setOutcome(serviceId, { status: "error", log });
    },
  },
];

/** The server deploys a database before it answers: its status tells that it works. */
async function startDatabase(world: World, input: object): Promise<void> {
  const kind = databaseKinds.find((candidate) => `${candidate}Id` in input);
  await world.byHand(`${kind}.update`, { ...input, applicationStatus: "running" });
}

function slowly(name: string, ms: number, answer: Wrong): FaultKind {
  return {
    name,
    isHidden: true,
    hits: isDatabaseDeploy,
    strike: async (world, { endpoint }, input) => {
      await startDatabase(world, input);
      world.slow = { endpoint, ms };
      world.emulator.faults.add({ endpoint, delayMs: ms, ...answer });
    },
  };
}

const slowDatabases: FaultKind[] = [
  slowly("takes half a minute", 25_000, {}),
  slowly("takes half a minute, and its answer is lost", 25_000, { cut: "after" }),
  slowly("takes longer than its deadline", 90_000, {}),
  slowly("is cut off while it runs, and never ends", 25_000, { cut: "before" }),
  {
    name: "is given up while it runs, and ends well",
    isHidden: true,
    hits: isDatabaseDeploy,
    strike: async (world, { endpoint }, input) => {
      await startDatabase(world, input);
      world.emulator.faults.add({ endpoint, delayMs: LATE_MS });
    },
    timeoutMs: SHORT_TIMEOUT_MS,
  },
  {
    name: "is given up while it runs, and fails",
    isHidden: true,
    hits: isDatabaseDeploy,
    strike: async (world, { endpoint }, input) => {
      await startDatabase(world, input);
      world.emulator.setOutcome(serviceOf(input) ?? "", { status: "error", log: `SECRET=${CANARY}log` });
      world.emulator.faults.add({ endpoint, delayMs: LATE_MS });
    },
    timeoutMs: SHORT_TIMEOUT_MS,
  },
];

/** Everything that can go wrong with the calls of an operation. */
export const KINDS: readonly FaultKind[] = [
  ...Object.entries({ ...refusals, ...hiddenSuccesses }).flatMap(([name, wrong]) =>
    lasting.has(name) ? [once(name, wrong), always(name, wrong)] : [once(name, wrong)],
  ),
  ...silences,
  gone("server gone before", undefined),
  gone("server gone after it acted", { cut: "after" }),
  ...accidents,
  ...slowDatabases,
];
