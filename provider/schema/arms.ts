import type { z } from "zod";
import { compile, type MappedField } from "./compile";

/** Inputs of a schema that are unions, whose members have their own columns. */
export class Arms {
  private readonly leaves: readonly MappedField[];

  constructor(schema: z.ZodObject) {
    this.leaves = compile(schema, [], undefined);
  }

  isUnion(input: string): boolean {
    return this.of(input).some(({ arm }) => arm !== undefined);
  }

  /** Returns the names of secret or hidden fields in an input. Addresses, which may contain a login, are not listed. */
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
