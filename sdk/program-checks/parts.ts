import * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../run/kind";
import { inputNames } from "./generated/input-names";
import { claim } from "./ownership";

/**
 * What a program says of objects that belong to a service, or of which a server has one of a kind: two for the same one are
 * found before anything is changed, and who goes with its service is not deleted apart.
 */

type Args = Readonly<Record<string, unknown>>;

/** The resource that has an id, by the output that gives it. */
const resources = new WeakMap<object, pulumi.Resource>();

/** Stands for a value that nothing of the program tells. */
const open = {};

const tokens = new WeakMap<pulumi.Resource, object>();
let tokenCount = 0;

/** Resources that Pulumi does not delete, or not in Dokploy. */
const staying = new WeakSet<object>();

/** Remembers whose id an output is. */
export function noteId(
  id: pulumi.Output<string>,
  resource: pulumi.Resource,
  options?: pulumi.CustomResourceOptions,
): void {
  resources.set(id, resource);
  const { __protect: isProtected } = resource as { __protect?: boolean };
  if (isProtected === true || options?.retainOnDelete === true) staying.add(resource);
}

/**
 * The options of an object that belongs to a service of the same program: Dokploy deletes it with that, and nobody has to.
 */
export function withParent(kind: Kind, args: Args, options: pulumi.CustomResourceOptions | undefined) {
  return "apart" in inputNames[kind] ? options : deletedWith(parentOf(kind, args), options);
}

/** The compose service of the program that has the service which an object names. */
export function composeOf(kind: Kind, { composeId }: Args): pulumi.Resource | undefined {
  const { optional }: { readonly optional: readonly string[] } = inputNames[kind];
  return optional.includes("serviceName") ? resourceOf(composeId) : undefined;
}

/**
 * The options of what goes with a service of the same program, unless that is to stay.
 *
 * @param service its id
 */
export function deletedWith(service: unknown, options: pulumi.CustomResourceOptions | undefined) {
  const resource = resourceOf(service);
  return resource === undefined || staying.has(resource) || options?.deletedWith !== undefined
    ? options
    : { ...options, deletedWith: resource };
}

/**
 * Notes which object the resource has, where something tells one from another. What only a run can tell is compared when it
 * is known.
 *
 * @param server as `serverOf` gives it
 * @throws ProgramError when another resource of the program has the same
 */
export function claimObject(server: object, kind: Kind, name: string, args: Args): void {
  if ("key" in inputNames[kind]) claimPart(server, kind, `${kind} "${name}"`, parentOf(kind, args), args);
}

/**
 * The same for one that its service lists among its inputs.
 *
 * @param owner how messages call it: `domains[0] of Application "web"`
 * @param parent id of the service
 */
export function claimPart(server: object, kind: Kind, owner: string, parent: unknown, args: Args): void {
  const values = keyOf(kind).map(([input, otherwise]) => args[input] ?? otherwise);
  if (values.every((value) => typeof value !== "object")) {
    enter(server, kind, owner, parent, values);
    return;
  }
  pulumi.all(values).apply((known) => enter(server, kind, owner, parent, known));
  // An id that only a run can tell is that of its resource already.
  const told = values.map((value) => (typeof value === "object" ? (tokenOf(value) ?? open) : value));
  if (!told.includes(open)) enter(server, kind, owner, parent, told);
}

/** The resource of the program whose id this is; undefined for any other value. */
function resourceOf(id: unknown): pulumi.Resource | undefined {
  return typeof id === "object" && id !== null ? resources.get(id) : undefined;
}

/** Stands for the id of a resource of the program; undefined for any other output. */
function tokenOf(value: unknown): object | undefined {
  const resource = resourceOf(value);
  if (resource === undefined) return undefined;
  const token = tokens.get(resource) ?? { resource: ++tokenCount };
  tokens.set(resource, token);
  return token;
}

function enter(server: object, kind: Kind, owner: string, parent: unknown, values: readonly unknown[]): void {
  claim(server, parent, { owner, what: kind, keys: [JSON.stringify(values)] }, (mine, other) => {
    // By the names of the inputs alone: their values may be secrets, which nobody can tell here any more.
    const key = keyOf(kind).map(([input]) => input);
    const where = parent === undefined ? "" : " for the same service";
    const same = key.length === 0 ? "a server has one" : `they have the same ${key.join(" and ")}${where}`;
    const names = inputNames[kind];
    const why = "twins" in names ? ` and ${String(names.twins)}` : "";
    return `${mine.owner} and ${other.owner} are the same ${kind}: ${same}${why}. Keep one of the two.`;
  });
}

/** The inputs that tell one object from another, each with its default. */
export function keyOf(kind: Kind): readonly (readonly [name: string, value?: unknown])[] {
  const names = inputNames[kind];
  return "key" in names ? names.key : [];
}

function parentOf(kind: Kind, args: Args): unknown {
  const names = inputNames[kind];
  if (!("parents" in names)) return undefined;
  return names.parents.map((parent) => args[`${parent}Id`]).find((id) => id !== undefined);
}
