import type { Alias, Input } from "@pulumi/pulumi";
import { interpolate, Output, runtime, secret } from "@pulumi/pulumi";
import { adoptedValuesVariable, listingVariable } from "../../provider/dokploy";
import { parseUrn } from "../../provider/pulumi";
import { Generated, generatedName } from "../env-files";
import { adoptedByFile, DokployResource, type ResourceOptions } from "../resource";
import { isMocked, type Kind, typeInRun, typesOfKind, urnOf } from "../run";

/** A `GeneratedSecret`. Its class follows from the classes that need this file. */
class Secret extends DokployResource {
  declare readonly value: Output<string>;

  constructor(name: string, args: object, options: ResourceOptions) {
    super("GeneratedSecret", name, args, options);
  }
}

/** A stack that is rarely deployed may lack several rotations. */
const mostFormerNumbers = 20;

/** Inputs that variables of files are given as. */
const inputs = ["env", "buildArgs", "buildSecrets"] as const;

/**
 * Returns the inputs with a secret for each generated value of a file. It declares the secret next to the resource, with its
 * parent, provider and former names, so that the one stays where the other does.
 *
 * @param object the object that has the variables, where it is not the one of the resource: `application/<id>`
 */
export function withGenerated<A extends object>(
  kind: Kind,
  name: string,
  args: A,
  options: ResourceOptions | undefined,
  object?: Input<string>,
): A {
  const changed: Record<string, unknown> = {};
  for (const input of inputs) {
    const given = (args as Readonly<Record<string, unknown>>)[input];
    if (typeof given !== "object" || given === null || Output.isInstance(given)) continue;
    const variables = Object.entries(given);
    if (!variables.some(([, value]) => value instanceof Generated)) continue;
    changed[input] = Object.fromEntries(
      variables.map(([key, value]) => [
        key,
        value instanceof Generated
          ? declared(value, input === "env" ? key : `${input}/${key}`, kind, name, options, object)
          : value,
      ]),
    );
  }
  return { ...args, ...changed };
}

/** @param place variable that gets the value, which in a rotation may be the one of the other value: `buildArgs/NPM_TOKEN` */
function declared(
  { key, value: { length, rotation }, isCurrent, isRotating }: Generated,
  place: string,
  kind: Kind,
  name: string,
  options: ResourceOptions | undefined,
  object: Input<string> | undefined,
): Output<string> {
  const { parent, provider, aliases, version, pluginDownloadURL } = options ?? {};
  // One of the two values goes with the last step of a rotation, which protection would refuse.
  const protect = isRotating ? false : options?.protect;
  const secretName = (owner: string, number = rotation) => generatedName(owner, key, number);
  const own = urnOf(typeInRun(typesOfKind(kind)), name, parent);
  const isListing = process.env[listingVariable] === "true";
  const there = isListing ? own : (object ?? adoptedPath(kind, name, options) ?? own);
  const args = {
    ...(length === undefined ? {} : { length }),
    ...(rotation === 1 ? {} : { rotation }),
    // A rotation makes another value than the one on the server, unless the state was lost: then `adopt` asks for the place.
    ...(isCurrent || isListing ? { adopts: interpolate`${there}/${place}` } : {}),
  };
  const given = { parent, provider, protect, version, pluginDownloadURL };
  const known = Object.entries(given).filter(([, option]) => option !== undefined);
  const formerOwners = Array.isArray(aliases)
    ? aliases.flatMap((alias) => formerName(alias, name, secretName))
    : [];
  // A value that another one replaces at once goes on as its resource: protection refuses to delete it.
  const formerNumbers = isRotating
    ? []
    : Array.from({ length: Math.min(rotation - 1, mostFormerNumbers) }, (_, index) => ({
        name: secretName(name, rotation - 1 - index),
      }));
  const { value } = new Secret(secretName(name), args, {
    ...Object.fromEntries(known),
    aliases: [...formerOwners, ...formerNumbers],
  });
  const planned = plannedValue(secretName(name));
  if (planned !== undefined) return planned;
  // In a test whose mocks give no value, the variable would have none.
  return isMocked() ? value.apply((made: string | undefined) => made ?? `${secretName(name)}-mock`) : value;
}

/** Returns the value that a new secret adopts after this preview, which Pulumi itself knows only then. */
function plannedValue(name: string): Output<string> | undefined {
  const text = process.env[adoptedValuesVariable];
  if (text === undefined || !runtime.isDryRun()) return undefined;
  const values = new Map(Object.entries(JSON.parse(text) as Readonly<Record<string, string>>));
  const value = values.get(name);
  return value === undefined ? undefined : secret(value);
}

/** Returns the object that a resource adopts, as the kind and the id of it. */
function adoptedPath(
  kind: Kind,
  name: string,
  options: ResourceOptions | undefined,
): Input<string> | undefined {
  const id = options?.import ?? adoptedByFile(kind, name, options);
  return id === undefined ? undefined : interpolate`${kind.toLowerCase()}/${id}`;
}

/** Returns the alias of a secret that follows from one of its resource. */
function formerName(
  alias: Input<string | Alias>,
  name: string,
  secretName: (owner: string) => string,
): Input<string | Alias>[] {
  if (typeof alias !== "string")
    return Output.isInstance(alias) || alias instanceof Promise
      ? []
      : [formerAlias(alias as Alias, name, secretName)];
  const urn = parseUrn(alias);
  if (urn === undefined) return [];
  const { stack, project, types, type } = urn;
  const around = types.slice(0, types.length - type.length);
  const own = typeInRun(typesOfKind("GeneratedSecret"));
  return [`urn:pulumi:${stack}::${project}::${around}${own}::${secretName(urn.name)}`];
}

function formerAlias(
  { type: _, ...alias }: Alias,
  name: string,
  secretName: (owner: string) => string,
): Alias {
  return { ...alias, name: secretName(String(alias.name ?? name)) };
}
