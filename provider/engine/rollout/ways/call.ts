import { type DatabaseTarget, deployDatabase, neverSeen, type ServiceTarget } from "../../../deploy";
import { isDatabase, nounWithArticle } from "../../../schema";
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
    await deployDatabase(context.api, target, {
      isProvenLater,
      onDoubt: (lost) => onDoubt?.({ ifUntouched: () => neverSeen(target, lost) }),
      secrets,
      progress: context.progress,
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      ...(context.timers ? { timers: context.timers } : {}),
    });
    return { status: "done" };
  },

  problems(kind, deploy) {
    const { method } = deploy;
    const weaker = `${nounWithArticle(kind)} applies changes only with a deployment: use "deploy", or leave the method out`;
    const unrecorded =
      "is for applications and compose services: Dokploy keeps no record of a database's deployment";
    return [
      ...(method === "reload" || method === "redeploy"
        ? [{ property: "deploy.method", reason: weaker }]
        : []),
      ...["title", "description"]
        .filter((field) => deploy[field] !== undefined)
        .map((field) => ({ property: `deploy.${field}`, reason: unrecorded })),
    ];
  },

  hasSucceeded: ({ status }) => status === "done",
  // A stopped database is idle, like one that was never deployed.
  hasBegun: ({ status }) => status !== "idle",
  unapplied: ({ status }) => (status === "done" ? "none" : "deploy"),
};
