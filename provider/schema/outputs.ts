import type { z } from "zod";
import type { Api } from "../dokploy";
import { secret } from "../pulumi";

type Row = Readonly<Record<string, unknown>>;

/** Facts about an output. */
export interface OutputFacts {
  readonly secret?: true;
  /** Inputs that the output follows from: it changes only with them. When left out, it may change at any time. */
  readonly follows?: readonly string[];
}

/** Attaches to the type of an output the function that reads it from the row. */
export function output<S extends z.ZodType>(
  type: S,
  read: (row: Row, dokploy?: string) => z.infer<S>,
  facts: OutputFacts = {},
): S {
  return type.meta({ output: { read, ...facts } });
}

/**
 * Attaches to the type of an output that never changes the function that looks it up by the id of the object, and the
 * one that reads it from the row, if there is one.
 */
export function lookedUp<S extends z.ZodType>(
  type: S,
  lookUp: (id: string, api: Api) => Promise<z.infer<S>>,
  read?: (row: Row) => z.infer<S>,
): S {
  return type.meta({ output: { lookUp: lookUp as never, follows: [], ...(read ? { read } : {}) } });
}

/** Attaches to the type of an output that is in no row that it is secret. */
export function secretOutput<S extends z.ZodType>(type: S): S {
  return type.meta({ output: { secret: true } });
}

/** Secret outputs of the state alone, which no program gets: the word of an application with a release command. */
const stateSecrets: ReadonlySet<string> = new Set(["releaseWord"]);

/** True for an output that its type says is secret, and for one of the state alone that is. */
export function isSecretOutput(outputs: z.ZodObject | undefined, name: string): boolean {
  if (stateSecrets.has(name)) return true;
  return (outputs?.shape[name] as z.ZodType | undefined)?.meta()?.output?.secret === true;
}

/**
 * Returns the outputs in a row, for the state.
 *
 * @param dokploy address of Dokploy itself, if known
 */
export function outputsIn(
  outputs: z.ZodObject | undefined,
  row: object,
  dokploy?: string,
): Record<string, unknown> {
  const all = Object.entries(outputs?.shape ?? {}).map(([name, type]) => {
    const { read, secret: isSecret } = (type as z.ZodType).meta()?.output ?? {};
    const value = read?.(row as Row, dokploy);
    return [name, isSecret && value !== undefined ? secret(value) : value] as const;
  });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}

declare module "zod" {
  interface GlobalMeta {
    output?: OutputFacts & {
      readonly read?: (row: Row, dokploy?: string) => unknown;
      readonly lookUp?: (id: string, api: never) => Promise<unknown>;
    };
  }
}
