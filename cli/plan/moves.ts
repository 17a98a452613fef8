import { byText } from "../../packages/text";
import type { Values } from "../../packages/values";
import { parseUrn } from "../../provider/pulumi";
import { kindOf, textFields } from "../../provider/schema";
import { roleOf } from "./kinds";
import type { Step } from "./preview";
import { isRecord, isSecret } from "./values";

/** New owners of the variables of an `EnvironmentBlock` that leaves the program. */
export interface Moves {
  /** The resources that give some of them after the update, sorted by name. */
  to: { name: string; kind: string }[];
  /** Names of variables that no resource gives any more, and that are removed; undefined when the plan hides them. */
  remaining: string[] | undefined;
}

/** A resource that exists after the update, and the variables that it gives. */
interface Owner {
  urn: string;
  name: string;
  kind: string;
  /** Path of the object that the variables belong to: `application/<id>`. */
  target: string;
  inputs: Values;
}

/** Operations of resources that exist after the update. Steps of a refresh show the state before it. */
const staying: ReadonlySet<string> = new Set([
  "same",
  "create",
  "import",
  "update",
  "replace",
  "create-replacement",
  "import-replacement",
]);

/** Finds the new owners of variables: the provider removes only variables that no resource of the same run gives. */
export function movesIn(steps: readonly Step[]): (blockUrn: string, inputs: Values) => Moves {
  const givers = giversIn(steps.flatMap(ownerOf));
  return (blockUrn, inputs) => {
    const target = targetPath(inputs["target"]);
    const to = new Map<string, Moves["to"][number]>();
    /** Results for lists of owners: true when one contains another owner than the block itself. */
    const seen = new Map<readonly Owner[], boolean>();
    const isGiven = (owners: readonly Owner[] = []) => {
      const known = seen.get(owners);
      if (known !== undefined) return known;
      const others = owners.filter(({ urn }) => urn !== blockUrn);
      for (const { name, kind } of others) to.set(`${name} ${kind}`, { name, kind });
      seen.set(owners, others.length > 0);
      return others.length > 0;
    };
    let remaining: string[] | undefined = [];
    for (const field of textFields) {
      const owned = namesOf(inputs[field]);
      const rest = owned?.filter((name) => !isGiven(givers.get(`${target} ${field} ${name}`)));
      remaining = rest && remaining?.concat(rest);
    }
    const owners = [...to.values()].sort((a, b) => byText(a.name, b.name) || byText(a.kind, b.kind));
    return { to: owners, remaining: remaining?.sort() };
  };
}

/** Returns the owners of each variable, by `target field name`. Variables with the same owners share one list. */
function giversIn(owners: readonly Owner[]): Map<string, readonly Owner[]> {
  const places = new Map<string, number[]>();
  for (const [at, { target, inputs }] of owners.entries()) {
    for (const field of textFields) {
      for (const name of namesOf(inputs[field]) ?? []) {
        const key = `${target} ${field} ${name}`;
        const known = places.get(key);
        if (known) known.push(at);
        else places.set(key, [at]);
      }
    }
  }
  const lists = new Map<string, readonly Owner[]>();
  const listOf = (some: readonly number[]) => {
    const key = some.join();
    const known = lists.get(key) ?? some.flatMap((at) => owners[at] ?? []);
    lists.set(key, known);
    return known;
  };
  return new Map([...places].map(([key, some]) => [key, listOf(some)]));
}

function ownerOf({ op, urn, oldState, newState }: Step): Owner[] {
  const { kind, name = urn } = parseUrn(urn) ?? {};
  if (!staying.has(op) || !newState || kind === undefined) return [];
  const { inputs } = newState;
  const target =
    roleOf(kind) === "variables" ? targetPath(inputs["target"]) : ownPath(op, kind, inputs, oldState?.id);
  return target === undefined ? [] : [{ urn, name, kind, target, inputs }];
}

/** Returns the path of an object that already exists; a new one cannot be the target of a former block. */
function ownPath(op: string, kind: string, inputs: Values, oldId: string | undefined): string | undefined {
  const host = ["service", "scope"].includes(roleOf(kind)) ? kind.toLowerCase() : undefined;
  const id = { same: oldId, update: oldId, create: inputs["import"], import: inputs["import"] }[op];
  return host !== undefined && typeof id === "string" ? `${host}/${id}` : undefined;
}

/** Returns `application/<id>`; undefined where the id is not known yet. */
function targetPath(target: unknown): string | undefined {
  const kind = kindOf(target);
  const id = kind !== undefined && isRecord(target) ? target[`${kind}Id`] : undefined;
  return typeof id === "string" ? `${kind}/${id}` : undefined;
}

/** Returns the names in a map; undefined when the map is secret as a whole, so that the plan hides its names. */
function namesOf(map: unknown): string[] | undefined {
  if (map === undefined) return [];
  return isRecord(map) && !isSecret(map) ? Object.keys(map) : undefined;
}
