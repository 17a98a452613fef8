import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { DeploymentError, NotRunningError } from "../../deploy";
import { PartialFailureError } from "../../errors";
import type { Context, Entity, ParentKind } from "../../lifecycle";
import { isUnknown } from "../../pulumi";
import { type Apply, isDatabase, mergeChanges } from "../../schema";
import { reportAdoption, splitUnknown } from "../adoption/adoption";
import { createdAtOf, settleName } from "../adoption/claim";
import { reconcile, stillThere } from "../adoption/reconcile";
import { needed, pendingOf } from "../adoption/service-outputs";
import { deployProblems } from "../rollout/ways/ways";
import {
  isDeployed,
  runningParent,
  type SimpleOutputs,
  saveAndApply,
  serviceOf,
  unappliedPart,
} from "./applying";
import { listExisting } from "./listing";
import { Model, type Values } from "./model";
import type { Row } from "./objects";
import { isWaitedFor } from "./reachable";
import { saveLater, writeOf } from "./saving";
import { lookForService, serviceInFile } from "./service-in-file";
import type { AnySpec, Shape, SimpleInputs, SimpleRouter, SimpleSchema, SimpleSpec } from "./spec";
import { refuseUsed } from "./users";

/** A resource that follows from the specification of one simple object of Dokploy. */
export interface SimpleResource<I extends Shape, P extends ParentKind, O extends Shape = Shape>
  extends Entity<SimpleInputs<I, P>, SimpleOutputs> {
  readonly schema: SimpleSchema<I, P>;
  /** Outputs of the resource. */
  readonly outputs: z.ZodObject<O>;
  readonly model: Model;
}

/**
 * Returns the resource of a simple object: one call creates it, one changes it and one removes it. It may
 * belong to a service that must be deployed then.
 *
 * @example
 * export const port = simple({ kind: "Port", router: "port", parents: { application: "reload" }, … });
 */
export function simple<
  R extends SimpleRouter,
  I extends Shape,
  P extends ParentKind = never,
  O extends Shape = Record<never, never>,
>(spec: SimpleSpec<R, I, P> & { readonly outputs?: z.ZodObject<O> }): SimpleResource<I, P, O> {
  // Inside, the schema has checked the inputs; outside, the types describe them.
  return definitionOf(new Model({ parents: {}, ...spec } as unknown as AnySpec)) as unknown as SimpleResource<
    I,
    P,
    O
  >;
}

/** Returns the inputs that name the parent: `applicationId and composeId`. */
function placesOf({ parents, alone }: Model): string {
  const ids = parents.map((kind) => `${kind}Id`);
  const names = alone === undefined ? ids : [...ids, `${alone.input}: "${alone.value}"`];
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].join(" and ");
}

function definitionOf(model: Model): Entity<Values, SimpleOutputs> & { model: Model; outputs: z.ZodObject } {
  const { spec, schema, mapping, objects } = model;
  const { kind, router } = spec;

  return {
    kind,
    schema,
    outputs: spec.outputs ?? z.strictObject({}),
    model,

    check(inputs, advise, resource, compose) {
      const context = spec.rules ? advise() : undefined;
      const owner = { resource, name: model.serviceName(inputs) };
      if (context)
        for (const warning of model.warnings(inputs, owner, context.run)) {
          context.warn(warning, "advice");
        }
      const [parent, ...others] = model.parentsGiven(inputs);
      const { alone } = model;
      const saysAlone = alone === undefined ? false : inputs[alone.input];
      const isFit =
        saysAlone === alone?.value ? parent === undefined : parent !== undefined && others.length === 0;
      return [
        ...(model.parents.length > 1 && !isFit && !isUnknown(saysAlone)
          ? [{ property: "", reason: `needs exactly one of ${placesOf(model)}` }]
          : []),
        ...(parent === undefined || parent === "server" ? [] : deployProblems(parent, inputs["deploy"])),
        ...model.problems(inputs),
        ...(compose === undefined ? [] : serviceInFile(model, inputs, compose, advise())),
      ];
    },

    async preflight(inputs, context, { adopted, replaced }) {
      const { reads, run } = context;
      if (replaced && !isMadeFirst(replaced.inputs, inputs))
        await refuseUsed(model, replaced.id, replaced.inputs, { api: reads, run });
      if (isUnknown(adopted)) return;
      if (adopted !== undefined) return await announceAdoption(adopted, inputs, context);
      if (model.isParentOpen(inputs)) return;
      await model.refuseDuplicate(await model.beside(inputs, reads), inputs, context, replaced?.id);
    },

    list: (tree) => listExisting(model, tree),
    replacesBeforeDeleting: isMadeFirst,

    async preview(inputs, context, { id, changes }) {
      const changed = new Set(changes.map(({ input }) => input));
      const matters = [...spec.key, ...model.distinct, ...model.reserved.keys()];
      const isOther = matters.some((name) => changed.has(name)) && !changes.some(({ replace }) => replace);
      if (id !== undefined && isOther && !model.isParentOpen(inputs))
        await model.refuseDuplicate(await model.beside(inputs, context.reads), inputs, context, id, true);
      if (changed.has("serviceName") || changed.has("composeId"))
        await lookForService(model, inputs, context);
      return [];
    },

    affects(_id, inputs) {
      const parent = model.parentOf(inputs);
      return parent && model.needOf(inputs) !== "none" ? { deploys: serviceOf(parent) } : {};
    },

    async create(inputs, context) {
      let reported: Values = {};
      const { id, outputs } = await saveAndApply(model, inputs, context, async () => {
        const need = needed(mapping.changes({}, inputs), model.optionOf(inputs));
        const { id, sent } = await make(inputs, context);
        try {
          await saveLater(model, id, inputs, sent, context.api);
          reported = await report(id, context);
        } catch (error) {
          throw new PartialFailureError(id, pendingOf(need), error);
        }
        return { id, need };
      });
      const made = { id, outputs: { ...outputs, ...reported } };
      await verify(id, inputs, made.outputs, context);
      return made;
    },

    async read(id, { inputs: olds, outputs }, context) {
      const { row, owner } = (await objects.lookUp(id, model.parentOf(olds), context.reads)) ?? {};
      if (!row) {
        // If it were removed from the state, nothing would ever make its service stop using it.
        if ((await runningParent(model, olds, context)) === undefined) return undefined;
        return { inputs: olds, outputs: { ...pendingOf(model.needOf(olds)), isLost: true } };
      }
      const inputs = mapping.readBack(await model.liveRow(row, context.reads, owner), olds);
      const need = needed(mapping.changes(olds, inputs), model.optionOf(olds), outputs.pending);
      return { inputs, outputs: { ...pendingOf(need), ...model.outputsOf(row) } };
    },

    async update(id, olds, news, planned, context) {
      const observed = () => {
        if (olds === undefined) return model.adoptable(id, news, context.api);
        const label = `${model.label(olds.inputs, context.run)} (${id})`;
        return stillThere(label, () => objects.one(id, context.api));
      };
      const plan = async (row: Row) => {
        const drifted = mapping.changes(mapping.readBack(row, news), news);
        const remaining = olds ? olds.outputs.pending : await unappliedPart(model, row, news, context);
        const isNew = olds === undefined && !context.adoptUnchanged;
        const need = needed(mergeChanges(planned, drifted), model.optionOf(news), remaining);
        const unfinished = (reason: Error, former?: Values) =>
          new PartialFailureError(id, { ...olds?.outputs, ...pendingOf(need) }, reason, former);
        const touch = { olds: olds?.inputs, isTouched: isNew || planned.length > 0 };
        return { need, write: writeOf(model, row, news, touch, unfinished, context) };
      };
      let reported: Values = {};
      const { outputs } = await saveAndApply(model, news, context, async () => {
        const { plan: done } = await reconcile(`${router}/${id}`, observed, plan, context);
        reported = await report(id, context);
        return { id, need: done.need };
      });
      const all = { ...outputs, ...reported };
      await verify(id, news, all, context);
      return all;
    },

    async delete(id, inputs, context) {
      if (isListed(inputs, context)) {
        context.warn(
          `${model.label(inputs, context.run)} (${id}) is not deleted, since its service lists it among its own inputs.`,
          "stays",
        );
        return;
      }
      if (await isReserved(id, inputs, context)) return;
      let isDeleted = true;
      try {
        await saveAndApply(
          model,
          inputs,
          context,
          async () => {
            await refuseUsed(model, id, inputs, context);
            isDeleted = await objects.remove(id, context.api);
            return { id, need: model.needOf(inputs) };
          },
          id,
        );
      } catch (error) {
        const reason = error instanceof PartialFailureError ? error.reason : error;
        if (isDeleted || !(reason instanceof DeploymentError || reason instanceof NotRunningError))
          throw reason;
        // A destruction of the stack must reach the service, which may never run again.
        context.warn(
          `${model.label(inputs, context.run)} (${id}) was already deleted, but its service cannot be deployed without it. ${reason.message}`,
          "unfinished",
        );
      }
    },

    label: spec.label,
    unfinished: ({ isLost = false, pending }, news) =>
      isLost || (pending !== undefined && model.optionOf(news) !== false) ? { isLost } : undefined,
  };

  /**
   * True for an object to which others refer: they get the new one before the old one is deleted, if both may exist.
   */
  function isMadeFirst(olds: Values, news: Values): boolean {
    const isOther = !isDeepStrictEqual(mapping.keyed(olds, spec.key), mapping.keyed(news, spec.key));
    return spec.usedBy !== undefined && isOther && !spec.clash?.(news, olds);
  }

  /** True when the service now lists it among its inputs. */
  function isListed(state: Values, { run }: Context): boolean {
    const place = model.place(state);
    return place !== undefined && run.ownership.claimed(place.text).has(place.key);
  }

  /** True when somebody changed it by hand so that its service cannot do without it. */
  async function isReserved(id: string, inputs: Values, { api, run, warn }: Context): Promise<boolean> {
    const parent = model.parentOf(inputs);
    // Only databases have objects that Dokploy itself needs.
    if (model.reserved.size === 0 || parent === undefined || !isDatabase(parent.kind)) return false;
    const row = await objects.one(id, api);
    const reason = row && model.reservedReason(row);
    if (reason === undefined) return false;
    warn(`${model.label(inputs, run)} (${id}) is not deleted, since it ${reason}.`, "stays");
    return true;
  }

  /** Reports the changes that the adoption makes. */
  async function announceAdoption(id: string, inputs: Values, context: Context): Promise<void> {
    const row = await model.adoptable(id, inputs, context.reads);
    const adoption = splitUnknown(mapping.changes(mapping.readBack(row, inputs), inputs), inputs);
    const changes = [...adoption.changes, ...(context.adoptUnchanged ? [] : mapping.hidden(inputs))];
    const remaining = await unappliedPart(model, row, inputs, context);
    const option = model.optionOf(inputs);
    const service = { option, remaining, further: applying(remaining, inputs) };
    reportAdoption(`${kind} ${id}`, { ...adoption, changes }, context, undefined, service);
  }

  /** Describes the action that an adoption needs besides its changes. */
  function applying(remaining: Apply, inputs: Values): string {
    if (remaining === "none" || model.optionOf(inputs) === false) return "";
    const act = remaining === "reload" ? "reloaded" : "deployed";
    return ` Its service is ${act}, since it is not known whether the service already runs with it.`;
  }

  /**
   * Waits until the object works, if the inputs ask for that.
   *
   * @throws PartialFailureError when it does not work in time: nothing is pending then, and the next run looks again
   */
  async function verify(id: string, inputs: Values, outputs: SimpleOutputs, context: Context): Promise<void> {
    if (!spec.verify || !isWaitedFor(inputs) || outputs.pending !== undefined) return;
    if (!(await isDeployed(model, inputs, context))) return;
    try {
      await spec.verify(inputs, model.label(inputs, context.run), context);
    } catch (error) {
      throw new PartialFailureError(id, { ...outputs, pending: "none" }, error);
    }
  }

  /**
   * Creates the object. Objects of one parent are created one after the other, so that the new one can be recognised.
   */
  async function make(inputs: Values, context: Context): Promise<{ id: string; sent: Row }> {
    const parent = model.parentOf(inputs);
    const place = parent ? serviceOf(parent) : "server";
    return await context.lock.run(`new ${router} of ${place}`, async () => {
      const before = await model.beside(inputs, context.api);
      await model.refuseDuplicate(before, inputs, context);
      const sent = await model.creation(inputs, context);
      const id = await objects.create(sent, parent, before, context.api);
      await settle(id, inputs, context);
      return { id, sent };
    });
  }

  /** Gives way to an older object with the same key that another run created at the same moment. */
  async function settle(id: string, inputs: Values, context: Context): Promise<void> {
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
      refuse: async () => model.refuseDuplicate(await model.beside(inputs, api), inputs, context, id),
    });
  }

  /** Reads the outputs. */
  async function report(id: string, { api }: Pick<Context, "api">): Promise<Values> {
    if (spec.outputs === undefined) return {};
    return model.outputsOf(await stillThere(`${kind} ${id}`, () => objects.one(id, api)));
  }
}
