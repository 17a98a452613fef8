import { allDefinitions } from "../../provider/generated/definitions";
import type { Volume } from "../../provider/lifecycle/definition";
import { needed } from "../../provider/objects/service-outputs";
import type { Change } from "../../provider/schema/changes";
import { type Apply, applyClasses, type DeployOption } from "../../provider/schema/fields";
import { kindOf, traits } from "../../provider/schema/kinds";
import { Mapping } from "../../provider/schema/mapping";
import type { Model } from "../../provider/simple/model";
import { roleOf } from "./kinds";
import { holdsSecret, isRecord } from "./values";

type Values = Readonly<Record<string, unknown>>;

/** What an update does on the server after it has saved. */
export interface Effect {
  /** `deploy` clones or pulls and builds, `redeploy` builds what is there, `reload` restarts the service. */
  action: Exclude<Apply, "none">;
  /**
   * `always`: it happens. `differs`: only when Dokploy holds something else than the program asks for, which the update
   * finds out. `held`: `deploy: false` keeps it back, so that what is saved has yet to take effect.
   */
  when: "always" | "differs" | "held";
}

const definitions = allDefinitions();

const mappings: Readonly<Record<string, Mapping>> = Object.fromEntries(
  definitions.map(({ kind, schema }) => [kind, new Mapping(schema)]),
);

const models: Readonly<Record<string, Model>> = Object.fromEntries(
  definitions.flatMap((definition) => ("model" in definition ? [[definition.kind, definition.model]] : [])),
);

/** The volumes of what is deleted or replaced, as far as the plan shows them. */
export function volumesOf(kind: string, inputs: Values, { appName }: Values): readonly Volume[] {
  const definition = definitions.find((one) => one.kind === kind);
  const { source, ...others } = inputs;
  // What a plan shows of a state is of any type.
  if (typeof appName !== "string") return [];
  const open = holdsSecret(source) ? others : inputs;
  return definition?.volumes?.(open as never, { appName }) ?? [];
}

/** What follows when something is deleted that belongs to a service; undefined for nothing, and for all other kinds. */
export function removalOf(kind: string, olds: Values): Effect | undefined {
  const action = models[kind]?.needOf(olds) ?? "none";
  if (action === "none") return undefined;
  return { action, when: olds["deploy"] === false ? "held" : "always" };
}

/**
 * What the provider will do for a planned creation or update, by the same tables and rules that it works with.
 *
 * @param kind of the resource: `Application`
 * @param olds inputs before; undefined for a creation
 * @param news inputs after, with secrets that differ as different values
 * @param pending the output of that name: what an earlier update left undone
 * @returns undefined when nothing follows
 */
export function effectOf(
  kind: string,
  olds: Values | undefined,
  news: Values,
  pending: unknown,
): Effect | undefined {
  if (targetOf(kind, news)?.deploys === false) return undefined;
  const option = news["deploy"] as DeployOption | undefined;
  const { need, when } = olds
    ? { need: update(kind, olds, news, pending), when: "always" as const }
    : creation(kind, news);
  if (need === "none") return undefined;
  return { action: need, when: option === false ? "held" : when };
}

function update(kind: string, olds: Values, news: Values, pending: unknown): Apply {
  const changes = mappings[kind]?.changes(olds, news) ?? [];
  const left = applyClasses.find((apply) => apply === pending) ?? "none";
  return needed(changes, news["deploy"] as DeployOption | undefined, left);
}

function creation(kind: string, news: Values): { need: Apply; when: "always" | "differs" } {
  const { deploy } = news;
  const method = isRecord(deploy) ? applyClasses.find((apply) => apply === deploy["method"]) : undefined;
  const isNew = news["import"] === undefined;
  const role = roleOf(kind);
  // A service is deployed when it is made, whatever the program gives.
  if (role === "service" && isNew) return { need: "deploy", when: "always" };
  if (role === "deployment") return { need: method ?? "deploy", when: "always" };
  return { need: adopted(kind, news), when: isNew && role !== "variables" ? "always" : "differs" };
}

/** What taking over something needs where all of it differs. */
function adopted(kind: string, news: Values): Apply {
  const changes: Change[] = mappings[kind]?.changes({}, news) ?? [];
  return needed(changes, news["deploy"] as DeployOption | undefined);
}

/**
 * What the input `target` names, or what the resource belongs to; undefined where there is none, or its kind is not known yet.
 *
 * @returns `noun`: in the words of a person. `deploys`: false for projects and environments, which only hold variables.
 */
export function targetOf(
  kind: string,
  inputs: Values,
): { noun: string; id: unknown; deploys: boolean } | undefined {
  const parents = models[kind]?.spec.parents.map((parent) => `${parent}Id`) ?? [];
  const target =
    parents.length > 0
      ? Object.fromEntries(Object.entries(inputs).filter(([name]) => parents.includes(name)))
      : inputs["target"];
  const named = kindOf(target);
  if (named === undefined || !isRecord(target)) return undefined;
  const { noun, methods } = traits[named];
  return { noun, id: target[`${named}Id`], deploys: methods.length > 0 };
}

/** Texts that are secrets by their nature, such as a registry's password, whether the program marked them or not. */
export function secretsByNature(kind: string, inputs: Values): ReadonlySet<string> {
  const { env: _e, buildArgs: _a, buildSecrets: _s, ...others } = inputs;
  return new Set(mappings[kind]?.secrets(others));
}
