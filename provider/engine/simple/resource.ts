import { z } from "zod";
import type { Values } from "../../../packages/values";
import type { Entity, ParentKind } from "../../lifecycle";
import { needed } from "../rollout/need";
import { pendingOf } from "../rollout/outputs";
import { type SimpleOutputs, serviceOf } from "./applying";
import { createObject } from "./creation";
import { listExisting } from "./listing";
import { Model } from "./model";
import { isMadeFirst, preflightObject, previewObject, problemsOf } from "./preview";
import { reconcileObject } from "./reconcile";
import { removeObject } from "./removal";
import type { AnySpec, Shape, SimpleInputs, SimpleRouter, SimpleSchema, SimpleSpec } from "./spec";

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

function definitionOf(model: Model): Entity<Values, SimpleOutputs> & { model: Model; outputs: z.ZodObject } {
  const { spec, schema, mapping, objects } = model;

  return {
    kind: spec.kind,
    schema,
    outputs: spec.outputs ?? z.strictObject({}),
    model,

    check: (inputs, advise, resource, compose) => problemsOf(model, inputs, advise, resource, compose),
    preflight: (inputs, context, origin) => preflightObject(model, inputs, context, origin),
    list: (tree) => listExisting(model, tree),
    replacesBeforeDeleting: (olds, news) => isMadeFirst(model, olds, news),

    async preview(inputs, context, planned) {
      await previewObject(model, inputs, context, planned);
      return [];
    },

    affects(_id, inputs) {
      const parent = model.parentToDeploy(inputs);
      return parent ? { deploys: serviceOf(parent) } : {};
    },

    create: (inputs, context) => createObject(model, inputs, context),

    async read(id, { inputs: olds, outputs }, context) {
      const { row, owner } = (await objects.lookUp(id, model.parentOf(olds), context.reads)) ?? {};
      if (!row) return undefined;
      const inputs = mapping.readBack(await model.liveRow(row, context.reads, owner), olds);
      const need = needed(mapping.changes(olds, inputs), model.optionOf(olds), outputs.pending);
      return { inputs, outputs: { ...pendingOf(need), ...model.outputsOf(row) } };
    },

    update: (id, olds, news, planned, context) => reconcileObject(model, id, olds, news, planned, context),
    delete: (id, inputs, context) => removeObject(model, id, inputs, context),

    label: spec.label,
    unfinished: ({ pending }, news) =>
      pending !== undefined && model.optionOf(news) !== false ? {} : undefined,
  };
}
