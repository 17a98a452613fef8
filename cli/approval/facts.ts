import { byText } from "../../packages/text/words";
import { type ChangeKind, isShown, type Operation, pathsOf } from "../plan/changes";
import type { Effect } from "../plan/effect";
import type { Plan, PlannedResource } from "../plan/model";
import type { Preview, Step } from "../plan/preview";
import { withSaved } from "../plan/saved";
import { mergedSteps, operationOf } from "../plan/steps";
import { enginePath, isRecord, isSecret, type Path, valueAt } from "../plan/values";
import { UsageError } from "../terminal/errors";
import type { PlanKey } from "./key";

/** What a plan does and what it starts from, with keyed hashes instead of values. Texts and times are no part of it. */
export interface Facts {
  /** Project and stack: `shop/test`. */
  readonly stack: string;
  /** The server that the plan is for, if the plan says it. */
  readonly server?: string;
  /** Resources that change, by URN. */
  readonly resources: Readonly<Record<string, ResourceFacts>>;
}

/** What a plan does with a resource. */
export interface ResourceFacts {
  readonly operation: Operation;
  /** What follows; absent if nothing does. */
  readonly effect?: Pick<Effect, "action" | "when">;
  /** Changes by path: `env.LOG_LEVEL`. */
  readonly changes: Readonly<Record<string, ChangeFacts>>;
  /** Hashes of what the change starts from, by the names of inputs, with `id` and `pending`. */
  readonly base: Readonly<Record<string, string>>;
  /** Hash of all inputs afterwards. */
  readonly result: string;
}

/** Kind of a change, `keep` for what an adopted object already has, and the hash of the new value. */
export type ChangeFacts = readonly [ChangeKind | "keep", string];

/**
 * Returns the facts of a preview.
 *
 * @param plan made from the same preview, perhaps with the name of the stack
 * @throws UsageError when nobody says which stack it is
 */
export function factsOf(preview: Preview, plan: Plan, key: PlanKey): Facts {
  const { project, stack, server } = plan;
  if (stack === undefined)
    throw new UsageError("The plan does not contain the name of its stack. Give --stack NAME.");
  const planned = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const others = new Map(plan.others.map((resource) => [resource.urn, resource.operation]));
  const entries = mergedSteps(preview.steps).flatMap((step): [string, ResourceFacts][] => {
    const state = step.newState ?? step.oldState;
    const resource = planned.get(step.urn);
    const operation = resource?.operation ?? others.get(step.urn) ?? operationOf(step);
    // A component only groups other resources.
    if (operation === undefined || !state?.custom) return [];
    return [[step.urn, resourceFacts(step, operation, resource, key)]];
  });
  return {
    stack: [project, stack].filter((name) => name !== undefined).join("/"),
    ...(server === undefined ? {} : { server }),
    resources: Object.fromEntries(entries.sort(([a], [b]) => byText(a, b))),
  };
}

function resourceFacts(
  given: Step,
  operation: Operation,
  resource: PlannedResource | undefined,
  key: PlanKey,
): ResourceFacts {
  const step = operation === "update" ? withSaved(given) : given;
  const { urn, oldState, newState } = step;
  const { pending, pendingReferrers } = oldState?.outputs ?? {};
  const start = Object.entries({ ...oldState?.inputs, id: oldState?.id, pending, pendingReferrers });
  const base = start
    .filter(([name, value]) => value !== undefined && isShown([name]))
    .map(([name, value]) => [name, key.shortHash("base", urn, name, canonical(value, [name]))] as const);
  const { effect, unchangedAdoption = false } = resource ?? {};
  return {
    operation: unchangedAdoption ? "adopt" : operation,
    ...(effect === undefined ? {} : { effect: { action: effect.action, when: effect.when } }),
    changes: sorted(changesOf(step, operation, resource, key)),
    base: sorted(base),
    result: key.shortHash("result", urn, canonical(newState?.inputs ?? {}, [])),
  };
}

function changesOf(
  step: Step,
  operation: Operation,
  resource: PlannedResource | undefined,
  key: PlanKey,
): [string, ChangeFacts][] {
  if (operation === "delete" || operation === "release") return [];
  const adopted = resource && (operation === "adopt" || resource.unchangedAdoption) ? resource : undefined;
  const differing = new Map(adopted ? differences(adopted) : []);
  const changes = pathsOf(step).map(([path, kind]): [string, ChangeFacts] => {
    const name = enginePath(path);
    const value = canonical(valueAt(step.newState?.inputs, path), path);
    return [
      name,
      [adopted ? (differing.get(name) ?? "keep") : kind, key.shortHash("value", step.urn, name, value)],
    ];
  });
  const given = new Set(changes.map(([name]) => name));
  // Variables of the object that the program lacks have a kind and no value.
  const more = [...differing].filter(([name]) => !given.has(name));
  return [...changes, ...more.map(([name, kind]): [string, ChangeFacts] => [name, [kind, ""]])];
}

/** Lists how an adopted object differs from the program. */
function differences({ unchangedAdoption, variables, inputs }: PlannedResource): [string, ChangeKind][] {
  if (unchangedAdoption) return [];
  return [
    ...variables.map(({ map, key, change }): [string, ChangeKind] => [
      enginePath(key === undefined ? [map] : [map, key]),
      change,
    ]),
    ...inputs.map(({ path, change }): [string, ChangeKind] => [path, change]),
  ];
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => byText(a, b)));
}

/** Returns a value as JSON whose names are sorted, without the engine's own ones. Secrets are all the same. */
function canonical(value: unknown, at: Path): string {
  return JSON.stringify(ordered(value, at)) ?? "";
}

function ordered(value: unknown, at: Path): unknown {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map((item, index) => ordered(item, [...at, index]));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value)
    .filter(([name]) => isShown([...at, name]))
    .sort(([a], [b]) => byText(a, b));
  // A list of entries: in an object, names like "10" would come first.
  return { entries: entries.map(([name, inner]) => [name, ordered(inner, [...at, name])]) };
}
