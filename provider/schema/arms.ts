import type { z } from "zod";
import { compile, inArm, type MappedField, put } from "./compile";

/** The inputs of a schema that are unions, each arm of which has columns of its own. */
export class Arms {
  private readonly leaves: readonly MappedField[];

  constructor(schema: z.ZodObject) {
    this.leaves = compile(schema, [], undefined);
  }

  isUnion(input: string): boolean {
    return this.of(input).some(({ arm }) => arm !== undefined);
  }

  /** The names within such an input of what is secret or not shown. */
  hiddenIn(input: string): string[] {
    return [...new Set(this.of(input).flatMap((leaf) => (isHidden(leaf) ? (leaf.path.at(-1) ?? []) : [])))];
  }

  /** The arm that a row has, with its defaults, and without what is secret or not shown. */
  shown(input: string, row: Readonly<Record<string, unknown>>): unknown {
    const values: Record<string, unknown> = {};
    for (const leaf of this.of(input)) {
      if (isHidden(leaf) || leaf.column === undefined || !inArm(leaf, values)) continue;
      const column = row[leaf.column] ?? undefined;
      const value = column === undefined || leaf.read === undefined ? column : leaf.read(column as never);
      put(values, leaf.path, value ?? leaf.reset ?? undefined);
    }
    return values[input];
  }

  private of(input: string): MappedField[] {
    return this.leaves.filter(({ path }) => path[0] === input);
  }
}

function isHidden({ secret, writeOnly }: MappedField): boolean {
  return secret !== undefined || writeOnly === true;
}
