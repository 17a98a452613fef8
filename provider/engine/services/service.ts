import { isUnknown } from "../../../packages/values";
import { dialectOf } from "../../dokploy";
import type { Entity, Run } from "../../lifecycle";
import { at, traits } from "../../schema";
import { unappliedDrift } from "../adoption/adoption";
import { removeLeft } from "../release/companion";
import { releaseOutputs } from "../release/step";
import { textKey } from "../variable-targets/host";
import { createService } from "./creation";
import { lostService } from "./lost";
import {
  recordsOf,
  removeService,
  type ServiceFacts,
  type ServiceInputs,
  ServiceModel,
  type ServiceResourceOutputs,
  type ServiceRow,
} from "./model";
import { preflightService, previewService } from "./preview";
import { reconcileService } from "./reconcile";

/** Returns the entity of a service: created under a free name or adopted, saved by differences, then deployed. */
export function service<Inputs extends ServiceInputs, Row extends ServiceRow>(
  kind: ServiceFacts<Inputs, Row>,
): Entity<Inputs, ServiceResourceOutputs> {
  const model = new ServiceModel(kind);
  const { mapping, parts } = model;
  const claim = (id: string, inputs: Inputs, run: Run) => claimService(model, id, inputs, run);

  return {
    kind: kind.kind,
    schema: kind.schema,

    check(inputs, advise, resource) {
      const context = advise();
      const owner = { resource, name: model.nameOf(inputs) };
      const warnings = context ? parts.warnings(inputs, owner, context.run) : [];
      for (const warning of warnings) context?.say(warning, "advice");
      return parts.problems(inputs);
    },

    preflight: (inputs, context, origin) => preflightService(model, inputs, context, origin),

    async list(tree) {
      const serverMapping = mapping.in(await dialectOf(tree.api));
      const services = await tree.services([model.service]);
      return services.map(({ id, row }) => ({
        id,
        ...serverMapping.existing(row, { environmentId: row["environmentId"] }),
      }));
    },

    preview: (inputs, context, planned) => previewService(model, inputs, context, planned),

    create: (inputs, context) =>
      createService(model, inputs, (id) => claim(id, inputs, context.run), context),

    async read(id, state, { reads, server }) {
      const row = await model.observe(id, reads);
      if (!row) return await lostService(model.service, id, state, { reads });
      const mapping = await model.mappingOn(reads, state.inputs);
      const { partIds: known = {} } = state.outputs;
      const whole = await parts.whole({ id, row }, state.inputs, known, reads);
      const liveRow = await parts.liveRow(whole, state.inputs, known, reads);
      const { live, partIds } = model.readBack(id, liveRow, state.inputs, mapping, state.outputs.partIds);
      return {
        inputs: live,
        outputs: {
          ...model.outputsOf(row, state.outputs, { server }, partIds),
          ...releaseOutputs(state.outputs),
          ...unappliedDrift(mapping.changes(state.inputs, live), state, recordsOf(row)),
        },
      };
    },

    async update(id, olds, news, changes, context) {
      claim(id, news, context.run);
      return await reconcileService(model, id, news, olds, changes, context);
    },

    async delete(id, inputs, context, outputs) {
      const { releaseWord } = outputs ?? {};
      await removeLeft({ id, environmentIds: [inputs.environmentId], releaseWord }, context);
      await removeService(model.service, id, inputs, context.api);
    },

    claim,
    label: ({ name = "" }) => (isUnknown(name) ? "" : `"${name}"`),
    affects: (id) => (id === undefined ? {} : { deploys: `${model.service}/${id}` }),
    unfinished: ({ pending }, { deploy }) => (pending !== undefined && deploy !== false ? {} : undefined),
  };
}

/** Registers the variables and parts of a service, and its server. */
function claimService<Inputs extends ServiceInputs, Row extends ServiceRow>(
  { service, parts }: ServiceModel<Inputs, Row>,
  id: string,
  inputs: Inputs,
  run: Run,
): void {
  for (const field of traits[service].texts) {
    if (at(inputs, [field]) !== undefined) run.ownership.claim(textKey(service, id, field));
  }
  parts.claim(id, inputs, run);
  const { serverId = "" } = inputs;
  if (!isUnknown(serverId)) run.ownership.locate(`${service}/${id}`, serverId);
}
