import { PartialFailureError } from "../../errors";
import type { Context, State } from "../../lifecycle";
import { type Change, type Mapping, mergeChanges, textFields } from "../../schema";
import { unconfirmedNames, unconfirmedOf } from "../adoption/foreign";
import { reconcile, type Saved } from "../adoption/reconcile";
import type { Write } from "../adoption/saving";
import { needOf } from "../rollout/need";
import { pendingOf, type ServiceOutputs, serviceOutputs } from "../rollout/outputs";
import { rollout } from "../rollout/rollout";
import { SharedChange } from "../shared-variable-users/redeploy";
import { deployable, existing } from "../variable-targets/find";
import { isService, type Service, type SharedVariables, type VariableTarget } from "../variable-targets/host";
import { assertDeployable } from "../variable-targets/reference-checks";
import { unapplied } from "./adopted-variables";
import { BesideOthers } from "./concurrent-writers";
import { refuseForeignToBlock } from "./foreign";
import type { BlockInputs, BlockOutputs } from "./model";
import { sharedOwner } from "./owners";
import { changesOf, claimTexts, OwnVariables } from "./texts";

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
  const others = new BesideOthers(blockId, news, context);
  const { inputs = { target: news.target, mode: news.mode } } = olds ?? {};
  return await others.untilKept(inputs, async (outputs) => {
    const [before, changes] = outputs ? [{ inputs, outputs }, []] : [olds, planned];
    return await reconcileOnce(mapping, blockId, news, before, changes, context, others);
  });
}

/** Effect of saved variables, which differs between services and shared variables. */
interface Effect {
  /** True when a deployment follows the save. */
  readonly isDeployed: boolean;
  /** See {@link Write.unfinished}. */
  unfinished(reason: Error): Error;
  apply(saved: Pick<Saved<VariableTarget, object>, "since" | "readAt">): Promise<BlockOutputs>;
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
  const { api, run, lock } = context;
  const read = () => existing(news.target, api);
  const plan = async (host: VariableTarget) => {
    const own = new OwnVariables(news, olds?.inputs).withoutMoved(host, context);
    const { former } = own;
    const ours = others?.begin(host, own) ?? [];
    if (olds && former) {
      await refuseForeignToBlock(host, news, { ...olds, inputs: former }, context, { ours });
    }
    const texts = own.missing(host);
    const drifted = changesOf(host, texts, mapping);
    const changes = mergeChanges(planned, drifted);
    const outputs = { ...olds?.outputs, ...outputsOf(host, olds?.outputs) };
    const unconfirmed = others
      ? unconfirmedNames(own.paths(), olds?.outputs)
      : unconfirmedOf(drifted, textFields, olds?.outputs);
    /** The service after the save, if it was read again. */
    let latest: Service | undefined;
    const { isDeployed, unfinished, apply } = isService(host) ? await ofService(host) : ofShared(host);
    const write: Write = {
      async send() {
        if (!others) return await host.save(texts);
        const { host: now, lost } = await others.save(host, texts, isDeployed);
        if (lost) throw unfinished(lost);
        if (now && isService(now)) latest = now;
      },
      async isThere() {
        return Object.keys(own.missing(await read())).length === 0;
      },
      unfinished,
    };
    return { changes, apply, ...(Object.keys(texts).length > 0 ? { write } : {}) };

    async function ofService(service: Service): Promise<Effect> {
      assertDeployable(own.asRead(service, texts), service.environment, context);
      const isSaved = Object.keys(texts).length === 0;
      const adopted = async () =>
        isSaved ? await unapplied(service, news, mapping, context.api) : service.pendingApply;
      const remaining = olds ? olds.outputs.pending : await adopted();
      const need = await needOf(service.withTexts({}), { planned, drifted }, news, remaining, context);
      const failed = { ...outputs, ...pendingOf(need), ...unconfirmed };
      const undo = () =>
        lock.run(blockId, async () => {
          const now = await read();
          await now.save(own.restored(now, service.texts, texts));
        });
      return {
        isDeployed: need !== "none" && news.deploy !== false,
        unfinished: (reason) => new PartialFailureError(blockId, failed, reason, olds?.inputs),
        async apply({ since, readAt }) {
          const saved = latest ?? service;
          const target = deployable(saved, context, latest ? {} : texts);
          const secrets = [...mapping.secrets(news, run.secrets.isMarked), ...target.secrets];
          const options = {
            need,
            deploy: news.deploy,
            since,
            readAt,
            outputs: outputsOf(saved, olds?.outputs),
            undo: since > 0 ? undo : undefined,
            resourceId: blockId,
          };
          return await rollout({ ...target, secrets }, changes, options, context);
        },
      };
    }

    function ofShared(shared: SharedVariables): Effect {
      const owner = sharedOwner(shared, news);
      const change = new SharedChange(blockId, owner, news, { planned, drifted }, olds?.outputs);
      return {
        isDeployed: news.redeployReferrers === true,
        unfinished: change.unfinished({ ...olds, outputs }, unconfirmed),
        apply: ({ since }) => change.deploy(since, {}, context),
      };
    }
  };
  const observe = () => others?.read() ?? read();
  const saved = await reconcile<VariableTarget, Awaited<ReturnType<typeof plan>>>(
    blockId,
    observe,
    plan,
    context,
  );
  return await saved.plan.apply(saved);
}

export function outputsOf(
  service: Service,
  olds: BlockOutputs | undefined,
): ServiceOutputs & { appName: string };
export function outputsOf(host: VariableTarget, olds: BlockOutputs | undefined): BlockOutputs;
export function outputsOf(host: VariableTarget, olds: BlockOutputs | undefined): BlockOutputs {
  if (!isService(host)) {
    return olds?.pendingReferrers ? { pendingReferrers: olds.pendingReferrers } : {};
  }
  const { appName, status } = host;
  return { ...(olds ? serviceOutputs({ ...olds, status }) : {}), appName, status };
}
