/** Types that the whole codec shares. */

/** Variables by name. */
export type EnvMap = Readonly<Record<string, string>>;

/** Reason why a variable cannot be written or would make a deployment fail. */
export interface EnvProblem {
  /** The variable; "" for the text as a whole. */
  readonly key: string;
  /** Continues a sentence about the key ("holds …; do …"). Never contains the value. */
  readonly reason: string;
  /** Set for a `${{…}}` that will not be found: the text can still be written, and a setting may allow it. */
  readonly reference?: true;
  /** Set for a value that works, but perhaps not as expected. */
  readonly warning?: true;
}

/** Result of passing a value on: a text, a text that only the server knows, or a deployment that fails. */
export type Arrival = { readonly text: string } | "unknown" | "fails";
