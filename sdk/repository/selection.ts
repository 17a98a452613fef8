import { someOf, splitNames } from "../../packages/text/names";
import type { ReadSetting } from "../../provider/settings/sources";
import { variableOf } from "../../provider/settings/table";
import { serviceClasses } from "../classes/generated/service-classes";
import { currentRun } from "../run/current-run";
import { ProgramError } from "../run/program-error";
import { resourcesIn } from "../run/stack-state";

/** The services that a run works on; all of them without `dokploy:only`. */
export type Selection = readonly string[] | undefined;

/**
 * Reads `dokploy:only` of the stack's configuration, or `DOKPLOY_ONLY`: names of services, separated by commas or blanks.
 *
 * @param configured settings as a provider or the stack's configuration has them
 * @throws ProgramError for a name that is no service of the repository, since nothing would be done then
 */
export function readSelection(
  services: readonly string[],
  configured: ReadSetting,
  environment: NodeJS.ProcessEnv,
): Selection {
  const setting = configured("only") ?? environment[variableOf("only") ?? ""];
  const names = splitNames(setting);
  if (names.length === 0 && (setting ?? "").trim() !== "") {
    throw new ProgramError(
      "dokploy:only names no service: give names separated by commas, or take the setting out for all.",
    );
  }
  if (names.length === 0) return undefined;
  const unknown = names.filter((name) => !services.includes(name));
  if (unknown.length > 0) {
    throw new ProgramError(
      `dokploy:only names ${someOf(unknown.map((name) => JSON.stringify(name)))}, and the repository has ` +
        `${someOf(services)}: correct dokploy:only, or DOKPLOY_ONLY.`,
    );
  }
  return names;
}

/** Services that the repositories of one program describe, in any of them. */
const described = new WeakMap<object, Set<string>>();

/**
 * Notes what a repository describes, so that another one of the same program knows it is no leftover.
 *
 * @throws ProgramError when another one has a service of that name: Pulumi would take them for the same resource
 */
export function describeServices(services: readonly string[]): void {
  const stack = currentRun();
  const names = described.get(stack) ?? new Set();
  described.set(stack, names);
  const twice = services.filter((name) => names.has(name));
  if (twice.length > 0) {
    throw new ProgramError(
      `Two repositories of this program have the service ${someOf(twice)}: give the folder in one of them another ` +
        "name, or each repository a stack of its own.",
    );
  }
  for (const name of services) names.add(name);
}

/**
 * Names of the services that the stack has already.
 *
 * What a program leaves out Pulumi deletes, so services that are not selected must be declared all the same; but one
 * that was never made must not be made now. Only the stack's state tells the two apart.
 *
 * @throws ProgramError when the stack has a service that the repository has no more
 */
export async function servicesInState(componentType: string): Promise<string[]> {
  const kinds: readonly string[] = Object.values(serviceClasses).map(({ name }) => name);
  const resources = await resourcesIn(componentType);
  const names = resources.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
  const known = described.get(currentRun());
  const gone = names.filter((name) => !known?.has(name));
  if (gone.length > 0) {
    throw new ProgramError(
      `The stack has ${someOf(gone)}, which the repository has no more. A run with dokploy:only leaves other services ` +
        "alone, so it cannot delete: run once without dokploy:only.",
    );
  }
  return names;
}
