import * as pulumi from "@pulumi/pulumi";
import { meantBy } from "../../packages/text/closest";
import { readAddress, SettingsError } from "../../provider/settings/connection";
import { serverLine } from "../../provider/settings/server-line";
import { settingNames } from "../../provider/settings/table";
import { stackSources } from "./connection";
import { currentRun } from "./current-run";
import { ProgramError } from "./program-error";
import { inform, warn } from "./tell";

/**
 * Looks once in a run at the stack's configuration: at settings that nothing reads, and at where it leads.
 *
 * @throws ProgramError naming the setting that is meant, or both servers where configuration and environment disagree
 */
export function checkSettings(): void {
  checkSettingNames();
  if (isFirst(named)) nameServer();
}

const named = new WeakSet<object>();
const checked = new WeakSet<object>();

/** True once in a run. */
function isFirst(seen: WeakSet<object>): boolean {
  const run = currentRun();
  if (seen.has(run)) return false;
  seen.add(run);
  return true;
}

/**
 * Looks once in a run at settings that nothing reads. One that is misspelt is an error: without it the run would work with a
 * default, or against the server that an environment variable names. Another may be the program's own.
 *
 * @throws ProgramError naming the setting that is meant
 */
export function checkSettingNames(): void {
  if (!isFirst(checked)) return;
  const names: readonly string[] = settingNames;
  for (const key of Object.keys(pulumi.runtime.allConfig())) {
    const [, name] = /^dokploy:(.+)$/.exec(key) ?? [];
    if (name === undefined || names.includes(name)) continue;
    const meant = meantBy(name, names);
    if (meant !== undefined) {
      throw new ProgramError(
        `The stack's configuration has dokploy:${name}, which is no setting. Is dokploy:${meant} meant? Take the other out ` +
          `with \`pulumi config rm dokploy:${name}\`, and set that one.`,
      );
    }
    warn(
      `The stack's configuration has dokploy:${name}, which is no setting of this package, so that only the program itself ` +
        `can use it; settings are ${names.join(", ")}.`,
    );
  }
}

/**
 * A plan says which server it is of, also one that changes nothing and asks nothing: a changed address is what its reviewers
 * have to see.
 */
function nameServer(): void {
  try {
    const base = readAddress(stackSources());
    if (base !== undefined && pulumi.runtime.isDryRun()) inform(serverLine(base));
  } catch (error) {
    throw error instanceof SettingsError ? new ProgramError(error.message) : error;
  }
}
