import type { z } from "zod";
import type { Api } from "../dokploy/endpoints";

/** Facts about an output. */
export interface OutputFacts {
  readonly secret?: true;
  /** Inputs that the output follows from: it changes only with them. When left out, it may change at any time. */
  readonly follows?: readonly string[];
}

/** Attaches to the type of an output the function that reads it from the row. */
export function output<S extends z.ZodType>(
  type: S,
  read: (row: Readonly<Record<string, unknown>>) => z.infer<S>,
  facts: OutputFacts = {},
): S {
  return type.meta({ output: { read, ...facts } });
}

/** Attaches to the type of an output that never changes the function that looks it up by the id of the object. */
export function lookedUp<S extends z.ZodType>(
  type: S,
  lookUp: (id: string, api: Api) => Promise<z.infer<S>>,
): S {
  return type.meta({ output: { lookUp: lookUp as never, follows: [] } });
}

declare module "zod" {
  interface GlobalMeta {
    output?: OutputFacts & {
      readonly read?: (row: Readonly<Record<string, unknown>>) => unknown;
      readonly lookUp?: (id: string, api: never) => Promise<unknown>;
    };
  }
}
