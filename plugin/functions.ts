import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../provider/pulumi/unknown";
import { ProgramError } from "../sdk/run/program-error";
import { outputValue } from "../sdk/run/pulumi";
import { type Configuration, stackConfiguration } from "./configuration";
import type { Path, Values } from "./values";

type Look = (args: Values) => pulumi.Output<unknown>;

/**
 * Calls a function of the package by its token, e.g. `dokploy-native:index:getApplication`.
 *
 * @returns the result, one that is not an object as `result`, and the paths of its secrets
 * @throws ProgramError when there is no such function
 */
export async function callFunction(
  token: string,
  args: Values,
  configuration: Configuration,
): Promise<{ values: Values; secrets: readonly Path[] }> {
  const name = token.slice(token.lastIndexOf(":") + 1);
  const functions = require("../sdk") as unknown as Readonly<Record<string, Look | undefined>>;
  // The functions look for the settings where a program has them.
  pulumi.runtime.setAllConfig(stackConfiguration(configuration));
  const look = functions[`${name}Output`];
  if (look === undefined) {
    throw new ProgramError(`This version of pulumi-dokploy has no function ${name}: update the plugin.`);
  }
  const found = look(args);
  const value = await outputValue(found);
  const values: Values = isRecord(value) ? { ...value } : { result: value };
  const secrets: Path[] = [];
  // Each secret is a separate output, a property of the output with the result.
  for (const [name, output] of Object.entries(found)) {
    if (name.startsWith("__") || !pulumi.Output.isInstance(output)) continue;
    values[name] = await outputValue(output);
    secrets.push([name]);
  }
  return { values, secrets };
}
