import { parseUrn } from "../../provider/pulumi/urn";
import { kindOf, textFields } from "../../provider/schema/kinds";
import { roleOf } from "./kinds";
import { byText } from "./messages";
import type { Step } from "./preview";
import { isRecord, isSecret } from "./values";

type Values = Readonly<Record<string, unknown>>;

/** What becomes of the variables of an `EnvironmentBlock` that leaves the program. */
export interface Moves {
  /** The resources that give some of them from now on, by name. */
  to: { name: string; kind: string }[];
  /** Names of those that nobody gives any more, and that are taken out; undefined: the plan does not tell which. */
  left: string[] | undefined;
}

/** A resource that will be there after the update, and the variables that it gives. */
interface Owner {
  urn: string;
  name: string;
  kind: string;
  /** `application/<id>`, whose variables they are. */
  target: string;
  inputs: Values;
}

/** Of a resource that is there after the update. Steps of a refresh tell what was there before it. */
const staying: ReadonlySet<string> = new Set([
  "same",
  "create",
  "import",
  "update",
  "replace",
  "create-replacement",
  "import-replacement",
]);

/**
 * Follows variables from owners that leave to those that come: the provider takes out only what no resource of the same
 * run gives.
 */
export function movesIn(steps: readonly Step[]): (blockUrn: string, inputs: Values) => Moves {
  const givers = giversIn(steps.flatMap(ownerOf));
  return (blockUrn, inputs) => {
    const target = targetPath(inputs["target"]);
    const to = new Map<string, Moves["to"][number]>();
    /** Of owners that were looked at: whether there is another one than the block itself. */
    const seen = new Map<readonly Owner[], boolean>();
    const isGiven = (owners: readonly Owner[] = []) => {
      const known = seen.get(owners);
      if (known !== undefined) return known;
      const others = owners.filter(({ urn }) => urn !== blockUrn);
      for (const { name, kind } of others) to.set(`${name} ${kind}`, { name, kind });
      seen.set(owners, others.length > 0);
      return others.length > 0;
    };
    let left: string[] | undefined = [];
    for (const field of textFields) {
      const owned = namesOf(inputs[field]);
      const rest = owned?.filter((name) => !isGiven(givers.get(`${target} ${field} ${name}`)));
      left = rest && left?.concat(rest);
    }
    const owners = [...to.values()].sort((a, b) => byText(a.name, b.name) || byText(a.kind, b.kind));
    return { to: owners, left: left?.sort() };
  };
}

/** The owners of each variable, by `target field name`; the same list for variables of the same owners. */
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

/** Of something that exists already; what is made anew is no target of a former block. */
function ownPath(op: string, kind: string, inputs: Values, oldId: string | undefined): string | undefined {
  const holder = ["service", "scope"].includes(roleOf(kind)) ? kind.toLowerCase() : undefined;
  const id = { same: oldId, update: oldId, create: inputs["import"], import: inputs["import"] }[op];
  return holder !== undefined && typeof id === "string" ? `${holder}/${id}` : undefined;
}

/** `application/<id>`; undefined where the id is not known yet. */
function targetPath(target: unknown): string | undefined {
  const kind = kindOf(target);
  const id = kind !== undefined && isRecord(target) ? target[`${kind}Id`] : undefined;
  return typeof id === "string" ? `${kind}/${id}` : undefined;
}

/** Undefined for a map that is secret as a whole, whose names the plan does not tell. */
function namesOf(map: unknown): string[] | undefined {
  if (map === undefined) return [];
  return isRecord(map) && !isSecret(map) ? Object.keys(map) : undefined;
}
