import { UserError } from "../../../provider/errors";
import { exportedSetting } from "../../../sdk/env-files";
import { StackSetup } from "../../stack";
import type { Options } from "./options";
import type { Plan } from "./plan";

/** Secrets by their full names. */
export type SecretValues = ReadonlyMap<string, string>;

/**
 * Stores settings and secrets in the configuration of the stack, which is created unless it exists. All secrets are one
 * setting, so that one call of the CLI is enough, and reach it by its standard input.
 *
 * @param former secrets that an earlier export stored there, which stay
 * @throws UserError that also explains what to do with the files, which exist by now
 */
export async function store(
  { secrets, settings }: Plan,
  options: Options,
  former: SecretValues,
): Promise<void> {
  if (options.secrets !== "config") return;
  const stack = new StackSetup(options.missing ? "." : options.directory, options.stack);
  try {
    if (!options.missing) await stack.select();
    await stack.set(settings);
    const all = new Map([...former, ...secrets.values]);
    if (secrets.values.size > 0) await stack.store(exportedSetting, exportedText(all));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${error.message}\nThe files are written, but the secrets are not complete: run the command again with --force.`,
    );
  }
}

/** Returns the value of the setting: JSON with an object for each resource. */
export function exportedText(secrets: SecretValues): string {
  const groups = new Map<string, Record<string, string>>();
  for (const [fullName, value] of secrets) {
    const dot = fullName.indexOf(".");
    const group = groups.get(fullName.slice(0, dot)) ?? {};
    groups.set(fullName.slice(0, dot), { ...group, [fullName.slice(dot + 1)]: value });
  }
  return JSON.stringify(Object.fromEntries(groups));
}
