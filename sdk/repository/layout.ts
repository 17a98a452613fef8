import { join } from "node:path";
import { someOf, visible } from "../../packages/text";
import { baseStage, Contracts, envFilesByName, filesNamed, sharedService, stagesIn } from "../env-files";
import { FileError, isDirectory, isThere, listDirectory, type Reading } from "../files";

/** Files of a deployment repository, as `DeploymentRepository` describes them. */
export interface Layout {
  readonly services: readonly ServiceFiles[];
  /** Names of services that this run has nothing to do with. */
  readonly leftOut: readonly string[];
  /** Files of the variables that all services share. */
  readonly shared: VariableFiles;
  /** Stages whose variables and values apply; later ones override earlier ones. */
  readonly applied: readonly string[];
  /** Names of the stages that have variables. */
  readonly stages: readonly string[];
  /** Files of variables that belong to no service. */
  readonly orphans: readonly string[];
  /** The contract for the variables. */
  readonly contracts: Contracts;
}

/** Files of variables. */
export interface VariableFiles {
  /** Files that exist, those of every stage first; later ones win. */
  readonly variables: readonly string[];
  /** File of the stage, which may be missing. */
  readonly stageFile: string;
}

/** Files of one service. */
export interface ServiceFiles extends VariableFiles {
  /** Name of its folder, which is also the name of the service in Dokploy and of its files of variables. */
  readonly name: string;
  readonly folder: string;
  /** Path of its `dokploy-app.yaml`. */
  readonly app: string;
}

export const appFileName = "dokploy-app.yaml";
/** Matches names that `dokploy:only`, paths of the configuration and shells read as one word, and not as an option. */
export const serviceName = /^[A-Za-z0-9][\w.-]*$/;

/** Options for reading a layout. */
export interface LayoutOptions extends Reading {
  /** Source of the stage's name, for errors. Default: the stack. */
  readonly namedBy?: string | undefined;
  /** Another stage, whose variables and values override those of the stage, if it has any. */
  readonly over?: string | undefined;
  /** Names of the services to read. Default: all. */
  readonly only?: readonly string[] | undefined;
}

/**
 * Reads the layout of a repository.
 *
 * @throws FileError when it has no services, a folder of `services` has no `dokploy-app.yaml`, or other stages have
 * variables and this one has none
 */
export function readLayout(directory: string, stage: string, options: LayoutOptions = {}): Layout {
  const servicesFolder = join(directory, "services");
  const envsFolder = join(directory, "envs");
  const stages = isThere(envsFolder) ? stagesIn(envsFolder, options) : [];
  if (stage === baseStage || (stages.length > 0 && !stages.includes(stage))) {
    const isBase = stage === baseStage;
    const { namedBy } = options;
    throw new FileError(
      `${visible(join(envsFolder, stage))}: ` +
        `${isBase ? `"${baseStage}" applies to all stages` : "there is no such folder, so the stage has no variables"}; ` +
        `${namedBy === undefined ? "the stages have the names of the stacks" : `${namedBy} names one of`}: ${someOf(stages.map(visible))}` +
        `${isBase || namedBy !== undefined ? "" : "; for a new stage, copy the folder of another one"}`,
    );
  }
  const applied = [...new Set([stage, options.over ?? stage])];
  const files = [baseStage, ...applied]
    .map((name) => ({ name, folder: join(envsFolder, name) }))
    .filter(({ folder }) => isThere(folder))
    .flatMap(({ name, folder }) => {
      const isFirst = stages.length === 1;
      // Copied variables of a stage would be those of every preview.
      const advice =
        isFirst || name !== stage ? "put .yaml or .env files there" : "copy the folder of another stage";
      const isStage = name !== baseStage;
      const empty = `contains no files with variables of the stage ${visible(name)}; ${advice}`;
      return envFilesByName(folder, options, isStage ? empty : undefined);
    });
  const filesOf = (name: string): VariableFiles => {
    const variables = files.filter((file) => file.name === name).map((file) => file.path);
    const [stageFile = ""] = filesNamed(name, [join(envsFolder, stage)], options);
    return { variables, stageFile };
  };

  const services = listDirectory(servicesFolder, options)
    .map((name) => ({ name, folder: join(servicesFolder, name) }))
    .filter(({ folder }) => isDirectory(folder, options))
    .map(({ name, folder }) => ({
      name,
      folder,
      app: join(folder, appFileName),
      ...filesOf(name),
    }));
  const problems = services.flatMap(({ name, folder, app }) => {
    if (name === sharedService)
      return [`${visible(folder)}: "${sharedService}" is the name of the variables that services share`];
    if (!serviceName.test(name)) {
      const reason =
        "is not a name of a service; use letters, digits, _ . and -, with a letter or digit first";
      return [`"${visible(folder)}": ${reason}`];
    }
    // Services become keys of objects in the program, such as `services`, and every object already has these keys.
    if (name in Object.prototype) {
      return [`${visible(folder)}: is a name that every JavaScript object has; choose another`];
    }
    return isThere(app)
      ? []
      : [`${visible(folder)}: has no ${appFileName}; add one, or move the folder elsewhere`];
  });
  if (services.length === 0)
    problems.push(`${servicesFolder}: has no services; add <service>/${appFileName}`);
  if (problems.length > 0) throw new FileError(problems.join("\n"));

  const known = new Set([sharedService, ...services.map(({ name }) => name)]);
  const isRead = ({ name }: ServiceFiles) => options.only?.includes(name) ?? true;
  return {
    services: services.filter(isRead),
    leftOut: services.filter((service) => !isRead(service)).map(({ name }) => name),
    shared: filesOf(sharedService),
    applied,
    stages,
    contracts: new Contracts(options),
    orphans: files.filter(({ name }) => !known.has(name)).map((file) => file.path),
  };
}
