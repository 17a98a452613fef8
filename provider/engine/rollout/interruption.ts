import { stoppedFirst } from "../../../packages/compose-checks/checks";
import { capital, someOf, visible } from "../../../packages/text";
import { isRecord, isUnknown } from "../../../packages/values";
import { callAny, type Endpoint, ifFound } from "../../dokploy";
import { MASK, resolveEnv, type Shared, textsAround } from "../../env";
import type { Context } from "../../lifecycle";
import { type Apply, type DeployOption, isDatabase, type ServiceKind, traits } from "../../schema";

/** Settings of Docker for an update, as Dokploy has them. */
interface UpdateConfig {
  readonly Order?: string | undefined;
  readonly Parallelism?: number | undefined;
}

/** Columns of a service that decide if a new container interrupts it. */
interface Settings {
  readonly name?: unknown;
  readonly composeType?: string;
  readonly sourceType?: string;
  readonly composeFile?: string;
  readonly createEnvFile?: boolean;
  readonly env?: string | null;
  readonly environment?: Shared;
  readonly domains?: object;
  readonly ports?: object;
  readonly replicas?: number;
  readonly modeSwarm?: { readonly Replicated?: { readonly Replicas?: number } } | null;
  readonly updateConfigSwarm?: UpdateConfig | null;
  readonly healthCheckSwarm?: { readonly Test?: readonly string[] } | null;
}

/** Service whose containers a plan replaces, and what for. */
interface Replacing {
  readonly kind: ServiceKind;
  readonly id: string;
  /** Action that the planned changes need. */
  readonly need: Apply;
  /** The program's choice; `false` leaves the action to others. */
  readonly option: DeployOption | undefined;
}

/**
 * Reports once for a service that a plan interrupts it, and why. Each plan that deploys a service asks this:
 * the service itself, its variables and parts, a `Deployment`, and shared variables. Reads nothing unless the plan
 * deploys.
 */
export async function previewInterruption(
  { kind, id, need, option }: Replacing,
  { run, reads, adoptUnchanged, warn, inform }: Context,
): Promise<void> {
  const service = `${kind}/${id}`;
  // An object that is adopted as it is already works.
  if (need === "none" || option === false || isUnknown(option) || adoptUnchanged) return;
  if (run.interruptions.wasReported(service)) return;
  const found = await ifFound(callAny(reads, `${kind}.one` as Endpoint, { [`${kind}Id`]: id }));
  if (!isRecord(found) || (found["applicationStatus"] ?? found["composeStatus"]) === "idle") return;
  const settings: Settings | undefined = run.interruptions.asPlanned(service, found);
  if (settings === undefined) return;
  const hides = (file: string) => run.secrets.wasMarked(file);
  const { level, text } =
    (kind === "compose" && settings.composeType === "stack"
      ? interruptionOfStack(found, settings, hides)
      : interruptionOf(kind, settings)) ?? {};
  if (text === undefined) return;
  run.interruptions.report(service);
  const report = level === "warning" ? warn : inform;
  report(`${serviceLabel(kind, settings.name)}: this change ${text}`, "interruption");
}

/** True when an update starts the new container while the old one still has its ports of the machine. */
export function startsFirst(config: UpdateConfig | null | undefined): boolean {
  return config?.Order !== "stop-first";
}

/** True for a service whose containers Docker Compose recreates, and for a database, unless its settings say otherwise. */
export function alwaysStops(
  kind: string,
  {
    composeType,
    updateConfig,
  }: { composeType?: unknown; updateConfig?: Pick<UpdateConfig, "Order"> | null | undefined },
): boolean {
  if (kind === "compose") return composeType !== "stack";
  return isDatabase(kind) && !(updateConfig && startsFirst(updateConfig));
}

interface Interruption {
  readonly level: "warning" | "info";
  readonly text: string;
}

/** @param hides says whether the names in a file may not be shown */
function interruptionOfStack(
  before: Settings,
  settings: Settings,
  hides: (file: string) => boolean,
): Interruption | undefined {
  const { sourceType, composeFile = "" } = settings;
  // Dokploy does not show the file of another source.
  if (sourceType !== "raw") return undefined;
  const names = stoppedFirst(stackOf(before), stackOf(settings));
  if (names.length === 0) return undefined;
  const shown = hides(composeFile) ? MASK : someOf(names.map(visible));
  return {
    level: "info",
    text:
      "stops containers before the new ones start, so requests fail until these are ready: Swarm does so for each " +
      `service without deploy.update_config.order: start-first, here for ${shown}.`,
  };
}

function stackOf({ composeFile = "", createEnvFile, env, environment }: Settings) {
  const resolved = resolveEnv(env ?? "", "stack", textsAround(environment));
  const unknown = Object.fromEntries(resolved.unknown.map((name) => [name, undefined]));
  return { composeFile, variables: { ...unknown, ...resolved.env }, createEnvFile: createEnvFile !== false };
}

function interruptionOf(kind: ServiceKind, settings: Settings): Interruption | undefined {
  if (alwaysStops(kind, { ...settings, updateConfig: settings.updateConfigSwarm })) {
    const text = isDatabase(kind)
      ? "stops its container before the new one starts, so connections fail until the new one is ready."
      : "replaces containers, and Docker Compose stops each one first, so requests fail until the new one is ready.";
    return { level: "info", text };
  }
  if (kind !== "application") return undefined;
  const port = portOf(settings);
  if (port === undefined) return undefined;
  const fails = "so requests fail until the new one is ready";
  if (stopsAll(settings)) {
    return {
      level: "info",
      text: `stops its container before the new one starts (swarm.updateConfig.Order: "stop-first"), ${fails}.`,
    };
  }
  const test = settings.healthCheckSwarm?.Test;
  if (test !== undefined && test[0] !== "NONE") return undefined;
  const request = `healthCheck: { path: "/health", port: ${port} }`;
  return {
    level: "warning",
    text:
      `replaces its container as soon as the new one starts, ${fails}: it has no health check. ` +
      `Give it one, such as ${request}. If its image has one, say so with swarm: { healthCheck: { Test: [] } }.`,
  };
}

/** Returns a port on which requests reach the container; undefined when it has neither a domain nor a port. */
function portOf({ domains, ports }: Settings): number | undefined {
  const listed = [domains, ports].flatMap((list) => Object.values(list ?? {}));
  const reached = listed.filter(isRecord).map(({ port, targetPort }) => port ?? targetPort ?? 3000);
  const known = reached.filter((port) => typeof port === "number");
  return known[0] ?? (reached.length > 0 ? 3000 : undefined);
}

/** True when an update stops all containers before it starts new ones. */
function stopsAll({ updateConfigSwarm, modeSwarm, replicas = 1 }: Settings): boolean {
  if (startsFirst(updateConfigSwarm)) return false;
  const { Parallelism = 1 } = updateConfigSwarm ?? {};
  const count = modeSwarm ? (modeSwarm.Replicated?.Replicas ?? 1) : replicas;
  return Parallelism === 0 || count <= Parallelism;
}

/** Returns how a preview names a service, whose name may not be known yet. */
export function serviceLabel(kind: ServiceKind, name: unknown): string {
  const noun = capital(traits[kind].noun);
  return typeof name !== "string" || isUnknown(name) ? noun : `${noun} "${visible(name)}"`;
}
