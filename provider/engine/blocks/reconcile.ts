import { mergeEnv, pickEnv, readEnv } from "../../env";
import { PartialFailureError } from "../../errors";
import type { Context, State } from "../../lifecycle";
import {
  type Apply,
  type Change,
  keyChanges,
  type Mapping,
  mergeChanges,
  type Texts,
  textFields,
} from "../../schema";
import { unconfirmedNames, unconfirmedOf } from "../adoption/foreign";
import { reconcile } from "../adoption/reconcile";
import type { Write } from "../adoption/saving";
import { needOf } from "../rollout/need";
import { pendingOf, type ServiceOutputs, serviceOutputs } from "../rollout/outputs";
import { rollout } from "../rollout/rollout";
import { changedShared, redeployReferrers, unfinishedShared } from "../shared-variable-users/redeploy";
import { deployable, existing } from "../variable-targets/find";
import {
  type EnvHost,
  isService,
  rulesOf,
  type Service,
  type SharedVariables,
} from "../variable-targets/host";
import { assertDeployable } from "../variable-targets/reference-checks";
import { BesideOthers, mostTries } from "./concurrent-writers";
import { refuseForeignToBlock } from "./foreign";
import type { BlockInputs, BlockOutputs } from "./model";
import { ownerOfBlock } from "./references";
import { claimTexts, newTexts, nextText, withoutMoved } from "./texts";

/** Saves the variables of a block, and deploys or reloads as they need. */
export async function reconcileBlock(
  mapping: Mapping,
  blockId: string,
  news: BlockInputs,
  olds: State<BlockInputs, BlockOutputs> | undefined,
  planned: readonly Change[],
  context: Context,
): Promise<BlockOutputs> {
  claimTexts(news, context);
  if (news.mode !== "additive") {
    return await reconcileOnce(mapping, blockId, news, olds, planned, context, undefined);
  }
  const others = new BesideOthers(news, context);
  const { inputs = { target: news.target, mode: news.mode } } = olds ?? {};
  let outputs = await reconcileOnce(mapping, blockId, news, olds, planned, context, others);
  try {
    for (let tries = 1; ; tries += 1) {
      const lost = await others.lostInTheEnd();
      if (lost === undefined) return outputs;
      if (tries === mostTries) throw lost;
      outputs = await reconcileOnce(mapping, blockId, news, { inputs, outputs }, [], context, others);
    }
  } catch (error) {
    if (error instanceof PartialFailureError) throw error;
    throw new PartialFailureError(blockId, { ...outputs, ...unconfirmedNames(namesIn(news, inputs)) }, error);
  }
}

/**
 * Reconciles a block once.
 *
 * @param others undefined for a block that is the only owner of its texts
 */
async function reconcileOnce(
  mapping: Mapping,
  blockId: string,
  news: BlockInputs,
  olds: State<BlockInputs, BlockOutputs> | undefined,
  planned: readonly Change[],
  context: Context,
  others: BesideOthers | undefined,
): Promise<BlockOutputs> {
  const { api, run } = context;
  let latest: EnvHost | undefined;
  const plan = async (host: EnvHost) => {
    const former = olds && withoutMoved(host, olds.inputs, news, context);
    const ours = others?.begin(host, former) ?? [];
    if (olds && former)
      await refuseForeignToBlock(host, news, { ...olds, inputs: former }, context, { ours });
    const texts: Texts = {};
    const drifted: Change[] = [];
    for (const field of textFields) {
      const next = nextText(host, news, former, field);
      if (next === undefined) continue;
      texts[field] = next;
      const rules = rulesOf(host, field);
      const live = readEnv(host.texts[field] ?? "", rules);
      drifted.push(mapping.changeOf(field, keyChanges(live, readEnv(next, rules))));
    }
    const shared = { names: changedShared(news, planned, drifted), remaining: olds?.outputs };
    const before = { ...olds, outputs: { ...olds?.outputs, ...outputsOf(host, olds?.outputs) } };
    const unconfirmed = others
      ? unconfirmedNames(namesIn(news, former), olds?.outputs)
      : unconfirmedOf(drifted, textFields, olds?.outputs);
    const { need, unfinished } = isService(host)
      ? await ofService(host)
      : {
          need: "none" as const,
          unfinished: unfinishedShared(blockId, ownerOf(host), shared, before, unconfirmed),
        };
    const write: Write = {
      async send() {
        if (!others) return await host.save(texts);
        const isApplied = isService(host)
          ? need !== "none" && news.deploy !== false
          : news.redeployReferrers === true;
        const { host: now, lost } = await others.save(host, texts, isApplied);
        if (lost) throw unfinished(lost);
        latest = now;
      },
      async isThere() {
        const now = await existing(news.target, api);
        return textFields.every((field) => nextText(now, news, former, field) === undefined);
      },
      unfinished,
    };
    const isSaved = Object.keys(texts).length > 0;
    return { texts, shared, changes: mergeChanges(planned, drifted), need, ...(isSaved ? { write } : {}) };

    async function ofService(
      service: Service,
    ): Promise<{ need: Apply; unfinished: (reason: Error) => Error }> {
      assertDeployable(newTexts(service, texts, news), service.environment, context);
      const remaining = olds ? olds.outputs.pending : service.pendingApply;
      const need = await needOf(service.withTexts({}), { planned, drifted }, news, remaining, context);
      const outputs = { ...before.outputs, ...pendingOf(need), ...unconfirmed };
      return {
        need,
        unfinished: (reason) => new PartialFailureError(blockId, outputs, reason, olds?.inputs),
      };
    }
  };
  const ownerOf = (host: SharedVariables) => ownerOfBlock(host, news);
  const saved = await reconcile<EnvHost, Awaited<ReturnType<typeof plan>>>(
    blockId,
    () => others?.read() ?? existing(news.target, api),
    plan,
    context,
  );
  const { row, readAt, since } = saved;
  const { texts, shared, changes, need } = saved.plan;
  const host = latest ?? row;
  if (!isService(host)) {
    return await redeployReferrers(blockId, ownerOf(host), { ...shared, since }, {}, context);
  }
  const service = deployable(host, context, latest ? {} : texts);
  const secrets = [...mapping.secrets(news, run.secrets.isMarked), ...service.secrets];
  const restore = () => undo(blockId, row as Service, texts, news, olds?.inputs, context);
  return await rollout(
    { ...service, secrets },
    changes,
    {
      need,
      deploy: news.deploy,
      since,
      readAt,
      outputs: outputsOf(host, olds?.outputs),
      undo: since > 0 ? restore : undefined,
      resourceId: blockId,
    },
    context,
  );
}

/** Returns `env.NAME` of all variables of a block: other programs may have removed any of them in this run. */
function namesIn(...blocks: readonly (BlockInputs | undefined)[]): string[] {
  return textFields.flatMap((field) =>
    blocks.flatMap((block) => Object.keys(block?.[field] ?? {}).map((name) => `${field}.${name}`)),
  );
}

/** Restores the variables that the block changed; changes that other resources of the run saved later stay. */
async function undo(
  blockId: string,
  former: Service,
  changed: Texts,
  news: BlockInputs,
  olds: BlockInputs | undefined,
  { api, lock }: Context,
): Promise<void> {
  await lock.run(blockId, async () => {
    const host = await existing(news.target, api);
    const texts: Texts = {};
    for (const field of textFields) {
      if (changed[field] === undefined) continue;
      const text = former.texts[field] ?? "";
      if (news.mode !== "additive") {
        texts[field] = text;
        continue;
      }
      const rules = rulesOf(host, field);
      const own = [...new Set([news[field], olds?.[field]].flatMap((env) => Object.keys(env ?? {})))];
      const had = pickEnv(text, own, rules);
      const added = own.filter((key) => !Object.hasOwn(had, key));
      texts[field] = mergeEnv(host.texts[field] ?? "", had, added, rules);
    }
    await host.save(texts);
  });
}

export function outputsOf(
  service: Service,
  olds: BlockOutputs | undefined,
): ServiceOutputs & { appName: string };
export function outputsOf(host: EnvHost, olds: BlockOutputs | undefined): BlockOutputs;
export function outputsOf(host: EnvHost, olds: BlockOutputs | undefined): BlockOutputs {
  if (!isService(host)) {
    return olds?.pendingReferrers ? { pendingReferrers: olds.pendingReferrers } : {};
  }
  const { appName, status } = host;
  return { ...(olds ? serviceOutputs({ ...olds, status }) : {}), appName, status };
}
