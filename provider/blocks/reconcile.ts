import { mergeEnv, pickEnv } from "../env/block";
import { readEnv } from "../env/codec";
import { existing, standingOf } from "../env-hosts/find";
import { type EnvHost, isService, type Service } from "../env-hosts/host";
import { type Texts, textFields } from "../env-hosts/kinds";
import type { Context } from "../lifecycle/context";
import type { State } from "../lifecycle/definition";
import { refuseDoubtful, saveAndVerify } from "../objects/saving";
import { PartialFailureError } from "../problem";
import { ownerOfBlock } from "../references/of-block";
import { assertDeployable } from "../references/preview-checks";
import { changedShared, redeployReferrers, saveShared } from "../references/referrers";
import { type Change, keyChanges, mergeChanges } from "../schema/changes";
import type { Mapping } from "../schema/mapping";
import {
  applyChanges,
  maskedValues,
  needed,
  pendingOf,
  type ServiceOutputs,
  serviceOutputs,
} from "../services/deployable";
import { withoutEffective } from "../services/effective";

import type { BlockInputs, BlockOutputs } from "./model";
import { claimTexts, newTexts, nextText, rulesOf } from "./texts";

/** Saves what the block gives, and applies what that needs. */
export async function reconcile(
  mapping: Mapping,
  blockId: string,
  news: BlockInputs,
  olds: State<BlockInputs, BlockOutputs> | undefined,
  planned: readonly Change[],
  context: Context,
): Promise<BlockOutputs> {
  claimTexts(news, context);
  const { line } = context.claims;
  const { holder, texts, shared, changes, need, readAt, since } = await context.lock.run(
    blockId,
    async () => {
      const readAt = line.now;
      const holder = await existing(news.target, context.api);
      const texts: Texts = {};
      const drifted: Change[] = [];
      for (const field of textFields) {
        const text = holder.texts[field] ?? "";
        const next = nextText(holder, news, olds?.inputs, field);
        if (next === undefined) continue;
        texts[field] = next;
        const rules = rulesOf(holder, field);
        drifted.push(mapping.changeOf(field, keyChanges(readEnv(text, rules), readEnv(next, rules))));
      }
      if (Object.keys(texts).length > 0) refuseDoubtful(blockId, context.claims);
      if (isService(holder)) assertDeployable(newTexts(holder, texts, news), holder.environment, context);
      const changes = mergeChanges(planned, drifted);
      const effective = isService(holder)
        ? await withoutEffective(planned, drifted, news, holder.withTexts({}), context)
        : planned;
      const need = isService(holder)
        ? needed(
            mergeChanges(effective, drifted),
            news.deploy,
            olds ? olds.outputs.pending : holder.pendingApply,
          )
        : "none";
      const shared = { names: changedShared(news, planned, drifted), left: olds?.outputs };
      const before = { ...olds, outputs: { ...olds?.outputs, ...outputsOf(holder, olds?.outputs) } };
      const save = () => holder.save(texts);
      const isSaved = async () => {
        const now = await existing(news.target, context.api);
        return textFields.every((field) => nextText(now, news, olds?.inputs, field) === undefined);
      };
      if (isService(holder)) {
        await saveAndVerify(
          save,
          isSaved,
          (reason) =>
            new PartialFailureError(blockId, { ...before.outputs, ...pendingOf(need) }, reason, olds?.inputs),
          { place: blockId, claims: context.claims },
        );
      } else {
        await saveShared(blockId, ownerOfBlock(holder, news), shared, before, save, isSaved, context);
      }
      const since = Object.keys(texts).length > 0 ? line.saved(blockId) : 0;
      return { holder, texts, shared, changes, need, readAt, since };
    },
  );
  if (!isService(holder)) {
    return await redeployReferrers(blockId, ownerOfBlock(holder, news), { ...shared, since }, {}, context);
  }
  return await applyChanges(context, holder.withTexts(texts), {
    need,
    option: news.deploy,
    changes,
    before: holder.deployments,
    standing: { ...standingOf(news.target, holder, readAt, context), since },
    secrets: [
      ...mapping.secrets(news, context.claims.secrets.isMarked),
      ...maskedValues(holder.values, context.claims),
    ],
    ...(since > 0 ? { undo: () => undo(blockId, holder, texts, news, olds?.inputs, context) } : {}),
    outputs: outputsOf(holder, olds?.outputs),
    resourceId: blockId,
  });
}

/** Puts back what the block changed; what others of the run have saved since in the same texts stays. */
async function undo(
  blockId: string,
  former: Service,
  changed: Texts,
  news: BlockInputs,
  olds: BlockInputs | undefined,
  { api, lock }: Context,
): Promise<void> {
  await lock.run(blockId, async () => {
    const holder = await existing(news.target, api);
    const texts: Texts = {};
    for (const field of textFields) {
      if (changed[field] === undefined) continue;
      const text = former.texts[field] ?? "";
      if (news.mode !== "additive") {
        texts[field] = text;
        continue;
      }
      const rules = rulesOf(holder, field);
      const own = [...new Set([news[field], olds?.[field]].flatMap((env) => Object.keys(env ?? {})))];
      const had = pickEnv(text, own, rules);
      const added = own.filter((key) => !Object.hasOwn(had, key));
      texts[field] = mergeEnv(holder.texts[field] ?? "", had, added, rules);
    }
    await holder.save(texts);
  });
}

export function outputsOf(
  service: Service,
  olds: BlockOutputs | undefined,
): ServiceOutputs & { appName: string };
export function outputsOf(holder: EnvHost, olds: BlockOutputs | undefined): BlockOutputs;
export function outputsOf(holder: EnvHost, olds: BlockOutputs | undefined): BlockOutputs {
  if (!isService(holder)) {
    return olds?.pendingReferrers ? { pendingReferrers: olds.pendingReferrers } : {};
  }
  const { appName, status } = holder;
  return { ...(olds ? serviceOutputs({ ...olds, status }) : {}), appName, status };
}
