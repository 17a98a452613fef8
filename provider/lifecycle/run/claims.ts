import { someOf } from "../../../packages/text";
import type { Values } from "../../../packages/values";
import { textFields } from "../../dokploy";
import type { TargetKind } from "../../schema";

/**
 * Claims of the resources of a program: the part of Dokploy that each has for itself. Two resources with the same claim
 * are an error. Programs in JavaScript are checked at registration, where two outputs are known to be the id of the
 * same object before that exists; programs in all languages are checked by the handlers, as soon as ids are known.
 *
 * The provider checks separately what no program shows: the stack's state (`Holdings`), the option `import`
 * (`RunResources`), and objects on the server (`preview` and `preflight` of a definition).
 */
export interface Claim {
  /** Id of the surrounding object, or any value that represents it; undefined for the server. */
  readonly within: unknown;
  /** Part of the surrounding object that is owned: `env`, `Domain`. */
  readonly what: string;
  /** Keys of that part; undefined for all. */
  readonly keys: readonly string[] | undefined;
  /**
   * Describes two claims of the same part.
   *
   * @param mine label of the resource that claims later
   * @param other label of the resource that has the part
   * @param both common keys; undefined for all
   */
  clash(mine: string, other: string, both: readonly string[] | undefined): string;
}

/** The resource that claims something. */
export interface Claimant {
  /** Identity of the resource, or its label: it may claim the same again. */
  readonly resource: string;
  /** Label in messages: `EnvironmentBlock "api"`, `domains[0] of Application "web"`. */
  readonly label: string;
}

/** Inputs that distinguish one object from another, each with its default. */
export type Key = readonly (readonly [input: string, value?: unknown])[];

/** Facts about a kind of object that decide which two are the same. */
export interface ObjectFacts {
  readonly kind: string;
  /** Undefined where nothing distinguishes two objects; none where a server has only one. */
  readonly key?: Key;
  /** Kinds of objects that it can belong to. */
  readonly parents?: readonly string[];
  /** Effect of two objects with the same key on each other, as the end of a sentence. */
  readonly duplicates?: string;
}

/** Facts about a kind of resource, with those about the parts that it lists, by the names of the inputs. */
export interface ClaimFacts extends ObjectFacts {
  readonly lists: Readonly<Record<string, ObjectFacts>>;
}

type Entry = Claimant & Pick<Claim, "keys">;

/** All claims of a run on one server. */
export class Claims {
  /** Claims by the surrounding object, and by the part. */
  private readonly entries = new Map<unknown, Map<string, Entry[]>>();

  /** Registers a claim; returns the message when another resource claims the same, and undefined otherwise. */
  enter({ resource, label }: Claimant, { within, what, keys, clash }: Claim): string | undefined {
    const ofObject = this.entries.get(within) ?? new Map<string, Entry[]>();
    this.entries.set(within, ofObject);
    const entries = ofObject.get(what) ?? [];
    ofObject.set(what, entries);
    for (const other of entries) {
      if (other.resource === resource) continue;
      const both = keys && other.keys ? keys.filter((key) => other.keys?.includes(key)) : undefined;
      if (both?.length !== 0) return clash(label, other.label, both);
    }
    entries.push({ resource, label, keys });
    return undefined;
  }

  /** Removes all claims of a resource. */
  release(resource: string): void {
    for (const ofObject of this.entries.values()) {
      for (const [what, entries] of ofObject) {
        ofObject.set(
          what,
          entries.filter((entry) => entry.resource !== resource),
        );
      }
    }
  }
}

/**
 * Returns the claim of an object.
 *
 * @param parent id of the object that it belongs to
 * @param values values of the inputs of its key
 */
export function objectClaim(facts: ObjectFacts, parent: unknown, values: readonly unknown[]): Claim {
  return {
    within: parent,
    what: facts.kind,
    keys: [JSON.stringify(values)],
    clash: (mine, other) =>
      `${mine} and ${other} ${sameObject(facts, parent === undefined ? "" : " for the same service")}.`,
  };
}

/**
 * Returns the problem of two objects that are the same, as the end of a sentence. It has only the names of the inputs,
 * since their values may be secrets.
 */
export function sameObject({ kind, key = [], duplicates }: ObjectFacts, where = ""): string {
  const inputs = key.map(([input]) => input);
  const same =
    inputs.length === 0 ? "a server has one" : `they have the same ${inputs.join(" and ")}${where}`;
  const why = duplicates === undefined ? "" : ` and ${duplicates}`;
  return `are the same ${kind}: ${same}${why}. Keep one of the two`;
}

/** Returns the values of the key among the inputs. */
export function keyValues(key: Key, inputs: Values): unknown[] {
  return key.map(([input, otherwise]) => inputs[input] ?? otherwise);
}

/** Returns the id of the object that another one belongs to; undefined for none. */
export function parentIn({ parents = [] }: ObjectFacts, inputs: Values): unknown {
  return parents.map((parent) => inputs[`${parent}Id`]).find((id) => id !== undefined);
}

/**
 * Returns the claims of variables. They are one text in Dokploy, which two owners would keep overwriting.
 *
 * @param keysOf returns the names of the owned variables of a map; without it the resource has the whole text
 */
export function textClaims(
  kind: TargetKind,
  id: unknown,
  inputs: object,
  keysOf?: (variables: unknown) => readonly string[] | undefined,
): Claim[] {
  return textFields.flatMap((field) => {
    const variables = (inputs as Values)[field];
    if (variables === undefined) return [];
    const clash: Claim["clash"] = (mine, other, both) => {
      const what = both ? someOf(both.map((name) => `${field}.${name}`)) : field;
      const service = [mine, other].find((label) => !label.startsWith("EnvironmentBlock"));
      const advice = service
        ? `remove ${field} from ${service} and leave it to blocks, or move the variables into ${service}`
        : 'keep one of them, or give both mode "additive" with different names';
      return (
        `${mine} and ${other} both own ${what} of the same ${kind}. Two owners would overwrite each ` +
        `other on every run: ${advice}.`
      );
    };
    return [{ within: id, what: field, keys: keysOf?.(variables), clash }];
  });
}

/** Returns the claim of a service's name in its environment, where Dokploy would allow a second one. */
export function nameClaim(kind: string, environmentId: unknown, name: string): Claim {
  return {
    within: environmentId,
    what: `name of ${kind}`,
    keys: [name],
    clash: (mine, other) =>
      `${mine} and ${other} have the same name "${name}" in the same environment: give one of them another.`,
  };
}
