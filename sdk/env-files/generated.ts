import type { Node } from "../../packages/compose-checks/yaml";
import { ProgramError } from "../run";
import type { EntryValue } from "./entry";

/** Value of a variable that the stack makes once. */
export type GeneratedValue = Extract<EntryValue, { kind: "generated" }>;

/** Tag of such a value. */
export const generateTag = "!generate";

const usage =
  "!generate takes no value; write !generate, or !generate { length: 48, rotation: 2 } with a length from 16 to 512 and the " +
  "number of a rotation";

/** Reads a value with the tag; returns the text of a problem for another form. */
export function readGenerated(node: Node): GeneratedValue | string {
  const found = { length: undefined as number | undefined, rotation: 1 };
  if (node.kind === "scalar") return node.text === "" ? { kind: "generated", ...found } : usage;
  if (node.kind !== "map" || node.again.length > 0) return usage;
  for (const [name, { value }] of node.entries) {
    const number =
      value.kind === "scalar" && value.tag === undefined && /^[1-9]\d{0,5}$/.test(value.text)
        ? Number(value.text)
        : 0;
    const isLength = name === "length" && number >= 16 && number <= 512;
    if (!isLength && !(name === "rotation" && number > 0)) return usage;
    found[name as "length" | "rotation"] = number;
  }
  return { kind: "generated", ...found };
}

/** Returns the value as a file has it. */
export function writtenGenerated({ length, rotation }: GeneratedValue): string {
  const fields = [
    ...(length === undefined ? [] : [`length: ${length}`]),
    ...(rotation === 1 ? [] : [`rotation: ${rotation}`]),
  ];
  return fields.length === 0 ? generateTag : `${generateTag} { ${fields.join(", ")} }`;
}

/** Returns the name of the resource that keeps the value, after the name of the resource that gets it. */
export function generatedName(owner: string, key: string, rotation: number): string {
  return `${owner}/${key}${rotation === 1 ? "" : `/${rotation}`}`;
}

/**
 * A generated value among the variables of a file: a place for it, until a resource of this package gets the variables and
 * declares the secret. Anything else that uses it fails.
 */
export class Generated {
  /** @param place file and line, for errors */
  constructor(
    /** Variable of the file; for both values of a rotation the one that rotates. */
    readonly key: string,
    readonly value: GeneratedValue,
    /** True for the value of the variable itself, which the server may have already. */
    readonly isCurrent: boolean,
    /** True for both values of a rotation, one of which a later step takes away. */
    readonly isRotating: boolean,
    private readonly place: string,
  ) {
    // Pulumi and JavaScript read a member of an object that they turn into a text or an input.
    const refuse = () => this.refuse();
    Object.defineProperty(this, "text", { enumerable: true, get: refuse });
  }

  toString(): never {
    return this.refuse();
  }

  toJSON(): never {
    return this.refuse();
  }

  private refuse(): never {
    throw new ProgramError(
      `${this.place}: ${this.key} is generated for a resource of pulumi-dokploy, as env, buildArgs or buildSecrets of it. For ` +
        "any other use, declare a GeneratedSecret in the program, and use its value.",
    );
  }
}
