import { someOf, splitNames } from "../../packages/text";
import { type ReadSetting, variableOf } from "../../provider/dokploy";
import { serviceClasses } from "../classes";
import { currentRun, ProgramError, rememberedBy, resourcesIn } from "../run";

/** Names of the services that a run works on; undefined, without `dokploy:only`, for all. */
export type Selection = readonly string[] | undefined;

/**
 * Reads `dokploy:only` of the stack's configuration, or `DOKPLOY_ONLY`: names of services, separated by commas or
 * spaces.
 *
 * @param configured reads settings of a provider or of the stack's configuration
 * @throws ProgramError for a name that is not a service of the repository, since the run would do nothing
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
      "dokploy:only names no service: give names separated by commas, or remove the setting for all.",
    );
  }
  if (names.length === 0) return undefined;
  const unknown = names.filter((name) => !services.includes(name));
  if (unknown.length > 0) {
    throw new ProgramError(
      `dokploy:only names ${someOf(unknown.map((name) => JSON.stringify(name)))}, but the repository has ` +
        `${someOf(services)}: correct dokploy:only, or DOKPLOY_ONLY.`,
    );
  }
  return names;
}

/** Services that any repository of one program describes. */
const describedIn = rememberedBy(() => new Set<string>());

/**
 * Registers the services of a repository, so that another repository of the same program does not report them as
 * removed.
 *
 * @returns the services of all repositories of the program so far; those of later ones come in addition
 * @throws ProgramError when another one has a service of that name: Pulumi would treat them as the same resource
 */
export function describeServices(services: readonly string[]): ReadonlySet<string> {
  const names = describedIn(currentRun());
  const twice = services.filter((name) => names.has(name));
  if (twice.length > 0) {
    throw new ProgramError(
      `Two repositories of this program have the service ${someOf(twice)}: give the folder in one of them another ` +
        "name, or each repository its own stack.",
    );
  }
  for (const name of services) names.add(name);
  return names;
}

/** Returns the services that the stack already has, with their kinds as files name them. */
export async function servicesOfStack(componentType: string): Promise<{ kind: string; name: string }[]> {
  const kinds = new Map(Object.entries(serviceClasses).map(([kind, { name }]) => [name, kind]));
  return (await resourcesIn(componentType)).flatMap(({ kind: title, name }) => {
    const kind = kinds.get(title);
    return kind === undefined ? [] : [{ kind, name }];
  });
}

/**
 * Returns the names of the services that the stack already has.
 *
 * Pulumi deletes everything that a program omits, so services that are not selected must still be declared. But a
 * service that never existed must not be created now. Only the stack's state distinguishes the two.
 *
 * @param formerNames former names of the services that the run works on
 * @throws ProgramError when the stack has a service that is no longer in the repository
 */
export async function servicesInState(
  componentType: string,
  formerNames: readonly string[],
): Promise<string[]> {
  const names = (await servicesOfStack(componentType)).map(({ name }) => name);
  const known = describedIn(currentRun());
  const gone = names.filter((name) => !known.has(name) && !formerNames.includes(name));
  if (gone.length > 0) {
    throw new ProgramError(
      `The stack has ${someOf(gone)}, which the repository no longer has. A run with dokploy:only leaves other ` +
        "services alone, so it cannot delete: run once without dokploy:only.",
    );
  }
  return names;
}
