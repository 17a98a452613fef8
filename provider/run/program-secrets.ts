import { looksSecret } from "../env/secret-looking";
import type { Problem } from "../errors/problem";
import { isCommon } from "../masking/common";
import { MASK, Mask } from "../masking/mask";
import { isRecord, isUnknown } from "../pulumi/unknown";

/** A value with the name that it has where it stands: of a variable, for instance. */
export type NamedValue = readonly [name: string, value: string];

/** Where a value stands among inputs: `["env", "TOKEN"]`. */
type Path = readonly string[];

type Values = Readonly<Record<string, unknown>>;

/** What a definition says of its inputs. */
interface Nature {
  /** The texts that may be secret: by their nature, or since the program says so. */
  secrets(inputs: object, isMarked: (text: string) => boolean): string[];
  /** The texts of inputs that hold no secret by their nature. */
  open(inputs: object): string[];
}

/** Fields that say of which kind something is: no secret, also where all around them is one. */
const harmless = /^(?:type|.+Type)$/;

/** What the sentences about values are made of: these words tell nothing of one. */
const ofSentences: ReadonlySet<string> = new Set(
  "project environment service compose file variable value image name server reference".split(" "),
);

/**
 * What is secret in this run, and the one way in which it is taken out of what a run says. Pulumi takes the marks off before
 * it calls the handlers, and the program tells them: each resource before anything is done with it. Of a resource that no
 * program tells, as in a refresh, the stack's state has the marks.
 */
export class ProgramSecrets {
  private told = false;
  private readonly marked = new Set<string>();
  /** Secret by its nature. */
  private readonly noted = new Set<string>();
  /** What the program gives in clear at inputs that hold no secret: its plan and its state show it. */
  private readonly open = new Set<string>();
  /** `NAME\0value` of what the program gives in clear. */
  private readonly clear = new Set<string>();
  /** What has to be learned before anything is said. */
  private readonly unlearned: (() => Promise<void>)[] = [];
  private learning: Promise<void> | undefined;
  /** Of all that is known; made anew once more is. */
  private mask: { readonly known: number; readonly of: Mask } | undefined;

  /**
   * Takes down what of these inputs is secret.
   *
   * @param paths of the marked inputs, e.g. `["env", "TOKEN"]`; anything else tells nothing, as a program of another
   *   version does
   * @param olds the same inputs as the state has them
   */
  tell(inputs: Values, paths: unknown, nature?: Nature, olds: Values = {}): void {
    const marks = Array.isArray(paths)
      ? paths.filter(Array.isArray).map((path): Path => path.map(String))
      : [];
    for (const path of marks) for (const values of [inputs, olds]) this.mark(valueAt(values, path));
    if (Array.isArray(paths)) {
      this.told = true;
      this.note("", inputs);
      for (const text of nature?.open(without(inputs, marks)) ?? []) this.open.add(text);
    }
    for (const values of [inputs, olds])
      for (const text of nature?.secrets(values, this.isMarked) ?? [])
        if (!isReference(text)) this.noted.add(text);
  }

  /**
   * Takes down what of a state is secret that no program tells of: once something is said, since asking for the marks takes
   * time.
   *
   * @param marks the paths that the stack's state marks; undefined where it cannot be read
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

  /** Ends once all is known that states mark as secret; undefined where nothing has to be waited for. */
  learned(): Promise<void> | undefined {
    const left = this.unlearned.splice(0);
    if (left.length > 0) {
      const learning = Promise.all([this.learning, ...left.map((learn) => learn())]).then(() => {
        if (this.learning === learning) this.learning = undefined;
      });
      this.learning = learning;
    }
    return this.learning;
  }

  /**
   * A text without what is secret in this run.
   *
   * @param also texts that are secret in this text alone
   */
  hide(text: string, also: Iterable<string> = []): string {
    const more = [...also].filter(isHidden);
    if (more.length > 0) return new Mask([...this.all(), ...more], this.open).hide(text);
    const known = this.marked.size + this.noted.size + this.open.size;
    if (this.mask?.known !== known) this.mask = { known, of: new Mask(this.all(), this.open) };
    return this.mask.of.hide(text);
  }

  /**
   * The same for a problem with one of these inputs. It may quote a word of the value, so of what the program marked there,
   * each is hidden.
   */
  hideIn({ property, reason }: Problem, inputs: Values): Problem {
    const [name = ""] = property.split(/[.[]/);
    const values = textsIn(property === "" ? inputs : inputs[name]).filter((text) => this.marked.has(text));
    return { property: this.hide(property), reason: this.hide(reason, values.flatMap(wordsOf)) };
  }

  /** A text that quotes pieces of this one, without them where the program marked it. */
  hidePieces(text: string, of: string): string {
    return this.hide(text, this.marked.has(of) ? wordsOf(of) : []);
  }

  /** A value as a text may quote it: hidden whole where the program marked it, however short it is. */
  quoted(value: unknown): unknown {
    const text = String(value);
    return this.marked.has(text) && isHidden(text) ? MASK : value;
  }

  /** Whether a value among inputs may be a secret: the program marked it, or does not tell what it marked. */
  readonly isMarked = (text: string): boolean => !this.told || this.marked.has(text);

  /** Whether the program said that it is one. */
  wasMarked(text: string): boolean {
    return this.marked.has(text);
  }

  /** All texts that no message may show, of whatever resource. */
  all(): readonly string[] {
    return [...this.marked, ...this.noted].filter((text) => isHidden(text) && !this.open.has(text));
  }

  /** Whether the program gives a text in clear where nothing is secret. */
  readonly isOpen = (text: string): boolean => this.open.has(text);

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

/** The name of a shared variable is no secret, unless the program marks it. */
function isReference(text: string): boolean {
  return /^\$\{\{[\w.]+\}\}$/.test(text);
}

/** What every text is full of, no text hides; a number may be a PIN. */
function isHidden(text: string): boolean {
  return !isCommon(text) || /^\d+$/.test(text);
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const name of path) {
    if (Array.isArray(found)) found = found[Number(name)];
    else if (isRecord(found)) found = found[name];
    else return undefined;
  }
  return found;
}

/** The inputs without what stands at these paths. */
function without(inputs: Values, paths: readonly Path[]): Values {
  const left = structuredClone(inputs) as Record<string, unknown>;
  for (const path of paths) {
    const around = valueAt(left, path.slice(0, -1));
    const name = path.at(-1) ?? "";
    if (isRecord(around) || Array.isArray(around)) delete (around as Record<string, unknown>)[name];
  }
  return left;
}

/** All texts in a value, however deep. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isRecord(value) ? Object.values(value).flatMap(textsIn) : [];
}

function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}_]+/u).filter((word) => !ofSentences.has(word));
}
