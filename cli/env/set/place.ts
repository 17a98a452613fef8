import { join } from "node:path";
import { visible } from "../../../packages/text";
import {
  baseStage,
  envFilesByName,
  type FileVariables,
  overlaid,
  readEnvFile,
  sharedService,
} from "../../../sdk/env-files";
import { isThere, listDirectory, readSource, type Source } from "../../../sdk/files";
import { servicesNextTo } from "../../stack";
import { serviceOf, stageFolder } from "../stage/stage";

/** Files of variables of one stage, and the one that changes. */
export interface Place {
  readonly service: string;
  /** The file that changes; its text is empty if it does not exist. */
  readonly source: Source;
  /** Variables in the file. */
  readonly own: FileVariables;
  /** Variables of the service in this stage, with those that every stage has. */
  readonly effective: FileVariables;
  /** Names of the services of the stage. */
  readonly others: readonly string[];
  /** Reads the variables of another service in this stage. */
  variablesOf(service: string): FileVariables;
}

/**
 * Finds the file of a service in a stage.
 *
 * @throws UsageError when there is no such stage or service; FileError when a file cannot be read
 */
export function placeOf(dir: string, stage: string, asked: string | undefined): Place {
  const folder = stageFolder(dir, stage);
  const here = filesIn(folder);
  const base = stage === baseStage ? new Map<string, string>() : filesIn(join(dir, baseStage));
  const services = servicesNextTo(dir);
  const known = [...here.keys(), ...base.keys(), ...services];
  const service = serviceOf(stage, asked === sharedService ? [...known, sharedService] : known, asked);
  const variablesOf = (name: string): FileVariables =>
    overlaid(
      [base.get(name), here.get(name)].flatMap((path) => (path === undefined ? [] : [readEnvFile(path)])),
    );
  const path = here.get(service);
  return {
    service,
    source:
      path === undefined ? { path: slashed(join(folder, `${service}.yaml`)), text: "" } : readSource(path),
    own: overlaid(path === undefined ? [] : [readEnvFile(path)]),
    effective: variablesOf(service),
    others: [...new Set(known)].filter((name) => name !== service),
    variablesOf,
  };
}

function filesIn(folder: string): Map<string, string> {
  if (!isThere(folder) || listDirectory(folder).length === 0) return new Map();
  return new Map(envFilesByName(folder, {}).map(({ name, path }) => [name, path]));
}

/** People write paths with slashes, on every system. */
function slashed(path: string): string {
  return visible(path.replaceAll("\\", "/"));
}
