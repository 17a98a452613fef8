/** Words that all of the codec shares. */

/** Variables by name. */
export type EnvMap = Readonly<Record<string, string>>;

/** Why a variable cannot be written or would fail a deployment. */
export interface EnvProblem {
  /** The variable; "" for the text as a whole. */
  readonly key: string;
  /** Goes on from the key ("holds …; do …"). Never has the value in it. */
  readonly reason: string;
  /** Set for a `${{…}}` that will not be found: the text carries it all the same, and a setting may allow it. */
  readonly reference?: true;
  /** Set for what works, though perhaps not as one thinks. */
  readonly warning?: true;
}

/** What arrives of a value: a text, something that only the server knows, or a deployment that fails. */
export type Arrival = { readonly text: string } | "unknown" | "fails";
