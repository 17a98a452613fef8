import * as pulumi from "@pulumi/pulumi";
import { type Claim, Claims, nameClaim, textClaims } from "../../provider/lifecycle";
import type { TargetKind } from "../../provider/schema";
import { ProgramError, rememberedBy } from "../run";

/** Claims by server, which differs for each run. */
const claimsOn = rememberedBy(() => new Claims());

/**
 * Registers that a resource owns something.
 *
 * @param owner label of the resource in messages, e.g. `EnvironmentBlock "api"`
 * @throws ProgramError when another resource owns the same; for the output of an id also when its value is known
 */
export function claim(server: object, owner: string, claimed: Claim): void {
  enter(server, owner, claimed);
  const { within } = claimed;
  if (pulumi.Output.isInstance(within) || within instanceof Promise)
    pulumi.output(within).apply((known) => enter(server, owner, { ...claimed, within: known }));
}

function enter(server: object, owner: string, claimed: Claim): void {
  const clash = claimsOn(server).enter({ resource: owner, label: owner }, claimed);
  if (clash !== undefined) throw new ProgramError(clash);
}

/** Owner of variables. They are one text in Dokploy, which two owners would keep overwriting. */
export interface Owner {
  /** Label of the resource in messages, e.g. `EnvironmentBlock "api"`. */
  owner: string;
  kind: TargetKind;
  id: pulumi.Input<string>;
}

/**
 * Registers the owner of the variables that a resource gives.
 *
 * @param keysOf returns the names of the owned variables of a map; without it the owner has the whole text
 * @throws ProgramError when another resource owns the same variables
 */
export function own(
  server: object,
  { owner, kind, id }: Owner,
  args: object,
  keysOf?: (variables: unknown) => readonly string[] | undefined,
): void {
  for (const claimed of textClaims(kind, id, args, keysOf)) claim(server, owner, claimed);
}

/** @throws ProgramError for a second service of that name, which Dokploy would allow, in an environment */
export function nameService(server: object, owner: string, environmentId: unknown, name: unknown): void {
  // Names that are known only in a run are compared by the handlers.
  if (typeof name !== "string" || environmentId === undefined) return;
  const [kind = ""] = owner.split(" ");
  enter(server, owner, nameClaim(kind, environmentId, name));
}

/** Returns the names of a map in the program; undefined when they are known only in a run. */
export function namesOf(variables: unknown): readonly string[] | undefined {
  if (typeof variables !== "object" || variables === null || pulumi.Output.isInstance(variables))
    return undefined;
  if (variables instanceof Promise) return undefined;
  return Object.keys(variables);
}
