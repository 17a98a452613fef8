import * as assert from "node:assert/strict";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";
import { isRecord } from "../../packages/values";
import type { Timers } from "../../provider/deploy/pace";
import { claimFactsOf } from "../../provider/engine/simple/claim-facts";
import { type Context, connect } from "../../provider/lifecycle/context";
import type { Entity } from "../../provider/lifecycle/entity";
import { lifecycle } from "../../provider/lifecycle/handlers";
import { ownershipStep } from "../../provider/lifecycle/ownership-step";
import type { Handlers } from "../../provider/lifecycle/pipeline";
import { Run } from "../../provider/lifecycle/run/run";
import { secretOutputs } from "../../provider/lifecycle/secret-outputs";
import { identityKey } from "../../provider/pulumi/identity";
import { unmarked } from "../../provider/pulumi/secret";
import type { StackResource } from "../../provider/pulumi/stack-state";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { misfits } from "./fitting";
import { untraced } from "./untraced";

type Values = Record<string, unknown>;

/** One run of the provider against an emulated server: the handlers of all resources over real HTTP. */
export interface Server {
  emulator: Emulator;
  context: Context;
  warnings: string[];
  /** Codes of these messages. */
  codes: string[];
  /** What was said that needs nobody's attention. */
  notices: string[];
  /** What was told as something waited. */
  reported: string[];
  /** What Pulumi's state has of the stack; undefined where it cannot be read. */
  stack: readonly StackResource[] | undefined;
  /** False where a deletion cannot read the state either. */
  isStackReadable: boolean;
  Project: Handlers;
  Environment: Handlers;
  Application: Handlers;
  Compose: Handlers;
  EnvironmentBlock: Handlers;
  Deployment: Handlers;
  /** The handlers of any kind. */
  of(kind: string): Handlers;
  /** Calls the API as somebody else would. */
  byHand<T = unknown>(endpoint: string, input: object): Promise<T>;
  /** Names of the calls so far, without polls and the version read. */
  calls(): string[];
  /** Forgets the calls and caches, as a new run of Pulumi does. Settings as in the stack's configuration. */
  newRun(more?: Readonly<Record<string, string>>, clock?: Timers): void;
  /** @throws AssertionError where a call of the provider is none that every documented version of Dokploy takes */
  close(): Promise<void>;
}

const polls = /^(deployment\.|docker\.|settings\.getDokployVersion)/;

/** The clock of server and provider runs so much faster: nobody waits 10 s for containers to be stable. */
const SPEED = 50;
/** Limit of the real time between two readings that counts: while the process stands still, no answer can arrive either. */
const LONGEST_STEP_MS = 20;
const began = Date.now();
let time = began;
let readAt = performance.now();
function fastNow(): number {
  const at = performance.now();
  time += Math.min(at - readAt, LONGEST_STEP_MS) * SPEED;
  readAt = at;
  return time;
}
// Frequent readings, so that only a standstill reaches the limit.
setInterval(fastNow, LONGEST_STEP_MS / 4).unref();
const hurried: Timers = {
  now: fastNow,
  after(ms, run) {
    const due = fastNow() + ms;
    let timer: NodeJS.Timeout | undefined;
    const arm = () => {
      timer = setTimeout(() => (fastNow() < due ? arm() : run()), (due - fastNow()) / SPEED);
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** Returns a clock on which only waiting takes time, so that a busy machine changes nothing. */
export function waitingClock(): Timers {
  let time = began;
  return {
    now: () => time,
    after: (ms, run) =>
      hurried.after(ms, () => {
        time += ms;
        run();
      }),
  };
}

/** Builds and delayed answers take the real time that a test asks for. */
async function startHurried(options: EmulatorOptions): Promise<Emulator> {
  const buildMs = (options.buildMs ?? 5) * SPEED;
  const emulator = await startEmulator({ clock: hurried, ...options, buildMs });
  const { faults } = emulator;
  const add = faults.add.bind(faults);
  faults.add = ({ delayMs = 0, ...fault }) => add({ ...fault, delayMs: delayMs * SPEED });
  return emulator;
}

/**
 * @param options `definitions`: kinds beside those that there are; `areNamed`: whether each call says of which resource of
 * a program it is, so that two resources with one claim are refused
 */
export async function startServer({
  definitions = [],
  areNamed = false,
  ...options
}: EmulatorOptions & {
  definitions?: readonly Entity<never, never>[];
  areNamed?: boolean;
  pause?: (ms: number) => Promise<void>;
} = {}): Promise<Server> {
  const emulator = await startHurried(options);
  const warnings: string[] = [];
  const codes: string[] = [];
  const notices: string[] = [];
  const reported: string[] = [];
  const connection: Readonly<Record<string, string>> = { url: emulator.url, apiKey: emulator.apiKey };
  let settings = connection;
  // A deletion needs the state, unless a test says that it cannot be read.
  const begin = () =>
    new Run(async (member) => server.stack ?? (member && server.isStackReadable ? [] : undefined));
  let run = begin();
  let timers = hurried;
  const engine = {
    warn: (message: string, code: string) => {
      warnings.push(message);
      codes.push(code);
    },
    inform: (message: string) => notices.push(message),
    progress: (line: string) => reported.push(line),
    span: untraced,
    delivered: async () => {},
    stack: async () => "test",
  };
  const fresh = () => ({
    ...connect({ stack: (name) => settings[name], environment: process.env }, run, engine),
    timers,
  });
  let context = fresh();
  const known = new Map(
    [...(allDefinitions() as unknown as Entity<never, never>[]), ...definitions].map((definition) => [
      definition.kind,
      definition,
    ]),
  );
  /** Those that this run has used: most tests use few. */
  let kinds = new Map<string, Handlers>();
  const of = (kind: string): Handlers => {
    const definition = known.get(kind);
    if (!definition) throw new Error(`There is no ${kind}.`);
    const made =
      kinds.get(kind) ??
      identified(
        kind,
        lifecycle(definition, () => context, run, [
          secretOutputs(definition, run),
          ...(areNamed ? [ownershipStep(definition, claimFactsOf(definition), run)] : []),
        ]),
        run,
        () => context.delivered(),
      );
    kinds.set(kind, made);
    return made;
  };
  const byOthers = new WeakSet<object>();
  const unsupported = new Set<string>();
  const judge = () => {
    for (const one of misfits(emulator.calls.filter((call) => !byOthers.has(call)))) unsupported.add(one);
  };

  const server: Server = {
    emulator,
    get context() {
      return context;
    },
    warnings,
    codes,
    notices,
    reported,
    stack: undefined,
    isStackReadable: true,
    get Project() {
      return of("Project");
    },
    get Environment() {
      return of("Environment");
    },
    get Application() {
      return of("Application");
    },
    get Compose() {
      return of("Compose");
    },
    get EnvironmentBlock() {
      return of("EnvironmentBlock");
    },
    get Deployment() {
      return of("Deployment");
    },
    of,
    async byHand<T>(endpoint: string, input: object): Promise<T> {
      const isRead = /\.(one|all|list|by[A-Z]\w*|get(?:[A-Z]\w*)?|allByCompose|read[A-Z]\w*)$/.test(endpoint);
      const query = isRead ? `?${new URLSearchParams(input as Record<string, string>)}` : "";
      const response = await fetch(`${emulator.url}/api/${endpoint}${query}`, {
        method: isRead ? "GET" : "POST",
        headers: { "x-api-key": emulator.apiKey, "content-type": "application/json" },
        ...(isRead ? {} : { body: JSON.stringify(input) }),
      });
      for (const call of emulator.calls) if (call.endpoint === endpoint) byOthers.add(call);
      const text = await response.text();
      if (!response.ok) throw new Error(`${endpoint}: ${response.status} ${text}`);
      return (text === "" ? undefined : JSON.parse(text)) as T;
    },
    calls: () => emulator.calls.map(({ endpoint }) => endpoint).filter((endpoint) => !polls.test(endpoint)),
    newRun(more = {}, clock = hurried) {
      judge();
      timers = clock;
      emulator.clearCalls();
      settings = { ...connection, ...more };
      run = begin();
      context = fresh();
      kinds = new Map();
    },
    async close() {
      judge();
      await emulator.close();
      assert.deepEqual([...unsupported], []);
    },
  };
  return server;
}

/**
 * Handlers for tests that call them one by one: what a call does not say of its resource, the inputs tell. What is compared
 * is a plan, unless it was read since the last check.
 */
function identified(kind: string, undelivered: Handlers, run: Run, delivered: () => Promise<void>): Handlers {
  const handlers = Object.fromEntries(
    Object.entries(undelivered).map(([name, handler]) => [
      name,
      async (...given: never[]) => {
        try {
          return await (handler as (...given: never[]) => Promise<unknown>)(...given);
        } finally {
          await delivered();
        }
      },
    ]),
  ) as unknown as Handlers;
  const refreshed = new Set<string>();
  const identify = (news: Values): Values => {
    // What tests call `__secrets` is told beside the identity.
    const { __secrets: secrets, ...rest } = news;
    const { import: _, __provider: _text, ...inputs } = rest;
    const identity = JSON.stringify([kind, Object.entries(inputs).sort()]);
    return { [identityKey]: secrets === undefined ? identity : { identity, secrets }, ...rest };
  };
  /** As a class reports it to the check, where a test gives no more than the inputs. */
  const reported = (news: Values): Values => {
    const { [identityKey]: identity, name = kind } = news;
    return typeof identity === "string" ? { ...news, [identityKey]: { identity, name: String(name) } } : news;
  };
  /** As the handlers answer a call that said it. */
  const answered = <V extends Values>(given: Values, values: V): V => {
    if (!(identityKey in given)) delete (values as Values)[identityKey];
    return values;
  };
  /** A state as this version writes it. */
  const recorded = (olds: Values): Values => (identityKey in olds ? olds : { [identityKey]: kind, ...olds });
  const failing = async <T>(given: Values, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      const { properties } = error as { properties?: Values };
      if (properties) answered(given, properties);
      throw error;
    }
  };
  return {
    ...handlers,
    async check(olds, news) {
      refreshed.clear();
      const { inputs, failures } = await handlers.check(
        olds,
        identityKey in news ? news : reported(identify(news)),
      );
      return { inputs: answered(news, inputs), failures };
    },
    async read(id, state) {
      refreshed.add(id);
      return await handlers.read(id, state);
    },
    async diff(id, olds, news) {
      const given = identify(news);
      if (!(identityKey in news) && !refreshed.has(id)) run.ownership.resources.check(kind, given, given);
      return await handlers.diff(id, recorded(olds), given);
    },
    async create(inputs) {
      const { id, outs } = await failing(inputs, handlers.create(identify(inputs)));
      return { id, outs: answered(inputs, outs) };
    },
    async update(id, olds, news) {
      const { outs } = await failing(news, handlers.update(id, recorded(olds), identify(news)));
      return { outs: answered(news, outs) };
    },
  };
}

/** Whether Dokploy has no object any more: a state keeps one that it lost. */
export function isGone({ id, props }: Awaited<ReturnType<Handlers["read"]>>): boolean {
  return id === "" || props?.["isLost"] === true;
}

/** A resource of the stack's state. */
export function inState(
  kind: string,
  name: string,
  id: string,
  more: Partial<StackResource> = {},
): StackResource {
  const urn = `urn:pulumi:test::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`;
  return { urn, kind, name, id, variables: {}, ...more };
}

/** A project with its default environment, made by hand. */
export async function makeProject(
  server: Server,
  name = "shop",
): Promise<{ projectId: string; environmentId: string }> {
  const made = await server.byHand<{
    project: { projectId: string };
    environment: { environmentId: string };
  }>("project.create", { name });
  return { projectId: made.project.projectId, environmentId: made.environment.environmentId };
}

/** What Pulumi gives every handler beside the inputs. */
export function withProvider(inputs: Values): Values {
  return { ...inputs, __provider: "the text that names the handlers" };
}

/** As Pulumi gives it to the handlers: secrets by their values. */
export function plain<V>(given: V): V {
  const value = unmarked(given);
  if (Array.isArray(value)) return value.map(plain) as V;
  if (!isRecord(value)) return value as V;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)])) as V;
}

/** Waits until something is true that a server or a test brings about. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2));
}
