import { isOpen, type Node } from "../yaml";

/** Keys for durations, anywhere in a service. */
export const durationKeys: ReadonlySet<string> = new Set([
  ...["interval", "timeout", "start_period", "start_interval", "stop_grace_period"],
  ...["delay", "monitor", "window"],
]);

/** False for an empty text and a number without a unit, which neither Compose nor Docker accepts, except 0. */
export function isDuration(text: string): boolean {
  return text !== "" && !(/^\d+$/.test(text) && /[1-9]/.test(text));
}

/** Lists the texts of a service that should be durations and have no unit. */
export function withoutUnit(service: Node): { key: string; at: Node }[] {
  if (service.kind !== "map") return [];
  return [...service.entries.values()].flatMap(({ key, value }) => {
    if (["healthcheck", "deploy", "update_config", "rollback_config", "restart_policy"].includes(key)) {
      return withoutUnit(value);
    }
    if (!durationKeys.has(key) || value.kind !== "scalar" || typeof value.value !== "string") return [];
    return isOpen(value) || isDuration(value.text) ? [] : [{ key, at: value }];
  });
}
