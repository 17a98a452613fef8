import { containsUnknown, isUnknown } from "../../../packages/values";
import { pickEnv, readEnv } from "../../env";
import type { Entity } from "../../lifecycle";
import { Mapping, pathOf, readBackEnv, textFields } from "../../schema";
import { unappliedDrift } from "../adoption/adoption";
import { warnOfOverwriting } from "../adoption/overwriting";
import { previewInterruption } from "../rollout/interruption";
import { needed } from "../rollout/need";
import { describePending, refreshedPending } from "../shared-variable-users/pending";
import { existing, observe } from "../variable-targets/find";
import { isService } from "../variable-targets/host";
import {
  hasSaved,
  overwritten,
  previewAdoptedVariables,
  reportSaved,
  reportShared,
  reportUnapplied,
  unapplied,
} from "./adopted-variables";
import { blockProblems } from "./check";
import { previewForeign } from "./foreign";
import type { BlockInputs, BlockOutputs } from "./model";
import { outputsOf, reconcileBlock } from "./reconcile";
import { knownService, newScopeOfBlock, previewBlock, scopeOfBlock, serviceOfBlock } from "./references";
import { removeBlock } from "./removal";
import { claimTexts } from "./texts";

type BlockEntity = Entity<BlockInputs, BlockOutputs>;

/**
 * Returns the entity of a block of variables in the texts of another object. It saves them under the lock of the object,
 * and deploys a service, or the services that refer to shared variables.
 */
export function block(definition: Pick<BlockEntity, "kind" | "schema">): BlockEntity {
  const mapping = new Mapping(definition.schema);

  return {
    ...definition,
    relation: "part",

    check: blockProblems,

    async preflight(inputs, context) {
      if (containsUnknown(inputs.target) || isUnknown(inputs.mode)) return;
      const host = await existing(inputs.target, context.reads);
      const lost = textFields.flatMap((field) => overwritten(host, inputs, field));
      warnOfOverwriting("The block", host.label, lost, context);
      const isSaved = hasSaved(host, inputs);
      if (!isService(host)) return await reportShared(host, inputs, isSaved, context);
      const changes = isSaved ? [] : mapping.changes({}, inputs);
      const remaining = isSaved ? await unapplied(host, inputs, mapping, context.reads) : host.pendingApply;
      const need = needed(changes, inputs.deploy, remaining);
      if (isSaved && need === "none") reportSaved(host, inputs, context);
      else if (isSaved) reportUnapplied(host, inputs, need, context);
      await previewInterruption({ kind: host.kind, id: host.id, need, option: inputs.deploy }, context);
    },

    /** Lists the variables of default environments, for which there is no other resource. */
    async list(tree) {
      const environments = (await tree.projects()).flatMap((project) => project.environments);
      return environments
        .filter(({ isDefault }) => isDefault)
        .flatMap(({ environmentId, env: text }) => {
          const env = readEnv(text, "shared");
          const inputs = { target: { environmentId }, env };
          const maybeSecrets = Object.keys(env).map((key) => ["env", key]);
          const found = { inputs, secrets: [], maybeSecrets, hidden: [] };
          return maybeSecrets.length === 0 ? [] : [{ id: `environment/${environmentId}`, ...found }];
        });
    },

    async preview(inputs, context, planned) {
      claimTexts(inputs, context);
      await previewForeign(inputs, planned, context);
      await previewAdoptedVariables(inputs, planned, context);
      const service = planned.id === undefined ? undefined : knownService(inputs);
      if (service) {
        const { pending } = (planned.olds?.outputs ?? {}) as Partial<BlockOutputs>;
        const need = needed(planned.changes, inputs.deploy, pending);
        await previewInterruption({ ...service, need, option: inputs.deploy }, context);
      }
      return await previewBlock(inputs, mapping.envs(inputs), planned, context);
    },
    affects: (_id, inputs) => ({
      scope: scopeOfBlock(inputs),
      newScope: newScopeOfBlock(inputs),
      deploys: serviceOfBlock(inputs),
    }),

    async create(inputs, context) {
      const blockId = pathOf(inputs.target);
      return { id: blockId, outputs: await reconcileBlock(mapping, blockId, inputs, undefined, [], context) };
    },

    async read(_id, state, { reads }) {
      const olds = state.inputs;
      const host = await observe(olds.target, reads);
      if (!host) return undefined;
      const inputs = { ...olds };
      for (const field of textFields) {
        const old = olds[field];
        if (old === undefined) continue;
        const text = host.texts[field] ?? "";
        const rules = host.rules[field];
        const live = olds.mode === "additive" ? pickEnv(text, Object.keys(old), rules) : readEnv(text, rules);
        inputs[field] = readBackEnv(live, old);
      }
      const drift = mapping.changes(olds, inputs);
      const outputs = isService(host)
        ? { ...outputsOf(host, state.outputs), ...unappliedDrift(drift, state, host.deployments) }
        : refreshedPending(state, drift);
      return { inputs, outputs };
    },

    async update(blockId, olds, news, changes, context) {
      return await reconcileBlock(mapping, blockId, news, olds, changes, context);
    },

    delete: (_id, inputs, context) => removeBlock(inputs, context),

    claim: (_id, inputs, run) => claimTexts(inputs, { run }),

    unfinished: (outputs, { deploy }) =>
      deploy !== false && (outputs.pending !== undefined || outputs.pendingReferrers !== undefined)
        ? { remaining: describePending(outputs) }
        : undefined,
  };
}
