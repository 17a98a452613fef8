import * as pulumi from "@pulumi/pulumi";
import { meantBy } from "../../packages/text";
import {
  keyOfStackInCi,
  readAddress,
  SettingsError,
  serverNotice,
  settingNames,
} from "../../provider/dokploy";
import { stackSources } from "./connection";
import { currentRun, rememberedBy } from "./current-run";
import { inform, warn } from "./diagnostics";
import { pluginSetting } from "./plugin";
import { ProgramError } from "./program-error";

/**
 * Checks the stack's configuration once in a run: its unused settings, the server that it names, and whose key CI uses.
 *
 * @throws ProgramError naming the setting that was meant, or both servers where configuration and environment disagree
 */
export function checkSettings(): void {
  checkSettingNames();
  if (!isFirst("server")) return;
  nameServer();
  const key = keyOfStackInCi(stackSources());
  if (key !== undefined) warn(key, "advice");
}

const doneIn = rememberedBy(() => new Set<string>());

/** Returns true once in a run. */
function isFirst(what: "server" | "names"): boolean {
  const done = doneIn(currentRun());
  return !done.has(what) && done.add(what).has(what);
}

/**
 * Checks once in a run for settings that nothing reads. A misspelt one is an error: without it the run would use a
 * default, or the server that an environment variable names. Any other may belong to the program.
 *
 * @throws ProgramError naming the setting that was meant
 */
export function checkSettingNames(): void {
  if (!isFirst("names")) return;
  const names: readonly string[] = settingNames;
  for (const key of Object.keys(pulumi.runtime.allConfig())) {
    const [, name] = /^dokploy:(.+)$/.exec(key) ?? [];
    if (name === undefined || name === pluginSetting || names.includes(name)) continue;
    const meant = meantBy(name, names);
    if (meant !== undefined) {
      throw new ProgramError(
        `The stack's configuration has dokploy:${name}, which is not a setting. Is dokploy:${meant} meant? Remove ` +
          `the wrong one with \`pulumi config rm dokploy:${name}\`, and set that one.`,
      );
    }
    warn(
      `The stack's configuration has dokploy:${name}, which is not a setting of this package, so only the program ` +
        `itself can use it; settings are ${names.join(", ")}.`,
      "unknown-setting",
    );
  }
}

/** Reports the server in every plan, even one without changes or calls, because reviewers must see a changed address. */
function nameServer(): void {
  try {
    const base = readAddress(stackSources());
    if (base !== undefined && pulumi.runtime.isDryRun()) inform(...serverNotice(base));
  } catch (error) {
    throw error instanceof SettingsError ? new ProgramError(error.message) : error;
  }
}
