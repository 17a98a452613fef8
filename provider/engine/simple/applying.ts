import type { Values } from "../../../packages/values";
import type { DeploymentRow } from "../../dokploy";
import { PartialFailureError } from "../../errors";
import type { Context, Parent, WantedDeployment } from "../../lifecycle";
import type { Apply, Change, DeployOption } from "../../schema";
import { waitsForRunning } from "../rollout/attempt";
import { pendingOf } from "../rollout/outputs";
import { rollout } from "../rollout/rollout";
import { fullWay } from "../rollout/ways/ways";
import type * as Find from "../variable-targets/find";
import type { Service } from "../variable-targets/host";
import type * as InSwarm from "./in-swarm";
import type { Model } from "./model";
import type { Row } from "./objects";

/** Outputs of a simple object. */
export interface SimpleOutputs {
  /** The saved change that has no effect yet, because its service was not deployed. */
  pending?: Apply;
}

/** Returns the path of a service in a run: `application/<id>`. */
export function serviceOf({ kind, id }: Parent): string {
  return `${kind}/${id}`;
}

/**
 * Saves something and applies it. If its service must be deployed for that, one deployment applies everything that the
 * run saves at that time.
 *
 * @param save returns the id of the saved object, and the action that it needs
 * @param deleted id of an object that the save deletes
 * @throws PartialFailureError when it was saved and does not take effect
 */
export async function saveAndApply(
  model: Model,
  inputs: Values,
  context: Context,
  save: () => Promise<{ id: string; need: Apply }>,
  deleted?: string,
): Promise<{ id: string; outputs: SimpleOutputs }> {
  const parent = model.parentToDeploy(inputs);
  if (parent === undefined) return { id: (await save()).id, outputs: {} };
  const {
    deployments,
    ownership: { resources },
  } = context.run;
  const option = model.optionOf(inputs);
  const service = serviceOf(parent);
  let saved: { id: string; need: Apply } | undefined;
  await deployments.savePart(
    service,
    async (): Promise<WantedDeployment | undefined> => {
      saved = await save();
      const { need } = saved;
      const since = deployments.saved(service, [changeOf(model.label(inputs, context.run), need)]);
      if (need === "none" || option === false) return undefined;
      const running = waitsForRunning(context, typeof option === "object" ? option : {});
      return { need, running, since };
    },
    async (wanted) => {
      try {
        await deployParent(parent, wanted, typeof option === "object" ? option : {}, context);
      } catch (error) {
        throw new PartialFailureError(
          saved?.id ?? "",
          pendingOf(wanted.need),
          error instanceof PartialFailureError ? error.reason : error,
        );
      }
    },
    deleted === undefined ? undefined : resources.successorOf(model.spec.kind, deleted),
  );
  const { id = "", need = "none" } = saved ?? {};
  return { id, outputs: option === false ? pendingOf(need) : {} };
}

/**
 * Returns the action that an object needs when it is adopted unchanged: an interrupted run may have created it without
 * a deployment. It is certainly in effect if a deployment began after the creation, or if Swarm shows it.
 */
export async function unappliedPart(
  model: Model,
  row: Row,
  inputs: Values,
  context: Pick<Context, "reads" | "adoptUnchanged" | "timers">,
): Promise<Apply> {
  if (context.adoptUnchanged) return "none";
  const service = await runningParent(model, inputs, context);
  if (service === undefined) return "none";
  if (isSurelyApplied(row, service.deployments)) return "none";
  const { isInSwarm } = require("./in-swarm") as typeof InSwarm;
  return (await isInSwarm(model, row, service, context)) ? "none" : model.needOf(inputs);
}

/** Returns the time of creation; undefined for an object without it in its row, such as a mount or a port. */
export function madeAt(row: Row): number | undefined {
  const at = Date.parse(String(row["createdAt"]));
  return Number.isNaN(at) ? undefined : at;
}

/** True when a deployment of its service began after its creation, and succeeded. */
export function isSurelyApplied(row: Row, deployments: readonly DeploymentRow[]): boolean {
  const since = madeAt(row) ?? Number.NaN;
  return deployments.some(
    ({ status, startedAt, createdAt }) => status === "done" && Date.parse(startedAt ?? createdAt) > since,
  );
}

/** Returns the service that must be deployed for a change of the object; undefined if it was never deployed. */
export async function runningParent(
  model: Model,
  inputs: Values,
  { reads }: Pick<Context, "reads">,
): Promise<Service | undefined> {
  const parent = model.parentToDeploy(inputs);
  return parent && (await deployedParent(parent, reads));
}

/** True when its service was ever deployed. */
export async function isDeployed(
  model: Model,
  inputs: Values,
  { api }: Pick<Context, "api">,
): Promise<boolean> {
  const parent = model.parentOf(inputs);
  return parent !== undefined && (await deployedParent(parent, api)) !== undefined;
}

async function deployedParent(parent: Parent, api: Context["api"]): Promise<Service | undefined> {
  const { kind, id } = parent;
  if (kind === "server") return undefined;
  const service = await find().observeService(kind, id, api);
  return service && fullWay(kind).hasSucceeded(service) ? service : undefined;
}

/**
 * Deploys the service. One that was never deployed is skipped: its first deployment includes everything. So is one that
 * disappeared, together with its objects.
 */
async function deployParent(
  parent: Parent,
  { need, running, since }: WantedDeployment,
  option: Exclude<DeployOption, boolean>,
  context: Context,
): Promise<void> {
  const readAt = context.run.deployments.now;
  const service = await deployedParent(parent, context.api);
  if (!service) return;
  // A weaker deployment may have come in between, after which nothing counts as new.
  const changes = context.run.deployments.notDeployed(serviceOf(parent));
  await rollout(
    find().deployable(service, context),
    changes.length > 0 ? changes : [changeOf("parts", need)],
    {
      need,
      deploy: { ...option, waitFor: running ? "running" : "deployed" },
      since,
      readAt,
      outputs: { status: service.status },
    },
    context,
  );
}

/** Returns the change that the title of a deployment names. */
function changeOf(label: string, apply: Apply): Change {
  return { path: label, input: label, apply, minApply: apply, replace: false, keys: undefined };
}

/** Loads the module that finds services only when one may have to be deployed: most plans change nothing. */
function find(): typeof Find {
  return require("../variable-targets/find") as typeof Find;
}
