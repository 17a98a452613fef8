import { isDeepStrictEqual } from "node:util";
import type { Values } from "../../packages/values";
import { identityKey, type PlanKey, type Report, separate } from "../pulumi";
import type { Step } from "./pipeline";
import type { Run } from "./run/run";

/**
 * Reports keyed hashes of all inputs of a new or changed resource, before and after, for the fingerprint of the plan. The
 * plan itself contains neither the values of secrets, nor the id that the adoption file gives a new resource, nor a value on the
 * server that it adopts.
 */
export function planFingerprint(
  key: PlanKey,
  { adoptedValues }: Pick<Run, "adoptedValues">,
  inform: Report,
): Step {
  return {
    after(answer, { handler, state, news }) {
      if (handler !== "check" || (answer.failures ?? []).length > 0) return answer;
      const { inputs, adopts } = separate(news);
      const isAdopted = adopts !== undefined && Object.keys(state).length === 0;
      const [before, after] = [given(state), given(isAdopted ? { import: adopts, ...inputs } : inputs)];
      const adopted = adoptedValues.get(String(answer.inputs?.["adopts"]));
      if (isDeepStrictEqual(before, after)) return answer;
      const identity = String(inputs[identityKey]);
      const hashes = [before, adopted === undefined ? after : { ...after, adopted }].map((values) =>
        key.shortHash("inputs", identity, values),
      );
      inform(
        "Its inputs count in the fingerprint of the plan.",
        "fingerprint",
        [identity, ...hashes].join(";"),
      );
      return answer;
    },
  };
}

/** Returns what the program gives, without what the class of the resource adds. */
function given(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith("__")));
}
