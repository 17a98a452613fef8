import { z } from "zod";
import { callAny } from "../dokploy";
import { field, simple } from "../engine";
import type { Row } from "../lifecycle";
import { nonEmptyText } from "../schema";
import { ownerRule, serviceNameRule } from "./checks/rules";
import { cron, timeZone } from "./types/cron";
import { composeServiceName } from "./types/text-types";

/** Value of `scheduleType` for the machine of Dokploy itself. */
const OWN = "dokploy-server";

/** True for a schedule that runs in a container, not on a server. */
const isContained = ({ applicationId, composeId }: { applicationId?: unknown; composeId?: unknown }) =>
  applicationId !== undefined || composeId !== undefined;

/**
 * A command that Dokploy runs on a schedule. It runs in the container of an application or of a compose service, or as
 * a script on a server, as root. It takes effect as soon as it is saved. A run fails if the container is not running at
 * that time.
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
  parents: { application: "separate", compose: "separate", server: "separate" },
  key: ["name"],
  label: ({ name }) => name,
  // Dokploy requires an id for its own machine too, but does not use it.
  all: (parent, api) =>
    callAny(api, "schedule.list", {
      id: parent?.id ?? OWN,
      scheduleType: parent?.kind ?? OWN,
    }) as Promise<Row[]>,
  create: (columns, parent) => ({ scheduleType: parent?.kind ?? OWN, command: "", ...columns }),
  inputs: {
    /** Name in Dokploy; unique among the schedules of the service or server. */
    name: nonEmptyText,
    /** Cron expression such as `0 6 * * MON-FRI`. */
    cronExpression: cron,
    /** Time zone of the cron expression, such as `Europe/Berlin`. Default: UTC. */
    timezone: field(timeZone, { default: null }),
    /**
     * Place where it runs; `dokploy-server` is Dokploy's own machine. Otherwise it follows from the id of the service or
     * server. A change replaces the schedule.
     */
    scheduleType: field(z.enum(["application", "compose", "server", "dokploy-server"]).optional(), {
      replace: true,
      alone: OWN,
    }),
    /** Command; required for an application or a compose service, and not allowed for a server. */
    command: field(nonEmptyText.optional(), { secret: "maybe" }),
    /** Shell in the container; a script always runs with `bash`. Default: `bash`. */
    shellType: field(z.enum(["bash", "sh"]), { default: "bash" }),
    /** Script; required for a server, and not allowed for a service. */
    script: field(nonEmptyText, { default: null, secret: "maybe" }),
    /** Name of the service in the compose file; required with `composeId`, and not allowed without it. */
    serviceName: field(composeServiceName, { default: null }),
    /** Description shown in Dokploy. */
    description: field(nonEmptyText, { default: null }),
    /** True when it runs on schedule; `false` only keeps its settings. Default: true. */
    enabled: field(z.boolean(), { default: true }),
  },
  rules: {
    scheduleType: (inputs) => ownerRule(inputs.scheduleType, inputs, ["application", "compose", "server"]),
    command: (inputs) => {
      const isGiven = inputs.command !== undefined;
      if (isContained(inputs)) return !isGiven && "is missing: it is the command that runs in the container";
      return isGiven && "is only for a container: on a server, script runs";
    },
    script: (inputs) => {
      const isGiven = inputs.script !== undefined;
      if (isContained(inputs)) return isGiven && "is only for a server: in a container, command runs";
      return !isGiven && "is missing: it is the script that runs on the server";
    },
    shellType: (inputs) =>
      inputs.shellType === "sh" &&
      !isContained(inputs) &&
      "is only for a container: a script always runs with bash",
    serviceName: serviceNameRule,
  },
});
