import { looksSecret } from "../env/secret-looking";
import { isCommon } from "../masking/common";
import { isRecord, isUnknown } from "../pulumi/unknown";

/** A value with the name that it has where it stands: of a variable, for instance. */
export type NamedValue = readonly [name: string, value: string];

/** Fields that say of which kind something is, or which thing is meant: no secret, also where all around them is one. */
const harmless = /^(?:type|file|import|.+Ids?)$/;

/**
 * What the program of this run marked as secret. Pulumi takes the marks off before it calls the handlers, and the program
 * tells them: each resource before anything is done with it.
 */
export class ProgramSecrets {
  private told = false;
  private readonly marked = new Set<string>();
  /** `NAME\0value` of what the program gives in clear. */
  private readonly clear = new Set<string>();

  /**
   * Takes down what of these inputs is secret.
   *
   * @param paths of the marked inputs, e.g. `["env", "TOKEN"]`; anything else tells nothing, as a program of another
   *   version does
   */
  tell(inputs: Readonly<Record<string, unknown>>, paths: unknown): void {
    if (!Array.isArray(paths)) return;
    this.told = true;
    for (const path of paths) {
      if (Array.isArray(path)) this.mark(valueAt(inputs, path.map(String)));
    }
    this.note("", inputs);
  }

  /** Whether a value among inputs may be a secret: the program marked it, or does not tell what it marked. */
  readonly isMarked = (text: string): boolean => !this.told || this.marked.has(text);

  /** Whether the program said that it is one. */
  wasMarked(text: string): boolean {
    return this.marked.has(text);
  }

  /** All texts that the program marked, of whatever resource. */
  all(): readonly string[] {
    return [...this.marked];
  }

  /**
   * Those of values on the server that may be secrets: all but those that the program gives in clear, and what is no
   * secret by any name. Nobody knows what a value is that somebody set by hand.
   */
  among(values: Iterable<NamedValue>): string[] {
    return [...values].flatMap(([name, value]) => {
      if (looksSecret(name, value)) return [value];
      const isClear = this.clear.has(`${name}\0${value}`) && !this.marked.has(value);
      return isClear || isCommon(value) ? [] : [value];
    });
  }

  private mark(value: unknown): void {
    if (typeof value === "string") {
      if (!isUnknown(value)) this.marked.add(value);
    } else if (typeof value === "number") this.marked.add(String(value));
    else if (Array.isArray(value)) for (const item of value) this.mark(item);
    else if (isRecord(value)) {
      for (const [name, item] of Object.entries(value)) if (!harmless.test(name)) this.mark(item);
    }
  }

  private note(name: string, value: unknown): void {
    if (typeof value === "string") this.clear.add(`${name}\0${value}`);
    else if (isRecord(value)) for (const [inner, item] of Object.entries(value)) this.note(inner, item);
  }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (Array.isArray(found)) found = found[Number(name)];
    else if (isRecord(found)) found = found[name];
    else return undefined;
  }
  return found;
}
