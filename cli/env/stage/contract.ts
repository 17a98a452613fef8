import { dirname, join } from "node:path";
import {
  type ContractFinding,
  type Contracts,
  type FileVariable,
  type FileVariables,
  filesNamed,
} from "../../../sdk/env-files";
import { isThere } from "../../../sdk/files";
import { appFileName, tagVariable, variablesBesideFiles } from "../../../sdk/repository";
import { foldersOf } from "./stage";

/** A service in a stage, whose files are below a directory. */
export interface ServiceInStage {
  readonly dir: string;
  readonly stage: string;
  readonly service: string;
}

/**
 * Checks all variables of a service against the contract next to its stage, if there is one.
 *
 * @param textOf returns the value of a variable; undefined where it is not known
 * @param leftOut names of variables that may be missing
 * @throws FileError for a contract that cannot be read
 */
export function breachesOf(
  contracts: Contracts,
  { dir, stage, service }: ServiceInStage,
  variables: FileVariables,
  textOf: (entry: FileVariable) => string | undefined,
  leftOut: Iterable<string> = [],
): ContractFinding[] {
  const files = filesNamed(service, foldersOf(dir, stage), {});
  const given = [...givenBesideFiles(join(dirname(dir), "services", service), variables, stage), ...leftOut];
  return contracts.check({ files, variables, textOf, given });
}

/** Lists the variables that a deployment repository gives a service besides its files. */
function givenBesideFiles(folder: string, variables: FileVariables, stage: string): string[] {
  const app = join(folder, appFileName);
  if (!isThere(app)) return [tagVariable];
  return [tagVariable, ...variablesBesideFiles({ folder, app }, [...variables.keys()], stage).keys()];
}
