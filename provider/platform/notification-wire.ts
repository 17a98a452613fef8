import type { Endpoint } from "../dokploy/endpoints";
import type { Wire } from "../simple/wire";
import { channelColumns } from "./channels";

/** The events that Dokploy sends messages about, each a column of the notification itself. */
export const events = [
  "appDeploy",
  "appBuildError",
  "databaseBackup",
  "volumeBackup",
  "dokployBackup",
  "dokployRestart",
  "dockerCleanup",
  "serverThreshold",
] as const;

/** The columns that take `null`. */
const nullable: ReadonlySet<string> = new Set(["retry", "expire"]);

/**
 * Dokploy keeps a notification in two rows, its own and that of its channel, with a call for each channel. An update that
 * leaves the channel's columns out fails for most of them, so all of them go along, always.
 */
export const notificationWire: Wire = {
  read({ notificationType, ...row }) {
    const inner = row[String(notificationType)];
    return { ...row, ...(inner as object | null), "as:type": notificationType };
  },

  send(verb, columns) {
    const type = String(columns["as:type"]);
    const own = channelColumns.get(type) ?? [];
    const ids = verb === "update" ? ["notificationId", `${type}Id`] : [];
    const sent = ["name", ...events, ...own, ...ids].map((name) => [name, columns[name]] as const);
    return {
      endpoint: `notification.${verb}${type.charAt(0).toUpperCase()}${type.slice(1)}` as Endpoint,
      input: Object.fromEntries(
        sent.filter(([name, value]) => value !== undefined && (value !== null || nullable.has(name))),
      ),
    };
  },
};
