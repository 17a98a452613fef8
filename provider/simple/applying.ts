import type { DeploymentRow } from "../dokploy/rows";
import type * as Find from "../env-hosts/find";
import type { Service } from "../env-hosts/host";
import { PartialFailureError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import { pendingOf } from "../objects/service-outputs";
import type { RolloutWish } from "../run/rollouts";
import type { Change } from "../schema/changes";
import type { Apply, DeployOption } from "../schema/fields";
import type { NamedService } from "../schema/kinds";
import { applyChanges, maskedValues } from "../services/deployable";
import { waitsForRunning, wasDeployed } from "../services/deploying";
import type { Model, Values } from "./model";
import type { Row } from "./objects";
import type { Parent } from "./spec";

/** What a simple object has beside its inputs. */
export interface SimpleOutputs {
  /** What is saved in Dokploy and has yet to take effect, since its service was not deployed. */
  pending?: Apply;
  /** Set when it is gone from Dokploy, and its service may still run with it. */
  isLost?: true;
}

/** `application/<id>`: how a run calls the service. */
export function serviceOf({ kind, id }: Parent): string {
  return `${kind}/${id}`;
}

/**
 * Saves something, and sees to it that it takes effect: where its service has to be deployed for that, once for all that
 * the run saves around it.
 *
 * @param save gives the id of what it saved, and what is needed then
 * @param deleted id of what is deleted by that
 * @throws PartialFailureError when it was saved and does not take effect
 */
export async function saveAndApply(
  model: Model,
  inputs: Values,
  context: Context,
  save: () => Promise<{ id: string; need: Apply }>,
  deleted?: string,
): Promise<{ id: string; outputs: SimpleOutputs }> {
  const parent = model.parentOf(inputs);
  if (parent === undefined || model.needOf(inputs) === "none") {
    return { id: (await save()).id, outputs: {} };
  }
  const { line, resources, rollouts } = context.claims;
  const option = model.optionOf(inputs);
  const service = serviceOf(parent);
  let saved: { id: string; need: Apply } | undefined;
  await rollouts.execute(
    service,
    async (): Promise<RolloutWish | undefined> => {
      saved = await save();
      const { need } = saved;
      const since = line.saved(service);
      if (need === "none" || option === false) return undefined;
      const running = waitsForRunning(context, typeof option === "object" ? option : {});
      return { need, running, since, changes: [model.label(inputs, context.claims)] };
    },
    async (wish) => {
      try {
        await deployParent(parent, wish, typeof option === "object" ? option : {}, context);
      } catch (error) {
        const { id = "", need = "none" } = saved ?? {};
        throw new PartialFailureError(
          id,
          pendingOf(need),
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
 * What an object needs that is adopted as it is: an interrupted run may have made it, and never have come to its deployment.
 * Only a deployment that began after the object was made is sure to have it.
 */
export async function unappliedPart(
  model: Model,
  row: Row,
  inputs: Values,
  context: Pick<Context, "reads">,
): Promise<Apply> {
  const service = await runningParent(model, inputs, context);
  if (service === undefined) return "none";
  return isSurelyApplied(row, service.deployments) ? "none" : model.needOf(inputs);
}

/** When it was made; undefined for one whose row does not tell, as of mounts and ports. */
export function madeAt(row: Row): number | undefined {
  const at = Date.parse(String(row["createdAt"]));
  return Number.isNaN(at) ? undefined : at;
}

/** Whether a deployment of its service began after it was made, and succeeded. */
export function isSurelyApplied(row: Row, deployments: readonly DeploymentRow[]): boolean {
  const since = madeAt(row) ?? Number.NaN;
  return deployments.some(
    ({ status, startedAt, createdAt }) => status === "done" && Date.parse(startedAt ?? createdAt) > since,
  );
}

/** The service that has to be deployed for a change of the object, where it was deployed before. */
export async function runningParent(
  model: Model,
  inputs: Values,
  { reads }: Pick<Context, "reads">,
): Promise<Service | undefined> {
  const parent = model.parentOf(inputs);
  if (parent === undefined || model.needOf(inputs) === "none") return undefined;
  return await deployedParent(parent, reads);
}

/** Whether the service that it belongs to was ever deployed. */
export async function isDeployed(
  model: Model,
  inputs: Values,
  { api }: Pick<Context, "api">,
): Promise<boolean> {
  const parent = model.parentOf(inputs);
  return parent !== undefined && (await deployedParent(parent, api)) !== undefined;
}

async function deployedParent(parent: Parent, api: Context["api"]): Promise<Service | undefined> {
  const service = await find().observe(targetOf(parent), api);
  return service && wasDeployed(service.withTexts({}), service.deployments) ? service : undefined;
}

/** One that was never deployed is left alone: its first deployment brings everything. */
async function deployParent(
  parent: Parent,
  { need, running, changes, since }: RolloutWish,
  option: Exclude<DeployOption, boolean>,
  context: Context,
): Promise<void> {
  const target = targetOf(parent);
  const readAt = context.claims.line.now;
  const { observe, standingOf } = find();
  const service = await observe(target, context.api);
  // What belonged to it went with it.
  if (!service) return;
  const itself = service.withTexts({});
  if (!wasDeployed(itself, service.deployments)) return;
  await applyChanges(context, itself, {
    need,
    option: { ...option, waitFor: running ? "running" : "deployed" },
    changes: changes.map((label) => changeOf(label, need)),
    before: service.deployments,
    standing: { ...standingOf(target, service, readAt, context), since },
    secrets: maskedValues(service.values, context.claims),
    outputs: { status: service.status },
  });
}

function targetOf({ kind, id }: Parent): NamedService {
  return { [`${kind}Id`]: id } as unknown as NamedService;
}

/** What the title of a deployment names. */
function changeOf(label: string, apply: Apply): Change {
  return { path: label, input: label, apply, minApply: apply, replace: false, keys: undefined };
}

/** What looks for services, loaded where one may have to be deployed: most plans change nothing. */
function find(): typeof Find {
  return require("../env-hosts/find") as typeof Find;
}
