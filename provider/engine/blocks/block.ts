import { mergeEnv, pickEnv, readEnv } from "../../env";
import type { Entity } from "../../lifecycle";
import { containsUnknown, isUnknown } from "../../pulumi";
import { Mapping, pathOf, readBackEnv, type Texts, textFields } from "../../schema";
import { unappliedDrift } from "../adoption/adoption";
import { unsavedTexts } from "../adoption/foreign";
import { textKey } from "../services/service";
import { describePending, refreshedPending } from "../shared-variable-users/pending";
import { existing, observe } from "../variable-targets/find";
import { isService, rulesOf } from "../variable-targets/host";
import {
  adoptionWarning,
  asTheyAre,
  isUnchanged,
  overwritten,
  previewAdoptedVariables,
} from "./adopted-variables";
import { blockProblems } from "./check";
import { foreignToBlock, previewForeign } from "./foreign";
import type { BlockInputs, BlockOutputs } from "./model";
import { outputsOf, reconcileBlock } from "./reconcile";
import { newScopeOfBlock, previewBlock, scopeOfBlock, serviceOfBlock } from "./references";
import { nameIn, releaseBlock, staying } from "./release";
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
      if (lost.length > 0) {
        context.warn(adoptionWarning(host, lost), "overwrites");
      }
      if (isUnchanged(host, inputs)) {
        context.inform(asTheyAre(host.label, inputs), "unchanged", context.resource);
      }
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
        const rules = rulesOf(host, field);
        const live = olds.mode === "additive" ? pickEnv(text, Object.keys(old), rules) : readEnv(text, rules);
        inputs[field] = readBackEnv(live, old);
      }
      const drift = mapping.changes(olds, inputs);
      const outputs = isService(host)
        ? { ...outputsOf(host, state.outputs), ...unappliedDrift(drift, state, host.deployments) }
        : refreshedPending(state, drift);
      return { inputs, outputs: { ...outputs, ...unsavedTexts(textFields, state.outputs) } };
    },

    async update(blockId, olds, news, changes, context) {
      return await reconcileBlock(mapping, blockId, news, olds, changes, context);
    },

    async delete(_id, inputs, context) {
      const { api, run, lock, warn } = context;
      const ownedElsewhere = await releaseBlock(inputs, context);
      await lock.run(pathOf(inputs.target), async () => {
        const host = await observe(inputs.target, api);
        if (!host) return;
        const texts: Texts = {};
        const kept: string[] = [];
        for (const field of textFields) {
          const owned = Object.keys(inputs[field] ?? {}).filter((key) => !ownedElsewhere(field, key));
          const free = run.ownership.unclaimed(textKey(host.kind, host.id, field), owned);
          if (free.length > 0)
            await run.ownership.holdings.assertRead(`The EnvironmentBlock of ${pathOf(inputs.target)}`);
          const text = host.texts[field] ?? "";
          const foreign = foreignToBlock(host, field, inputs);
          const present = Object.keys(pickEnv(text, free, rulesOf(host, field)));
          const mine = present.filter((key) => !foreign.includes(key));
          kept.push(...present.filter((key) => foreign.includes(key)).map((key) => nameIn(field, key)));
          if (mine.length > 0) texts[field] = mergeEnv(text, {}, mine, rulesOf(host, field));
        }
        if (kept.length > 0) {
          warn(
            staying(inputs, kept, (them) => `somebody else set ${them} since the last run`),
            "stays",
          );
        }
        await host.save(texts);
      });
    },

    claim: (_id, inputs, run) => claimTexts(inputs, { run }),

    unfinished: (outputs, { deploy }) =>
      deploy !== false && (outputs.pending !== undefined || outputs.pendingReferrers !== undefined)
        ? { remaining: describePending(outputs) }
        : undefined,
  };
}
