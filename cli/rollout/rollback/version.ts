import { join } from "node:path";
import { yamlLibrary } from "../../../packages/compose-checks/yaml";
import { baseStage, type FileVariables, overlaid, readEnvText, sharedService } from "../../../sdk/env-files";
import type { Source } from "../../../sdk/files";
import { appFileName, readApp } from "../../../sdk/repository";
import { nodeAt, valueAt } from "../../files";
import { configuredTag, stackFile } from "../../stack";
import { imageOwners } from "../promote/place";
import { groupsOf, ownerOf } from "../promote/together";

/** Files that say what a service runs in a stage. */
export interface Places {
  readonly service: string;
  readonly stage: string;
  /** Folder of the stages. */
  readonly dir: string;
  /** Configuration of the stack. */
  readonly configuration: string;
  /** The `dokploy-app.yaml` of the service, which a program without a deployment repository does not have. */
  readonly app: string;
  /** Services of the stage that have one image, sorted; none where the service has its own. */
  readonly sharers: readonly string[];
  /** Service whose image it has: another one, or itself. */
  readonly owner: string;
  /** The `dokploy-app.yaml` of that service. */
  readonly ownerApp: string;
}

/** @param folder folder of the project */
export function placesOf(service: string, stage: string, stack: string, dir: string, folder: string): Places {
  const appOf = (name: string) => slashed(join(folder, "services", name, appFileName));
  const owners = imageOwners(stack, folder);
  const owner = ownerOf(service, owners);
  const [group] = groupsOf(owners, [service], [service]);
  const sharers = group === undefined ? [] : [...group.services, ...group.missing].sort();
  const configuration = slashed(join(folder, stackFile(stack)));
  return { service, stage, dir, configuration, app: appOf(service), sharers, owner, ownerApp: appOf(owner) };
}

/** Returns the paths of a service's files of variables in a stage, of which at most one exists. */
export function envPaths({ dir }: Places, stage: string, service: string): string[] {
  return [".yaml", ".yml", ".env"].map((extension) => slashed(join(dir, stage, service + extension)));
}

/** Lists every path that {@link readVersion} may read. */
export function pathsOf(places: Places): string[] {
  const { service, stage, configuration, app, ownerApp } = places;
  const env = [service, sharedService].flatMap((name) =>
    [baseStage, stage].flatMap((layer) => envPaths(places, layer, name)),
  );
  return [configuration, app, ownerApp, ...env];
}

/** Contents of the files about a service, now or at a commit. */
export interface Version {
  /** Service whose image it has; undefined for one of its own. */
  readonly imageOf: string | undefined;
  /** Tag of its image in the configuration of the stack. */
  readonly tag: string | undefined;
  /** The service's own variables in the stage; undefined without such a file. */
  readonly own: Source | undefined;
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
 * Reads what files say about a service.
 *
 * @param read returns a file; undefined when it does not exist
 * @throws FileError when a file cannot be understood
 */
export function readVersion(places: Places, read: (path: string) => Source | undefined): Version {
  const { service, stage } = places;
  const app = read(places.app);
  const imageOf = app?.text.includes("imageOf") ? readApp(app, [stage], () => "").imageOf?.name : undefined;
  const configuration = read(places.configuration) ?? { path: places.configuration, text: "" };
  const fileOf = (layer: string, name: string) =>
    envPaths(places, layer, name)
      .map(read)
      .find((source) => source !== undefined);
  const layersOf = (name: string) => [baseStage, stage].map((layer) => fileOf(layer, name));
  const [base, own] = layersOf(service);
  const encryption = ["secretsprovider", "encryptedkey", "encryptionsalt"].map((key) =>
    valueAt(configuration, [key]),
  );
  return {
    imageOf,
    tag: configuredTag(configuration, imageOf ?? service),
    own,
    base: base && variablesIn([base]),
    variables: base === undefined && own === undefined ? undefined : variablesIn([base, own]),
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

/** People and git write paths with slashes, on every system. */
function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
