/** Name of the file with the rules for the previews of pull requests. */
export const previewsFileName = "dokploy-previews.yaml";

/** Name of the folder in `envs`, and of the values in `stages`, that apply to previews only. */
export const previewStage = "preview";

/** Returns the name of the stack of a preview. */
export function previewStack(number: string): string {
  return `pr-${number}`;
}

/** Name of the schedule that holds the seed of a service. */
export const seedName = "seed";
