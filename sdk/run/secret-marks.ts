import * as pulumi from "@pulumi/pulumi";

/** What Pulumi's outputs have besides what their types say. */
interface Inner {
  promise(withUnknowns: true): Promise<unknown>;
}

/** Where a value stands among the inputs: `["env", "TOKEN"]`. */
type Path = readonly string[];

/**
 * The paths of the inputs that are secret. Pulumi takes the marks off before it calls the handlers, which have to know what
 * no log may show.
 *
 * @param also names of inputs that the option `additionalSecretOutputs` makes secret
 */
export async function secretPaths(inputs: object, also: readonly string[] = []): Promise<Path[]> {
  const found = await Promise.all(
    Object.entries(inputs).map(([name, value]) => (also.includes(name) ? [[name]] : pathsIn(value, [name]))),
  );
  return found.flat();
}

async function pathsIn(value: unknown, path: Path): Promise<Path[]> {
  // An output is secret as a whole, with all that went into it; or what `apply` gave has outputs in it.
  if (pulumi.Output.isInstance(value)) {
    if (await isSecret(value)) return [path];
    return await pathsIn(await settled((value as unknown as Inner).promise(true)), path);
  }
  if (value instanceof Promise) return await pathsIn(await settled(value), path);
  if (pulumi.isUnknown(value)) return [];
  if (typeof value !== "object" || value === null || pulumi.Resource.isInstance(value)) return [];
  const found = await Promise.all(
    Object.entries(value).map(([name, inner]) => pathsIn(inner, [...path, name])),
  );
  return found.flat();
}

/** What fails here fails in the input itself as well, which tells it. */
async function isSecret(output: pulumi.Output<unknown>): Promise<boolean> {
  try {
    return await pulumi.isSecret(output);
  } catch {
    return true;
  }
}

async function settled(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch {
    return undefined;
  }
}
