import { visible } from "../../packages/text/visible";
import { DokployError } from "../dokploy/errors";
import { CheckFailedError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import { containsUnknown } from "../pulumi/unknown";

type Values = Readonly<Record<string, unknown>>;

/** How Dokploy tries objects of a kind, with inputs that are not saved yet. */
export interface Trial {
  readonly kind: string;
  /** Inputs that it is tried with: only where one of them changes, and once all of them are known. */
  readonly inputs: readonly string[];
  /** The input that the problem stands at. */
  readonly at: string;
  /** Asks Dokploy to try it, with the columns that a creation would send. */
  ask(api: Context["api"], columns: Values): Promise<unknown>;
  /** Why it was not tried when no answer came in time. */
  readonly late: string;
  /** What stands before the reason in what Dokploy says. */
  readonly prefix?: RegExp;
  /** What Dokploy says of it, by what that means for whoever has to put it right. */
  readonly hints: readonly (readonly [says: RegExp, hint: string])[];
}

/**
 * Has Dokploy try what is going to be saved, unless `testConnection` is false. That a key may not ask, or that no answer came in
 * time, is told and stops nothing.
 *
 * @returns what a plan looks at: `look` of a spec
 * @throws CheckFailedError with what Dokploy said
 */
export function tries(
  trial: Trial,
): (
  inputs: Values,
  changed: ReadonlySet<string>,
  context: Pick<Context, "api" | "inform">,
  columns: () => Values,
) => Promise<void> {
  return async (inputs, changed, { api, inform }, columns) => {
    if (inputs["testConnection"] === false || !trial.inputs.some((name) => changed.has(name))) return;
    if (trial.inputs.some((name) => containsUnknown(inputs[name]))) return;
    try {
      await trial.ask(api, columns());
    } catch (error) {
      if (!(error instanceof DokployError)) throw error;
      if (error.kind === "forbidden" || error.kind === "timeout") {
        const why = error.kind === "timeout" ? trial.late : "the API key may not";
        inform(`${trial.kind} ${visible(String(inputs["name"]))} was not tried: ${why}.`);
        return;
      }
      if (error.kind !== "invalid") throw error;
      throw new CheckFailedError([{ property: trial.at, reason: refused(error, trial) }]);
    }
  };
}

function refused(error: DokployError, { prefix = /^/, hints }: Trial): string {
  const said = (error.said ?? error.message).replace(prefix, "").replace(/\.$/, "");
  const [, hint] = hints.find(([says]) => says.test(said)) ?? [];
  return (
    `cannot be used as it is given${hint === undefined ? "" : `: ${hint}`}. Dokploy said: ${visible(said)}. ` +
    "To save it all the same, give testConnection: false"
  );
}
