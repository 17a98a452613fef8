import * as pulumi from "@pulumi/pulumi";
import { meantBy, someOf } from "../../packages/text";
import type { Values } from "../../packages/values";
import { Backup, GeneratedSecret, Schedule, VolumeBackup } from "../classes";
import { Findings, type Source } from "../files";
import { getDestination, LookupError } from "../lookups";
import type { ResourceOptions } from "../resource";
import { failOutput, inputNames, providerOf, resourcesIn } from "../run";
import type { App } from "./app-file";
import type { AppKind } from "./app-schema";
import { type Attached, attachedLabel, attachedLists } from "./attached-lists";

type Class = new (name: string, args: never, options: ResourceOptions) => pulumi.Resource;
const classes: Readonly<Record<keyof Attached, Class>> = {
  backups: Backup,
  volumeBackups: VolumeBackup,
  schedules: Schedule,
};

/** The service that something is attached to. */
interface Owner {
  readonly name: string;
  readonly formerNames: readonly string[];
  readonly kind: AppKind;
  /** Inputs of the service. */
  readonly inputs: Values;
  readonly resource: pulumi.CustomResource & { readonly appName: pulumi.Output<string> };
}

/** The ids of destinations by the names that the files use. */
export type Destinations = Readonly<Record<string, pulumi.Input<string>>>;

/** Declares the backups and schedules that a service lists. */
export function declareAttached(
  attached: Attached,
  { name, formerNames, kind, inputs, resource }: Owner,
  destinations: (name: string) => pulumi.Input<string>,
  parent: pulumi.Resource,
): void {
  for (const list of attachedLists) {
    for (const { destination, ...item } of attached[list] ?? []) {
      const args = {
        ...defaults(list, kind, inputs, resource),
        ...item,
        ...(typeof destination === "string" ? { destinationId: destinations(destination) } : {}),
        [`${kind}Id`]: resource.id,
      };
      const label = attachedLabel(list, item);
      const aliases = formerNames.map((former) => ({ name: `${former}/${label}` }));
      new classes[list](`${name}/${label}`, args as never, { parent, aliases });
    }
  }
}

/**
 * Returns the id of each destination that the services name: one that the program gives, or one in Dokploy. A name that
 * neither has fails the program with a FileError for all such names.
 */
export function findDestinations(
  services: readonly { readonly app: Pick<App, "attached" | "placeOf">; readonly source: Source }[],
  given: Destinations,
  parent: pulumi.Resource,
): (name: string) => pulumi.Input<string> {
  const mentions = services.flatMap(({ app, source }) =>
    attachedLists.flatMap((list) =>
      (app.attached[list] ?? []).flatMap(({ destination: name }, index) => {
        if (typeof name !== "string" || Object.hasOwn(given, name)) return [];
        const offset = app.placeOf(list, index, "destination");
        return [{ name, source, offset, field: `${list}[${index}].destination` }];
      }),
    ),
  );
  // Not every name that a map has is one that the program gives: `constructor`.
  const ofProgram = (name: string) => (Object.hasOwn(given, name) ? given[name] : undefined);
  if (mentions.length === 0) return (name) => ofProgram(name) ?? "";
  // Dokploy cannot be asked while a preview does not know the server.
  const whenKnown: pulumi.Output<unknown> = pulumi.output<unknown>(providerOf({ parent })?.whenKnown);
  const found = whenKnown.apply(async () => {
    const ids = new Map<string, string>();
    const findings = new Findings();
    for (const name of new Set(mentions.map((mention) => mention.name))) {
      try {
        ids.set(name, (await getDestination({ name }, { parent })).id);
      } catch (error) {
        if (!(error instanceof LookupError)) throw error;
        for (const { field, ...place } of mentions.filter((mention) => mention.name === name))
          findings.add(place.source, {
            ...place,
            reason: `${field}: ${insteadIn(given, name)}${error.message}`,
          });
      }
    }
    const error = findings.error();
    if (error === undefined) return ids;
    await failOutput(error);
    return pulumi.unknown as unknown as typeof ids;
  });
  return (name) => ofProgram(name) ?? found.apply((ids) => ids.get(name) ?? "");
}

/** Returns a sentence about the destinations that the program gives, for a name that is not one of them. */
function insteadIn(given: Destinations, name: string): string {
  const known = Object.keys(given);
  if (known.length === 0) return "";
  const meant = meantBy(name, known);
  const question = meant === undefined ? "." : `; did you mean ${JSON.stringify(meant)}?`;
  return `the program gives the repository ${someOf(known.map((key) => JSON.stringify(key)))}${question} `;
}

/**
 * Declares the backups, schedules and generated secrets of services that a run does not work on, unchanged from the state,
 * because Pulumi deletes everything that a program omits.
 */
export async function declareAttachedAsBefore(
  componentType: string,
  services: readonly string[],
  parent: pulumi.Resource,
): Promise<void> {
  const all = [...Object.values(classes), GeneratedSecret as Class];
  for (const { kind, name: label, outputs } of await resourcesIn(componentType)) {
    const Declared = all.find(({ name }) => name === kind);
    if (Declared === undefined || !services.some((service) => label.startsWith(`${service}/`))) continue;
    const { required, optional } = inputNames[kind as "Backup"];
    const known = [...required, ...optional].flatMap((input) =>
      outputs[input] == null ? [] : [[input, outputs[input]]],
    );
    new Declared(label, Object.fromEntries(known) as never, { parent, ignoreChanges: ["*"] });
  }
}

function defaults(list: keyof Attached, kind: AppKind, inputs: Values, resource: Owner["resource"]): Values {
  if (list === "backups") return inputs["database"] === undefined ? {} : { database: inputs["database"] };
  const isDatabase = kind !== "application" && kind !== "compose";
  return list === "volumeBackups" && isDatabase
    ? { volumeName: pulumi.interpolate`${resource.appName}-data` }
    : {};
}
