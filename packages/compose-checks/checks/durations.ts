import type { Node } from "../yaml/nodes";

/** Keys of durations, wherever they stand in a service. */
export const durationKeys: ReadonlySet<string> = new Set([
  ...["interval", "timeout", "start_period", "start_interval", "stop_grace_period"],
  ...["delay", "monitor", "window"],
]);

/** A number alone is no duration, neither for Compose nor for Docker; but 0 is. */
export function lacksUnit(text: string): boolean {
  return /^\d+$/.test(text) && /[1-9]/.test(text);
}

/** Durations of a service that are written as texts and have no unit. */
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
