import type { z } from "zod";
import { compile, type MappedField } from "./compile";

/** The inputs of a schema that are unions, each arm of which has columns of its own. */
export class Arms {
  private readonly leaves: readonly MappedField[];

  constructor(schema: z.ZodObject) {
    this.leaves = compile(schema, [], undefined);
  }

  isUnion(input: string): boolean {
    return this.of(input).some(({ arm }) => arm !== undefined);
  }

  /** The names within such an input of what is secret or not shown: an address is told, unless it holds a login. */
  hiddenIn(input: string): string[] {
    return [...new Set(this.of(input).flatMap((leaf) => (isHidden(leaf) ? (leaf.path.at(-1) ?? []) : [])))];
  }

  private of(input: string): MappedField[] {
    return this.leaves.filter(({ path }) => path[0] === input);
  }
}

function isHidden({ secret, writeOnly }: MappedField): boolean {
  return (secret !== undefined && secret !== "login") || writeOnly === true;
}
