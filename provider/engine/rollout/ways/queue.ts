import { DeploymentError, type DeployTarget, type ServiceTarget } from "../../../deploy";
import type { DeploymentRow } from "../../../dokploy";
import type { Apply } from "../../../schema";
import type { FullWay, Use } from "./way";

/** Deployments that wait in Dokploy's queue and leave a record: of applications and compose services. */
export const queue: FullWay = {
  methods: (kind) => (kind === "application" || kind === "compose" ? ["deploy", "redeploy"] : []),

  async run(context, target: ServiceTarget & DeployTarget, use: Use) {
    const { method, before, timeoutSeconds, isProvenLater, onDoubt, secrets } = use;
    const texts = await use.texts();
    const options = {
      method: method === "redeploy" ? method : "deploy",
      ...texts,
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    } as const;
    try {
      return await context.deployments.run(target, before, options, secrets);
    } catch (error) {
      const isDoubtful = error instanceof DeploymentError && error.outcome === "ambiguous";
      if (!(isDoubtful && isProvenLater && onDoubt)) throw error;
      onDoubt({ ifUntouched: () => error, unlessProven: error });
      return { status: error.outcome, title: texts.title };
    }
  },

  hasSucceeded: ({ deployments }) => deployments.some(({ status }) => status === "done"),
  // Records can be cleared: then the status decides.
  hasBegun: ({ deployments, status }) => deployments.length > 0 || status === "done",
  unapplied: ({ deployments }) => neverApplied(deployments),
};

/** Returns the record of the latest deployment. */
export function newest(records: readonly DeploymentRow[]): DeploymentRow | undefined {
  return [...records].sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))[0];
}

/**
 * Returns the action that a service needs although its state shows no change: a deployment, unless its newest one
 * succeeded. A killed run may have saved all requested changes without deploying them.
 */
export function neverApplied(records: readonly DeploymentRow[]): Apply {
  return newest(records)?.status === "done" ? "none" : "deploy";
}
