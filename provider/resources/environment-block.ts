import { z } from "zod";
import type { Context } from "../context";
import { mergeEnv, pickEnv } from "../env/block";
import { type EnvMap, type EnvTarget, equalEnv, readEnv, writeEnv } from "../env/codec";
import type { Definition } from "../lifecycle";
import { type Change, keyChanges, Mapping, mergeChanges, readBackEnv } from "../mapping";
import { type Problem, UnfinishedError } from "../problem";
import { type Apply, deployOption, envMap, managed } from "../schema";
import { unapplied, unappliedDrift } from "./adoption";
import {
  applyChanges,
  needed,
  pendingOf,
  reloadProblems,
  type ServiceOutputs,
  serviceOutputs,
} from "./deployable";
import { type NewText, refuseFailing } from "./foresight";
import { saveAndLook } from "./saving";
import { textKey } from "./service";
import {
  existing,
  observe,
  pathOf,
  type Service,
  serviceOf,
  type Target,
  type Texts,
  target,
  textFields,
  valuesAround,
} from "./target";

const runTimeTarget = (inputs: object): EnvTarget => {
  const { target: of } = inputs as { target?: unknown };
  return typeof of === "object" && of !== null && "composeId" in of ? "compose" : "application";
};

export const environmentBlockSchema = z.strictObject({
  /** The application or compose service whose variables these are. A change makes a new block. */
  target: managed(target, { apply: "none", replace: true }),
  /**
   * `exclusive`: the service has exactly these variables. `additive`: the block owns only the names it gives; all other
   * lines of the text stay as they are, comments too. Default: `exclusive`.
   */
  mode: managed(z.enum(["exclusive", "additive"]).optional(), { apply: "deploy", least: "reload" }),
  /** Variables at run time. Left out, they are not touched. */
  env: managed(envMap.optional(), { apply: "deploy", least: "reload", env: runTimeTarget, secret: true }),
  /** Docker build arguments; applications only. Left out, they are not touched. */
  buildArgs: managed(envMap.optional(), { apply: "deploy", least: "redeploy", env: "build", secret: true }),
  /** Docker build secrets; applications only. Left out, they are not touched. */
  buildSecrets: managed(envMap.optional(), {
    apply: "deploy",
    least: "redeploy",
    env: "build",
    secret: true,
  }),
  /**
   * How a change is applied: Dokploy is told to deploy, and the deployment is followed to its end. `false` saves
   * without applying. Default: a deployment.
   */
  deploy: managed(deployOption.optional(), { apply: "none" }),
});

export type EnvironmentBlockInputs = z.infer<typeof environmentBlockSchema>;
export interface EnvironmentBlockOutputs extends ServiceOutputs {
  /** Name of the service inside Docker. */
  appName: string;
}

const mapping = new Mapping(environmentBlockSchema);

const fields = textFields;
type Field = keyof Texts;

export const environmentBlock: Definition<EnvironmentBlockInputs, EnvironmentBlockOutputs> = {
  kind: "EnvironmentBlock",
  schema: environmentBlockSchema,

  check(inputs) {
    const problems: Problem[] = [];
    if (fields.every((field) => inputs[field] === undefined)) {
      problems.push({ property: "env", reason: "is missing: a block needs env, buildArgs or buildSecrets" });
    }
    if (runTimeTarget(inputs) === "compose") {
      for (const field of ["buildArgs", "buildSecrets"] as const) {
        if (inputs[field] !== undefined) {
          problems.push({ property: field, reason: "is for applications; a compose service has only env" });
        }
      }
      problems.push(...reloadProblems(inputs.deploy));
    }
    return problems;
  },

  sharesText: ({ mode }) => mode === "additive",

  async preflight(inputs, context) {
    const service = await existing(inputs.target, context.api);
    const lost = fields.flatMap((field) => overwritten(service, inputs, field));
    if (lost.length > 0) {
      context.warn(`The block takes over variables of the ${service.label}: ${lost.join("; ")}.`);
    }
  },

  async create(inputs, context) {
    const blockId = pathOf(inputs.target);
    return { id: blockId, outputs: await sync(blockId, inputs, undefined, [], context) };
  },

  async read(_id, state, { api }) {
    const service = await observe(state.target, api);
    if (!service) return undefined;
    const inputs = inputsOf(state);
    for (const field of fields) {
      const old = state[field];
      if (old === undefined) continue;
      const text = service.texts[field] ?? "";
      const rules = rulesOf(inputs, field);
      const live = state.mode === "additive" ? pickEnv(text, Object.keys(old), rules) : readEnv(text, rules);
      inputs[field] = readBackEnv(live, old);
    }
    return {
      inputs,
      outputs: {
        ...outputsOf(service, state),
        ...unappliedDrift(mapping.changes(inputsOf(state), inputs), state, service.deployments),
      },
    };
  },

  async update(blockId, olds, news, changes, context) {
    return await sync(blockId, news, olds, changes, context);
  },

  async delete(_id, state, context) {
    const { api, claims, lock } = context;
    await lock.run(pathOf(state.target), async () => {
      const service = await observe(state.target, api);
      if (!service) return;
      const texts: Texts = {};
      for (const field of fields) {
        const owned = Object.keys(state[field] ?? {});
        const free = claims.unclaimed(textKey(service.kind, service.id, field), owned);
        const text = service.texts[field] ?? "";
        const present = free.filter((key) => Object.hasOwn(pickEnv(text, free, rulesOf(state, field)), key));
        if (present.length > 0) texts[field] = mergeEnv(text, {}, present, rulesOf(state, field));
      }
      await service.save(texts);
    });
  },

  claim(_id, inputs, claims) {
    const of = serviceOf(inputs.target);
    for (const field of fields) {
      const owned = inputs[field];
      if (owned) claims.claim(textKey(of.kind, of.id, field), Object.keys(owned));
    }
  },

  unfinished: (state) => state.pending !== undefined,
};

async function sync(
  blockId: string,
  news: EnvironmentBlockInputs,
  olds: (EnvironmentBlockInputs & EnvironmentBlockOutputs) | undefined,
  planned: readonly Change[],
  context: Context,
): Promise<EnvironmentBlockOutputs> {
  environmentBlock.claim?.(blockId, news, context.claims);
  const { service, target, changes, need, undo } = await context.lock.run(blockId, async () => {
    const service = await existing(news.target, context.api);
    const texts: Texts = {};
    const drifted: Change[] = [];
    const written: NewText[] = [];
    for (const field of fields) {
      const text = service.texts[field] ?? "";
      const next = nextText(text, news, olds, field);
      if (next === undefined) continue;
      texts[field] = next;
      const rules = rulesOf(news, field);
      written.push({ input: field, text: next, target: rules, owned: Object.keys(news[field] ?? {}) });
      drifted.push(mapping.changeOf(field, keyChanges(readEnv(text, rules), readEnv(next, rules))));
    }
    refuseFailing(written, service.environment, context.warn);
    const changes = mergeChanges(planned, drifted);
    const need = needed(changes, news.deploy, olds ? olds.pending : leftBehind(service));
    await saveAndLook(
      () => service.save(texts),
      async () => {
        const now = await existing(news.target, context.api);
        return fields.every((field) => nextText(now.texts[field] ?? "", news, olds, field) === undefined);
      },
      (reason) =>
        new UnfinishedError(blockId, { ...olds, ...outputsOf(service, olds), ...pendingOf(need) }, reason),
    );
    const former = Object.fromEntries(
      Object.keys(texts).map((field) => [field, service.texts[field as Field] ?? ""]),
    );
    const undo = Object.keys(texts).length > 0 ? () => service.save(former) : undefined;
    return {
      service,
      target: service.withTexts(texts),
      undo,
      changes,
      need,
    };
  });
  return await applyChanges(context, target, {
    need,
    option: news.deploy,
    changes,
    before: service.deployments,
    secrets: [...mapping.secrets(news), ...valuesAround(service.kind, service.texts, service.environment)],
    ...(undo ? { undo } : {}),
    outputs: outputsOf(service, olds),
    resourceId: blockId,
  });
}

/** A run that was killed may have saved these very variables: then its deployment is among the records, if it began. */
function leftBehind({ deployments }: Service): Apply {
  return deployments.length === 0 ? "none" : unapplied(deployments);
}

function outputsOf(service: Service, olds: EnvironmentBlockOutputs | undefined): EnvironmentBlockOutputs {
  return { ...(olds ? serviceOutputs(olds) : {}), appName: service.appName, status: service.status };
}

/** The text that the service should have; undefined when it has it already. */
function nextText(
  text: string,
  news: EnvironmentBlockInputs,
  olds: EnvironmentBlockInputs | undefined,
  field: Field,
): string | undefined {
  const wanted = news[field];
  const rules = rulesOf(news, field);
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

/** What creating the block would take away or change, by name. */
function overwritten(service: Service, inputs: EnvironmentBlockInputs, field: Field): string[] {
  const wanted = inputs[field];
  if (wanted === undefined) return [];
  const { changed, removed } = keyChanges(
    readEnv(service.texts[field] ?? "", rulesOf(inputs, field)),
    wanted,
  );
  const prefix = field === "env" ? "" : `${field} `;
  return [
    ...(removed.length > 0 && inputs.mode !== "additive" ? [`${prefix}removes ${removed.join(", ")}`] : []),
    ...(changed.length > 0 ? [`${prefix}changes ${changed.join(", ")}`] : []),
  ];
}

function rulesOf(inputs: { target: Target }, field: Field): EnvTarget {
  return field === "env" ? runTimeTarget(inputs) : "build";
}

function inputsOf(state: EnvironmentBlockInputs & EnvironmentBlockOutputs): EnvironmentBlockInputs {
  const { appName: _a, status: _s, lastDeployment: _l, pending: _p, ...inputs } = state;
  return inputs;
}
