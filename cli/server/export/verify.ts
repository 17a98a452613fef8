import { visible } from "../../../packages/text";
import { UserError } from "../../../provider/errors";
import { exportedSetting } from "../../../sdk/env-files";
import { readPreview, type Plan as Summary, planOf as summaryOf } from "../../plan";
import { StackSetup } from "../../stack";
import { HIDDEN } from "./fitting";
import type { Options } from "./options";
import type { Plan } from "./plan";
import { type Secrets, variableOf } from "./secrets";
import { exportedText } from "./store";

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
  const text =
    options.secrets === "env"
      ? await stack.preview(variablesFor(secrets))
      : await withConfiguration(secrets, stack, (complete) => complete.preview({}));
  const summary = summaryOf(readPreview(text));
  const changing = changesIn(summary);
  if (changing.length > 0)
    throw new UserError(
      `The preview ${summary.failed ? "fails" : "shows changes"}:\n${changing.map((line) => `  ${line}`).join("\n")}`,
    );
  const count = summary.resources.length;
  return `Verified by a preview: ${count} to adopt, 0 changes, 0 writing calls, 0 deployments.`;
}

/** Returns the environment variables of a program; those of the process go first. */
function variablesFor({ values, missing }: Secrets): Record<string, string> {
  const given = [...values].map(([name, value]) => [variableOf(name), value] as const);
  const hidden = missing.map(variableOf).map((name) => [name, process.env[name] ?? HIDDEN] as const);
  return Object.fromEntries([...given, ...hidden]);
}

/** Runs a command with a copy of the configuration, which also has the secrets that a person has yet to give. */
async function withConfiguration<T>(
  { values, missing }: Secrets,
  stack: StackSetup,
  use: (stack: StackSetup) => Promise<T>,
): Promise<T> {
  if (missing.length === 0) return await use(stack);
  return await stack.withCopy(async (copy) => {
    const all = new Map([...missing.map((secret) => [secret, HIDDEN] as const), ...values]);
    await copy.store(exportedSetting, exportedText(all));
    return await use(copy);
  });
}

/** Returns everything of a plan that is not an adoption without a change. */
function changesIn({ failed, errors, resources, others }: Summary): string[] {
  const named = resources
    .filter(({ unchangedAdoption }) => !unchangedAdoption)
    .map(({ kind, name, operation }) => `${kind} ${visible(name)}: ${operation}`);
  const further = others.map(({ type, name }) => `${visible(type)} ${visible(name)}`);
  const reasons = errors.map(({ text }) => visible(text.replace(/\s+/g, " ")));
  const isSilent = failed && reasons.length === 0;
  return [...named, ...further, ...reasons, ...(isSilent ? ["the preview failed"] : [])];
}
