import { visible, withEscapes } from "../../../../packages/text";
import { type EntryValue, type GeneratedValue, writtenTagged } from "../../../../sdk/env-files";
import { scalar, yamlEscape } from "../../../files";
import { CannotBeWritten, type Evaluation, type Piece } from "./evaluate";
import type { Hosts } from "./hosts";

/** A text with places for secrets: `${NAME}`, each with the secret of that name. */
export interface Filled {
  readonly text: string;
  readonly values: Readonly<Record<string, GeneratedValue>>;
}

/**
 * Writes texts of a template for files of a repository. A secret is described in full where it comes first, and has only its
 * name in other places.
 */
export class Texts {
  private readonly names = new Map<Piece, string>();

  private constructor(
    private readonly evaluation: Evaluation,
    private readonly hosts: Hosts,
    /** Undefined for the files of all stages. */
    private readonly stage: string | undefined,
    private readonly described: Set<string>,
  ) {}

  static of(evaluation: Evaluation, hosts: Hosts): Texts {
    return new Texts(evaluation, hosts, undefined, new Set());
  }

  /** Returns a writer for the files of one stage, which come after those of all. */
  inStage(stage: string): Texts {
    const texts = new Texts(this.evaluation, this.hosts, stage, new Set(this.described));
    for (const [piece, name] of this.names) texts.names.set(piece, name);
    return texts;
  }

  /** True for a text that differs between stages. */
  isOfStage(text: string): boolean {
    return this.evaluation
      .partsOf(text)
      .some(
        (part) =>
          typeof part !== "string" &&
          (part.kind === "host" ||
            part.kind === "port" ||
            (part.kind === "token" && this.isOfStage(JSON.stringify(part.payload)))),
      );
  }

  /** Returns the value of a variable as YAML. */
  variable(key: string, text: string): string {
    const parts = this.settled(text, true);
    const [only] = parts;
    if (parts.every((part) => typeof part === "string")) return scalar(parts.join(""));
    if (parts.length === 1 && only !== undefined && typeof only !== "string") {
      const value = this.generated(only, key);
      return tagged(value.name === key ? { ...value, name: undefined } : value);
    }
    return tagged({ kind: "filled", ...this.filled(text, key, true) });
  }

  /**
   * Returns a text with places for its secrets.
   *
   * @param place name of a secret that has no other
   */
  filled(text: string, place: string, hasAppName: boolean): Filled {
    const parts = this.settled(text, hasAppName);
    const literal = parts.filter((part) => typeof part === "string").join("\n");
    const values: Record<string, GeneratedValue> = {};
    const places = new Map<Secret, string>();
    const written = parts.map((part) => {
      if (typeof part === "string") return part;
      const before = places.get(part);
      if (before !== undefined) return before;
      const value = this.generated(part, place);
      let { name } = value;
      while (literal.includes(`\${${name}}`) || Object.hasOwn(values, name)) name += "_";
      values[name] = value.name === name ? { ...value, name: undefined } : value;
      places.set(part, `\${${name}}`);
      return `\${${name}}`;
    });
    return { text: written.join(""), values };
  }

  /** Returns a text without secrets: a host, a path. */
  plain(text: string): string {
    const parts = this.settled(text, false);
    if (parts.every((part) => typeof part === "string")) return parts.join("");
    throw new CannotBeWritten("contains a generated secret, which a file cannot have there");
  }

  /** Returns the parts of a text, of which only secrets have no text yet. */
  private settled(text: string, hasAppName: boolean): readonly (string | Secret)[] {
    return this.evaluation.partsOf(text).map((part) => {
      if (typeof part === "string" || part.kind === "secret" || part.kind === "token") return part;
      if (part.kind === "app-name") {
        // Dokploy replaces it in variables alone.
        if (hasAppName) return "${{APP_NAME}}";
        throw new CannotBeWritten(
          "contains ${APP_NAME}, which only Dokploy knows; give the text in the program",
        );
      }
      const { hosts, stage } = this;
      if (stage === undefined) throw new Error("A text of one stage is in the files of all.");
      return part.kind === "host" ? hosts.of(part, stage) : String(hosts.portOf(part, stage));
    });
  }

  private generated(piece: Secret, place: string): GeneratedValue & { readonly name: string } {
    const name = this.nameOf(piece, place);
    const found = { kind: "generated", name, rotation: 1, recipe: {} } as const;
    if (this.described.has(name)) return found;
    this.described.add(name);
    if (piece.kind === "secret") return { ...found, recipe: piece.recipe };
    return {
      ...found,
      recipe: { format: "jwt", payload: this.plain(JSON.stringify(piece.payload)) },
      signingKey: this.keyOf(piece, name),
    };
  }

  private keyOf({ key, variable }: Extract<Piece, { kind: "token" }>, name: string): GeneratedValue {
    const parts = key === undefined ? [] : this.evaluation.partsOf(key);
    const [only] = parts;
    if (parts.length === 1 && typeof only === "object" && only.kind === "secret")
      return this.generated(only, `${name}_key`);
    const own = this.generated(
      { kind: "secret", variable: `${name}_key`, recipe: { format: "hex", bytes: 32 } },
      name,
    );
    if (key !== undefined)
      this.evaluation.notes.add(
        `${visible(variable || name)} is signed with a new secret, ${own.name}, since everybody can read the text with which the template signs it`,
      );
    return own;
  }

  private nameOf(piece: Secret, place: string): string {
    const known = this.names.get(piece);
    if (known !== undefined) return known;
    const taken = new Set(this.names.values());
    const own = (piece.variable || place)
      .replaceAll(/\W/g, "_")
      .replace(/^(?=\d)/, "_")
      .slice(0, 50);
    let name = own;
    for (let number = 2; taken.has(name); number++) name = `${own}_${number}`;
    this.names.set(piece, name);
    return name;
  }
}

type Secret = Extract<Piece, { kind: "secret" | "token" }>;

/** Returns a value with a tag as YAML on one line. */
export function tagged(value: Exclude<EntryValue, { kind: "text" | "address" }>): string {
  return withEscapes(writtenTagged(value), yamlEscape);
}

/** Returns the reference to a file with places for secrets. */
export function fileReference(path: string, values: Filled["values"]): string {
  const written = Object.entries(values).map(([name, value]) => `${name}: ${tagged(value)}`);
  return written.length === 0
    ? `!file ${path}`
    : `!file { path: ${path}, values: { ${written.join(", ")} } }`;
}
