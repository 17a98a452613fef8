import {
  DeploymentError,
  NotRunningError,
  type RunFacts,
  type ServiceTarget,
  serviceKey,
} from "../../deploy";
import { type DeploymentRow, hideIn } from "../../dokploy";
import { PartialFailureError, type Problem, UserError } from "../../errors";
import type { Context, LastDeployment, NamedValue } from "../../lifecycle";
import { isRecord } from "../../pulumi";
import {
  type Apply,
  aOrAn,
  type Change,
  type DeployOption,
  type DeployOptions,
  type TargetKind,
  traits,
} from "../../schema";
import type { ServiceOutputs } from "../adoption/service-outputs";
import { Deploying, deployOnce, waitsForRunning, wasDeployed } from "./deploying";

export type { LastDeployment } from "../../lifecycle";

/** Returns the problem of a `deploy` option that asks to reload a compose service, which Dokploy cannot do. */
export function reloadProblems(deploy: unknown): Problem[] {
  if (typeof deploy !== "object" || deploy === null || !("method" in deploy) || deploy.method !== "reload")
    return [];
  return [
    { property: "deploy.method", reason: 'a compose service cannot be reloaded: use "redeploy" or "deploy"' },
  ];
}

/** Returns the problems of a `deploy` option with values that this kind of service does not support. */
export function deployProblems(kind: TargetKind, deploy: unknown): Problem[] {
  if (kind === "compose") return reloadProblems(deploy);
  return traits[kind].hasRecords ? [] : databaseDeployProblems(kind, deploy);
}

/** Returns the problems of a `deploy` option with values that databases do not support. */
export function databaseDeployProblems(kind: TargetKind, deploy: unknown): Problem[] {
  if (!isRecord(deploy)) return [];
  const problems: Problem[] = [];
  if (deploy["method"] === "reload" || deploy["method"] === "redeploy") {
    const reason = `${aOrAn(kind)} applies changes only with a deployment: use "deploy", or leave the method out`;
    problems.push({ property: "deploy.method", reason });
  }
  for (const field of ["title", "description"]) {
    if (deploy[field] === undefined) continue;
    const reason =
      "is for applications and compose services: Dokploy keeps no record of a database's deployment";
    problems.push({ property: `deploy.${field}`, reason });
  }
  return problems;
}

/** Returns the secrets that no message may show: those around a service, and those that the program marked. */
export function maskedValues(values: Iterable<NamedValue>, { secrets }: Context["run"]): string[] {
  return [...secrets.all(), ...secrets.among(values)];
}

/**
 * Applies the saved changes once, and waits until they are in effect. A deployment that another resource of this run
 * starts meanwhile counts, if the changes were saved before it.
 *
 * @throws PartialFailureError when that fails: the object and its saved configuration stay, and the next run continues
 */
export async function applyChanges<Outputs extends ServiceOutputs>(
  context: Context,
  target: ServiceTarget,
  request: {
    need: Apply;
    option: DeployOption | undefined;
    changes: readonly Change[];
    /** Deployment records from just before; a database has none. */
    before: readonly DeploymentRow[];
    runFacts: RunFacts;
    /** Texts that must not appear in the end of a log. */
    secrets: Iterable<string>;
    /** The outputs so far. */
    outputs: Outputs;
    /** Restores the previous configuration; undefined when there was none. */
    undo?: () => Promise<void>;
    /** Id of the resource in the state. Default: that of the target. */
    resourceId?: string;
  },
): Promise<Outputs> {
  const { pending: _, ...outputs } = request.outputs;
  const settled = outputs as Outputs;
  const { need, option, before, secrets, runFacts, undo } = request;
  if (need === "none") return settled;
  if (option === false) return { ...settled, pending: need };

  const options: DeployOptions = typeof option === "object" ? option : {};
  const { deployments } = context.run;
  const place = serviceKey(target);
  const wanted = { since: runFacts.since, need, running: waitsForRunning(context, options) };
  const lastDeployment = await deployments.run(place, wanted, async () => {
    const isDeployed = deployments.hasDeployed(place) || wasDeployed(target, before);
    const deploying = new Deploying(context, target, {
      method: isDeployed ? need : "deploy",
      options,
      changes: request.changes,
      before: deployments.hasDeployed(place) ? undefined : before,
      runFacts,
      secrets,
      isKept: !(options.rollbackOnFailure && undo),
    });
    try {
      const made = await deploying.run();
      context.ended(target.name);
      return made;
    } catch (error) {
      hideIn(error, secrets);
      context.ended(target.name, error instanceof Error ? error : undefined);
      const made = error instanceof DeploymentError ? failedDeployment(error) : deploying.lastDeployment;
      const failed = { ...settled, ...lastOf(made), status: "error" as const, pending: need };
      const staying = (reason: unknown) =>
        new PartialFailureError(request.resourceId ?? target.id, failed, reason);
      if (options.rollbackOnFailure && undo && hasFailed(error)) {
        throw await rollBack(context, target, { undo, staying, isDeployed, secrets }, error);
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
  context: Context,
  target: ServiceTarget,
  {
    undo,
    staying,
    isDeployed,
    secrets,
  }: {
    undo: () => Promise<void>;
    staying: (reason: unknown) => Error;
    isDeployed: boolean;
    secrets: Iterable<string>;
  },
  failure: Error,
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
    const { deploymentId } = await deployOnce(context, target, {
      before: undefined,
      method: "deploy",
      title: "Pulumi: restore the previous configuration",
      isProvenLater: false,
      secrets,
    });
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
