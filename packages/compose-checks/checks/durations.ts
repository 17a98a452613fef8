import type { Node } from "../yaml";

/** Keys for durations, anywhere in a service. */
export const durationKeys: ReadonlySet<string> = new Set([
  ...["interval", "timeout", "start_period", "start_interval", "stop_grace_period"],
  ...["delay", "monitor", "window"],
]);

/** True for a number without a unit, which neither Compose nor Docker accepts as a duration, except 0. */
export function lacksUnit(text: string): boolean {
  return /^\d+$/.test(text) && /[1-9]/.test(text);
}

/** Lists the durations of a service that are texts without a unit. */
export function withoutUnit(service: Node): { key: string; at: Node }[] {
  if (service.kind !== "map") return [];
  return [...service.entries.values()].flatMap(({ key, value }) => {
    if (["healthcheck", "deploy", "update_config", "rollback_config", "restart_policy"].includes(key)) {
      return withoutUnit(value);
    }
    if (!durationKeys.has(key) || value.kind !== "scalar" || typeof value.value !== "string") return [];
    return lacksUnit(value.text) ? [{ key, at: value }] : [];
  });
}
