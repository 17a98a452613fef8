import type { z } from "zod";
import { at, compile, inArm } from "../schema/compile";
import { pathText } from "../schema/type-problems";
import type { Step } from "./pipeline";

type Values = Record<string, unknown>;

/**
 * Key in inputs and in a state that an import has read, until a program has given inputs and an update has saved them.
 * Pulumi shows no name that begins like this.
 */
export const importedKey = "__imported";

/**
 * Removes the mark of an import from what the handlers get. The check of imported inputs, which Pulumi turns into code,
 * does not refuse that they lack inputs that Dokploy never shows.
 *
 * @param report reports these inputs, for a person who has to add them
 */
export function checkingImports(
  schema: z.ZodType,
  report: (inputs: Values, hidden: readonly string[]) => void,
): Step {
  const leaves = compile(schema, [], undefined).filter(({ writeOnly }) => writeOnly);
  return {
    before: (call) => ({ ...call, state: unmarked(call.state), news: unmarked(call.news) }),
    after(answer, { handler, news }) {
      if (handler !== "check" || !(importedKey in news)) return answer;
      const hidden = leaves
        .filter((leaf) => inArm(leaf, news) && at(news, leaf.path) === undefined)
        .map(({ path }) => pathText(path));
      if (hidden.length > 0) report(news, hidden);
      const failures = answer.failures?.filter(({ property }) => !hidden.includes(property));
      return {
        ...answer,
        inputs: { ...answer.inputs, [importedKey]: true },
        ...(failures && { failures }),
      };
    },
  };
}

function unmarked({ [importedKey]: _, ...values }: Values): Values {
  return values;
}
