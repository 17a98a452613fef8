import { visibleLines } from "../packages/text";
import { isServerKnown, SettingsError, type Sources, sourcesOf } from "./dokploy";
import { claimFactsOf } from "./engine";
import { UserError } from "./errors";
import {
  type Context,
  connect,
  type Entity,
  type Handlers,
  hiding,
  isOn,
  lifecycle,
  onServer,
  owning,
  Run,
  type Step,
  sealing,
  withoutServer,
} from "./lifecycle";
import {
  connectEngine,
  type Engine,
  engineAddress,
  PlanKey,
  type Report,
  refuseForeign,
  stackReader,
  withoutTrace,
} from "./pulumi";
import { definitionOf } from "./resources";

/**
 * The entry that every stack's state refers to: `require("pulumi-dokploy/runtime").provider("Application")`.
 * Its name, the kinds and the names of the handlers never change.
 */

/** Handlers for Pulumi's dynamic host, with the stack's configuration given through `configure`. */
export interface Provider extends Handlers {
  configure(request: { config: { get(key: string): string | undefined } }): Promise<void>;
}

/** Connection to the engine, opened at its first use: a process that only asks for a provider has no engine. */
let line: Engine | undefined;
const engine = () => {
  line ??= connectEngine(engineAddress());
  return line;
};

/** Reports a message about what the plugin reads itself. */
export function report(level: "warn" | "inform", ...notice: Parameters<Report>): void {
  engine()[level](...notice);
}

const readStack = stackReader(() => engine().stack());

/** Run of the stack's resources on this server: on another server, the same id belongs to another object. */
const run = new Run(async (member) => {
  const here = server();
  const all = await readStack(member);
  return all?.filter(({ server: its }) => here === undefined || its === undefined || isOn(here, its));
});

/** Settings of the provider. Each provider has its own process, so all of its resources share one connection. */
let sources: Sources = { stack: () => undefined, environment: process.env };
let context: Context | undefined;

function connected(): Context {
  context ??= connect(sources, run, engine());
  return context;
}

/** A plan without changes needs no settings, so they may be missing. */
function server(): Context["server"] {
  try {
    return connected().server;
  } catch (error) {
    if (error instanceof SettingsError) return undefined;
    throw error;
  }
}

/** The steps that each call passes, from Pulumi to the handlers of a kind. */
function stepsOf(entity: Entity<never, never>): Step[] {
  const key = PlanKey.from(process.env);
  return [
    delivering,
    ...(key === undefined ? [] : [sealing(key, (...notice) => engine().inform(...notice))]),
    quiet(entity.kind),
    namesOnly,
    hiding(entity, run),
    trusting(entity.kind),
    onServer(entity.kind, server),
    owning(entity, claimFactsOf(entity), run),
  ];
}

/** Creates the handlers at their first call: Pulumi passes the settings, on which they depend, before that. */
function handlersOf(entity: Entity<never, never>): Handlers {
  let made: Handlers | undefined;
  const all = () => {
    const asked = isServerKnown(sources) ? entity : withoutServer(entity);
    made ??= lifecycle(asked, connected, run, stepsOf(entity));
    return made;
  };
  return {
    check: (olds, news) => all().check(olds, news).catch(asProblem(news)),
    diff: (id, olds, news) => all().diff(id, olds, news),
    create: (news) => all().create(news),
    read: (id, state) => all().read(id, state),
    import: (id) => all().import(id),
    update: (id, olds, news) => all().update(id, olds, news),
    delete: (id, state) => all().delete(id, state),
  };
}

const providers = new Map<string, Provider>();

/**
 * The handlers of one kind of resource.
 *
 * @throws UserError when the kind is not known: the state is from a newer version, or an import names another one
 */
export function provider(kind: string): Provider {
  const earlier = providers.get(kind);
  if (earlier) return earlier;
  const entity = definitionOf(kind) as unknown as Entity<never, never> | undefined;
  if (!entity) {
    throw new UserError(
      `This version of pulumi-dokploy has no resource "${kind}". Check the name, or, if the state is from a newer version, update the package.`,
    );
  }
  const made: Provider = {
    ...handlersOf(entity),
    async configure(request) {
      sources = sourcesOf((key) => request.config.get(key), process.env);
    },
  };
  providers.set(kind, made);
  return made;
}

/**
 * Returns problems without property names. Next to the name, Pulumi prints the property's value: secrets inside a map,
 * or an empty `{<nil>}` for a key of it. So the text of a problem names its property instead.
 */
const namesOnly: Step = {
  after: ({ failures, ...answer }) => ({
    ...answer,
    ...(failures && {
      failures: failures.map(({ property, reason }) => ({
        property: "",
        reason: visibleLines(property === "" ? reason : `${property}: ${reason}`),
      })),
    }),
  }),
};

/** Refuses states whose text names handlers other than these. */
function trusting(kind: string): Step {
  return {
    before({ state }) {
      refuseForeign(kind, state);
      return undefined;
    },
  };
}

/** Shows a person only the message of an expected error. */
const quiet = (kind: string): Step => ({
  failed(error) {
    makeVisible(error);
    // Bugs of this package keep their stack trace, which a bug report needs.
    return error instanceof UserError ? withoutTrace(error, kind) : undefined;
  },
});

/** Returns an expected error of a check as a problem, since Pulumi prints a second line for a thrown one. */
const asProblem =
  (inputs: Record<string, unknown>) =>
  (error: Error): Awaited<ReturnType<Handlers["check"]>> => {
    if (error instanceof Error) throw error;
    return { inputs, failures: [{ property: "", reason: (error as Error).message }] };
  };

/** Lets messages arrive before the result, after which Pulumi may end the process. */
const delivering: Step = { ended: async () => await context?.delivered() };

/** Makes the parts of an error that Pulumi prints safe: message, stack, and the reasons of a partial failure. */
function makeVisible(error: Error & { reasons?: unknown }): void {
  error.message = visibleLines(error.message);
  if (error.stack !== undefined) error.stack = visibleLines(error.stack);
  if (Array.isArray(error.reasons))
    error.reasons = error.reasons.map((reason) => visibleLines(String(reason)));
}
