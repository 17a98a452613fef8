import { visible } from "../../packages/text/visible";
import { UserError } from "../../provider/errors/problem";
import { type Plan as Summary, planOf as summaryOf } from "../plan/model";
import { readPreview } from "../plan/preview";
import type { Options } from "./options";
import type { Plan } from "./plan";
import { variableOf } from "./secrets";
import { StackSetup } from "./stack-setup";

/**
 * Proves by a preview that the program adopts everything and changes nothing.
 *
 * @returns the sentence for the report
 * @throws UserError with everything that would change
 */
export async function verify({ secrets }: Plan, options: Options): Promise<string> {
  const stack = new StackSetup(options.directory, options.stack);
  await stack.select();
  await stack.install();
  const given = [...secrets.values].map(([name, value]) => [variableOf(name), value] as const);
  const text = await stack.preview(options.secrets === "env" ? Object.fromEntries(given) : {});
  const summary = summaryOf(readPreview(text));
  const changing = changesIn(summary);
  if (changing.length > 0)
    throw new UserError(`The preview shows changes:\n${changing.map((line) => `  ${line}`).join("\n")}`);
  const count = summary.resources.length;
  return `Verified by a preview: ${count} to adopt, 0 changes, 0 writing calls, 0 deployments.`;
}

/** Returns everything of a plan that is not an adoption without a change. */
function changesIn({ failed, errors, resources, others }: Summary): string[] {
  const named = resources
    .filter(({ unchangedAdoption }) => !unchangedAdoption)
    .map(({ kind, name, operation }) => `${kind} ${visible(name)}: ${operation}`);
  const further = others.map(({ type, name }) => `${visible(type)} ${visible(name)}`);
  const reasons = errors.map(({ text }) => visible(text));
  const isSilent = failed && reasons.length === 0;
  return [...named, ...further, ...reasons, ...(isSilent ? ["the preview failed"] : [])];
}
