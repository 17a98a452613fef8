import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../packages/values";
import { wholeForm } from "../sdk/lookups";
import { ProgramError } from "../sdk/run";
import { type Configuration, stackConfiguration } from "./configuration";
import type { Path, Values } from "./values";

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
  const functions = require("../sdk") as unknown as Readonly<Record<string, object | undefined>>;
  // The functions look for the settings where a program has them.
  pulumi.runtime.setAllConfig(stackConfiguration(configuration));
  const look = wholeForm(functions[name] ?? {});
  if (look === undefined) {
    throw new ProgramError(`This version of pulumi-dokploy has no function ${name}: update the plugin.`);
  }
  const { result, secrets } = await look(args);
  const values = isRecord(result) ? result : { result };
  return { values: { ...values, ...secrets }, secrets: Object.keys(secrets).map((secret) => [secret]) };
}
