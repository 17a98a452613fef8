/** Attributes of a span: words of this package, names of resources, and numbers; never a value of an input. */
export type Facts = Readonly<Record<string, string | number>>;

/**
 * Runs work in a span below that of its caller. A span whose facts have an `error.type` counts as failed, and so does one whose
 * work throws.
 */
export type Span = <T>(
  name: string,
  facts: Facts,
  work: (note: (facts: Facts) => void) => Promise<T>,
) => Promise<T>;
