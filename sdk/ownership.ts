import * as pulumi from "@pulumi/pulumi";
import type { TargetKind } from "../provider/env-hosts/kinds";
import { ProgramError } from "./program-error";

/**
 * Finds two resources of a program that own the same variables, before anything is changed.
 *
 * An environment is one text in Dokploy; two owners would overwrite each other for ever. Only the program sees all
 * of them at once. An id that is not known yet is compared by the output that gives it.
 */
export interface Ownership {
  /** How the resource is called in messages, e.g. `EnvironmentBlock "api"`. */
  owner: string;
  kind: TargetKind;
  id: pulumi.Input<string>;
  field: "env" | "buildArgs" | "buildSecrets";
  /** The names owned; undefined for the whole text. */
  keys: readonly string[] | undefined;
}

/** Owners by id, or by the output that gives the id; those on one server, which a run has for itself. */
type Owners = Map<unknown, Ownership[]>;
const servers = new WeakMap<object, Owners>();

/**
 * @param server as `serverOf` gives it
 * @throws ProgramError when another resource owns the same
 */
export function own(server: object, ownership: Ownership): void {
  const owners: Owners = servers.get(server) ?? new Map();
  servers.set(server, owners);
  const { kind, id } = ownership;
  if (typeof id !== "string") enter(owners, id, ownership);
  pulumi.output(id).apply((known) => enter(owners, `${kind}:${known}`, ownership));
}

function enter(owners: Owners, key: unknown, mine: Ownership): void {
  const others = owners.get(key) ?? [];
  for (const other of others) {
    if (other.field !== mine.field || other.owner === mine.owner) continue;
    const both = mine.keys && other.keys ? mine.keys.filter((name) => other.keys?.includes(name)) : undefined;
    if (both && both.length === 0) continue;
    const what = both ? `${both.map((name) => `${mine.field}.${name}`).join(", ")}` : mine.field;
    const service = [mine, other].find(({ owner }) => !owner.startsWith("EnvironmentBlock"));
    const advice = service
      ? `take ${mine.field} out of ${service.owner} and leave it to blocks, or move the variables into ${service.owner}`
      : 'keep one of them, or give both mode "additive" with different names';
    throw new ProgramError(
      `${mine.owner} and ${other.owner} both own ${what} of the same ${mine.kind}. Two owners would overwrite each ` +
        `other on every run: ${advice}.`,
    );
  }
  owners.set(key, [...others, mine]);
}

/**
 * Finds two services of one name in one environment, which Dokploy would allow. A name or environment that only a run
 * can tell is compared when it is made.
 *
 * @param server as `serverOf` gives it
 * @throws ProgramError when the program has another one
 */
export function nameService(server: object, owner: string, environmentId: unknown, name: unknown): void {
  if (typeof name !== "string" || environmentId === undefined) return;
  const environments = names.get(server) ?? new Map<unknown, Map<string, string>>();
  names.set(server, environments);
  const taken = environments.get(environmentId) ?? new Map<string, string>();
  environments.set(environmentId, taken);
  const key = `${owner.split(" ")[0]} ${name}`;
  const other = taken.get(key);
  if (other !== undefined && other !== owner) {
    throw new ProgramError(
      `${owner} and ${other} have the same name "${name}" in the same environment: give one of them another.`,
    );
  }
  taken.set(key, owner);
}

/** Names of services by environment: by its id, or by the output that gives it. */
const names = new WeakMap<object, Map<unknown, Map<string, string>>>();

/** The names of a map that is given in the program; undefined where only a run can tell them. */
export function namesOf(variables: unknown): readonly string[] | undefined {
  if (typeof variables !== "object" || variables === null || pulumi.Output.isInstance(variables))
    return undefined;
  if (variables instanceof Promise) return undefined;
  return Object.keys(variables);
}
