import { someOf, visible } from "../../../packages/text";
import { isUnknown, type Values } from "../../../packages/values";
import type { Adoptions } from "../../../sdk/resource";
import { inputNames } from "../../../sdk/run";
import { type Item, namingInputs } from "../export/item";
import { parentIdOf, type References } from "../export/references";
import type { Declared } from "./declared";

/** Object of the server for a resource of the program, or the reason why there is none. */
export type Match = {
  readonly declared: Declared;
  /** Id of the object that it belongs to. */
  readonly parent?: string;
} & (
  | {
      readonly outcome: "found";
      readonly id: string;
      /** Value of a generated secret. */
      readonly value?: string;
    }
  /** Nothing to find: the update makes it. */
  | { readonly outcome: "made" }
  | { readonly outcome: "missing" }
  | { readonly outcome: "unclear"; readonly why: string }
);

/** Objects of a server. */
export interface Objects {
  readonly references: References;
  /** Ids of the projects by those of their default environments. */
  readonly defaults: ReadonlyMap<string, string>;
}

/**
 * Finds the object of each resource: by its kind, by the inputs that distinguish the objects of its kind, such as the name, and
 * by the object that it belongs to. Names are not unique in Dokploy, so several objects of one name are no match.
 *
 * @param declared resources, each after those that it refers to
 * @param given ids that a file names, which take precedence
 */
export function matchesOf(declared: readonly Declared[], objects: Objects, given: Adoptions): Match[] {
  const matches = new Map<string, Match>();
  const isSecret = ({ kind }: Declared) => kind === "GeneratedSecret";
  for (const one of declared) if (!isSecret(one)) matches.set(one.urn, matchOf(one, objects, given, matches));
  for (const one of declared) if (isSecret(one)) matches.set(one.urn, variableFor(one, objects, matches));
  const all = declared.flatMap(({ urn }) => matches.get(urn) ?? []);
  return all.map((match) => {
    const { kind, name } = match.declared;
    if (match.outcome === "made") return match;
    // The adoption file cannot distinguish them.
    if (
      all.some(
        ({ declared }) => declared !== match.declared && declared.kind === kind && declared.name === name,
      )
    )
      return unclear(
        match,
        `several resources of the program are a ${kind} with this name; give each the option import`,
      );
    const same = all.find(
      (other) =>
        other !== match &&
        other.outcome === "found" &&
        match.outcome === "found" &&
        other.id === match.id &&
        other.declared.kind === kind,
    );
    return same === undefined
      ? match
      : unclear(
          match,
          `${visible(same.declared.name)} is the same object, ${same.outcome === "found" ? same.id : ""}`,
        );
  });
}

function unclear({ declared, parent }: Match, why: string): Match {
  return { declared, ...(parent === undefined ? {} : { parent }), outcome: "unclear", why };
}

function matchOf(
  declared: Declared,
  objects: Objects,
  given: Adoptions,
  matches: ReadonlyMap<string, Match>,
): Match {
  const { kind, name, definition, provider } = declared;
  if (definition.list === undefined || definition.relation === "part") {
    const [, target] = targetPath({ declared, outcome: "made" }, matches)?.split("/") ?? [];
    return { declared, ...(target === undefined ? {} : { parent: target }), outcome: "made" };
  }
  const inputs = withIds(declared, objects, matches);
  const parent = parentIdOf({ kind, inputs });
  const base = { declared, ...(parent === undefined || isUnknown(parent) ? {} : { parent }) };
  const own = Object.hasOwn(given, kind) ? given[kind] : undefined;
  if (own !== undefined && Object.hasOwn(own, name))
    return { ...base, outcome: "found", id: own[name] ?? "" };
  if (provider !== undefined)
    return {
      ...base,
      outcome: "unclear",
      why: `it goes to the server of the provider ${visible(provider)}, which is not searched`,
    };
  const distinguishing = distinguishingInputs(kind, inputs);
  const open = [...distinguishing.keys(), ...parentInputs(declared)].filter((input) => isOpen(inputs[input]));
  const waitsFor = open.map((input) => sourceOf(input, declared, matches));
  if (waitsFor.length > 0 && waitsFor.every((source) => source?.outcome === "missing"))
    return { ...base, outcome: "missing" };
  if (open.length > 0) {
    const because = waitsFor.find((source) => source !== undefined);
    const why = because === undefined ? "" : `, which comes from ${visible(because.declared.name)}`;
    return { ...base, outcome: "unclear", why: `the plan does not show its ${open.join(" and ")}${why}` };
  }
  const found = objects.references.items.filter(
    (item) => item.kind === kind && parentIdOf(item) === parent && isSame(item, distinguishing),
  );
  const [only, ...others] = found;
  if (only === undefined) return { ...base, outcome: "missing" };
  if (others.length === 0) return { ...base, outcome: "found", id: only.id };
  return {
    ...base,
    outcome: "unclear",
    why: `Dokploy has ${found.length}: ${someOf(found.map(({ id }) => id))}`,
  };
}

/** Returns the inputs, where an id that an object has by now replaces the unknown value. */
function withIds(declared: Declared, objects: Objects, matches: ReadonlyMap<string, Match>): Values {
  return Object.fromEntries(
    Object.entries(declared.inputs).map(([input, value]) => {
      const source = isUnknown(value) ? sourceOf(input, declared, matches) : undefined;
      return [input, (source && idFrom(source, input, objects)) ?? value];
    }),
  );
}

/** Returns the id that an input takes from another resource; undefined for anything else that it takes. */
function idFrom(source: Match, input: string, { references, defaults }: Objects): unknown {
  if (source.outcome !== "found") return undefined;
  if (isNamedBy(input, source)) return source.id;
  const { kind } = source.declared;
  if (input === "environmentId" && kind === "Project")
    return [...defaults].find(([, project]) => project === source.id)?.[0];
  // The other one may be in the same place: `environmentId: api.environmentId`.
  return input.endsWith("Id")
    ? references.items.find((item) => item.kind === kind && item.id === source.id)?.inputs[input]
    : undefined;
}

/** Returns the match of the resource that gives an input; undefined where several may. */
function sourceOf(
  input: string,
  { dependencies }: Declared,
  matches: ReadonlyMap<string, Match>,
): Match | undefined {
  const sources = (dependencies[input] ?? []).flatMap((urn) => matches.get(urn) ?? []);
  const [only, ...others] = sources;
  const named = sources.filter((source) => isNamedBy(input, source));
  return others.length === 0 ? only : named.length === 1 ? named[0] : undefined;
}

/** True for a resource of the kind whose id an input takes: `applicationId`. */
function isNamedBy(input: string, { declared: { kind } }: Match): boolean {
  return `${kind}Id`.toLowerCase() === input.toLowerCase();
}

/** Returns the inputs by which the objects of a kind differ, with their defaults. */
function distinguishingInputs(kind: Declared["kind"], inputs: Values): ReadonlyMap<string, unknown> {
  const names = inputNames[kind];
  if ("key" in names) {
    const keys: readonly (readonly [name: string, standard?: unknown])[] = names.key;
    return new Map(keys.map(([input, standard]) => [input, inputs[input] ?? standard]));
  }
  const input = namingInputs.find((name) => inputs[name] !== undefined);
  return new Map(input === undefined ? [] : [[input, inputs[input]]]);
}

function isSame({ kind, inputs }: Item, distinguishing: ReadonlyMap<string, unknown>): boolean {
  const its = distinguishingInputs(kind, inputs);
  return (
    its.size === distinguishing.size &&
    [...distinguishing].every(([input, value]) => its.get(input) === value)
  );
}

/** Lists the inputs that name the object to which it belongs. */
function parentInputs({ inputs, dependencies, kind }: Declared): string[] {
  const names = inputNames[kind];
  const parents = "parents" in names ? names.parents.map((parent) => `${parent}Id`) : [];
  return ["environmentId", "projectId", ...parents].filter(
    (input) => input in inputs || input in dependencies,
  );
}

/** True for a value that the plan does not show. */
function isOpen(value: unknown): boolean {
  return isUnknown(value) || value === "[secret]";
}

/** Finds the variable whose value a generated secret adopts: `application/<id>/SESSION_KEY`. */
function variableFor(
  declared: Declared,
  { references }: Objects,
  matches: ReadonlyMap<string, Match>,
): Match {
  const { adopts } = declared.inputs;
  const found = typeof adopts !== "string" || isUnknown(adopts) ? undefined : placeIn(adopts, matches);
  if (found === undefined) return { declared, outcome: "made" };
  const { target, place } = found;
  const object = references.items.find((item) => pathOf(item) === target);
  const [key = "", map = "env"] = place.split("/").reverse();
  const values = Object(object?.inputs[map]) as Values;
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  const id = `${target}/${place}`;
  return { declared, outcome: "found", id, ...(typeof value === "string" ? { value } : {}) };
}

/** Returns the object that a text names, `application/<id>`, and the variable there; undefined where it has none yet. */
function placeIn(
  adopts: string,
  matches: ReadonlyMap<string, Match>,
): { readonly target: string; readonly place: string } | undefined {
  // The program, or the file of the stack, may name the object itself.
  const [, named, there] = /^(\w+\/[^/]+)\/(.+)$/.exec(adopts) ?? [];
  if (named !== undefined && there !== undefined) return { target: named, place: there };
  // A name of a resource may contain a slash, so that the URN of one is the beginning of another's.
  const start = adopts.slice(0, adopts.lastIndexOf("/"));
  const owner = matches.get(start) ?? matches.get(start.replace(/\/build(?:Args|Secrets)$/, ""));
  const target = owner === undefined ? undefined : targetPath(owner, matches);
  if (owner === undefined || target === undefined) return undefined;
  return { target, place: adopts.slice(owner.declared.urn.length + 1) };
}

/** Returns the kind and id of an object with variables: `application/<id>`. */
function pathOf({ kind, id }: Pick<Item, "kind" | "id">): string {
  return kind === "EnvironmentBlock" ? id : `${kind.toLowerCase()}/${id}`;
}

/** Returns the object of a resource, which for a block or a deployment is its target. */
function targetPath(owner: Match, matches: ReadonlyMap<string, Match>): string | undefined {
  const { declared } = owner;
  if (owner.outcome === "found") return pathOf({ kind: declared.kind, id: owner.id });
  const [[input, id] = []] = Object.entries(Object(declared.inputs["target"]) as Values);
  if (input === undefined) return undefined;
  if (typeof id === "string" && !isUnknown(id)) return `${input.replace(/Id$/, "")}/${id}`;
  const target = sourceOf("target", declared, matches);
  return target !== undefined && isNamedBy(input, target) ? targetPath(target, matches) : undefined;
}
