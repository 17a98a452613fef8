import { someOf } from "../../../packages/text";
import { isUnknown } from "../../../packages/values";
import { type Api, Companions, type ServerTree } from "../../dokploy";
import { UserError } from "../../errors";
import type { Entity, NewScope, Run, SharedScope } from "../../lifecycle";
import { companionsListed, removeCompanion } from "../release/companion";
import { describePending, type ReferrerOutputs, refreshedPending } from "../shared-variable-users/pending";
import { textKey } from "../variable-targets/host";
import { createScope } from "./creation";
import { type ScopeFacts, type ScopeInputs, ScopeModel, type ScopeRow } from "./model";
import { announceAdoption, previewScope } from "./preview";
import { reconcileScope } from "./reconcile";
import { serviceNames } from "./services";

/**
 * Returns the entity of a project or environment. It is created under a free name, or adopted. Only differences are
 * saved, after which the services that refer to changed variables may be deployed. It is deleted once it is empty.
 */
export function scope<Inputs extends ScopeInputs, Own extends object, Row extends ScopeRow>(
  kind: ScopeFacts<Inputs, Row>,
): Entity<Inputs, Own & ReferrerOutputs> {
  const model = new ScopeModel<Inputs, Own, Row>(kind);
  const { mapping, noun } = model;
  const claim = (id: string, { env }: Inputs, run: Run) => {
    if (env) run.ownership.claim(textKey(noun, id, "env"));
  };

  return {
    kind: kind.kind,
    schema: kind.schema,
    ...(kind.outputs ? { outputs: kind.outputs } : {}),

    async preflight(inputs, context, { adopted, replaced }) {
      if (isUnknown(adopted)) return;
      if (adopted === undefined) await model.assertNameAvailable(inputs, context, replaced?.id);
      else await announceAdoption(model, adopted, inputs, context);
    },

    async list(tree) {
      const ids = await idsIn(tree, noun);
      const rows = await Promise.all(ids.map((id) => model.observe(id, tree.api)));
      return ids.flatMap((id, at) => (rows[at] ? [{ id, ...mapping.existing(rows[at]) }] : []));
    },

    async preview(inputs, context, planned) {
      await previewScope(model, inputs, context, planned);
      return [];
    },

    create: (inputs, context) => createScope(model, inputs, (id) => claim(id, inputs, context.run), context),

    async read(id, state, { reads }) {
      const row = await model.observe(id, reads);
      if (!row) return undefined;
      const inputs = mapping.readBack(row, state.inputs);
      const remaining = refreshedPending(state, mapping.changes(state.inputs, inputs));
      return { inputs, outputs: { ...model.outputsOf(row), ...remaining } };
    },

    update: (id, olds, news, changes, context) => reconcileScope(model, id, news, olds, changes, context),

    delete: (id, inputs, { api }) => removeEmpty(model, id, inputs, api),

    claim,
    label: ({ name = "" }) => `"${name}"`,
    affects: (id, inputs) => ({
      scope: scopeOf(noun, id ?? inputs.import),
      newScope: newScopeOf(noun, id, inputs),
    }),
    unfinished: (outputs) =>
      outputs.pendingReferrers?.length ? { remaining: describePending(outputs) } : undefined,
  };
}

/** Returns the ids of the objects that a resource can manage: Dokploy itself creates default environments. */
async function idsIn(tree: ServerTree, noun: SharedScope["kind"]): Promise<string[]> {
  const projects = await tree.projects();
  if (noun === "project") return projects.map(({ projectId }) => projectId);
  const environments = projects.flatMap((project) => project.environments);
  return environments.filter(({ isDefault }) => !isDefault).map(({ environmentId }) => environmentId);
}

/** @throws UserError while it contains services */
async function removeEmpty<Inputs extends ScopeInputs, Own extends object, Row extends ScopeRow>(
  model: ScopeModel<Inputs, Own, Row>,
  id: string,
  inputs: Inputs,
  api: Api,
): Promise<void> {
  const row = await model.observe(id, api);
  if (!row) return;
  const environments: readonly { readonly name: string }[] = row.environments ?? [row];
  const companions = new Companions(api);
  // Without its service, nothing else would ever stop such a command.
  const left = environments.flatMap((environment) => companionsListed(environment, companions));
  const isLeft = (id: string) => left.some((companion) => companion.id === id && companion.isOwn);
  const remaining = environments.flatMap((environment) =>
    serviceNames(environment, environment.name, isLeft),
  );
  // Dokploy itself would only delete the rows of a project.
  const loss =
    model.noun === "project"
      ? "; deleting the project would leave their containers running without an owner"
      : "";
  if (remaining.length > 0) {
    throw new UserError(
      `The ${model.labelOf(id, inputs)} is not deleted, since it still contains services: ${someOf(remaining)}. ` +
        `Delete or move them first${loss}.`,
    );
  }
  for (const companion of left) await removeCompanion(companion, api);
  await model.remove(id, api);
}

function scopeOf(kind: SharedScope["kind"], id: string | undefined): SharedScope | undefined {
  return id === undefined || isUnknown(id) ? undefined : { kind, id };
}

function newScopeOf(
  kind: SharedScope["kind"],
  id: string | undefined,
  inputs: ScopeInputs,
): NewScope | undefined {
  if (id !== undefined || inputs.import !== undefined) return undefined;
  return { kind, isInExisting: kind === "environment" && !isUnknown(inputs.projectId) };
}
