import { dirname, join } from "node:path";
import { inWords, visible } from "../../../packages/text";
import {
  type ContractFinding,
  type Contracts,
  type FileVariable,
  type FileVariables,
  filesNamed,
  type Rule,
  stagesIn,
} from "../../../sdk/env-files";
import { isThere } from "../../../sdk/files";
import { appFileName, type BesideFiles, tagVariable, variablesBesideFiles } from "../../../sdk/repository";
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
  return [tagVariable, ...besideFiles(folder, [...variables.keys()], stage).keys()];
}

function besideFiles(folder: string, own: readonly string[], stage: string): Map<string, BesideFiles> {
  const app = join(folder, appFileName);
  return isThere(app) ? variablesBesideFiles({ folder, app }, own, stage) : new Map();
}

/** Returns rules for the addresses of other services that a deployment repository gives a service in some stages. */
export function addressRules(dir: string, service: string): Rule[] {
  const stages = stagesIn(dir, {});
  const found = new Map<string, { readonly names: Set<string>; readonly in: string[] }>();
  for (const stage of stages) {
    for (const [key, { addressOf }] of besideFiles(join(dirname(dir), "services", service), [], stage)) {
      if (addressOf === undefined) continue;
      const known = found.get(key) ?? { names: new Set(), in: [] };
      found.set(key, known);
      known.names.add(addressOf);
      known.in.push(stage);
    }
  }
  return [...found].map(([key, { names, in: having }]) => ({
    key,
    type: "url",
    secret: true,
    required: having.length === stages.length || having,
    description: `Address of ${inWords([...names].map(visible), "or")}, which each deployment gives`,
    offset: 0,
  }));
}
