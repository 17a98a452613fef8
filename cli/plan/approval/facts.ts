import { byText } from "../../../packages/text";
import { identityOf, type PlanKey } from "../../../provider/pulumi";
import { UsageError } from "../../terminal";
import { type ChangeKind, isShown, type Operation, operations, pathsOf } from "../changes";
import type { Effect } from "../effect";
import { messages } from "../messages";
import type { Plan, PlannedResource } from "../model";
import type { Preview, State, Step } from "../preview";
import { withSaved } from "../saved";
import { serversIn, writtenServer } from "../servers";
import { mergedSteps, operationOf } from "../steps";
import { enginePath, holdsSecret, holdsUnknown, isRecord, isSecret, type Path, valueAt } from "../values";

/** Facts of a plan: its changes and their start, with keyed hashes instead of values. Texts and times are no part of it. */
export interface Facts {
  /** Project and stack: `shop/test`. */
  readonly stack: string;
  /** The server that the plan is for, if the plan says it. */
  readonly server?: string;
  /** Resources that change, by URN. */
  readonly resources: Readonly<Record<string, ResourceFacts>>;
}

/** Facts of a plan about one resource. */
export interface ResourceFacts {
  readonly operation: Operation;
  /** The server in words; absent for that of the stack's settings. */
  readonly server?: string;
  /** Hash of the provider, with that server. */
  readonly provider?: string;
  /** True for a replacement that keeps the former object. */
  readonly keepsFormer?: true;
  /** The deployment that follows; absent if there is none. */
  readonly effect?: Pick<Effect, "action" | "when">;
  /** Changes by path: `env.LOG_LEVEL`. */
  readonly changes: Readonly<Record<string, ChangeFacts>>;
  /** Hashes of what the change starts from, by the names of inputs, with `id` and `pending`. */
  readonly base: Readonly<Record<string, string>>;
  /** Hash of all inputs afterwards, without the values of secrets. */
  readonly result: string;
  /** Hashes of all inputs before and after, with the values of secrets, if the preview had the key. */
  readonly sealed?: readonly string[];
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
  const sealed = sealedInputs(preview);
  const serverOf = serversIn(preview.steps);
  const others = new Map(plan.others.map((resource) => [resource.urn, resource.operation]));
  const idsOf = objectsIn(preview.steps);
  const entries = mergedSteps(preview.steps).flatMap((step): [string, ResourceFacts][] => {
    const state = step.newState ?? step.oldState;
    const resource = planned.get(step.urn);
    const operation = resource?.operation ?? others.get(step.urn) ?? operationOf(step);
    // A component only groups other resources.
    if (operation === undefined || !state?.custom) return [];
    const hashes = sealed.get(identityOf(step.urn));
    const facts = resourceFacts(step, idsOf(step.urn), operation, resource, key);
    const at = serverOf(state);
    const where =
      at === undefined
        ? {}
        : { server: writtenServer(at, JSON.stringify), provider: key.shortHash("provider", at.urn) };
    return [[step.urn, { ...facts, ...where, ...(hashes === undefined ? {} : { sealed: hashes }) }]];
  });
  return {
    stack: [project, stack].filter((name) => name !== undefined).join("/"),
    ...(server === undefined ? {} : { server }),
    resources: Object.fromEntries(entries.sort(([a], [b]) => byText(a, b))),
  };
}

/**
 * Returns a function that lists the objects from which the steps of a resource start: that of its state, one that Pulumi
 * imports, and those that an interrupted run left to be deleted.
 */
function objectsIn(steps: readonly Step[]): (urn: string) => readonly string[] {
  const ids = new Map<string, Set<string>>();
  for (const { op, urn, oldState, newState } of steps) {
    const id = oldState?.id ?? newState?.id;
    if (operations[op] !== undefined && id !== undefined) ids.set(urn, (ids.get(urn) ?? new Set()).add(id));
  }
  return (urn) => [...(ids.get(urn) ?? [])].sort(byText);
}

/**
 * Returns the hashes before and after that the provider reports, by identity of the resource. Several reports about one
 * resource count together: anything that writes a line of the run could otherwise hide the provider's own.
 */
function sealedInputs({ diagnostics }: Preview): Map<string, string[]> {
  const reports = messages(diagnostics, "info").flatMap(({ code, about }) =>
    code === "fingerprint" && about !== undefined ? [about] : [],
  );
  const sealed = new Map<string, string[]>();
  for (const report of reports.sort(byText)) {
    const [identity = "", ...hashes] = report.split(";");
    const others = sealed.get(identity);
    sealed.set(identity, others ? hashes.map((hash, at) => `${others[at]} ${hash}`) : hashes);
  }
  return sealed;
}

function resourceFacts(
  given: Step,
  ids: readonly string[],
  operation: Operation,
  resource: PlannedResource | undefined,
  key: PlanKey,
): ResourceFacts {
  const step = operation === "update" ? withSaved(given) : given;
  const { urn, oldState, newState } = step;
  const { pending, pendingReferrers } = oldState?.outputs ?? {};
  const id = ids.length > 1 ? ids : ids[0];
  const start = Object.entries({ ...oldState?.inputs, id, pending, pendingReferrers });
  const base = start
    .filter(([name, value]) => value !== undefined && isShown([name]))
    .map(([name, value]) => [name, key.shortHash("base", urn, name, compared(value))] as const);
  const { effect, unchangedAdoption = false } = resource ?? {};
  return {
    operation: unchangedAdoption ? "adopt" : operation,
    ...(operation === "replace" && oldState?.retained === true ? { keepsFormer: true as const } : {}),
    ...(effect === undefined ? {} : { effect: { action: effect.action, when: effect.when } }),
    changes: sorted(changesOf(step, operation, resource, key)),
    base: sorted(base),
    result: key.shortHash("result", urn, valuesIn(newState, [])),
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
    const value = valuesIn(step.newState, path);
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

/**
 * Returns inputs at a path, and the resources that hidden values come from: two new resources that swap their server
 * would otherwise have the same values.
 */
function valuesIn(state: State | undefined, path: Path): unknown {
  const { inputs: all = {}, dependencies = {} } = state ?? {};
  const inputs = Object.fromEntries(Object.entries(all).filter(([name]) => isShown([name])));
  const value = valueAt(inputs, path);
  const names = path.length > 0 ? path.slice(0, 1) : Object.keys(inputs);
  const origins = names.flatMap((name) => {
    const urns = dependencies[String(name)] ?? [];
    return urns.length > 0 && isHidden(valueAt(inputs, path.length > 0 ? path : [name]))
      ? [[name, [...urns].sort()]]
      : [];
  });
  return origins.length > 0 ? [compared(value), origins] : compared(value);
}

/** True for a value of which the plan hides some part. */
function isHidden(value: unknown): boolean {
  return holdsSecret(value) || holdsUnknown(value);
}

/** Returns a value in which all secrets are the same. */
function compared(value: unknown): unknown {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(compared);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, compared(inner)]));
}
