import type { Values } from "../../../packages/values";
import { DeploymentError, NotRunningError } from "../../deploy";
import { PartialFailureError } from "../../errors";
import type { Context } from "../../lifecycle";
import { isDatabase } from "../../schema";
import { saveAndApply } from "./applying";
import type { Model } from "./model";
import { refuseUsed } from "./users";

/**
 * Deletes an object, and applies that to its service. An object that its service now lists among its own inputs stays.
 *
 * @throws UserError while an object refers to it
 */
export async function removeObject(
  model: Model,
  id: string,
  inputs: Values,
  context: Context,
): Promise<void> {
  const label = `${model.label(inputs, context.run)} (${id})`;
  if (isListed(model, inputs, context)) {
    context.warn(`${label} is not deleted, since its service lists it among its own inputs.`, "stays");
    return;
  }
  const reserved = await reservedReason(model, id, inputs, context);
  if (reserved !== undefined) {
    context.warn(`${label} is not deleted, since it ${reserved}.`, "stays");
    return;
  }
  let isDeleted = true;
  const remove = async () => {
    await refuseUsed(model, id, inputs, context);
    isDeleted = await model.objects.remove(id, context.api);
    return { id, need: model.needOf(inputs) };
  };
  try {
    await saveAndApply(model, inputs, context, remove, id);
  } catch (error) {
    const reason = error instanceof PartialFailureError ? error.reason : error;
    if (isDeleted || !(reason instanceof DeploymentError || reason instanceof NotRunningError)) throw reason;
    // A destruction of the stack must reach the service, which may never run again.
    context.warn(
      `${label} was already deleted, but its service cannot be deployed without it. ${reason.message}`,
      "unfinished",
    );
  }
}

/** True when the service now lists it among its inputs. */
function isListed(model: Model, state: Values, { run }: Context): boolean {
  const place = model.place(state);
  return place !== undefined && run.ownership.claimed(place.text).has(place.key);
}

/** Returns why its service cannot do without it, after somebody changed it by hand; undefined when it can. */
async function reservedReason(
  model: Model,
  id: string,
  inputs: Values,
  { api }: Context,
): Promise<string | undefined> {
  const parent = model.parentOf(inputs);
  // Only databases have objects that Dokploy itself needs.
  if (model.reserved.size === 0 || parent === undefined || !isDatabase(parent.kind)) return undefined;
  const row = await model.objects.one(id, api);
  return row && model.reservedReason(row);
}
