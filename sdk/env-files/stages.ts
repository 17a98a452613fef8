import { type ReadSetting, variableOf } from "../../provider/dokploy";

/** Name of the stage of previews: of a folder in `envs`, of values in `stages`, and of the stack that has their secrets. */
export const previewStage = "preview";

/**
 * True for the name of a stage or stack that customers use: one with the word `prod`, `prd`, `production` or `live`, which
 * may have a number at its end.
 *
 * @example
 * isProduction("prod-eu") // true
 * isProduction("prod2") // true
 * isProduction("delivery") // false
 */
export function isProduction(stage: string): boolean {
  return stage.split(/[-_.]/).some((word) => /^(?:prod|prd|production|live)\d*$/i.test(word));
}

/**
 * Returns the number of the pull request whose preview a run deploys, or its branch, as it is written; undefined for a run
 * that deploys none.
 *
 * @param configured reads settings of a provider or of the stack's configuration
 */
export function previewSetting(
  name: "preview" | "previewBranch",
  configured: ReadSetting,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  return configured(name)?.trim() || environment[variableOf(name) ?? ""]?.trim() || undefined;
}
