/** Limits for the length of single parts of the text. */
export interface Lengths {
  /** Characters of a value; longer ones are cut. */
  readonly value: number;
  /** Lines of a message, or of a comparison of texts. */
  readonly lines: number;
}

/** Amount of detail: everything at first, then less at each step until the text fits. */
export interface Detail {
  readonly lengths: Lengths;
  /** URNs of the resources whose tables are replaced by counts. */
  readonly counted: ReadonlySet<string>;
  /** Largest number of resources, and of messages of each severity. */
  readonly maxResources: number;
  readonly maxMessages: number;
}

/** Cache of texts, each made once for each length, however often the plan is rendered again to see whether it fits. */
export class Made {
  private readonly texts = new Map<unknown, Map<object, string>>();

  /** Returns the text of an item in a form, e.g. its `Lengths`, made at the first call with that same object. */
  once(form: unknown, item: object, make: () => string): string {
    const ofForm = this.texts.get(form) ?? new Map<object, string>();
    this.texts.set(form, ofForm);
    const known = ofForm.get(item);
    if (known !== undefined) return known;
    const text = make();
    ofForm.set(item, text);
    return text;
  }
}
