import * as pulumi from "@pulumi/pulumi";
import { someOf } from "../../packages/text/names";
import type { TargetKind } from "../../provider/schema/kinds";
import { ProgramError } from "../run/program-error";

/**
 * Finds two resources of a program that have the same of Dokploy's: variables of one text, a name, a domain. Only the
 * program sees all of them at once, before anything is changed.
 */
interface Claim {
  /** How the resource is called in messages, e.g. `EnvironmentBlock "api"`. */
  readonly owner: string;
  /** What of the object around it is owned: `env`, `Domain`. */
  readonly what: string;
  /** Which of that; undefined for all. */
  readonly keys: readonly string[] | undefined;
}

/** What to say of two that own the same: the later one, the earlier one, and which of the keys; undefined for all. */
type Clash = (mine: Claim, other: Claim, both: readonly string[] | undefined) => string;

/** Claims by their server, which a run has for itself, by what they are within, and by what they claim of it. */
const servers = new WeakMap<object, Map<unknown, Map<string, Claim[]>>>();

/**
 * Notes that a resource has something.
 *
 * @param server as `serverOf` gives it
 * @param within the id of what it is in, or the output that gives that; undefined for the server
 * @throws ProgramError when another resource has the same; for an output also when its value is known
 */
export function claim(server: object, within: unknown, mine: Claim, clash: Clash): void {
  enter(server, within, mine, clash);
  if (pulumi.Output.isInstance(within) || within instanceof Promise)
    pulumi.output(within).apply((known) => enter(server, known, mine, clash));
}

function enter(server: object, within: unknown, mine: Claim, clash: Clash): void {
  const claims = servers.get(server) ?? new Map<unknown, Map<string, Claim[]>>();
  servers.set(server, claims);
  const ofObject = claims.get(within) ?? new Map<string, Claim[]>();
  claims.set(within, ofObject);
  const others = ofObject.get(mine.what) ?? [];
  ofObject.set(mine.what, others);
  for (const other of others) {
    if (other.owner === mine.owner) continue;
    const both = mine.keys && other.keys ? mine.keys.filter((name) => other.keys?.includes(name)) : undefined;
    if (both?.length !== 0) throw new ProgramError(clash(mine, other, both));
  }
  others.push(mine);
}

/** An environment is one text in Dokploy; two owners would overwrite each other for ever. */
export interface Ownership {
  /** How the resource is called in messages, e.g. `EnvironmentBlock "api"`. */
  owner: string;
  kind: TargetKind;
  id: pulumi.Input<string>;
  field: "env" | "buildArgs" | "buildSecrets";
  /** The names owned; undefined for the whole text. */
  keys: readonly string[] | undefined;
}

/**
 * @param server as `serverOf` gives it
 * @throws ProgramError when another resource owns the same variables
 */
export function own(server: object, { owner, kind, id, field, keys }: Ownership): void {
  claim(server, id, { owner, what: field, keys }, (mine, other, both) => {
    const what = both ? someOf(both.map((name) => `${field}.${name}`)) : field;
    const service = [mine, other].find((each) => !each.owner.startsWith("EnvironmentBlock"));
    const advice = service
      ? `take ${field} out of ${service.owner} and leave it to blocks, or move the variables into ${service.owner}`
      : 'keep one of them, or give both mode "additive" with different names';
    return (
      `${mine.owner} and ${other.owner} both own ${what} of the same ${kind}. Two owners would overwrite each ` +
      `other on every run: ${advice}.`
    );
  });
}

/**
 * Finds two services of one name in one environment, which Dokploy would allow.
 *
 * @param server as `serverOf` gives it
 * @throws ProgramError when the program has another one
 */
export function nameService(server: object, owner: string, environmentId: unknown, name: unknown): void {
  // What only a run can tell is compared when the service is made.
  if (typeof name !== "string" || environmentId === undefined) return;
  const what = `name of ${owner.split(" ")[0]}`;
  enter(
    server,
    environmentId,
    { owner, what, keys: [name] },
    (mine, other) =>
      `${mine.owner} and ${other.owner} have the same name "${name}" in the same environment: give one of them another.`,
  );
}

/** The names of a map that is given in the program; undefined where only a run can tell them. */
export function namesOf(variables: unknown): readonly string[] | undefined {
  if (typeof variables !== "object" || variables === null || pulumi.Output.isInstance(variables))
    return undefined;
  if (variables instanceof Promise) return undefined;
  return Object.keys(variables);
}
