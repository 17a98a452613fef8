import * as pulumi from "@pulumi/pulumi";

/**
 * The inputs of a resource as its outputs: each as the program gave it, undefined where it gave none. A class has them by
 * an interface of its name, since its base class makes an output of every input.
 */
export type Outputs<T> = { readonly [K in keyof T]-?: pulumi.Output<T[K]> };

/** What Pulumi's outputs have besides what their types say. */
interface Inner {
  promise(withUnknowns: true): Promise<unknown>;
}

/** Pulumi's own module of that name, of which the types say nothing. */
interface RuntimeState {
  getStore(): { callbacks?: unknown };
}

/**
 * Whether a resource may have inputs that its program does not give: those of the state, where changes are ignored, or of a
 * transform. Pulumi makes outputs only of what is named to it, and each takes time, so nothing else is.
 */
export function mayHaveMore(options: pulumi.CustomResourceOptions | undefined): boolean {
  if ((options?.ignoreChanges?.length ?? 0) > 0 || (options?.transforms?.length ?? 0) > 0) return true;
  try {
    const { getStore } = require("@pulumi/pulumi/runtime/state") as RuntimeState;
    // There once the program has registered a transform for all resources, and no way asks without making it.
    return getStore().callbacks !== undefined;
  } catch {
    return true;
  }
}

/**
 * Makes those outputs known that are undefined: in a preview Pulumi takes everything for unknown that the state does not
 * have, so that whatever is built from an input that nobody gives would show a false change.
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
        // Made when it is read: a program has many outputs, and reads few.
        settled ??= resource.urn.apply(async () => {
          if (output === undefined) return undefined;
          const value = await (output as unknown as Inner).promise(true);
          return value === undefined ? undefined : output;
        });
        return settled;
      },
    });
  }
}

/**
 * Makes outputs unknown in an update that leaves the making of their resource out, as `--target` does. Some versions of Pulumi's
 * SDK then give each as undefined, and the id alone as unknown.
 *
 * @param names of what the resource has beside its inputs
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
