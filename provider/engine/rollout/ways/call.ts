import { type DatabaseTarget, deployDatabase, type ServiceTarget } from "../../../deploy";
import { isDatabase } from "../../../schema";
import type { FullWay, Use } from "./way";

/**
 * Deployments that end with the call that makes them and leave no record, only a status: of databases. A reload of a
 * database keeps the variables of the last deployment, so it is no method here.
 */
export const call: FullWay = {
  methods: (kind) => (isDatabase(kind) ? ["deploy"] : []),

  async run(
    context,
    target: ServiceTarget & DatabaseTarget,
    { timeoutSeconds, isProvenLater, onDoubt, secrets }: Use,
  ) {
    const options = {
      isProvenLater,
      onDoubt,
      secrets,
      progress: context.progress,
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      ...(context.timers ? { timers: context.timers } : {}),
    };
    await context.span("deploy", {}, () => deployDatabase(context.api, target, options));
    return { status: "done" };
  },

  problems(deploy) {
    const reason =
      "is for applications and compose services: Dokploy keeps no record of a database's deployment";
    return ["title", "description"]
      .filter((field) => deploy[field] !== undefined)
      .map((field) => ({ property: `deploy.${field}`, reason }));
  },

  hasSucceeded: ({ status }) => status === "done",
  // A stopped database is idle, like one that was never deployed.
  hasBegun: ({ status }) => status !== "idle",
  unapplied: ({ status }) => (status === "done" ? "none" : "deploy"),
};
