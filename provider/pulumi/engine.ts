import { log, type Resource } from "@pulumi/pulumi";
import { visibleLines } from "../../packages/text";
import type { Span } from "../dokploy";
import { connectTo, rootUrn, whenEngineEnds } from "./internals";
import { inNamespace } from "./namespace";
import { diagnosticOf, type Report } from "./notices";
import { spansOf } from "./spans";
import { currentUrn } from "./subject";
import { parseUrn } from "./urn";

/**
 * Connection from the provider process to Pulumi's engine.
 *
 * Pulumi starts the process of dynamic providers with the engine's address as its only argument, but does not
 * connect it. With a connection, warnings show as warnings, progress shows while a resource waits, and the name of
 * the stack can be asked for. All of this is optional: where a Pulumi version offers no connection, messages go to
 * the standard output, which the CLI also prints.
 */
export interface Engine {
  readonly warn: Report;
  /** Reports useful information, which is kept among the diagnostics. */
  readonly inform: Report;
  /**
   * Shows a line while the operation runs; it is not kept among the diagnostics.
   *
   * @param urn the resource in whose row it shows; without one, the row of the stack
   */
  progress(message: string, urn?: string): void;
  /** Returns the name of the stack, e.g. `prod`; undefined where the engine does not report it. */
  stack(): Promise<string | undefined>;
  /** Adds work to the trace of the run, if the CLI collects one. */
  readonly span: Span;
  /** Ends when all messages and spans so far have arrived: after a failure Pulumi stops the process at once. */
  delivered(): Promise<void>;
}

/** Connection for texts that are ready to be shown. */
interface Line extends Omit<Engine, "warn" | "inform" | "span"> {
  warn(text: string): void;
  inform(text: string): void;
}

export function connectEngine(address: string | undefined): Engine {
  const line = lineTo(address);
  // All messages leave the process here, regardless of their origin.
  const inform: Report = (...notice) => line.inform(shown(diagnosticOf(...notice)));
  const warn: Report = (...notice) => line.warn(shown(diagnosticOf(...notice)));
  const { span, flushed } = spansOf({
    environment: process.env,
    collected: () => warn(openTrace, "plain-secret"),
    unavailable: (why) => inform(`pulumi-dokploy adds no spans to this trace: ${why}`, "advice"),
  });
  return {
    ...line,
    warn,
    inform,
    progress: (message, urn) => line.progress(shown(message), urn),
    span,
    delivered: async () => {
      await Promise.race([flushed(), pause(deliveryTimeoutMs)]);
      await line.delivered();
    },
  };
}

/** The spans of this package have no value of an input; those of the CLI have the requests of the engine. */
const openTrace =
  "The trace of this run contains settings, inputs and keys in plain text, also secret ones: Pulumi writes its requests into " +
  "it. Keep the file in a folder that nobody else can read, and pass on only the spans of pulumi-dokploy. See " +
  'docs/operations/performance.md, "Where the minutes go".';

function shown(message: string): string {
  return visibleLines(inNamespace(message));
}

function lineTo(address: string | undefined): Line {
  if (address === undefined || !connectTo(address)) return unconnected;
  whenEngineEnds(address, () => process.exit(1));
  let stack: Promise<string | undefined> | undefined;
  const underWay = new Set<Promise<void>>();
  /** Sends a message without waiting: a failed delivery must not end the operation. */
  const post = (delivery: Promise<void>) => {
    const done = delivery.catch(() => undefined).finally(() => underWay.delete(done));
    underWay.add(done);
  };
  return {
    warn: (message) => post(log.warn(message, resourceAt(currentUrn()))),
    inform: (message) => post(log.info(message, resourceAt(currentUrn()))),
    progress: (message, urn) => post(log.info(message, resourceAt(urn), undefined, true)),
    delivered: async () => {
      if (underWay.size > 0) await Promise.race([Promise.all(underWay), pause(deliveryTimeoutMs)]);
    },
    stack: () => {
      // Its URN contains the name of the stack.
      stack ??= rootUrn().then((urn) => (urn === undefined ? undefined : parseUrn(urn)?.stack));
      return stack;
    },
  };
}

/** Resource that a message is about, in the form of Pulumi's log. The host of dynamic providers does not name it. */
function resourceAt(urn: string | undefined): Resource | undefined {
  return urn === undefined ? undefined : ({ urn: { promise: async () => urn } } as unknown as Resource);
}

const unconnected: Line = {
  warn: (message) => console.log(`warning: ${message}`),
  inform: (message) => console.log(message),
  progress: (message) => console.log(message),
  stack: async () => undefined,
  delivered: async () => {},
};

/** Longer than a message takes, and short where the connection is dead. */
const deliveryTimeoutMs = 1000;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
