import { z } from "zod";
import type { Context } from "../context";
import type { Api } from "../dokploy/endpoints";
import { isGone } from "../dokploy/errors";
import type { DeploymentRow, ServiceStatus } from "../dokploy/rows";
import { mergeEnv, pickEnv } from "../env/block";
import { type EnvMap, type EnvTarget, equalEnv, readEnv, writeEnv } from "../env/codec";
import { type Definition, ProblemError } from "../lifecycle";
import { type Change, keyChanges, Mapping } from "../mapping";
import type { Problem } from "../problem";
import { ExpectedError } from "../problem";
import { deployOption, envMap, id, managed } from "../schema";
import { secret } from "../secret";
import { applyChanges, needed, type ServiceOutputs, serviceOutputs } from "./deployable";
import { type NewText, refuseFailing, type Shared } from "./foresight";
import { textKey } from "./service";

/** What a block may own the variables of. */
const target = z.union([
  z.strictObject({
    /** Id of the application. */
    applicationId: id,
  }),
  z.strictObject({
    /** Id of the compose service. */
    composeId: id,
  }),
]);
type Target = z.infer<typeof target>;

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

const fields = ["env", "buildArgs", "buildSecrets"] as const;
type Field = (typeof fields)[number];
type Texts = Partial<Record<Field, string>>;

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
      if (typeof inputs.deploy === "object" && inputs.deploy.method === "reload") {
        problems.push({
          property: "deploy.method",
          reason: 'a compose service cannot be reloaded: use "redeploy" or "deploy"',
        });
      }
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
    const blockId = idOf(inputs.target);
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
      inputs[field] = Object.fromEntries(
        Object.entries(live).map(([key, value]) => [key, old[key] === value ? value : secret(value)]),
      );
    }
    return {
      inputs,
      outputs: { ...serviceOutputs(state), appName: service.appName, status: service.status },
    };
  },

  async update(blockId, olds, news, changes, context) {
    return await sync(blockId, news, olds, changes, context);
  },

  async delete(_id, state, context) {
    const { api, claims, lock } = context;
    await lock.run(idOf(state.target), async () => {
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
    const of = service(inputs.target);
    for (const field of fields) {
      const owned = inputs[field];
      if (owned) claims.claim(textKey(of.kind, of.id, field), Object.keys(owned));
    }
  },

  unfinished: (state) => state.pending !== undefined,
};

/** The service behind a block: its texts as they are now, and how to write them. */
interface Service {
  kind: "application" | "compose";
  id: string;
  name: string;
  appName: string;
  /** `application "web" (id)`. */
  label: string;
  status: ServiceStatus;
  deployments: DeploymentRow[];
  environment: Shared;
  texts: Record<Field, string | null | undefined>;
  /** Writes those of the texts that are given; nothing when there are none. */
  save(texts: Texts): Promise<void>;
}

async function sync(
  blockId: string,
  news: EnvironmentBlockInputs,
  olds: (EnvironmentBlockInputs & EnvironmentBlockOutputs) | undefined,
  planned: readonly Change[],
  context: Context,
): Promise<EnvironmentBlockOutputs> {
  environmentBlock.claim?.(blockId, news, context.claims);
  const { service, changes } = await context.lock.run(blockId, async () => {
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
    await service.save(texts);
    const paths = new Set(planned.map(({ path }) => path));
    return { service, changes: [...planned, ...drifted.filter(({ path }) => !paths.has(path))] };
  });
  return await applyChanges(context, service, {
    need: needed(changes, news.deploy, olds?.pending),
    option: news.deploy,
    changes,
    before: service.deployments,
    secrets: mapping.secrets(news),
    outputs: { ...(olds ? serviceOutputs(olds) : {}), appName: service.appName, status: service.status },
    resourceId: blockId,
  });
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

function service(of: Target): { kind: "application" | "compose"; id: string } {
  return "applicationId" in of
    ? { kind: "application", id: of.applicationId }
    : { kind: "compose", id: of.composeId };
}

/** The id of a block: `application/<applicationId>`. */
function idOf(of: Target): string {
  const { kind, id } = service(of);
  return `${kind}/${id}`;
}

function inputsOf(state: EnvironmentBlockInputs & EnvironmentBlockOutputs): EnvironmentBlockInputs {
  const { appName: _a, status: _s, lastDeployment: _l, pending: _p, ...inputs } = state;
  return inputs;
}

async function existing(of: Target, api: Api): Promise<Service> {
  const found = await observe(of, api);
  if (found) return found;
  const { kind, id } = service(of);
  const noun = kind === "application" ? "application" : "compose service";
  throw new ProblemError([
    { property: `target.${kind}Id`, reason: `Dokploy has no ${noun} ${id} (or this key may not see it)` },
  ]);
}

async function observe(of: Target, api: Api): Promise<Service | undefined> {
  try {
    return "applicationId" in of
      ? await application(of.applicationId, api)
      : await compose(of.composeId, api);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

async function application(applicationId: string, api: Api): Promise<Service> {
  const row = await api.call("application.one", { applicationId });
  const { env, buildArgs, buildSecrets, createEnvFile } = row;
  return {
    kind: "application",
    id: applicationId,
    name: row.name,
    appName: row.appName,
    label: `application "${row.name}" (${applicationId})`,
    status: row.applicationStatus,
    deployments: row.deployments,
    environment: row.environment,
    texts: { env, buildArgs, buildSecrets },
    async save(texts) {
      if (Object.keys(texts).length === 0) return;
      // All five or nothing: what the block does not own is sent back as it was read.
      await api.call("application.saveEnvironment", {
        applicationId,
        env,
        buildArgs,
        buildSecrets,
        createEnvFile,
        ...texts,
      });
    },
  };
}

async function compose(composeId: string, api: Api): Promise<Service> {
  const row = await api.call("compose.one", { composeId });
  return {
    kind: "compose",
    id: composeId,
    name: row.name,
    appName: row.appName,
    label: `compose service "${row.name}" (${composeId})`,
    status: row.composeStatus,
    deployments: row.deployments,
    environment: row.environment,
    texts: { env: row.env, buildArgs: undefined, buildSecrets: undefined },
    async save({ env }) {
      if (env === undefined) return;
      // An unknown id gives an empty 200, which must not pass for a saved text.
      const saved = await api.call("compose.update", { composeId, env });
      if (!saved)
        throw new ExpectedError(`The compose service "${row.name}" (${composeId}) was deleted meanwhile.`);
    },
  };
}
