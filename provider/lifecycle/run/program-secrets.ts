import { isDeepStrictEqual } from "node:util";
import { visible } from "../../../packages/text";
import { isRecord, isUnknown, type Path, type Values, valueAt } from "../../../packages/values";
import { isCommon, looksSecret, MASK, Mask, secretsWithin } from "../../env";
import type { Problem } from "../../errors";

/** A value with its name at that place: the name of a variable, for instance. */
export type NamedValue = readonly [name: string, value: string];

/** Path of a value among inputs: `["env", "TOKEN"]`. */
/** Facts about inputs from a definition. */
interface Nature {
  /** Returns the texts that may be secret: by their nature, or because the program marks them. */
  secrets(inputs: object, isMarked: (text: string) => boolean): string[];
  /** Returns the texts of inputs that are not secret by their nature. */
  open(inputs: object): string[];
}

/** Fields for the kind of something: not secret, even where everything around them is. */
const harmless = /^(?:type|.+Type)$/;

/** Inputs with the text of a file. */
const files: ReadonlySet<string> = new Set(["content", "composeFile"]);

/** Words of the sentences about values: they reveal nothing. */
const ofSentences: ReadonlySet<string> = new Set(
  "project environment service compose file variable value image name server reference".split(" "),
);

/**
 * The secrets of this run, and the only way to remove them from its messages. Pulumi removes the marks before it
 * calls the handlers, so the program reports them separately, for each resource before anything is done with it. For
 * a resource without a report, as in a refresh, the stack's state has the marks.
 */
export class ProgramSecrets {
  private reported = false;
  private readonly marked = new Set<string>();
  /** Texts that are secret by their nature. */
  private readonly noted = new Set<string>();
  /** Texts that the program gives in plain text at inputs that are not secret: its plan and its state show them. */
  private readonly open = new Set<string>();
  /** `NAME\0value` of values that the program gives in plain text. */
  private readonly clear = new Set<string>();
  /** Marks that have to be read before a message is shown. */
  private readonly unlearned: (() => Promise<void>)[] = [];
  private learning: Promise<void> | undefined;
  /** Mask for all known secrets; created again when more become known. */
  private mask: { readonly known: number; readonly of: Mask } | undefined;

  /**
   * Records the secrets among these inputs.
   *
   * @param paths paths of the marked inputs, e.g. `["env", "TOKEN"]`; any other value says nothing, as from a
   * program of another version
   * @param olds inputs in the state
   */
  report(inputs: Values, paths: unknown, nature?: Nature, olds: Values = {}): void {
    // Most values of a plan are those of the state, and reading a compose file for secrets takes time.
    const former = Object.fromEntries(
      Object.entries(olds).filter(([name, value]) => !isDeepStrictEqual(value, inputs[name])),
    );
    const marks = Array.isArray(paths)
      ? paths.filter(Array.isArray).map((path): Path => path.map(String))
      : [];
    for (const path of marks) for (const values of [inputs, former]) this.mark(valueAt(values, path));
    if (Array.isArray(paths)) {
      this.reported = true;
      this.note("", inputs);
      for (const text of nature?.open(without(inputs, marks)) ?? []) this.open.add(text);
    }
    for (const values of [inputs, former])
      for (const text of nature?.secrets(values, this.isMarked) ?? [])
        if (!isReference(text)) this.noted.add(text);
  }

  /**
   * Records the secrets of a state without a report from a program. The marks are read only when a message is shown,
   * because that takes time.
   *
   * @param marks reads the paths that the stack's state marks; undefined where it cannot be read
   */
  meet(state: Values, nature: Nature, marks: () => Promise<readonly Path[] | undefined>): void {
    this.unlearned.push(async () => {
      const paths = await marks();
      for (const path of paths ?? []) this.mark(valueAt(state, path));
      const isMarked = (text: string) => paths === undefined || this.marked.has(text);
      for (const text of nature.secrets(state, isMarked)) this.noted.add(text);
      if (paths !== undefined) for (const text of nature.open(without(state, paths))) this.open.add(text);
    });
  }

  /** Ends once all marks of states are known; undefined where there is nothing to wait for. */
  learned(): Promise<void> | undefined {
    const remaining = this.unlearned.splice(0);
    if (remaining.length > 0) {
      const learning = Promise.all([this.learning, ...remaining.map((learn) => learn())]).then(() => {
        if (this.learning === learning) this.learning = undefined;
      });
      this.learning = learning;
    }
    return this.learning;
  }

  /** Removes the secrets of this run from a text, and `also` those that are secret in this text only. */
  hide(text: string, also: Iterable<string> = []): string {
    const more = [...also].filter(isHidden);
    if (more.length > 0) return new Mask([...this.all(), ...more], this.open).hide(text);
    const known = this.marked.size + this.noted.size + this.open.size;
    if (this.mask?.known !== known) this.mask = { known, of: new Mask(this.all(), this.open) };
    return this.mask.of.hide(text);
  }

  /** Removes the secrets from a problem with one of these inputs, also each word of the marked values there. */
  hideIn({ property, reason }: Problem, inputs: Values): Problem {
    const [name = ""] = property.split(/[.[]/);
    const values = textsIn(property === "" ? inputs : inputs[name]).filter((text) => this.marked.has(text));
    return { property: this.hide(property), reason: this.hide(reason, values.flatMap(wordsOf)) };
  }

  /** Removes the words of a marked text from a message that quotes pieces of it. */
  hidePieces(text: string, of: string): string {
    return this.hide(text, this.marked.has(of) ? wordsOf(of) : []);
  }

  /** Returns the name of an object for messages. An input that the program marked is hidden in it, however short. */
  nameIn(inputs: Values, name: (open: Values) => string): string {
    const isOpen = (text: string) => !(this.marked.has(text) && isHidden(text));
    const open = Object.entries(inputs).map(([input, value]) => [
      input,
      isOpen(String(value)) ? value : MASK,
    ]);
    return this.hide(visible(String(name(Object.fromEntries(open)))));
  }

  /** True when a value among inputs may be a secret: the program marked it, or does not report its marks. */
  readonly isMarked = (text: string): boolean => !this.reported || this.marked.has(text);

  /** True when the program marked the text. */
  wasMarked(text: string): boolean {
    return this.marked.has(text);
  }

  /** Returns all texts, of any resource, that must not appear in messages. */
  all(): readonly string[] {
    return [...this.marked, ...this.noted].filter((text) => isHidden(text) && !this.open.has(text));
  }

  /** True when the program gives a text in plain text at a place that is not secret. */
  readonly isOpen = (text: string): boolean => this.open.has(text);

  /**
   * Returns the values on the server that may be secrets: all except those that the program gives in plain text, and
   * common words. Nobody knows the meaning of a value that somebody set by hand. A file that the program gives adds only the
   * values in it that look secret.
   */
  among(values: Iterable<NamedValue>): string[] {
    return [...values].flatMap(([name, value]) => {
      const isClear = this.clear.has(`${name}\0${value}`) && !this.marked.has(value);
      if (isClear && files.has(name)) return secretsWithin(value);
      if (looksSecret(name, value)) return [value];
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

/** True for a reference: the name of a shared variable is not secret, unless the program marks it. */
function isReference(text: string): boolean {
  return /^\$\{\{[\w.]+\}\}$/.test(text);
}

/** True when a text is hidden. Common words are not; a number may be a PIN. */
function isHidden(text: string): boolean {
  return !isCommon(text) || /^\d+$/.test(text);
}

/** Returns the inputs without the values at these paths. */
function without(inputs: Values, paths: readonly Path[]): Values {
  const remaining = structuredClone(inputs) as Record<string, unknown>;
  for (const path of paths) {
    const around = valueAt(remaining, path.slice(0, -1));
    const name = path.at(-1) ?? "";
    if (isRecord(around) || Array.isArray(around)) delete (around as Record<string, unknown>)[name];
  }
  return remaining;
}

/** Returns all texts in a value, at any depth. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isRecord(value) ? Object.values(value).flatMap(textsIn) : [];
}

function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}_]+/u).filter((word) => !ofSentences.has(word));
}
