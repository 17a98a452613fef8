import { visible } from "../../../packages/text";
import { containsUnknown, type Values } from "../../../packages/values";
import { DokployError } from "../../dokploy";
import type { Model } from "../../engine";
import { CheckFailedError } from "../../errors";
import type { Context, Entity } from "../../lifecycle";

/** The way in which Dokploy tests objects of a kind, with inputs that are not saved yet. */
export interface Trial {
  readonly kind: string;
  /** Inputs for the test, which runs only when one of them changes, and all of them are known. */
  readonly inputs: readonly string[];
  /** The input at which the problem is reported. */
  readonly at: string;
  /** Asks Dokploy to test it, with the columns that a creation would send. */
  ask(api: Context["api"], columns: Values): Promise<unknown>;
  /** Reason for a skipped test when no response came in time. */
  readonly late: string;
  /** Matches the text before the reason in Dokploy's error. */
  readonly prefix?: RegExp;
  /** Advice by Dokploy's error, for the person who has to fix it. */
  readonly hints: readonly (readonly [says: RegExp, hint: string])[];
}

/**
 * Returns a check that lets Dokploy test an object before it is saved, unless `testConnection` is false. If the key
 * may not ask, or no response comes in time, the check only warns.
 *
 * @returns the `preview` of an entity, which throws CheckFailedError with Dokploy's error
 */
export function tries(trial: Trial): (model: Model) => NonNullable<Entity<Values, never>["preview"]> {
  return (model) =>
    async (inputs, context, { changes }) => {
      const isChanged = changes.some(({ input }) => trial.inputs.includes(input));
      if (inputs["testConnection"] === false || !isChanged) return [];
      if (trial.inputs.some((name) => containsUnknown(inputs[name]))) return [];
      try {
        await trial.ask(context.api, await model.creation(inputs, context));
        return [];
      } catch (error) {
        if (!(error instanceof DokployError)) throw error;
        if (error.kind === "forbidden" || error.kind === "timeout") {
          const why = error.kind === "timeout" ? trial.late : "the API key lacks the permission";
          const label = `${trial.kind} ${visible(String(inputs["name"]))}`;
          context.inform(`${label} was not tested: ${why}.`, "unchecked");
          return [];
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
    `cannot be used as it is given${hint === undefined ? "" : `: ${hint}`}. Dokploy said: ${visible(said)}. To ` +
    "save it anyway, set testConnection: false"
  );
}
