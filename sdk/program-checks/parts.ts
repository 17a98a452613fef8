import { randomUUID } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { keyValues, objectClaim, parentIn } from "../../provider/lifecycle";
import { inputNames, isProtected, type Kind, rememberedBy } from "../run";
import { claim } from "./ownership";
import { objectFacts } from "./part-names";

/**
 * Checks of objects that belong to a service, or that a server has only once. Duplicates are found before anything is
 * changed, and objects that Dokploy deletes with their service are not deleted separately.
 */

type Args = Readonly<Record<string, unknown>>;

/** The resource of an output with its id. */
const ownerOf = rememberedBy((_: object): { resource?: pulumi.Resource } => ({}));

/** Placeholder for a value that the program does not know yet. */
const open = {};

/** Facts about a resource: a text that represents its id, and whether Pulumi keeps it, or its object in Dokploy. */
const factsOf = rememberedBy((_: pulumi.Resource) => ({
  token: { resource: randomUUID() },
  isStaying: false,
}));

/** Remembers the resource of an output with an id. */
export function noteId(
  id: pulumi.Output<string>,
  resource: pulumi.Resource,
  options?: pulumi.CustomResourceOptions,
): void {
  ownerOf(id).resource = resource;
  if (isProtected(resource) || options?.retainOnDelete === true) factsOf(resource).isStaying = true;
}

/** Returns options by which an object of a service in the program is deleted with the service, without a call. */
export function withParent(kind: Kind, args: Args, options: pulumi.CustomResourceOptions | undefined) {
  return "separate" in inputNames[kind] ? options : deletedWith(parentIn(objectFacts(kind), args), options);
}

/** Returns the compose service of the program that contains the service which an object names. */
export function composeOf(kind: Kind, { composeId }: Args): pulumi.Resource | undefined {
  const { optional }: { readonly optional: readonly string[] } = inputNames[kind];
  return optional.includes("serviceName") ? resourceOf(composeId) : undefined;
}

/** Returns options for a resource that is deleted with a service of the program, by its id, unless that stays. */
export function deletedWith(service: unknown, options: pulumi.CustomResourceOptions | undefined) {
  const resource = resourceOf(service);
  return resource === undefined || factsOf(resource).isStaying || options?.deletedWith !== undefined
    ? options
    : { ...options, deletedWith: resource };
}

/**
 * Registers the object of a resource, if its kind has a key. Keys that are known only in a run are compared when
 * they are known.
 *
 * @throws ProgramError when another resource of the program has the same object
 */
export function claimObject(server: object, kind: Kind, name: string, args: Args): void {
  const facts = objectFacts(kind);
  if (facts.key) claimPart(server, kind, `${kind} "${name}"`, parentIn(facts, args), args);
}

/** Registers an object of a service (`parent`), labelled `domains[0] of Application "web"` in messages. */
export function claimPart(server: object, kind: Kind, owner: string, parent: unknown, args: Args): void {
  const facts = objectFacts(kind);
  const enter = (known: readonly unknown[]) => claim(server, owner, objectClaim(facts, parent, known));
  const values = keyValues(facts.key ?? [], args);
  if (values.every((value) => typeof value !== "object")) {
    enter(values);
    return;
  }
  pulumi.all(values).apply(enter);
  // An id that is known only in a run is already represented by its resource.
  const reported = values.map((value) => (typeof value === "object" ? (tokenOf(value) ?? open) : value));
  if (!reported.includes(open)) enter(reported);
}

/** Returns the resource of the program with this id; undefined for any other value. */
export function resourceOf(id: unknown): pulumi.Resource | undefined {
  return typeof id === "object" && id !== null ? ownerOf(id).resource : undefined;
}

/** Returns a token for the id of a resource of the program; undefined for any other output. */
function tokenOf(value: unknown): object | undefined {
  const resource = resourceOf(value);
  return resource && factsOf(resource).token;
}
