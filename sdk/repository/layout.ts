import { join } from "node:path";
import { someOf } from "../../packages/text/names";
import { visible } from "../../packages/text/visible";
import { envFilesByName } from "../env-files/layers";
import { FileError, isDirectory, isThere, listDirectory, type ReadOptions } from "../files/source";

/**
 * Where things are in a deployment repository:
 *
 * ```
 * services/<service>/dokploy-app.yaml   what the service is
 * envs/base/<service>.yaml              its variables in every stage (optional)
 * envs/<stage>/<service>.yaml           its variables in one stage
 * envs/<stage>/shared.yaml              variables that services refer to as ${{environment.NAME}}
 * ```
 */
export interface Layout {
  readonly services: readonly ServiceFiles[];
  /** Files of the variables that all services share, the general one first. */
  readonly shared: readonly string[];
  /** Names of the stages that have variables. */
  readonly stages: readonly string[];
  /** Files of variables that belong to no service. */
  readonly orphans: readonly string[];
}

export interface ServiceFiles {
  /** Name of its folder: also that of the service in Dokploy, and of its files of variables. */
  readonly name: string;
  readonly folder: string;
  /** Its `dokploy-app.yaml`. */
  readonly app: string;
  /** Files of its variables, the general one first; later ones win. */
  readonly variables: readonly string[];
}

export const appFileName = "dokploy-app.yaml";
const sharedName = "shared";
/** What `dokploy:only`, paths of the configuration and shells take as one word, and no option. */
const serviceName = /^[A-Za-z0-9][\w.-]*$/;
const baseStage = "base";

export interface LayoutOptions extends ReadOptions {
  /** Whether the program names the stage. Default: it is the name of the stack. */
  readonly isNamed?: boolean;
}

/**
 * Looks around in a repository.
 *
 * @throws FileError when there are no services, a folder of `services` has no `dokploy-app.yaml`, or there are
 * variables of stages but none of this one
 */
export function readLayout(directory: string, stage: string, options: LayoutOptions = {}): Layout {
  const servicesFolder = join(directory, "services");
  const envsFolder = join(directory, "envs");
  const stages = isThere(envsFolder)
    ? listDirectory(envsFolder, options).filter((name) => name !== baseStage)
    : [];
  if (stage === baseStage || (stages.length > 0 && !stages.includes(stage))) {
    throw new FileError(
      `${visible(join(envsFolder, stage))}: ${stage === baseStage ? `"${baseStage}" stands for all stages` : "there is no such folder, so the stage has no variables"}; ` +
        `${options.isNamed === true ? "the input stage names one of" : "stages are named as the stacks"}: ${someOf(stages.map(visible))}`,
    );
  }
  const files = [baseStage, stage]
    .map((name) => join(envsFolder, name))
    .filter(isThere)
    .flatMap((folder) => envFilesByName(folder, options));
  const filesOf = (name: string) => files.filter((file) => file.name === name).map((file) => file.path);

  const services = listDirectory(servicesFolder, options)
    .map((name) => ({ name, folder: join(servicesFolder, name) }))
    .filter(({ folder }) => isDirectory(folder, options))
    .map(({ name, folder }) => ({
      name,
      folder,
      app: join(folder, appFileName),
      variables: filesOf(name),
    }));
  const problems = services.flatMap(({ name, folder, app }) => {
    if (name === sharedName)
      return [`${visible(folder)}: "${sharedName}" is the name of the variables that services share`];
    if (!serviceName.test(name)) {
      const reason = "is no name of a service; use letters, digits, _ . and -, with a letter or digit first";
      return [`"${visible(folder)}": ${reason}`];
    }
    // Maps by the names of services are objects of the program, for one `services`, and have these already.
    if (name in Object.prototype) {
      return [`${visible(folder)}: is a name that every object of JavaScript has; choose another`];
    }
    return isThere(app)
      ? []
      : [`${visible(folder)}: has no ${appFileName}; add one, or move the folder elsewhere`];
  });
  if (services.length === 0)
    problems.push(`${servicesFolder}: has no services; add <service>/${appFileName}`);
  if (problems.length > 0) throw new FileError(problems.join("\n"));

  const known = new Set([sharedName, ...services.map(({ name }) => name)]);
  return {
    services,
    shared: filesOf(sharedName),
    stages,
    orphans: files.filter(({ name }) => !known.has(name)).map((file) => file.path),
  };
}
