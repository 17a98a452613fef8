import type * as pulumi from "@pulumi/pulumi";
import type * as ComposeChecks from "../../packages/compose-checks/checks";
import { isRecord, isUnknown, type Values } from "../../packages/values";
import { atEnd, type Finding, type Kind, rememberedBy } from "../run";
import { listsOf } from "./part-names";
import { resourceOf } from "./parts";
import { areApart } from "./references";

/** A service that a volume belongs to, by the place of the service. */
interface Place {
  readonly environmentId: unknown;
  readonly serverId: unknown;
}

interface Mounted extends Place {
  readonly volume: string;
  readonly finding: Finding;
}

/** Services and volumes of a run, by the server of its settings. */
const volumesOn = rememberedBy((_: object) => ({
  places: new Map<pulumi.Resource, Place>(),
  mounted: [] as Mounted[],
}));

/** Reports volumes of one name that services of several environments mount, when the program has ended. */
export function checkVolumes(
  server: object,
  kind: Kind,
  name: string,
  inputs: Values,
  made: pulumi.Resource,
): void {
  const { places, mounted } = volumesOn(server);
  const { environmentId, serverId } = inputs;
  if (environmentId !== undefined) places.set(made, { environmentId, serverId });
  const place = places.get(kind === "Mount" ? (ownerOf(inputs) ?? made) : made);
  const volumes = namesOf(kind, inputs);
  if (place === undefined || volumes.length === 0) return;
  if (mounted.length === 0) atEnd(() => sharedIn(server, mounted));
  for (const volume of volumes) {
    const finding: Finding = { check: "shared-volume", name, place: `${volume} of ${kind} "${name}"` };
    mounted.push({ ...place, volume, finding });
  }
}

function sharedIn(server: object, mounted: readonly Mounted[]): Finding[] {
  return mounted
    .filter((one) =>
      mounted.some(
        (other) =>
          other.volume === one.volume &&
          other.serverId === one.serverId &&
          areApart(server, other.environmentId, one.environmentId),
      ),
    )
    .map(({ finding }) => finding);
}

function ownerOf(inputs: Values): pulumi.Resource | undefined {
  return Object.entries(inputs)
    .filter(([input]) => input.endsWith("Id"))
    .map(([, id]) => resourceOf(id))
    .find((resource) => resource !== undefined);
}

/** Returns the names of volumes that the server has only once, as far as the program gives them as plain values. */
function namesOf(kind: Kind, inputs: Values): string[] {
  if (kind === "Compose") return fixedVolumes(inputs["source"], plainValues(inputs["env"]));
  const listed = Object.entries(listsOf(kind)).flatMap(([list, part]) =>
    // A class has replaced the list by a map with the names of the parts.
    part === "Mount" ? Object.values(Object(inputs[list]) as Values) : [],
  );
  return (kind === "Mount" ? [inputs] : listed).flatMap(volumeOf);
}

/** Returns the volume that a mount names. */
export function volumeOf(mount: unknown): string[] {
  const { type, volumeName } = Object(mount) as Values;
  return type === "volume" && typeof volumeName === "string" && !isUnknown(volumeName) ? [volumeName] : [];
}

/** Returns variables, undefined for a value that is an output. */
function plainValues(env: unknown): Readonly<Record<string, string | undefined>> | undefined {
  if (!isRecord(env)) return undefined;
  const values = Object.entries(env).map(([name, value]) => [
    name,
    typeof value === "string" ? value : undefined,
  ]);
  return Object.fromEntries(values);
}

/**
 * Returns the volumes to which a compose file in a source gives names, instead of those that follow from the service.
 *
 * @param variables undefined for a value that is not known; without them, a name with a variable counts as none
 */
export function fixedVolumes(
  source: unknown,
  variables: Readonly<Record<string, string | undefined>> | undefined,
): string[] {
  const { composeFile } = Object(source) as Values;
  if (typeof composeFile !== "string" || !composeFile.includes("volumes")) return [];
  // Few programs have such a file.
  const { volumesOf } = require("../../packages/compose-checks/checks") as typeof ComposeChecks;
  return volumesOf({ appName: "", variables }, composeFile).flatMap(({ name, keptBy }) =>
    keptBy === "file" ? [name] : [],
  );
}
