import { visibleLines } from "../packages/text/visible";
import { UserError } from "./errors/problem";
import { definitionOf } from "./generated/definitions";
import { type Context, connect } from "./lifecycle/context";
import type { Definition } from "./lifecycle/definition";
import { type Handlers, lifecycle } from "./lifecycle/handlers";
import { hiding } from "./lifecycle/hiding";
import { isOn, onServer } from "./lifecycle/on-server";
import { withoutServer } from "./lifecycle/without-server";
import { connectEngine, type Engine } from "./pulumi/engine";
import { refuseForeign } from "./pulumi/handlers-text";
import { stackReader } from "./pulumi/stack-state";
import { Claims } from "./run/claims";
import { SettingsError } from "./settings/connection";
import { isServerKnown, sourcesOf } from "./settings/handed";
import type { Sources } from "./settings/sources";

/**
 * The entry that every stack's state refers to: `require("pulumi-dokploy/runtime").provider("Application")`.
 * Its name, the kinds and the names of the handlers are for ever.
 */

/** Handlers for Pulumi's dynamic host, with the stack's configuration given through `configure`. */
export interface Provider extends Handlers {
  configure(request: { config: { get(key: string): string | undefined } }): Promise<void>;
}

/** Made at its first use: the process that asks for a provider alone has no engine. */
let line: Engine | undefined;
const engine = () => {
  line ??= connectEngine(process.argv[2]);
  return line;
};

const readStack = stackReader(() => engine().stack());

/** What the stack has on this server: on another one, the same id is another object. */
const claims = new Claims(async () => {
  const here = server();
  const all = await readStack();
  return all?.filter(({ server: its }) => here === undefined || its === undefined || isOn(here, its));
});

/** All resources of a provider share one configuration, hence one connection: each has a process of its own. */
let sources: Sources = { stack: () => undefined, environment: process.env };
let context: Context | undefined;

function connected(): Context {
  context ??= connect(sources, claims, engine());
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

/** Made at their first call: before it Pulumi tells the settings, on which they depend. */
function handlersOf(definition: Definition<never, never>): Handlers {
  let made: Handlers | undefined;
  const all = () => {
    const { kind } = definition;
    const asked = isServerKnown(sources) ? definition : withoutServer(definition);
    const own = trusting(kind, onServer(kind, lifecycle(asked, connected, claims), server));
    made ??= hiding(definition, own, claims);
    return made;
  };
  return {
    check: (olds, news) => all().check(olds, news),
    diff: (id, olds, news) => all().diff(id, olds, news),
    create: (news) => all().create(news),
    read: (id, state) => all().read(id, state),
    update: (id, olds, news) => all().update(id, olds, news),
    delete: (id, state) => all().delete(id, state),
  };
}

const providers = new Map<string, Provider>();

/**
 * The handlers of one kind of resource.
 *
 * @throws when the kind is not known: the state was written by a newer version
 */
export function provider(kind: string): Provider {
  const earlier = providers.get(kind);
  if (earlier) return earlier;
  const definition = definitionOf(kind) as unknown as Definition<never, never> | undefined;
  if (!definition) {
    throw new UserError(
      `This version of pulumi-dokploy has no resource "${kind}". The state was written by a newer one: update the package.`,
    );
  }
  const made: Provider = {
    ...quiet(handlersOf(definition)),
    async configure(request) {
      sources = sourcesOf((key) => request.config.get(key), process.env);
    },
  };
  providers.set(kind, made);
  return made;
}

/**
 * Pulumi prints the value beside the name of a property with a problem: secrets inside a map, or an empty `{<nil>}` for
 * a key of it. So a problem goes out as one text that names its property.
 */
function namesOnly(check: Handlers["check"]): Handlers["check"] {
  return async (olds, news) => {
    const { inputs, failures } = await check(olds, news);
    return {
      inputs,
      failures: failures.map(({ property, reason }) => ({
        property: "",
        reason: visibleLines(property === "" ? reason : `${property}: ${reason}`),
      })),
    };
  };
}

/** Refuses what a state gives of a resource whose handlers, by its own text, are not these. */
function trusting(kind: string, all: Handlers): Handlers {
  const vet = (state: Record<string, unknown>) => refuseForeign(kind, state);
  return {
    ...all,
    async check(olds, news) {
      vet(olds);
      return await all.check(olds, news);
    },
    async diff(id, olds, news) {
      vet(olds);
      return await all.diff(id, olds, news);
    },
    async read(id, state) {
      vet(state);
      return await all.read(id, state);
    },
    async update(id, olds, news) {
      vet(olds);
      return await all.update(id, olds, news);
    },
    async delete(id, state) {
      vet(state);
      await all.delete(id, state);
    },
  };
}

/** Pulumi prints the stack of what check, diff, read and delete throw; a person has no use for ours. */
function quiet(all: Handlers): Handlers {
  const wrap =
    <A extends unknown[], R>(handler: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      try {
        return await handler(...args);
      } catch (error) {
        if (error instanceof Error) {
          makeVisible(error);
          // Faults of this package itself keep their stack: it is what a bug report needs.
          if (error instanceof UserError) silence(error);
        }
        throw error;
      } finally {
        await context?.delivered();
      }
    };
  return {
    check: wrap(namesOnly(all.check)),
    diff: wrap(all.diff),
    create: wrap(all.create),
    read: wrap(all.read),
    update: wrap(all.update),
    delete: wrap(all.delete),
  };
}

/** What Pulumi prints of an error: its message, its stack, and the reasons of one that left an object behind. */
function makeVisible(error: Error & { reasons?: unknown }): void {
  error.message = visibleLines(error.message);
  if (error.stack !== undefined) error.stack = visibleLines(error.stack);
  if (Array.isArray(error.reasons))
    error.reasons = error.reasons.map((reason) => visibleLines(String(reason)));
}

/**
 * Pulumi prints what check, diff, read and delete throw a second time, as `<error>: <stack>`, under the stack and not
 * under the resource. That copy is left out; the error itself arrives as ever.
 */
function silence(error: Error): void {
  error.stack = "";
  error.toString = () => "";
}

const copyOfSilenced = ": ";
const printError = console.error;
console.error = (...args: unknown[]) => {
  if (args.length === 1 && args[0] === copyOfSilenced) return;
  printError(...args.map((arg) => (typeof arg === "string" ? visibleLines(arg) : arg)));
};
