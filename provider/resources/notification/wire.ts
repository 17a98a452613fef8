import { capital } from "../../../packages/text";
import type { Endpoint } from "../../dokploy";
import type { Wire } from "../../lifecycle";
import { channelColumns } from "./channels";

/** Events that Dokploy reports, each a column of the notification itself. */
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

/** Columns that take `null`. */
const nullable: ReadonlySet<string> = new Set(["retry", "expire"]);

/**
 * Calls for a notification. Dokploy keeps it in two rows, one of them for its channel, with a call for each channel. An
 * update without the columns of the channel fails for most channels, so each update has all of them.
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
      endpoint: `notification.${verb}${capital(type)}` as Endpoint,
      input: Object.fromEntries(
        sent.filter(([name, value]) => value !== undefined && (value !== null || nullable.has(name))),
      ),
    };
  },
};
