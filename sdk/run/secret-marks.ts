import * as pulumi from "@pulumi/pulumi";
import { outputValue } from "./pulumi";

/** Path of a value among the inputs: `["env", "TOKEN"]`. */
type Path = readonly string[];

/**
 * Returns the paths of secret inputs. Pulumi removes the marks before it calls the handlers, which must keep secrets
 * out of logs.
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
  // An output is secret as a whole, with all values that went into it. Otherwise its value may contain outputs.
  if (pulumi.Output.isInstance(value)) {
    if (await isSecret(value)) return [path];
    return await pathsIn(await settled(outputValue(value)), path);
  }
  if (value instanceof Promise) return await pathsIn(await settled(value), path);
  if (pulumi.isUnknown(value)) return [];
  if (typeof value !== "object" || value === null || pulumi.Resource.isInstance(value)) return [];
  const found = await Promise.all(
    Object.entries(value).map(([name, inner]) => pathsIn(inner, [...path, name])),
  );
  return found.flat();
}

/** True for a secret output. If it fails, the input fails too and reports the error. */
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
