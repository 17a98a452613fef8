import { z } from "zod";
import { dokployServer } from "../backups/host-schedules";
import { composeServiceName } from "../backups/places";
import { scheduleRules } from "../backups/schedule-rules";
import { cron, timeZone } from "../schema/cron";
import { text } from "../schema/fields";
import { simple } from "../simple/resource";
import { field } from "../simple/spec";

/**
 * A command that Dokploy runs again and again: inside the container of an application or of a service in a compose file, or
 * a script on a server, as root. It works as soon as it is saved; a container that does not run at that time is a failed run.
 *
 * @example
 * ```ts
 * new dokploy.Schedule("reports", {
 *   applicationId: web.id, name: "reports", cronExpression: "0 6 * * MON-FRI", timezone: "Europe/Berlin",
 *   command: "node reports.js",
 * });
 * new dokploy.Schedule("cleanup", {
 *   scheduleType: "dokploy-server", name: "cleanup", cronExpression: "0 5 * * SUN", script: "docker image prune --force\n",
 * });
 * ```
 */
export const schedule = simple({
  kind: "Schedule",
  router: "schedule",
  parents: ["application", "compose", "server"],
  alone: dokployServer,
  listing: { call: "list", input: (scheduleType, id) => ({ id, scheduleType }) },
  apart: true,
  key: ["name"],
  label: ({ name }) => name,
  sends: (parent) => ({ scheduleType: parent ?? dokployServer.value, command: "" }),
  inputs: {
    /** Name in Dokploy; no other schedule of the same service or server may have it. */
    name: text,
    /** When: a cron expression such as `0 6 * * MON-FRI`. */
    cronExpression: cron,
    /** The time zone of that, such as `Europe/Berlin`. Default: UTC. */
    timezone: field(timeZone, { default: null }),
    /** What it runs in: `dokploy-server` is Dokploy's own machine. Others are what their id says. */
    scheduleType: field(z.enum(["application", "compose", "server", "dokploy-server"]).optional(), {
      replace: true,
    }),
    /** The command; needed for an application or a compose service, and only there. */
    command: field(text.optional(), { secret: "maybe" }),
    /** The shell in the container. A script always runs with `bash`. Default: `bash`. */
    shellType: field(z.enum(["bash", "sh"]), { default: "bash" }),
    /** The script; needed on a server, and only there. */
    script: field(text, { default: null, secret: "maybe" }),
    /** The service in the compose file; only with `composeId`, and needed there. */
    serviceName: field(composeServiceName, { default: null }),
    /** What it is for. */
    description: field(text, { default: null }),
    /** Whether it runs; `false` keeps its settings. Default: true. */
    enabled: field(z.boolean(), { default: true }),
  },
  rules: scheduleRules,
});
