import * as pulumi from "@pulumi/pulumi";
import { someOf } from "../../packages/text";
import { Backup, Schedule, VolumeBackup } from "../classes";
import { getDestination, LookupError } from "../lookups";
import type { ResourceOptions } from "../resource";
import { inputNames, ProgramError, providerOf, resourcesIn } from "../run";
import type { AppKind } from "./app-schema";
import { type Attached, attachedLabel, attachedLists } from "./attached-lists";

type Values = Readonly<Record<string, unknown>>;
type Class = new (name: string, args: never, options: ResourceOptions) => pulumi.Resource;
const classes: Readonly<Record<keyof Attached, Class>> = {
  backups: Backup,
  volumeBackups: VolumeBackup,
  schedules: Schedule,
};

/** The service that something is attached to. */
interface Owner {
  readonly name: string;
  readonly kind: AppKind;
  /** Inputs of the service. */
  readonly inputs: Values;
  readonly resource: pulumi.CustomResource & { readonly appName: pulumi.Output<string> };
}

/** The ids of destinations by the names that the files use. */
export type Destinations = Readonly<Record<string, pulumi.Input<string>>>;

/** Declares the backups and schedules that a service lists, and throws a ProgramError for two of one name. */
export function declareAttached(
  attached: Attached,
  { name, kind, inputs, resource }: Owner,
  destinations: Destinations,
  parent: pulumi.Resource,
): void {
  for (const list of attachedLists) {
    const names = new Set<string>();
    for (const { destination, ...item } of attached[list] ?? []) {
      const label = `${name}/${attachedLabel(list, item)}`;
      if (names.has(label)) {
        const separate = list === "backups" ? "prefix" : "name";
        throw new ProgramError(
          `${list} of ${name}: two of them have the name ${label}: give each its own ${separate} in its dokploy-app.yaml.`,
        );
      }
      names.add(label);
      const args = {
        ...defaults(list, kind, inputs, resource),
        ...item,
        ...(typeof destination === "string"
          ? { destinationId: idOf(destination, destinations, parent, label) }
          : {}),
        [`${kind}Id`]: resource.id,
      };
      new classes[list](label, args as never, { parent });
    }
  }
}

/**
 * Declares the backups and schedules of services that a run does not work on, unchanged from the state, because Pulumi
 * deletes everything that a program omits.
 */
export async function declareAttachedAsBefore(
  componentType: string,
  services: readonly string[],
  parent: pulumi.Resource,
): Promise<void> {
  const kinds = Object.entries(classes).map(([list, { name }]) => [name, list as keyof Attached] as const);
  for (const { kind, name: label, outputs } of await resourcesIn(componentType)) {
    const list = kinds.find(([name]) => name === kind)?.[1];
    if (list === undefined || !services.some((service) => label.startsWith(`${service}/`))) continue;
    const { required, optional } = inputNames[kind as "Backup"];
    const known = [...required, ...optional].flatMap((input) =>
      outputs[input] == null ? [] : [[input, outputs[input]]],
    );
    new classes[list](label, Object.fromEntries(known) as never, { parent, ignoreChanges: ["*"] });
  }
}

function defaults(list: keyof Attached, kind: AppKind, inputs: Values, resource: Owner["resource"]): Values {
  if (list === "backups") return inputs["database"] === undefined ? {} : { database: inputs["database"] };
  const isDatabase = kind !== "application" && kind !== "compose";
  return list === "volumeBackups" && isDatabase
    ? { volumeName: pulumi.interpolate`${resource.appName}-data` }
    : {};
}

/** Returns the id of the destination with a name; `label` is the part of the service that an error names. */
function idOf(
  name: string,
  destinations: Destinations,
  parent: pulumi.Resource,
  label: string,
): pulumi.Input<string> {
  if (Object.hasOwn(destinations, name)) return destinations[name] ?? "";
  // Dokploy cannot be asked while a preview does not know the server.
  const whenKnown: pulumi.Output<unknown> = pulumi.output<unknown>(providerOf({ parent })?.whenKnown);
  return whenKnown.apply(async () => {
    try {
      return (await getDestination({ name }, { parent })).id;
    } catch (error) {
      if (!(error instanceof LookupError)) throw error;
      const known = Object.keys(destinations).map((key) => JSON.stringify(key));
      const given = known.length === 0 ? "" : ` The program gives the repository ${someOf(known)}.`;
      throw new LookupError(
        `${label}: destination ${JSON.stringify(name)} of its dokploy-app.yaml: ${error.message}${given}`,
      );
    }
  });
}
