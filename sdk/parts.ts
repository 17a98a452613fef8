import * as pulumi from "@pulumi/pulumi";
import { inputNames } from "./input-names";
import type { Kind } from "./kind";
import { ProgramError } from "./program-error";

/**
 * What a program says of objects that belong to a service, or of which a server has one of a kind: two resources for the
 * same one are found before anything is changed, and who goes with its service is not deleted apart.
 */

type Args = Readonly<Record<string, unknown>>;

/** Names of resources, by their server, the parent and what tells their objects apart. */
const owners = new WeakMap<object, Map<unknown, Map<string, string>>>();
/** The resource that has an id, by the output that gives it. */
const resources = new WeakMap<object, pulumi.Resource>();

/** Remembers whose id an output is. */
export function noteId(id: pulumi.Output<string>, resource: pulumi.Resource): void {
  resources.set(id, resource);
}

/**
 * The options of an object that belongs to a service of the same program: Dokploy deletes it with that, and nobody has to.
 */
export function withParent(kind: Kind, args: Args, options: pulumi.CustomResourceOptions | undefined) {
  const parent = parentOf(kind, args);
  const resource = typeof parent === "object" && parent !== null ? resources.get(parent) : undefined;
  return resource === undefined || options?.deletedWith !== undefined
    ? options
    : { ...options, deletedWith: resource };
}

/**
 * Notes which object the resource has. What only a run can tell is compared when it is known.
 *
 * @param server as `serverOf` gives it
 * @throws ProgramError when another resource of the program has the same
 */
export function claimObject(server: object, kind: Kind, name: string, args: Args): void {
  const values = keyOf(kind).map(([input, otherwise]) => args[input] ?? otherwise);
  if (values.length === 0) return;
  const parent = parentOf(kind, args);
  const owner = `${kind} "${name}"`;
  if (values.every((value) => typeof value !== "object")) enter(server, owner, kind, parent, values);
  pulumi
    .all([parent, ...values])
    .apply(([knownParent, ...known]) => enter(server, owner, kind, knownParent, known));
}

function enter(server: object, owner: string, kind: Kind, parent: unknown, values: readonly unknown[]): void {
  const parents = owners.get(server) ?? new Map<unknown, Map<string, string>>();
  owners.set(server, parents);
  const taken = parents.get(parent) ?? new Map<string, string>();
  parents.set(parent, taken);
  const key = JSON.stringify([kind, ...values]);
  const other = taken.get(key);
  if (other !== undefined && other !== owner) {
    // By the names of the inputs alone: their values may be secrets, which nobody can tell here any more.
    const same = keyOf(kind)
      .map(([input]) => input)
      .join(" and ");
    const where = parent === undefined ? "" : " for the same service";
    throw new ProgramError(
      `${owner} and ${other} are the same ${kind}: they have the same ${same}${where}. Keep one of the two.`,
    );
  }
  taken.set(key, owner);
}

/** The inputs that tell one object from another, each with its default. */
function keyOf(kind: Kind): readonly (readonly [name: string, value?: unknown])[] {
  const names = inputNames[kind];
  return "key" in names ? names.key : [];
}

function parentOf(kind: Kind, args: Args): unknown {
  const names = inputNames[kind];
  if (!("parents" in names)) return undefined;
  return names.parents.map((parent) => args[`${parent}Id`]).find((id) => id !== undefined);
}
