import * as pulumi from "@pulumi/pulumi";
import { type Claim, Claims, nameClaim, textClaims } from "../../provider/lifecycle";
import type { TargetKind } from "../../provider/schema";
import { failOutput, isMocked, ProgramError, readStackState, rememberedBy } from "../run";

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

/** A service that is not adopted. */
export interface NamedService {
  /** Label of the resource in messages: `Application "web"`. */
  readonly owner: string;
  readonly environmentId: unknown;
  readonly name: unknown;
  readonly urn: pulumi.Output<string>;
}

/**
 * Registers the name of a service in its environment. A second one of that name fails the run unless the stack already has
 * it: Dokploy allows both, and a program may have adopted both.
 *
 * @throws ProgramError in a program with mocks
 */
export function nameService(server: object, { owner, environmentId, name, urn }: NamedService): void {
  // Names that are known only in a run are compared by the handlers.
  if (typeof name !== "string" || environmentId === undefined) return;
  const [kind = ""] = owner.split(" ");
  const claimed = nameClaim(kind, environmentId, name);
  const clash = claimsOn(server).enter({ resource: owner, label: owner }, claimed);
  if (clash === undefined) return;
  if (isMocked()) throw new ProgramError(clash);
  urn.apply(async (known) => {
    if ((await stateOrNone())[known] === undefined) await failOutput(new ProgramError(clash));
  });
}

async function stateOrNone(): Promise<Awaited<ReturnType<typeof readStackState>>> {
  try {
    return await readStackState();
  } catch {
    return {};
  }
}

/** Returns the names of a map in the program; undefined when they are known only in a run. */
export function namesOf(variables: unknown): readonly string[] | undefined {
  if (typeof variables !== "object" || variables === null || pulumi.Output.isInstance(variables))
    return undefined;
  if (variables instanceof Promise) return undefined;
  return Object.keys(variables);
}
