/** How long single things may be. */
export interface Lengths {
  /** Values that are longer are cut. */
  readonly value: number;
  /** Lines of a message, or of a comparison of texts. */
  readonly lines: number;
}

/** How much is shown: everything to begin with, and less from step to step until the text fits. */
export interface Detail {
  readonly lengths: Lengths;
  /** URNs of the resources whose tables are counts. */
  readonly counted: ReadonlySet<string>;
  /** How many resources are shown at all, and how many messages of each sort. */
  readonly maxResources: number;
  readonly maxMessages: number;
}

/**
 * Texts that are made once for each length, however often a plan is put together anew to see whether it fits.
 */
export class Made {
  private readonly texts = new Map<unknown, Map<object, string>>();

  /**
   * @param form in which it is shown, e.g. its `Lengths`; the same object stands for the same form
   */
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
