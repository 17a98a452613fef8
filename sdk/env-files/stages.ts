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
