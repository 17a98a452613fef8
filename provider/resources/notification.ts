import { z } from "zod";
import { channel } from "../platform/channels";
import { refuseLaterEvents } from "../platform/later-events";
import { notificationWire } from "../platform/notification-wire";
import { text } from "../schema/fields";
import { simple } from "../simple/resource";
import { field } from "../simple/spec";

const event = field(z.boolean(), { default: false });

/**
 * What Dokploy tells people of, and through which channel. It tells of what happens in the whole organisation, from the moment
 * at which it is saved. Each channel takes inputs of its own; another channel makes a new notification.
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
export const notification = simple({
  kind: "Notification",
  router: "notification",
  key: ["name"],
  label: ({ name }) => name,
  wire: notificationWire,
  inputs: {
    /** Name in Dokploy; no other notification of the organisation may have it. */
    name: text,
    /** Where it goes. Another `type` makes a new one. */
    channel: field(channel, { replace: true }),
    /** An application or compose service was deployed. Default: false. */
    appDeploy: event,
    /** A deployment failed. Default: false. */
    appBuildError: event,
    /** A backup of a database was made, or failed. Default: false. */
    databaseBackup: event,
    /** A backup of a volume was made, or failed. Default: false. */
    volumeBackup: event,
    /** A backup of Dokploy itself was made, or failed. Default: false. */
    dokployBackup: event,
    /** Dokploy was started again. Default: false. */
    dokployRestart: event,
    /** What Docker no longer needs was removed. Default: false. */
    dockerCleanup: event,
    /** A server has little memory or CPU left; through `gotify` and `ntfy` from Dokploy 0.30.5 on. Default: false. */
    serverThreshold: event,
  },
  columns: { channel: "as:type" },
  rules: {
    channel: ({ channel: to }) =>
      to?.type === "pushover" &&
      to.priority === 2 &&
      (to.retry === undefined || to.expire === undefined) &&
      "needs retry and expire, since messages with priority 2 are repeated until somebody acknowledges them",
  },
  look: refuseLaterEvents,
});
