import { z } from "zod";
import { containsUnknown } from "../../packages/values";
import { serviceKey } from "../deploy";
import {
  deployable,
  deployProblems,
  existing,
  needed,
  observe,
  previewInterruption,
  rollout,
  type ServiceOutputs,
  serviceOutputs,
} from "../engine";
import type { Context, Entity } from "../lifecycle";
import {
  type Apply,
  type Change,
  deployedTarget,
  deployOptions,
  kindAndId,
  pathOf,
  withoutColumn,
} from "../schema";

export const deploymentSchema = z.strictObject({
  /** Application or compose service that is deployed. A change replaces the resource, which deploys the new target. */
  target: withoutColumn(deployedTarget, { apply: "none", replace: true, looksItself: true }),
  /** Values whose change leads to a deployment, such as a commit or the outputs of other resources. */
  triggers: withoutColumn(z.record(z.string(), z.string()).optional(), {
    apply: "deploy",
    minApply: "reload",
  }),
  /** Options of the deployment. Default: method `deploy`, 900 seconds. */
  deploy: withoutColumn(deployOptions.omit({ rollbackOnFailure: true }).optional(), { apply: "none" }),
});

export type DeploymentInputs = z.infer<typeof deploymentSchema>;
export interface DeploymentOutputs extends ServiceOutputs {
  /** Name of the service inside Docker. */
  appName: string;
}

/**
 * A deployment of a service that happens when a trigger changes. It separates deployments from the
 * configuration, for instance to deploy production by hand, or to apply several changes with one deployment.
 *
 * Give the other resources of the service `deploy: false`, so that only this deployment happens. Deleting it changes
 * nothing in Dokploy.
 *
 * @example
 * ```ts
 * const block = new dokploy.EnvironmentBlock("api", { target: api, env, deploy: false });
 * new dokploy.Deployment("api", {
 *   target: api, // or { applicationId: "PQqzqTGCVtx0St2SA3vCi" }
 *   triggers: { commit: process.env.GITHUB_SHA ?? "", env: pulumi.jsonStringify(block.env) },
 * }, { dependsOn: block });
 * ```
 *
 * @example A service that another program manages, with each commit
 * ```ts
 * new dokploy.Deployment("api", {
 *   target: { applicationId: "PQqzqTGCVtx0St2SA3vCi" },
 *   triggers: { commit: config.require("commit") },
 * });
 * ```
 */
export const deployment: Entity<DeploymentInputs, DeploymentOutputs> = {
  kind: "Deployment",
  schema: deploymentSchema,
  relation: "part",

  check: (inputs) => ("composeId" in Object(inputs.target) ? deployProblems("compose", inputs.deploy) : []),

  async preflight(inputs, { reads }) {
    if (!containsUnknown(inputs.target)) await existing(inputs.target, reads);
  },

  async preview({ target, deploy: option }, context, { id, olds, changes }) {
    if (containsUnknown(target)) return [];
    const { pending } = (olds?.outputs ?? {}) as Partial<DeploymentOutputs>;
    const need = id === undefined ? "deploy" : needed(changes, option, pending);
    await previewInterruption({ ...kindAndId(target), need, option }, context);
    return [];
  },

  async create(inputs, context) {
    const need = inputs.deploy?.method ?? "deploy";
    return { id: pathOf(inputs.target), outputs: await deploy(inputs, need, undefined, [], context) };
  },

  async read(_id, { inputs, outputs }, { reads }) {
    const service = await observe(inputs.target, reads);
    if (!service) return undefined;
    return {
      inputs,
      outputs: { ...serviceOutputs(outputs), appName: service.appName, status: service.status },
    };
  },

  async update(_id, olds, news, changes, context) {
    const need = needed(changes, news.deploy, olds?.outputs.pending);
    return await deploy(news, need, olds?.outputs, changes, context);
  },

  /** Leaves the deployed service as it is. */
  async delete() {},

  unfinished: ({ pending }) => (pending === undefined ? undefined : {}),
};

async function deploy(
  inputs: DeploymentInputs,
  need: Apply,
  olds: DeploymentOutputs | undefined,
  changes: readonly Change[],
  context: Context,
): Promise<DeploymentOutputs> {
  const readAt = context.run.deployments.now;
  const service = await existing(inputs.target, context.api);
  const { appName, status } = service;
  const options = {
    need,
    deploy: inputs.deploy,
    // It deploys because the program asks for it, regardless of other deployments in the run.
    since: context.run.deployments.saved(serviceKey(service)),
    readAt,
    outputs: { ...(olds ? serviceOutputs(olds) : {}), appName, status },
    resourceId: pathOf(inputs.target),
  };
  return await rollout(deployable(service, context), changes, options, context);
}
