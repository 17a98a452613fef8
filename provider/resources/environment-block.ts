import { z } from "zod";
import {
  describePending,
  existing,
  isService,
  observe,
  refreshedPending,
  rulesOf,
  textKey,
  unappliedDrift,
  unsavedTexts,
} from "../engine";
import { type EnvDialect, mergeEnv, pickEnv, readEnv } from "../env";
import type { Entity } from "../lifecycle";
import { containsUnknown, isUnknown } from "../pulumi";
import {
  deployOption,
  envMap,
  field,
  forVariables,
  isDatabase,
  kindOf,
  Mapping,
  pathOf,
  readBackEnv,
  type Texts,
  target,
  textFields,
  traits,
} from "../schema";
import {
  adoptionWarning,
  asTheyAre,
  isUnchanged,
  overwritten,
  previewAdoptedVariables,
} from "./environment-block/adopted-variables";
import { blockProblems } from "./environment-block/check";
import { foreignToBlock, previewForeign } from "./environment-block/foreign";
import type { BlockOutputs } from "./environment-block/model";
import { outputsOf, reconcileBlock } from "./environment-block/reconcile";
import { newScopeOfBlock, previewBlock, scopeOfBlock, serviceOfBlock } from "./environment-block/references";
import { nameIn, releaseBlock, staying } from "./environment-block/release";
import { claimTexts } from "./environment-block/texts";

/**
 * Returns the rules for variables at run time. A target that is not known yet counts as an application, whose rules are
 * the strictest.
 */
function runTimeRules({ target: of }: { target?: unknown }): EnvDialect | readonly [EnvDialect, EnvDialect] {
  const kind = kindOf(of) ?? "application";
  // The id of a compose service does not show its type.
  return kind === "compose" ? ["compose", "stack"] : traits[kind].rules;
}

/** True where others have variables in the text; Dokploy puts its own for a database into it. */
function sharesText({ target, mode }: { target?: unknown; mode?: unknown }): boolean {
  const kind = kindOf(target);
  return mode === "additive" || (kind !== undefined && isDatabase(kind));
}

export const environmentBlockSchema = z.strictObject({
  /**
   * Application, compose service, database, project or environment that has the variables. Services share the variables
   * of their project and environment. A change replaces the block.
   */
  target: field(target, { apply: "none", replace: true, looksItself: true }),
  /**
   * Scope of the block. `exclusive`: the target has exactly these variables. `additive`: the block owns only the
   * variables that it sets, and all other lines of the text stay as they are, including comments. Default: `exclusive`.
   */
  mode: field(z.enum(["exclusive", "additive"]).optional(), { apply: "deploy", minApply: "reload" }),
  /** Variables at run time, or shared variables. When left out, they are not touched. */
  env: field(envMap.optional(), {
    apply: "deploy",
    minApply: "reload",
    env: runTimeRules,
    sharesText,
    secret: "maybe",
  }),
  /** Docker build arguments, for applications only. When left out, they are not touched. */
  buildArgs: field(envMap.optional(), {
    apply: "deploy",
    minApply: "redeploy",
    env: "build",
    sharesText,
    secret: "maybe",
  }),
  /** Docker build secrets, for applications only. When left out, they are not touched. */
  buildSecrets: field(envMap.optional(), {
    apply: "deploy",
    minApply: "redeploy",
    env: "secret",
    sharesText,
    secret: true,
  }),
  ...forVariables,
  /**
   * Deployment after a change of a service's variables; the update waits until it ends. For a database it replaces
   * the container and keeps the data. `false` saves without applying. Default: a deployment.
   */
  deploy: field(deployOption.optional(), { apply: "none" }),
  /**
   * True to deploy the services that refer to changed shared variables, and to wait for them. Otherwise they get the
   * change with their next deployment. Only for a project or environment. Default: false.
   */
  redeployReferrers: field(z.boolean().optional(), { apply: "none" }),
});

export type EnvironmentBlockInputs = z.infer<typeof environmentBlockSchema>;

const mapping = new Mapping(environmentBlockSchema);

/**
 * The environment variables of an existing application, compose service, database, project or environment.
 *
 * A change saves the variables, deploys the service and waits for that deployment. The deployment of a database
 * replaces its container and keeps its data. Variables of a project or environment are shared: services that refer to
 * them get a change with their next deployment, or at once with `redeployReferrers: true`.
 *
 * Deleting the block removes its variables and nothing else, which takes effect at the next deployment. When a service
 * of the same program is deleted in the same run, its variables are deleted with it.
 *
 * @example Exactly these variables
 * ```ts
 * new dokploy.EnvironmentBlock("api", {
 *   target: { applicationId: "PQqzqTGCVtx0St2SA3vCi" },
 *   env: dokploy.loadEnv("envs/test/api.yaml"),
 * });
 * ```
 *
 * @example A resource of the same program as the target
 * ```ts
 * new dokploy.EnvironmentBlock("api", { target: api, env: { LOG_LEVEL: "info" } });
 * ```
 *
 * @example Only some variables, while all others stay as they are
 * ```ts
 * new dokploy.EnvironmentBlock("api-flags", {
 *   target: { applicationId: "PQqzqTGCVtx0St2SA3vCi" },
 *   mode: "additive",
 *   env: { FEATURE_CHECKOUT: "on" },
 * });
 * ```
 *
 * @example Shared variables of a project, which services refer to as `${{project.REGION}}`
 * ```ts
 * new dokploy.EnvironmentBlock("shared", {
 *   target: { projectId: "V9VfiH7szxFcPmioIh70t" },
 *   mode: "additive",
 *   env: { REGION: "eu" },
 *   redeployReferrers: true,
 * });
 * ```
 *
 * @example Variables of a database, in addition to those that Dokploy sets
 * ```ts
 * new dokploy.EnvironmentBlock("orders-db", {
 *   target: { postgresId: "oWoDTREuc8bwh1UYwU8Bv" },
 *   env: { TZ: "UTC" },
 * });
 * ```
 */
export const environmentBlock: Entity<EnvironmentBlockInputs, BlockOutputs> = {
  kind: "EnvironmentBlock",
  schema: environmentBlockSchema,
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
