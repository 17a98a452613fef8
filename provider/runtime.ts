import { isServerKnown, SettingsError, type Sources, sourcesOf } from "./dokploy";
import { claimFactsOf } from "./engine";
import { UserError } from "./errors";
import {
  type Context,
  connect,
  type Entity,
  type Handlers,
  handlersOf,
  isOn,
  type Process,
  Run,
} from "./lifecycle";
import { connectEngine, type Engine, engineAddress, type Report, stackReader } from "./pulumi";
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

const state = stackReader(() => engine().stack());

/** Run of the stack's resources on this server: on another server, the same id belongs to another object. */
const run = new Run(async (member) => {
  const here = server();
  const all = await state.resources(member);
  return all?.filter(({ server: its }) => here === undefined || its === undefined || isOn(here, its));
}, state.interrupted);

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

const host: Process = {
  run,
  inform: (...notice) => engine().inform(...notice),
  isServerKnown: () => isServerKnown(sources),
  connected,
  server,
  span: (...span) => engine().span(...span),
  delivered: async () => await (context ?? engine()).delivered(),
};

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
    ...handlersOf(entity, () => claimFactsOf(entity), host),
    async configure(request) {
      // The process ends with the engine, also where nothing is reported.
      engine();
      sources = sourcesOf((key) => request.config.get(key), process.env);
    },
  };
  providers.set(kind, made);
  return made;
}
