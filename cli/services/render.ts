import { counted, shorten, shownMinute, visible, visibleJson } from "../../packages/text";
import { fitted, wrapped } from "../terminal";
import type { ServiceStatus } from "./model";

const NONE = "-";
const MAX_TITLE_LENGTH = 40;
export const COMMIT_LENGTH = 7;

/** Conditions of a service that need nobody. */
const FINE: ReadonlySet<string> = new Set(["healthy", "stopped"]);

/** True when a service runs as it should, and nothing differs from the state. */
export function isFine(service: ServiceStatus): boolean {
  return FINE.has(service.condition) && reasonsOf(service).length === 0;
}

/** Returns clauses that say why a service is not as it should be. */
export function reasonsOf({ why, differences }: ServiceStatus): string[] {
  return [...(why === undefined ? [] : [why]), ...differences];
}

export function renderJson(stack: string, services: readonly ServiceStatus[], indent?: number): string {
  return visibleJson({ version: 1, stack, healthy: services.every(isFine), services }, indent);
}

/**
 * Returns the table of services, what differs below it, and a line that sums up.
 *
 * @param width characters of a line
 */
export function renderTable(stack: string, services: readonly ServiceStatus[], width: number): string {
  const rows = services.map((service) => [
    visible(service.name),
    service.isDeploying ? `${service.condition}, deploying` : service.condition,
    service.running === undefined ? NONE : `${service.running}/${service.wanted}`,
    service.ageSeconds === undefined ? NONE : shownAge(service.ageSeconds),
    visible(imageOf(service)),
    deploymentOf(service),
    service.addresses.join(" ") || NONE,
  ]);
  const header = ["service", "health", "runs", "since", "image", "last deployment", "addresses"];
  const reasons = services.flatMap((service) =>
    reasonsOf(service).flatMap((reason) =>
      wrapped(`${visible(service.name)}: ${reason}`, width, "    ", "  "),
    ),
  );
  const others = services.filter((service) => !isFine(service)).length;
  const sum = others === 0 ? "" : `, ${others} not as they should be`;
  return [
    `Services of ${visible(stack)}: ${counted(services.length, "service")}${sum}`,
    ...fitted([header, ...rows], width, NONE),
    ...(reasons.length === 0 ? [] : ["", "Not as it should be:", ...reasons]),
  ].join("\n");
}

function imageOf({ image, images: [first, ...more] = [] }: ServiceStatus): string {
  if (first === undefined) return image ?? NONE;
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

function deploymentOf({ lastDeployment: last }: ServiceStatus): string {
  if (last === undefined) return NONE;
  const at = new Date(last.at);
  const when = Number.isNaN(at.valueOf()) ? "" : ` ${shownMinute(at)}`;
  const what =
    last.commit === undefined ? shorten(last.title, MAX_TITLE_LENGTH) : last.commit.slice(0, COMMIT_LENGTH);
  return `${last.status}${when} ${what}`;
}

/** Returns the largest unit of a time: `3 d`. */
export function shownAge(seconds: number): string {
  const units = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
  ] as const;
  const unit = units.find(([size]) => seconds >= size);
  return unit === undefined ? `${seconds} s` : `${Math.floor(seconds / unit[0])} ${unit[1]}`;
}
