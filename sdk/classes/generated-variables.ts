import { isDeepStrictEqual } from "node:util";
import type { Alias, Input } from "@pulumi/pulumi";
import { all, interpolate, Output, runtime, secret } from "@pulumi/pulumi";
import { adoptedValuesVariable, listingVariable } from "../../provider/dokploy";
import { parseUrn } from "../../provider/pulumi";
import { Generated, generatedName, isWanted, type WantedSecret } from "../env-files";
import { inserted } from "../files";
import { adoptedByFile, DokployResource, type ResourceOptions } from "../resource";
import { isMocked, type Kind, ProgramError, typeInRun, typesOfKind, urnOf } from "../run";

/** A `GeneratedSecret`. Its class follows from the classes that need this file. */
class Secret extends DokployResource {
  declare readonly value: Output<string>;

  constructor(name: string, args: object, options: ResourceOptions) {
    super("GeneratedSecret", name, args, options);
  }
}

/** A stack that is rarely deployed may lack several rotations. */
const mostFormerNumbers = 20;

/** Inputs that variables of files are given as; a variable is looked for in this order. */
const inputs: readonly unknown[] = ["env", "buildArgs", "buildSecrets"];

/**
 * Returns the inputs with a secret for each generated value of a file. It declares the secrets next to the resource, with its
 * parent, provider and former names, so that the one stays where the other does.
 *
 * @param object the object that has the variables, where it is not the one of the resource: `application/<id>`
 * @throws ProgramError when two places say of one secret how it is made, and say different things
 */
export function withGenerated<A extends object>(
  kind: Kind,
  name: string,
  args: A,
  options: ResourceOptions | undefined,
  object?: Input<string>,
): A {
  const found: Found[] = [];
  collect(args, [], found);
  if (found.length === 0) return args;
  const secrets = new Secrets(kind, name, options, object, found);
  return replaced(args, secrets) as A;
}

/** A generated value among the inputs. */
interface Found {
  readonly path: readonly string[];
  readonly generated: Generated;
}

/** Deeper than the inputs of any service. */
const maxDepth = 20;

function collect(value: unknown, path: readonly string[], found: Found[]): void {
  if (value instanceof Generated) found.push({ path, generated: value });
  else if (isPlain(value) && path.length < maxDepth)
    for (const [key, item] of Object.entries(value)) collect(item, [...path, key], found);
}

function replaced(value: unknown, secrets: Secrets): unknown {
  if (value instanceof Generated) return secrets.valueOf(value);
  if (Array.isArray(value)) return value.map((item) => replaced(item, secrets));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, secrets)]));
}

/** True for a list or an object of values, and not for an output or a resource. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The generated secrets of one resource, each of which is declared once. */
class Secrets {
  private readonly declared = new Map<string, Output<string>>();
  /** Names of the secrets that are being declared. */
  private readonly open = new Set<string>();
  /** Descriptions of secrets, each from the place that says how it is made. */
  private readonly described = new Map<string, WantedSecret>();
  /** Place of a variable that has the whole value, by the name of the secret's resource. */
  private readonly places = new Map<string, string>();
  /** Names of those with two values, of which a later step takes one away. */
  private readonly rotating = new Set<string>();

  constructor(
    private readonly kind: Kind,
    private readonly owner: string,
    private readonly options: ResourceOptions | undefined,
    private readonly object: Input<string> | undefined,
    found: readonly Found[],
  ) {
    for (const { generated } of found) {
      const wanted = wantedIn(generated.value);
      for (const one of wanted) this.describe(one);
      for (const one of wanted) if (one.isRotating) this.rotating.add(one.name);
    }
    for (const { path, generated } of inOrder(found)) {
      const [input, variable] = path;
      if ("text" in generated.value) continue;
      const place = input === "env" ? `${variable}` : `${input}/${variable}`;
      const whole = this.resolved(generated.value);
      const named = generatedName(this.owner, whole.name, whole.rotation);
      if (!this.places.has(named)) this.places.set(named, place);
    }
  }

  valueOf({ value }: Generated): Output<string> {
    if (!("text" in value)) return this.declare(value);
    const parts = Object.entries(value.parts).map(([name, part]) => [name, this.partOf(part)]);
    return all(Object.fromEntries(parts) as Record<string, Input<string>>).apply((texts) =>
      inserted(value.text, texts),
    );
  }

  private partOf(part: WantedSecret | Input<string>): Input<string> {
    return isWanted(part) ? this.declare(part) : part;
  }

  /** Notes what a place says of a secret; one that says nothing takes what another place says. */
  private describe(wanted: WantedSecret): void {
    if (wanted.isAside || !says(wanted)) return;
    const { name } = wanted;
    const before = this.described.get(name);
    if (before !== undefined && !isDeepStrictEqual(comparable(before), comparable(wanted)))
      throw new ProgramError(
        `${this.kind} "${this.owner}": two places say how the secret ${name} is made, and say different things: write ` +
          `!generate ${name} in one of them.`,
      );
    this.described.set(name, wanted);
  }

  /** Returns a secret as the place describes it that says how it is made. */
  private resolved(asked: WantedSecret): WantedSecret {
    const described = asked.isAside || says(asked) ? undefined : this.described.get(asked.name);
    return described ?? asked;
  }

  private declare(asked: WantedSecret): Output<string> {
    const { name, rotation, recipe, signingKey, isAside } = this.resolved(asked);
    const secretName = (owner: string, number = rotation) => generatedName(owner, name, number);
    const known = this.declared.get(secretName(this.owner));
    if (known !== undefined) return known;
    if (this.open.has(name))
      throw new ProgramError(
        `${this.kind} "${this.owner}": the secret ${name} signs itself; give another signingKey.`,
      );
    this.open.add(name);
    // A token that stands there may have other claims, or another key.
    const isToken = recipe["format"] === "jwt";
    // A rotation makes another value than the one on the server, unless the state was lost: then `adopt` asks for the place.
    const isAnother = (isAside || rotation !== 1) && !isListing();
    const place = isToken || isAnother ? undefined : this.places.get(secretName(this.owner));
    const args = {
      ...recipe,
      ...(signingKey === undefined ? {} : { signingKey: this.partOf(signingKey) }),
      ...(rotation === 1 ? {} : { rotation }),
      ...(place === undefined ? {} : { adopts: interpolate`${this.there()}/${place}` }),
    };
    const { value } = new Secret(secretName(this.owner), args, this.optionsOf(name, rotation, secretName));
    // In a test whose mocks give no value, the variable would have none.
    const made =
      plannedValue(secretName(this.owner)) ??
      (isMocked()
        ? value.apply((text: string | undefined) => text ?? `${secretName(this.owner)}-mock`)
        : value);
    this.declared.set(secretName(this.owner), made);
    this.open.delete(name);
    return made;
  }

  /** Returns the object that has the variables. */
  private there(): Input<string> {
    const { kind, owner, options, object } = this;
    const own = urnOf(typeInRun(typesOfKind(kind)), owner, options?.parent);
    return isListing() ? own : (object ?? adoptedPath(kind, owner, options) ?? own);
  }

  private optionsOf(
    name: string,
    rotation: number,
    secretName: (owner: string, number?: number) => string,
  ): ResourceOptions {
    const { parent, provider, aliases, version, pluginDownloadURL } = this.options ?? {};
    const isRotating = this.rotating.has(name);
    // One of the two values goes with the last step of a rotation, which protection would refuse.
    const protect = isRotating ? false : this.options?.protect;
    const given = { parent, provider, protect, version, pluginDownloadURL };
    const known = Object.entries(given).filter(([, option]) => option !== undefined);
    const formerOwners = Array.isArray(aliases)
      ? aliases.flatMap((alias) => formerName(alias, this.owner, secretName))
      : [];
    // A value that another one replaces at once goes on as its resource: protection refuses to delete it.
    const formerNumbers = isRotating
      ? []
      : Array.from({ length: Math.min(rotation - 1, mostFormerNumbers) }, (_, index) => ({
          name: secretName(this.owner, rotation - 1 - index),
        }));
    return { ...Object.fromEntries(known), aliases: [...formerOwners, ...formerNumbers] };
  }
}

/** Lists the whole variables with generated values: those called after the secret first, and those of a container before a build's. */
function inOrder(found: readonly Found[]): Found[] {
  const variables = found.filter(({ path }) => path.length === 2 && inputs.includes(path[0]));
  const rank = ({ path, generated: { value } }: Found) =>
    inputs.indexOf(path[0]) + ("text" in value || value.name === path[1] ? 0 : inputs.length);
  return variables.sort((a, b) => rank(a) - rank(b));
}

/** Lists the secrets of a value, with those that sign others. */
function wantedIn(value: Generated["value"]): WantedSecret[] {
  if ("text" in value)
    return Object.values(value.parts).flatMap((part) => (isWanted(part) ? wantedIn(part) : []));
  const { signingKey } = value;
  return [value, ...(signingKey !== undefined && isWanted(signingKey) ? wantedIn(signingKey) : [])];
}

/** True for a place that says how its secret is made, instead of only its name. */
function says({ recipe, signingKey, rotation }: WantedSecret): boolean {
  return Object.keys(recipe).length > 0 || signingKey !== undefined || rotation !== 1;
}

/** Returns what can be compared of a secret; an output has no value yet. */
function comparable({ recipe, rotation, signingKey }: WantedSecret): unknown {
  const key = signingKey !== undefined && isWanted(signingKey) ? signingKey.name : signingKey !== undefined;
  return { recipe, rotation, key };
}

/** True in a preview that only lists what the program declares. */
function isListing(): boolean {
  return process.env[listingVariable] === "true";
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
