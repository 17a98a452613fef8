import * as pulumi from "@pulumi/pulumi";
import { someOf } from "../../packages/text/names";
import type { TargetKind } from "../../provider/schema/kinds";
import { rememberedBy } from "../run/current-run";
import { ProgramError } from "../run/program-error";

/**
 * Ownership of a part of Dokploy: variables of one text, a name, a domain. Two resources with the same claim are an
 * error.
 *
 * Each rule about ownership stands once. Rules about two resources of one program stand here: the program knows that two
 * outputs are the id of the same object before that exists, while the provider gets both as unknown values. The
 * provider checks what a program cannot see: the stack's state (`Holdings`), the option `import` (`RunResources`),
 * and objects on the server (`previewChecks` and `preflight` of a definition).
 */
interface Claim {
  /** Label of the resource in messages, e.g. `EnvironmentBlock "api"`. */
  readonly owner: string;
  /** The part of the surrounding object that is owned: `env`, `Domain`. */
  readonly what: string;
  /** Keys of that part; undefined for all. */
  readonly keys: readonly string[] | undefined;
}

/** Describes two claims of the same part: the later one, the earlier one, and their common keys; undefined for all. */
type Clash = (mine: Claim, other: Claim, both: readonly string[] | undefined) => string;

/** Claims by server (which differs for each run), by the surrounding object, and by the part that they claim. */
const claimsOn = rememberedBy(() => new Map<unknown, Map<string, Claim[]>>());

/**
 * Registers that a resource owns something.
 *
 * @param within the id of the surrounding object, or its output; undefined for the server
 * @throws ProgramError when another resource owns the same; for an output also when its value is known
 */
export function claim(server: object, within: unknown, mine: Claim, clash: Clash): void {
  enter(server, within, mine, clash);
  if (pulumi.Output.isInstance(within) || within instanceof Promise)
    pulumi.output(within).apply((known) => enter(server, known, mine, clash));
}

function enter(server: object, within: unknown, mine: Claim, clash: Clash): void {
  const claims = claimsOn(server);
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
  for (const field of ["env", "buildArgs", "buildSecrets"]) {
    const variables = (args as Readonly<Record<string, unknown>>)[field];
    if (variables === undefined) continue;
    claim(server, id, { owner, what: field, keys: keysOf?.(variables) }, (mine, other, both) => {
      const what = both ? someOf(both.map((name) => `${field}.${name}`)) : field;
      const service = [mine, other].find((each) => !each.owner.startsWith("EnvironmentBlock"));
      const advice = service
        ? `remove ${field} from ${service.owner} and leave it to blocks, or move the variables into ${service.owner}`
        : 'keep one of them, or give both mode "additive" with different names';
      return (
        `${mine.owner} and ${other.owner} both own ${what} of the same ${kind}. Two owners would overwrite each ` +
        `other on every run: ${advice}.`
      );
    });
  }
}

/** @throws ProgramError for a second service of that name, which Dokploy would allow, in an environment */
export function nameService(server: object, owner: string, environmentId: unknown, name: unknown): void {
  // Names that are known only in a run are compared when the service is created.
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

/** Returns the names of a map in the program; undefined when they are known only in a run. */
export function namesOf(variables: unknown): readonly string[] | undefined {
  if (typeof variables !== "object" || variables === null || pulumi.Output.isInstance(variables))
    return undefined;
  if (variables instanceof Promise) return undefined;
  return Object.keys(variables);
}
