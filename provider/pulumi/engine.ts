import { log } from "@pulumi/pulumi";
import { GetRootResourceRequest } from "@pulumi/pulumi/proto/engine_pb";
import * as runtime from "@pulumi/pulumi/runtime";
import { visibleLines } from "../../packages/text/visible";
import { parseUrn } from "./urn";

/**
 * The line back to Pulumi's engine from the provider process.
 *
 * Pulumi starts the process of dynamic providers with the engine's address as its only argument, but connects
 * nothing to it. Connected, warnings show as warnings, progress shows while a resource waits, and the name of the
 * stack can be asked for. All of it is comfort: where a Pulumi version offers no such line, messages go to the
 * standard output, which the CLI prints as well.
 */
export interface Engine {
  warn(message: string): void;
  /** What is good to know, and kept among the diagnostics. */
  inform(message: string): void;
  /** A line that shows while the operation runs and is not kept among the diagnostics. */
  progress(message: string): void;
  /** Name of the stack, e.g. `prod`; undefined where the engine does not say. */
  stack(): Promise<string | undefined>;
  /** Ends when what was told so far has arrived: after a failure Pulumi takes the process down at once. */
  delivered(): Promise<void>;
}

export function connectEngine(address: string | undefined): Engine {
  const line = lineTo(address);
  // Whatever a message is made of, this is the one way out.
  return {
    ...line,
    warn: (message) => line.warn(visibleLines(message)),
    inform: (message) => line.inform(visibleLines(message)),
    progress: (message) => line.progress(visibleLines(message)),
  };
}

function lineTo(address: string | undefined): Engine {
  if (address === undefined || !/^[\w.[\]:-]+:\d+$/.test(address) || runtime.hasEngine()) return unconnected;
  try {
    runtime.resetOptions(process.env["PULUMI_PROJECT"] ?? "", "", 1, address, "", false, "");
  } catch {
    return unconnected;
  }
  let stack: Promise<string | undefined> | undefined;
  const underWay = new Set<Promise<void>>();
  /** A message that cannot be delivered must not end the operation it speaks of. */
  const post = (delivery: Promise<void>) => {
    const done = delivery.catch(() => undefined).finally(() => underWay.delete(done));
    underWay.add(done);
  };
  return {
    warn: (message) => post(log.warn(message)),
    inform: (message) => post(log.info(message)),
    progress: (message) => post(log.info(message, undefined, undefined, true)),
    delivered: async () => {
      if (underWay.size > 0) await Promise.race([Promise.all(underWay), pause(deliveryTimeoutMs)]);
    },
    stack: () => {
      stack ??= askStack();
      return stack;
    },
  };
}

const unconnected: Engine = {
  warn: (message) => console.log(`warning: ${message}`),
  inform: (message) => console.log(message),
  progress: (message) => console.log(message),
  stack: async () => undefined,
  delivered: async () => {},
};

/** Longer than a message takes, and short where the line is dead. */
const deliveryTimeoutMs = 1000;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/** From the URN of the root resource. */
function askStack(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const engine = runtime.getEngine();
    if (!engine) return resolve(undefined);
    engine.getRootResource(new GetRootResourceRequest(), (error, response) => {
      resolve(error ? undefined : parseUrn(response.getUrn())?.stack);
    });
  });
}
