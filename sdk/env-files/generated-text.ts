import type { Input } from "@pulumi/pulumi";
import { ProgramError } from "../run";

/** A secret that a file asks for. */
export interface WantedSecret {
  /** Name among the secrets of the resource. */
  readonly name: string;
  readonly rotation: number;
  /** Inputs of the `GeneratedSecret`, apart from the key of a token. */
  readonly recipe: Readonly<Record<string, string | number>>;
  readonly signingKey?: WantedSecret | Input<string> | undefined;
  /** True for the next or the former value of a rotation. */
  readonly isAside: boolean;
  /** True for both values of a rotation, one of which a later step takes away. */
  readonly isRotating: boolean;
}

/** True for a secret that a file asks for, in contrast to a value that it gives. */
export function isWanted(value: WantedSecret | Input<string>): value is WantedSecret {
  return typeof value === "object" && "recipe" in value && "isAside" in value;
}

/**
 * A value of a file that is, or contains, generated secrets: a place for it, until a resource of this package gets it and declares the
 * secrets. Anything else that uses it fails.
 */
export class Generated {
  /** @param place file and line, for errors */
  constructor(
    /** Name of the variable or the field. */
    private readonly label: string,
    /** The secret; or a text, with the secrets and the other values for its places. */
    readonly value: WantedSecret | FilledText,
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
      `${this.place}: ${this.label} is generated for a service, project or block of pulumi-dokploy. For any other use, declare a ` +
        "GeneratedSecret in the program, and use its value.",
    );
  }
}

/** A text with places, and what belongs there. */
export interface FilledText {
  readonly text: string;
  readonly parts: Readonly<Record<string, WantedSecret | Input<string>>>;
}
