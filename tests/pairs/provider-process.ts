import { Deployments, type Timers } from "../../provider/deploy";
import { type Api, isServerKnown, SharedReads, type Sources, sourcesOf } from "../../provider/dokploy";
import { claimFactsOf } from "../../provider/engine";
import {
  type Context,
  connect,
  type Entity,
  type Handlers,
  handlersOf,
  isOn,
  Run,
} from "../../provider/lifecycle";
import { diagnosticOf, parseUrn } from "../../provider/pulumi";
import { parseStack } from "../../provider/pulumi/stack-state";
import { definitionOf } from "../../provider/resources";
import { untraced } from "../resources/untraced";
import type { Diagnostic } from "./monitor";

/** What a process of the provider learns from Pulumi and from its environment. */
export interface Surroundings {
  readonly config: Readonly<Record<string, string>>;
  readonly stack: string;
  readonly clock: Timers;
  /** The exported state of the stack, as a file. */
  readonly state: () => string;
  readonly log: (diagnostic: Diagnostic) => void;
  /** Wraps the calls of Dokploy's API. */
  readonly around: (api: Api) => Api;
}

/** A process of the provider, which serves one run: the handlers of all kinds with all that is around them. */
export class ProviderProcess {
  private readonly made = new Map<string, Handlers>();
  private context: Context | undefined;
  private readonly sources: Sources;
  private readonly run: Run;

  constructor(private readonly given: Surroundings) {
    this.sources = sourcesOf((key) => given.config[key], process.env);
    this.run = new Run(async () => {
      const all = parseStack(given.state(), { stack: given.stack });
      const { server } = this.connected();
      return all?.filter(({ server: its }) => server === undefined || its === undefined || isOn(server, its));
    });
  }

  /** Returns the handlers for a type of resource; undefined for one of Pulumi itself. */
  handlersOf(type: string): Handlers | undefined {
    const { kind } = parseUrn(`urn:pulumi:stack::project::${type}::name`) ?? {};
    if (kind === undefined) return undefined;
    const handlers = this.made.get(kind) ?? this.make(kind);
    this.made.set(kind, handlers);
    return handlers;
  }

  private make(kind: string): Handlers {
    const entity = definitionOf(kind) as unknown as Entity<never, never>;
    const inform = (...notice: Parameters<Context["inform"]>) => this.say("info", diagnosticOf(...notice));
    return handlersOf(entity, () => claimFactsOf(entity), {
      run: this.run,
      inform,
      isServerKnown: () => isServerKnown(this.sources),
      connected: () => this.connected(),
      server: () => this.connected().server,
      span: untraced,
      delivered: async () => await this.context?.delivered(),
    });
  }

  private say(severity: Diagnostic["severity"], message: string): void {
    this.given.log({ severity, message });
  }

  private connected(): Context {
    this.context ??= this.connect();
    return this.context;
  }

  private connect(): Context {
    const { clock, stack, around } = this.given;
    const context = connect(this.sources, this.run, {
      warn: (...notice) => this.say("warning", diagnosticOf(...notice)),
      inform: (...notice) => this.say("info", diagnosticOf(...notice)),
      progress: () => {},
      stack: async () => stack,
      span: untraced,
      delivered: async () => {},
    });
    const reads = new SharedReads(around(context.api));
    const deployments = new Deployments(reads.server, {
      timers: clock,
      progress: () => {},
      supportsLogs: async () => (await context.api.supports?.("deployment.readLogs")) ?? false,
    });
    return { ...context, api: reads.server, reads, deployments, timers: clock };
  }
}
