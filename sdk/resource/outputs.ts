import * as pulumi from "@pulumi/pulumi";
import { hasTransforms, outputValue } from "../run";

/**
 * Inputs of a resource as its outputs: each as the program gave it, or undefined. A class gets them from an interface
 * with its name, since its base class makes an output of every input.
 */
export type Outputs<T> = { readonly [K in keyof T]-?: pulumi.Output<T[K]> };

/**
 * Returns true if a resource may have inputs that its program does not give: inputs in the state when changes are
 * ignored, or inputs of a transform. Pulumi makes outputs only for names that it gets, and each takes time, so no
 * others are named.
 */
export function mayHaveMore(options: pulumi.CustomResourceOptions | undefined): boolean {
  if ((options?.ignoreChanges?.length ?? 0) > 0 || (options?.transforms?.length ?? 0) > 0) return true;
  return hasTransforms();
}

/**
 * Makes undefined outputs known. In a preview Pulumi treats every value that the state does not have as unknown, so
 * anything built from a missing input would show a false change.
 */
export function settle(resource: pulumi.Resource, names: readonly string[]): void {
  const outputs = resource as unknown as Record<string, pulumi.Output<unknown> | undefined>;
  for (const name of names) {
    const output = outputs[name];
    let settled: pulumi.Output<unknown> | undefined;
    Object.defineProperty(resource, name, {
      configurable: true,
      enumerable: true,
      get() {
        // Made only when it is read, since a program reads few of its many outputs.
        settled ??= resource.urn.apply(async () => {
          if (output === undefined) return undefined;
          const value = await outputValue(output);
          return value === undefined ? undefined : output;
        });
        return settled;
      },
    });
  }
}

/**
 * Makes outputs (not inputs) unknown when an update leaves out the creation of their resource, as `--target` does.
 * Some versions of Pulumi's SDK then give each output as undefined, and only the id as unknown.
 */
export function knowWithId(resource: pulumi.CustomResource, names: readonly string[]): void {
  if (pulumi.runtime.isDryRun()) return;
  const outputs = resource as unknown as Record<string, pulumi.Output<unknown> | undefined>;
  const { id } = resource;
  for (const name of names) {
    const output = outputs[name];
    if (output !== undefined) Object.assign(outputs, { [name]: id.apply(() => output) });
  }
}
