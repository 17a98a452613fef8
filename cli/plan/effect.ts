import type { Values } from "../../packages/values";
import { SERVICES, serviceKinds } from "../../provider/dokploy";
import {
  alwaysStops,
  type Model,
  mountedVolume,
  needed,
  type ServiceVolume,
  serviceVolumes,
} from "../../provider/engine";
import { allDefinitions } from "../../provider/resources";
import {
  type Apply,
  applyClasses,
  type Change,
  type DeployOption,
  isShared,
  kindOf,
  Mapping,
  traits,
} from "../../provider/schema";
import { roleOf } from "./kinds";
import { holdsSecret, isRecord } from "./values";

/** The action that an update triggers on the server after it has saved. */
export interface Effect {
  /** `deploy` clones or pulls and builds, `redeploy` builds the present code, `reload` restarts the service. */
  action: Exclude<Apply, "none">;
  /**
   * `always`: it happens. `differs`: it happens only if Dokploy differs from the program, which the update finds out.
   * `held`: `deploy: false` prevents it, so that the saved change has no effect yet.
   */
  when: "always" | "differs" | "held";
  /** True when an update stops the containers that it replaces, and only then starts the new ones. */
  interrupts?: true;
}

const definitions = allDefinitions();

/** Mappings by kind. A kind in a plan may be any text, such as `constructor`. */
const mappings: ReadonlyMap<string, Mapping> = new Map(
  definitions.map(({ kind, schema }) => [kind, new Mapping(schema)]),
);

const models: ReadonlyMap<string, Model> = new Map(
  definitions.flatMap((definition) =>
    "model" in definition ? [[definition.kind, definition.model] as const] : [],
  ),
);

/** Returns the volumes of a resource that is deleted or replaced, as far as the plan shows them. */
export function volumesOf(kind: string, inputs: Values, { appName }: Values): readonly ServiceVolume[] {
  if (kind === "Mount") return mountedVolume(inputs);
  const service = serviceKinds.find((name) => SERVICES[name].kind === kind);
  // Outputs in a plan may have any type.
  if (typeof appName !== "string" || service === undefined) return [];
  const shown = Object.entries(inputs).filter(([, value]) => !holdsSecret(value));
  return serviceVolumes(service, Object.fromEntries(shown), appName);
}

/** Returns the effect of deleting an object of a service; undefined when it has none, and for all other kinds. */
export function removalOf(kind: string, olds: Values): Effect | undefined {
  const action = models.get(kind)?.needOf(olds) ?? "none";
  if (action === "none") return undefined;
  return { action, when: olds["deploy"] === false ? "held" : "always" };
}

/**
 * Predicts what the provider will do for a planned creation or update, by the provider's own tables and rules.
 *
 * @param olds inputs before; undefined for a creation
 * @param news inputs after, with secrets that differ as different values
 * @param pending the output of that name, with the work that an earlier update did not finish
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
  if (option === false) return { action: need, when: "held" };
  return { action: need, when, ...(olds && stopsFirst(kind, news) ? { interrupts: true } : {}) };
}

function stopsFirst(kind: string, { composeType, swarm }: Values): boolean {
  const updateConfig = isRecord(swarm) && isRecord(swarm["updateConfig"]) ? swarm["updateConfig"] : undefined;
  return alwaysStops(kind.toLowerCase(), { composeType, updateConfig });
}

function update(kind: string, olds: Values, news: Values, pending: unknown): Apply {
  const changes = mappings.get(kind)?.changes(olds, news) ?? [];
  const remaining = applyClasses.find((apply) => apply === pending) ?? "none";
  return needed(changes, news["deploy"] as DeployOption | undefined, remaining);
}

function creation(kind: string, news: Values): { need: Apply; when: "always" | "differs" } {
  const { deploy } = news;
  const method = isRecord(deploy) ? applyClasses.find((apply) => apply === deploy["method"]) : undefined;
  const isNew = news["import"] === undefined;
  const role = roleOf(kind);
  // A new service is always deployed.
  if (role === "service" && isNew) return { need: "deploy", when: "always" };
  if (role === "deployment") return { need: method ?? "deploy", when: "always" };
  return { need: adopted(kind, news), when: isNew && role !== "variables" ? "always" : "differs" };
}

/** Returns the action that an adoption needs if every input differs. */
function adopted(kind: string, news: Values): Apply {
  const changes: Change[] = mappings.get(kind)?.changes({}, news) ?? [];
  return needed(changes, news["deploy"] as DeployOption | undefined);
}

/**
 * Returns the object that `target` names, or the service that the resource belongs to; undefined while it is
 * unknown. `deploys` is false for projects and environments, which only hold variables. `input` is the top-level input
 * that names it.
 */
export function targetOf(
  kind: string,
  inputs: Values,
): { noun: string; id: unknown; deploys: boolean; input: string } | undefined {
  const parents = models.get(kind)?.parents.map((parent) => `${parent}Id`) ?? [];
  const target =
    parents.length > 0
      ? Object.fromEntries(Object.entries(inputs).filter(([name]) => parents.includes(name)))
      : inputs["target"];
  const named = kindOf(target);
  if (named === undefined || !isRecord(target)) return undefined;
  const name = `${named}Id`;
  const input = parents.length > 0 ? name : "target";
  return { noun: traits[named].noun, id: target[name], deploys: !isShared(named), input };
}

/** Returns texts that are always secrets, such as a registry's password, whether or not the program marked them. */
export function secretsByNature(kind: string, inputs: Values): ReadonlySet<string> {
  const { env: _e, buildArgs: _a, buildSecrets: _s, ...others } = inputs;
  return new Set(mappings.get(kind)?.secrets(others));
}
