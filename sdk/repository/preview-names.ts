/** Name of the file with the rules for the previews of pull requests. */
export const previewsFileName = "dokploy-previews.yaml";

export { previewStage } from "../env-files";

/** Returns the name of the stack of a preview. */
export function previewStack(number: string): string {
  return `pr-${number}`;
}

/**
 * Returns the name of a volume in a preview. It has the project's name, since another repository on the same server may
 * have a pull request of this number.
 */
export function previewVolume(project: string, number: string, name: string): string {
  return `${project}-pr-${number}-${name}`;
}

/** Name of the schedule that holds the seed of a service. */
export const seedName = "seed";
