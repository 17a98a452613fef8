import { z } from "zod";
import { field, simple } from "../engine";
import { withChecks } from "../lifecycle";
import { nonEmptyText } from "../schema";
import { channel } from "./notification/channels";
import { refuseLaterEvents } from "./notification/later-events";
import { notificationWire } from "./notification/wire";

const event = field(z.boolean(), { default: false });

const base = simple({
  kind: "Notification",
  router: "notification",
  key: ["name"],
  label: ({ name }) => name,
  ...notificationWire,
  inputs: {
    /** Name in Dokploy; unique among the notifications of the organization. */
    name: nonEmptyText,
    /** Channel that the messages go to. A change of its `type` replaces the notification. */
    channel: field(channel, { column: "as:type", replace: true }),
    /** True to report deployments of applications and compose services. Default: false. */
    appDeploy: event,
    /** True to report failed deployments. Default: false. */
    appBuildError: event,
    /** True to report backups of databases, successful or failed. Default: false. */
    databaseBackup: event,
    /** True to report backups of volumes, successful or failed. Default: false. */
    volumeBackup: event,
    /** True to report backups of Dokploy itself, successful or failed. Default: false. */
    dokployBackup: event,
    /** True to report restarts of Dokploy. Default: false. */
    dokployRestart: event,
    /** True to report cleanups of unused Docker data. Default: false. */
    dockerCleanup: event,
    /**
     * True to report that a server is low on memory or CPU. With `gotify` and `ntfy` it requires Dokploy 0.30.5.
     * Default: false.
     */
    serverThreshold: event,
  },
  rules: {
    channel: ({ channel: to }) =>
      to?.type === "pushover" &&
      to.priority === 2 &&
      (to.retry === undefined || to.expire === undefined) &&
      "needs retry and expire, since messages with priority 2 are repeated until somebody acknowledges them",
  },
});

/**
 * A channel through which Dokploy notifies people, and the events that it reports there. It reports the events of the
 * whole organization from the moment it is saved. Each channel has its own inputs, and another channel replaces the
 * notification.
 *
 * @example
 * ```ts
 * new dokploy.Notification("ops", {
 *   name: "ops",
 *   channel: { type: "slack", webhookUrl: config.requireSecret("slackWebhook"), channel: "#ops" },
 *   appBuildError: true,
 *   databaseBackup: true,
 * });
 * ```
 */
export const notification = withChecks(base, { preview: refuseLaterEvents });
