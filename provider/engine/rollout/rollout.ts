import { DeploymentError, NotRunningError, serviceKey } from "../../deploy";
import { hideIn } from "../../dokploy";
import { PartialFailureError, UserError } from "../../errors";
import type { Context, LastDeployment } from "../../lifecycle";
import type { Apply, Change, DeployOption, DeployOptions } from "../../schema";
import { Attempt, waitsForRunning } from "./attempt";
import type { Deployable } from "./deployable";
import { pendingOf, type ServiceOutputs } from "./outputs";
import { fullWay, wayOf } from "./ways/ways";

export type { LastDeployment } from "../../lifecycle";

/** Options of a resource for the rollout of its saved changes. */
export interface RolloutOptions<Outputs> {
  /** Action that the changes need. */
  readonly need: Apply;
  /** The program's choice: `false` leaves the action to another resource or run. */
  readonly deploy: DeployOption | undefined;
  /** Position of the saved changes among everything that the run saved; 0 when an earlier run saved them. */
  readonly since: number;
  /** Position of the run when the service was read. */
  readonly readAt: number;
  /** Outputs so far. */
  readonly outputs: Outputs;
  /** Restores the previous configuration; undefined when there was none. */
  readonly undo?: (() => Promise<void>) | undefined;
  /** Id of the resource in the state. Default: that of the service. */
  readonly resourceId?: string;
}

/**
 * Applies saved changes of a service once, and waits until they are in effect. A deployment that another resource of
 * this run starts meanwhile counts, if the changes were saved before it.
 *
 * @returns the outputs, with the last deployment, or with the action that `deploy: false` leaves pending
 * @throws PartialFailureError when that fails: the object and its saved configuration stay, and the next run continues
 */
export async function rollout<Outputs extends ServiceOutputs>(
  service: Deployable,
  changes: readonly Change[],
  { need, deploy, since, readAt, outputs, undo, resourceId }: RolloutOptions<Outputs>,
  context: Context,
): Promise<Outputs> {
  const { pending: _, ...others } = outputs;
  const settled = others as Outputs;
  if (need === "none") return settled;
  if (deploy === false) return { ...settled, ...pendingOf(need) };

  const { target, secrets } = service;
  const options: DeployOptions = typeof deploy === "object" ? deploy : {};
  const { deployments } = context.run;
  const place = serviceKey(target);
  const wanted = { since, need, running: waitsForRunning(context, options) };
  const lastDeployment = await deployments.run(place, wanted, async () => {
    const isDeployed = deployments.hasDeployed(place) || fullWay(target.kind).hasSucceeded(service);
    const attempt = new Attempt(context, service, {
      method: isDeployed ? need : "deploy",
      options,
      changes,
      before: deployments.hasDeployed(place) ? undefined : service.deployments,
      since,
      readAt,
      isKept: !(options.rollbackOnFailure && undo),
    });
    context.begun(target.name);
    try {
      const made = await attempt.run();
      context.ended(target.name);
      context.run.addresses.report(target.name, target.domains, context.inform);
      return made;
    } catch (error) {
      hideIn(error, secrets);
      context.ended(target.name, error instanceof Error ? error : undefined);
      const made = error instanceof DeploymentError ? failedDeployment(error) : attempt.lastDeployment;
      const failed = { ...settled, ...lastOf(made), status: "error" as const, pending: need };
      const staying = (reason: unknown) => new PartialFailureError(resourceId ?? target.id, failed, reason);
      if (options.rollbackOnFailure && undo && hasFailed(error)) {
        throw await rollBack(service, { undo, staying, isDeployed }, error, context);
      }
      throw staying(error);
    }
  });
  return { ...settled, ...lastOf(lastDeployment), status: "done" };
}

function lastOf(lastDeployment: LastDeployment | undefined): Pick<ServiceOutputs, "lastDeployment"> {
  return lastDeployment ? { lastDeployment } : {};
}

/** True when the new version certainly failed; after a lost, late or ambiguous result it may still start. */
function hasFailed(error: unknown): error is DeploymentError | NotRunningError {
  if (error instanceof NotRunningError) return error.outcome !== "unknown";
  return error instanceof DeploymentError && error.outcome === "error";
}

/**
 * Restores the previous configuration and deploys it. The error reports both outcomes. The state stays as before, since
 * Dokploy has the previous configuration again.
 *
 * @param staying the error for a new configuration that stays saved
 */
async function rollBack(
  { target, secrets }: Deployable,
  {
    undo,
    staying,
    isDeployed,
  }: {
    undo: () => Promise<void>;
    staying: (reason: unknown) => Error;
    isDeployed: boolean;
  },
  failure: Error,
  context: Context,
): Promise<Error> {
  try {
    await undo();
  } catch (error) {
    const message = `${failure.message}\nThe previous configuration could not be restored, so the new one stays saved: ${messageOf(error)}`;
    return staying(new UserError(message));
  }
  if (!isDeployed) {
    return new UserError(
      `${failure.message}\nThe previous configuration was restored. It was never deployed, so nothing was deployed now.`,
    );
  }
  try {
    const made = await wayOf(target.kind, "deploy").run(context, target, {
      method: "deploy",
      before: undefined,
      texts: async () => ({ title: "Pulumi: restore the previous configuration" }),
      isProvenLater: false,
      secrets,
    });
    const { deploymentId } = made ?? {};
    const which = deploymentId === undefined ? "" : ` (deployment ${deploymentId})`;
    return new UserError(
      `${failure.message}\nThe previous configuration was restored and deployed again${which}.`,
    );
  } catch (error) {
    return new UserError(
      `${failure.message}\nThe previous configuration was restored, but its deployment failed too: ${messageOf(error)}`,
    );
  }
}

/** Returns the message of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function failedDeployment(error: DeploymentError): LastDeployment {
  return {
    status: error.outcome,
    ...(error.deploymentId === undefined ? {} : { deploymentId: error.deploymentId }),
  };
}
