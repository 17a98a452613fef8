import { isDeepStrictEqual } from "node:util";
import type { Values } from "../../../packages/values";
import { PartialFailureError } from "../../errors";
import type { Context } from "../../lifecycle";
import { createdAtOf, settleName } from "../adoption/claim";
import { needed } from "../rollout/need";
import { pendingOf } from "../rollout/outputs";
import { type SimpleOutputs, saveAndApply, serviceOf } from "./applying";
import type { Model } from "./model";
import type { Row } from "./objects";
import { report, verify } from "./reconcile";
import { saveLater } from "./saving";
import { refuseUsed } from "./users";

/**
 * Creates an object, and applies it.
 *
 * @throws PartialFailureError when it was created but the rest failed
 */
export async function createObject(
  model: Model,
  inputs: Values,
  context: Context,
): Promise<{ id: string; outputs: SimpleOutputs }> {
  let reported: Values = {};
  const { id, outputs } = await saveAndApply(model, inputs, context, async () => {
    const need = needed(model.mapping.changes({}, inputs), model.optionOf(inputs));
    const { id, sent } = await make(model, inputs, context);
    try {
      await saveLater(model, id, inputs, sent, context.api);
      reported = await report(model, id, context);
    } catch (error) {
      throw new PartialFailureError(id, pendingOf(need), error);
    }
    return { id, need };
  });
  const made = { id, outputs: { ...outputs, ...reported } };
  await verify(model, id, inputs, made.outputs, context);
  return made;
}

/**
 * Creates the object. Objects of one parent are created one after the other, so that the new one can be recognised.
 */
async function make(model: Model, inputs: Values, context: Context): Promise<{ id: string; sent: Row }> {
  const parent = model.parentOf(inputs);
  const place = parent ? serviceOf(parent) : "server";
  return await context.lock.run(`new ${model.spec.router} of ${place}`, async () => {
    const all = await model.beside(inputs, context.api);
    const former = await model.refuseDuplicate(all, inputs, context);
    const sent = await model.creation(inputs, context);
    if (former) await model.objects.remove(model.objects.idOf(former), context.api);
    const before = all.filter((row) => row !== former);
    const id = await model.objects.create(sent, parent, before, context.api);
    await settle(model, id, inputs, context);
    return { id, sent };
  });
}

/** Gives way to an older object with the same key that another run created at the same moment. */
async function settle(model: Model, id: string, inputs: Values, context: Context): Promise<void> {
  const { mapping, objects } = model;
  const { api, run } = context;
  let all: readonly Row[] = [];
  await settleName({
    id,
    label: `${model.label(inputs, run)} (${id})`,
    outputs: pendingOf(needed(mapping.changes({}, inputs), model.optionOf(inputs))),
    async holders() {
      all = await model.beside(inputs, api);
      const same = all.filter((row) => objects.idOf(row) === id || model.sameAs([row], inputs));
      return same.map((row) => ({ id: objects.idOf(row), createdAt: createdAtOf(row) }));
    },
    async isAsMade() {
      const listed = all.find((row) => objects.idOf(row) === id);
      const row = await objects.one(id, api);
      await refuseUsed(model, id, inputs, context);
      const seen = listed && mapping.readBack(listed, inputs);
      return row !== undefined && isDeepStrictEqual(mapping.readBack(row, inputs), seen);
    },
    remove: () => objects.remove(id, api),
    async refuse() {
      await model.refuseDuplicate(await model.beside(inputs, api), inputs, context, id);
    },
  });
}
