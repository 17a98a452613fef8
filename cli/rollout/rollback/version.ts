import { join } from "node:path";
import { yamlLibrary } from "../../../packages/compose-checks/yaml";
import {
  baseStage,
  type FileVariables,
  overlaid,
  readEnvText,
  sharedService,
  withPresentName,
} from "../../../sdk/env-files";
import type { Source } from "../../../sdk/files";
import { appFileName, readApp } from "../../../sdk/repository";
import { nodeAt, valueAt } from "../../files";
import { configuredTag, stackFile } from "../../stack";
import { imageOwners } from "../promote/place";
import { groupsOf, ownerOf } from "../promote/together";
import { type Names, readNames } from "./names";

/** Files that say what a service runs in a stage. */
export interface Places {
  readonly service: string;
  readonly stage: string;
  /** Folder of the stages. */
  readonly dir: string;
  /** Folder of the project. */
  readonly folder: string;
  /** Configuration of the stack. */
  readonly configuration: string;
  /** Services of the stage that have one image, sorted; none where the service has its own. */
  readonly sharers: readonly string[];
  /** Service whose image it has: another one, or itself. */
  readonly owner: string;
  /** Present and former names of services. */
  readonly names: Names;
}

/** @param folder folder of the project */
export function placesOf(service: string, stage: string, stack: string, dir: string, folder: string): Places {
  const owners = imageOwners(stack, folder);
  const owner = ownerOf(service, owners);
  const [group] = groupsOf(owners, [service], [service]);
  const sharers = group === undefined ? [] : [...group.services, ...group.missing].sort();
  const configuration = slashed(join(folder, stackFile(stack)));
  const names = readNames(stack, folder);
  return { service, stage, dir, folder, configuration, sharers, owner, names };
}

/** Returns the paths of a service's files of variables in a stage, of which at most one exists. */
export function envPaths({ dir }: Places, stage: string, service: string): string[] {
  return [".yaml", ".yml", ".env"].map((extension) => slashed(join(dir, stage, service + extension)));
}

/** Returns the folders that have, or had, the files that describe a service in a deployment repository. */
export function serviceFolders({ folder, service, names }: Places): string[] {
  return [service, ...names.formerOf(service)].map((name) => slashed(join(folder, "services", name)));
}

/** Lists every path that {@link readVersion} may read. */
export function pathsOf(places: Places): string[] {
  const { service, stage, configuration, owner, names } = places;
  const env = [service, ...names.formerOf(service), sharedService].flatMap((name) =>
    [baseStage, stage].flatMap((layer) => envPaths(places, layer, name)),
  );
  const apps = [service, owner].flatMap((name) => [name, ...names.formerOf(name)]);
  return [configuration, ...new Set(apps.map((name) => appPath(places, name))), ...env];
}

/** A program without a deployment repository has no such file. */
function appPath({ folder }: Places, service: string): string {
  return slashed(join(folder, "services", service, appFileName));
}

/** Contents of the files about a service, now or at a commit. */
export interface Version {
  /** Service whose image it has, by its present name; undefined for one of its own. */
  readonly imageOf: string | undefined;
  /** The `dokploy-app.yaml` that has its image; undefined where a program describes it. */
  readonly app: Source | undefined;
  /** Tag of its image in the configuration of the stack. */
  readonly tag: string | undefined;
  /** The service's own variables in the stage, in the file as it was; undefined without such a file. */
  readonly own: Source | undefined;
  /** The variables of that file; none without it. */
  readonly ownVariables: FileVariables;
  /** Variables that every stage has. */
  readonly base: FileVariables | undefined;
  /** All its variables; undefined when it has no file of variables. */
  readonly variables: FileVariables | undefined;
  /** Variables that all services share. */
  readonly shared: FileVariables;
  readonly configuration: Source;
  /** Returns the encrypted value of a setting, by its full name. */
  sealed(setting: string): string | undefined;
  /** Facts on which the encryption of the stack depends; equal ones can decrypt the same values. */
  readonly encryption: string;
}

/**
 * Reads what files say about a service. Files of a commit have the names that services had then: of several names, the
 * service had the last former one that they describe.
 *
 * @param read returns a file; undefined when it does not exist
 * @throws FileError when a file cannot be understood
 */
export function readVersion(places: Places, read: (path: string) => Source | undefined): Version {
  const { service, stage, names } = places;
  const appOf = (name: string) => read(appPath(places, name));
  const then = (name: string) => names.formerOf(name).find((former) => appOf(former) !== undefined) ?? name;
  const name = then(service);
  const app = appOf(name);
  const imageOf = app?.text.includes("imageOf") ? readApp(app, [stage], () => "").imageOf?.name : undefined;
  const owner = imageOf === undefined ? undefined : (names.present.get(imageOf) ?? imageOf);
  const configuration = read(places.configuration) ?? { path: places.configuration, text: "" };
  const fileOf = (layer: string, of: string) =>
    envPaths(places, layer, of)
      .map(read)
      .find((source) => source !== undefined);
  const layersOf = (of: string) => [baseStage, stage].map((layer) => fileOf(layer, of));
  const [base, own] = layersOf(name);
  const encryption = ["secretsprovider", "encryptedkey", "encryptionsalt"].map((key) =>
    valueAt(configuration, [key]),
  );
  return {
    imageOf: owner,
    app: imageOf === undefined ? app : appOf(imageOf),
    tag: configuredTag(configuration, imageOf ?? name),
    own,
    ownVariables: named(variablesIn([own]), names),
    base: base && named(variablesIn([base]), names),
    variables: base === undefined && own === undefined ? undefined : named(variablesIn([base, own]), names),
    shared: variablesIn(layersOf(sharedService)),
    configuration,
    sealed(setting) {
      const node = nodeAt(configuration, ["config", setting, "secure"]);
      return yamlLibrary().isScalar(node) && typeof node.value === "string" ? node.value : undefined;
    },
    encryption: JSON.stringify(encryption),
  };
}

/** Reads variables; those of a later file override those of an earlier one. */
export function variablesIn(sources: readonly (Source | undefined)[]): FileVariables {
  return overlaid(sources.map((source) => (source === undefined ? [] : readEnvText(source))));
}

/** Returns variables whose values name services as they are called now. A variable goes before a service of its name. */
function named(variables: FileVariables, { present }: Names): FileVariables {
  const services = new Map([...present].filter(([name]) => !variables.has(name)));
  return new Map(
    [...variables].map(([key, entry]) => [key, { ...entry, value: withPresentName(entry.value, services) }]),
  );
}

/** People and git write paths with slashes, on every system. */
function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
