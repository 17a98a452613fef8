import type * as pulumi from "@pulumi/pulumi";

/**
 * The inputs of a resource as its outputs: each as the program gave it, undefined where it gave none. A class has them by
 * an interface of its name, since its base class makes an output of every input.
 */
export type Outputs<T> = { readonly [K in keyof T]-?: pulumi.Output<T[K]> };

/** What Pulumi's outputs have besides what their types say. */
interface Inner {
  promise(withUnknowns: true): Promise<unknown>;
}

/**
 * Makes those outputs known that are undefined: in a preview Pulumi takes everything for unknown that the state does not
 * have, so that whatever is built from an input that nobody gives would show a false change.
 */
export function settle(resource: pulumi.Resource, names: readonly string[]): void {
  const outputs = resource as unknown as Record<string, pulumi.Output<unknown>>;
  for (const name of names) {
    const output = outputs[name];
    let settled: pulumi.Output<unknown> | undefined;
    Object.defineProperty(resource, name, {
      configurable: true,
      enumerable: true,
      get() {
        // Made when it is read: a program has many outputs, and reads few.
        settled ??= resource.urn.apply(async () => {
          const value = await (output as unknown as Inner).promise(true);
          return value === undefined ? undefined : output;
        });
        return settled;
      },
    });
  }
}
