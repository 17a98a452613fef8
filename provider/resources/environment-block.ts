import { z } from "zod";
import type { Context } from "../context";
import type { Definition, Planned } from "../definition";
import { mergeEnv, pickEnv } from "../env/block";
import { EnvError, type EnvMap, type EnvTarget, equalEnv, readEnv, writeEnv } from "../env/codec";
import { type Change, keyChanges, Mapping, mergeChanges, readBackEnv } from "../mapping";
import { UnfinishedError } from "../problem";
import { deployOption, envMap, managed } from "../schema";
import { containsUnknown, isRecord, isUnknown } from "../unknown";
import { unappliedDrift } from "./adoption";
import { blockProblems } from "./block-check";
import { foreseeBlock, ownerOfBlock, scopeOfBlock, serviceOfBlock } from "./block-references";
import { releaseBlock } from "./block-release";
import {
  applyChanges,
  maskedValues,
  needed,
  pendingOf,
  type ServiceOutputs,
  serviceOutputs,
} from "./deployable";
import { withoutEffective } from "./effective";
import { type NewText, refuseFailing } from "./foresight";
import { knownChanges, named } from "./overwriting";
import { type ReferrerOutputs, refreshedLeft } from "./pending-referrers";
import { changedShared, redeployReferrers, saveShared } from "./referrers";
import { refuseDoubtful, saveAndLook } from "./saving";
import { textKey } from "./service";
import { type GivenNames, takenOver } from "./takeover";
import { existing, observe, standingOf } from "./target";
import { type Holder, isService, type Service } from "./targets/holder";
import {
  type Field,
  isDatabase,
  kindAndId,
  kindOf,
  pathOf,
  type Texts,
  target,
  textFields,
  traits,
} from "./targets/kinds";
import { explainIds } from "./wrong-id";

/** A target that is not known yet counts as an application, whose rules are the strictest. */
function runTimeRules({ target: of }: { target?: unknown }): EnvTarget | readonly [EnvTarget, EnvTarget] {
  const kind = kindOf(of) ?? "application";
  // Which of them a compose service is, its id does not tell.
  return kind === "compose" ? ["compose", "stack"] : traits[kind].rules;
}

export const environmentBlockSchema = z.strictObject({
  /**
   * What has these variables: an application, a compose service, a database, or a project or environment, whose
   * variables are shared by its services. A change makes a new block.
   */
  target: managed(target, { apply: "none", replace: true }),
  /**
   * `exclusive`: the target has exactly these variables. `additive`: the block owns only the names it gives; all other
   * lines of the text stay as they are, comments too. Default: `exclusive`.
   */
  mode: managed(z.enum(["exclusive", "additive"]).optional(), { apply: "deploy", least: "reload" }),
  /** Variables at run time, or shared variables. Left out, they are not touched. */
  env: managed(envMap.optional(), { apply: "deploy", least: "reload", env: runTimeRules, secret: "maybe" }),
  /** Docker build arguments; applications only. Left out, they are not touched. */
  buildArgs: managed(envMap.optional(), {
    apply: "deploy",
    least: "redeploy",
    env: "build",
    secret: "maybe",
  }),
  /** Docker build secrets; applications only. Left out, they are not touched. */
  buildSecrets: managed(envMap.optional(), {
    apply: "deploy",
    least: "redeploy",
    env: "secret",
    secret: true,
  }),
  /**
   * How a change of a service's variables is applied: Dokploy is told to deploy, and the deployment is followed to its
   * end; that of a database replaces its container and keeps its data. `false` saves without applying. Default: a
   * deployment.
   */
  deploy: managed(deployOption.optional(), { apply: "none" }),
  /**
   * For the shared variables of a project or environment: a change of them also deploys the services that refer to what
   * changed, and waits for them. Left out, they get it with their next deployment. Default: false.
   */
  redeployReferrers: managed(z.boolean().optional(), { apply: "none" }),
});

export type EnvironmentBlockInputs = z.infer<typeof environmentBlockSchema>;

/** Those of a service; shared variables have none. */
export interface EnvironmentBlockOutputs extends Partial<ServiceOutputs>, ReferrerOutputs {
  /** Name of the service inside Docker. */
  appName?: string;
}

const mapping = new Mapping(environmentBlockSchema);

export const environmentBlock: Definition<EnvironmentBlockInputs, EnvironmentBlockOutputs> = {
  kind: "EnvironmentBlock",
  schema: environmentBlockSchema,
  explainId: explainIds(),
  sharesObject: true,

  check: blockProblems,

  // A database has variables of its own in the same text.
  sharesText: (inputs) => {
    const kind = kindOf(inputs.target);
    return inputs.mode === "additive" || (kind !== undefined && isDatabase(kind));
  },

  async preflight(inputs, context) {
    if (containsUnknown(inputs.target) || isUnknown(inputs.mode)) return;
    const holder = await existing(inputs.target, context.reads);
    const lost = textFields.flatMap((field) => overwritten(holder, inputs, field));
    if (lost.length > 0) {
      context.warn(takeoverNotice(holder, lost));
    }
    if (isUnchanged(holder, inputs)) context.inform(takenOver(holder.label, namesOf(inputs)));
  },

  async foresee(inputs, context, planned) {
    claimTexts(inputs, context);
    await foretellTakeover(inputs, planned, context);
    return await foreseeBlock(inputs, mapping.envs(inputs), planned, context);
  },
  sharedScope: (_id, inputs) => scopeOfBlock(inputs),
  deploys: (_id, inputs) => serviceOfBlock(inputs),

  async create(inputs, context) {
    const blockId = pathOf(inputs.target);
    return { id: blockId, outputs: await sync(blockId, inputs, undefined, [], context) };
  },

  async read(_id, state, { reads }) {
    const holder = await observe(state.target, reads);
    if (!holder) return undefined;
    const inputs = inputsOf(state);
    for (const field of textFields) {
      const old = state[field];
      if (old === undefined) continue;
      const text = holder.texts[field] ?? "";
      const rules = rulesOf(holder, field);
      const live = state.mode === "additive" ? pickEnv(text, Object.keys(old), rules) : readEnv(text, rules);
      inputs[field] = readBackEnv(live, old);
    }
    const drift = mapping.changes(inputsOf(state), inputs);
    const outputs = isService(holder)
      ? { ...outputsOf(holder, state), ...unappliedDrift(drift, state, holder.deployments) }
      : refreshedLeft(state, drift);
    return { inputs, outputs };
  },

  async update(blockId, olds, news, changes, context) {
    return await sync(blockId, news, olds, changes, context);
  },

  async delete(_id, state, context) {
    const { api, claims, lock } = context;
    const ownedElsewhere = await releaseBlock(state, context);
    await lock.run(pathOf(state.target), async () => {
      const holder = await observe(state.target, api);
      if (!holder) return;
      const texts: Texts = {};
      for (const field of textFields) {
        const owned = Object.keys(state[field] ?? {}).filter((key) => !ownedElsewhere(field, key));
        const free = claims.unclaimed(textKey(holder.kind, holder.id, field), owned);
        const text = holder.texts[field] ?? "";
        const present = free.filter((key) => Object.hasOwn(pickEnv(text, free, rulesOf(holder, field)), key));
        if (present.length > 0) texts[field] = mergeEnv(text, {}, present, rulesOf(holder, field));
      }
      await holder.save(texts);
    });
  },

  claim: (_id, inputs, claims) => claimTexts(inputs, { claims }),

  unfinished: (state) => state.pending !== undefined || state.pendingReferrers !== undefined,
};

async function sync(
  blockId: string,
  news: EnvironmentBlockInputs,
  olds: (EnvironmentBlockInputs & EnvironmentBlockOutputs) | undefined,
  planned: readonly Change[],
  context: Context,
): Promise<EnvironmentBlockOutputs> {
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
        const next = nextText(holder, news, olds, field);
        if (next === undefined) continue;
        texts[field] = next;
        const rules = rulesOf(holder, field);
        drifted.push(mapping.changeOf(field, keyChanges(readEnv(text, rules), readEnv(next, rules))));
      }
      if (Object.keys(texts).length > 0) refuseDoubtful(blockId, context.claims);
      if (isService(holder)) refuseFailing(newTexts(holder, texts, news), holder.environment, context);
      const changes = mergeChanges(planned, drifted);
      const effective = isService(holder)
        ? await withoutEffective(planned, drifted, news, holder.withTexts({}), context)
        : planned;
      const need = isService(holder)
        ? needed(mergeChanges(effective, drifted), news.deploy, olds ? olds.pending : holder.leftBehind)
        : "none";
      const shared = { names: changedShared(news, planned, drifted), left: olds };
      const before = { ...olds, ...outputsOf(holder, olds) };
      const save = () => holder.save(texts);
      const isSaved = async () => {
        const now = await existing(news.target, context.api);
        return textFields.every((field) => nextText(now, news, olds, field) === undefined);
      };
      if (isService(holder)) {
        await saveAndLook(
          save,
          isSaved,
          (reason) => new UnfinishedError(blockId, { ...before, ...pendingOf(need) }, reason),
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
    ...(since > 0 ? { undo: () => undo(blockId, holder, texts, news, olds, context) } : {}),
    outputs: outputsOf(holder, olds),
    resourceId: blockId,
  });
}

/** Puts back what the block changed; what others of the run have saved since in the same texts stays. */
async function undo(
  blockId: string,
  former: Service,
  changed: Texts,
  news: EnvironmentBlockInputs,
  olds: EnvironmentBlockInputs | undefined,
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

/** Tells the others of the run which variables are the block's, as far as its target and their names are known. */
function claimTexts(
  inputs: Pick<EnvironmentBlockInputs, "target" | Field>,
  { claims }: Pick<Context, "claims">,
): void {
  if (kindOf(inputs.target) === undefined) return;
  const { kind, id } = kindAndId(inputs.target);
  for (const field of textFields) {
    const owned = inputs[field];
    if (isRecord(owned)) claims.claim(textKey(kind, id, field), Object.keys(owned));
  }
}

/** The texts that are about to be saved, as a deployment reads them. */
function newTexts(service: Service, texts: Texts, news: EnvironmentBlockInputs): NewText[] {
  return textFields.flatMap((field) => {
    const text = texts[field];
    if (text === undefined) return [];
    return [
      {
        input: field,
        text: field === "env" ? service.read(text) : text,
        target: rulesOf(service, field),
        owned: Object.keys(news[field] ?? {}),
      },
    ];
  });
}

function outputsOf(
  service: Service,
  olds: EnvironmentBlockOutputs | undefined,
): ServiceOutputs & { appName: string };
function outputsOf(holder: Holder, olds: EnvironmentBlockOutputs | undefined): EnvironmentBlockOutputs;
function outputsOf(holder: Holder, olds: EnvironmentBlockOutputs | undefined): EnvironmentBlockOutputs {
  if (!isService(holder)) {
    return olds?.pendingReferrers ? { pendingReferrers: olds.pendingReferrers } : {};
  }
  const { appName, status } = holder;
  return { ...(olds ? serviceOutputs({ ...olds, status }) : {}), appName, status };
}

/** The text that the service should have; undefined when it has it already. */
function nextText(
  holder: Holder,
  news: EnvironmentBlockInputs,
  olds: EnvironmentBlockInputs | undefined,
  field: Field,
): string | undefined {
  const wanted = news[field];
  const text = holder.texts[field] ?? "";
  const rules = rulesOf(holder, field);
  const before = readEnv(text, rules);
  const given: EnvMap = wanted ?? {};
  const dropped = Object.keys(olds?.[field] ?? {}).filter((key) => !Object.hasOwn(given, key));
  if (wanted !== undefined && news.mode !== "additive") {
    return equalEnv(before, wanted) ? undefined : writeEnv(wanted, rules);
  }
  const stale = dropped.filter((key) => Object.hasOwn(before, key));
  const fresh = Object.fromEntries(Object.entries(given).filter(([key, value]) => before[key] !== value));
  if (stale.length === 0 && Object.keys(fresh).length === 0) return undefined;
  return mergeEnv(text, fresh, stale, rules);
}

/** Whether creating the block saves nothing and applies nothing. */
function isUnchanged(holder: Holder, inputs: EnvironmentBlockInputs): boolean {
  const isSaved = textFields.every((field) => {
    try {
      return nextText(holder, inputs, undefined, field) === undefined;
    } catch (error) {
      // Of what cannot be written the checks of variables tell.
      if (error instanceof EnvError) return false;
      throw error;
    }
  });
  return isSaved && (!isService(holder) || needed([], inputs.deploy, holder.leftBehind) === "none");
}

function namesOf(inputs: EnvironmentBlockInputs): GivenNames {
  return Object.fromEntries(
    textFields.flatMap((field) => {
      const given = inputs[field];
      return given === undefined ? [] : [[field, Object.keys(given)]];
    }),
  );
}

/** What creating the block would take away or change, by name. */
function overwritten(holder: Holder, inputs: EnvironmentBlockInputs, field: Field): string[] {
  const keys = knownChanges(readEnv(holder.texts[field] ?? "", rulesOf(holder, field)), inputs[field]);
  return named(field, inputs.mode === "additive" ? { ...keys, removed: [] } : keys);
}

/** The same where the block has the text from now on, and had only some variables of it before, or none. */
async function foretellTakeover(
  inputs: EnvironmentBlockInputs,
  { id, changes }: Planned,
  { reads, warn }: Context,
): Promise<void> {
  if (id === undefined || inputs.mode === "additive" || kindOf(inputs.target) === undefined) return;
  const isWhole = changes.some(({ path }) => path === "mode");
  const planned = (field: Field) => changes.find(({ path }) => path === field);
  const fields = textFields.filter((field) => isWhole || planned(field)?.begins);
  if (fields.length === 0) return;
  const holder = await observe(inputs.target, reads);
  if (!holder) return;
  const lost = fields.flatMap((field) => {
    const live = readEnv(holder.texts[field] ?? "", rulesOf(holder, field));
    const { changed, removed, added } = knownChanges(live, inputs[field]);
    const keys = planned(field)?.keys;
    // What the plan shows already.
    const shown = new Set(keys?.removed);
    const isNew = (name: string) => keys?.added.includes(name) ?? false;
    return named(field, {
      added,
      changed: changed.filter(isNew),
      removed: removed.filter((name) => !shown.has(name)),
    });
  });
  if (lost.length > 0) warn(takeoverNotice(holder, lost));
}

function takeoverNotice({ label }: Holder, lost: readonly string[]): string {
  return `The block takes over variables of the ${label}: ${lost.join("; ")}.`;
}

function rulesOf({ rules }: Holder, field: Field): EnvTarget {
  switch (field) {
    case "env":
      return rules;
    case "buildArgs":
      return "build";
    case "buildSecrets":
      return "secret";
  }
}

function inputsOf(state: EnvironmentBlockInputs & EnvironmentBlockOutputs): EnvironmentBlockInputs {
  const {
    appName: _a,
    status: _s,
    lastDeployment: _l,
    pending: _p,
    pendingReferrers: _r,
    failingReferrers: _f,
    ...inputs
  } = state;
  return inputs;
}
