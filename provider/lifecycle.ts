import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { Context } from "./context";
import { DokployError } from "./dokploy/errors";
import { SettingsError } from "./dokploy/settings";
import { checkChains } from "./env/chains";
import type { Claims } from "./env/claims";
import { checkEnv } from "./env/codec";
import type { SharedScope } from "./env/shared";
import { looksOutside } from "./env/uses";
import type { Tokens } from "./handovers";
import { type Change, Mapping } from "./mapping";
import { ExpectedError, type Problem, UnfinishedError } from "./problem";
import { typeProblems } from "./type-problems";
import { containsUnknown, isRecord, isUnknown } from "./unknown";

type Values = Record<string, unknown>;

/** The one name in a state that is Pulumi's own: the text that names these handlers. */
const providerKey = "__provider";
/** The output of a service's resource for the shared variables that it has got; see `Handovers`. */
const tokensKey = "sharedTokens";

/**
 * What one resource is: its inputs, and what Dokploy calls observe, make, change and delete it.
 * `Inputs` is what the program gives (checked), `Outputs` what comes on top of it in the state.
 */
export interface Definition<Inputs, Outputs> {
  /** `Application`: for ever, since the state of every stack names it. */
  readonly kind: string;
  /** Types and docs of the inputs, with how each is kept in Dokploy. */
  readonly schema: z.ZodObject;
  /**
   * Rules beyond types that need no server. May see inputs that are not known yet.
   *
   * @param advise the settings, and a `warn` that tells the same but once; undefined when they cannot be used
   */
  check?(inputs: Partial<Inputs>, advise: () => Context | undefined): Problem[];
  /** True when variables beside those given may stand in the same text, so that references to them are fine. */
  sharesText?(inputs: Partial<Inputs>): boolean;
  /**
   * What can be known of the server before something new is made: reads only. Called at preview when all inputs are
   * known.
   *
   * @param replaced id of what is deleted before this is made, so that its name is free by then
   * @throws whatever the creation would be refused for
   */
  preflight?(inputs: Inputs, context: Context, replaced: string | undefined): Promise<void>;
  /**
   * What references to variables elsewhere will not find, and warnings about what a planned change does: reads only.
   * Asked at preview for what is new (without an id) and what changes; values may be unknown. The setting
   * `dokploy:references` decides about the problems.
   */
  foresee?(inputs: Inputs, context: Context, planned: Planned): Promise<Problem[]>;
  /** The project or environment whose variables the input `env` gives to services; undefined when it does not. */
  sharedScope?(id: string | undefined, inputs: Inputs): SharedScope | undefined;
  /** `application/<id>`, `compose/<id>`: the service that an update deploys. */
  deploys?(id: string | undefined, inputs: Inputs): string | undefined;
  /** @throws UnfinishedError when the object was made but the rest failed */
  create(inputs: Inputs, context: Context): Promise<{ id: string; outputs: Outputs }>;
  /** The inputs and outputs as they are now; undefined when the object is gone. */
  read(
    id: string,
    state: Inputs & Outputs,
    context: Context,
  ): Promise<{ inputs: Inputs; outputs: Outputs } | undefined>;
  update(
    id: string,
    olds: Inputs & Outputs,
    news: Inputs,
    changes: Change[],
    context: Context,
  ): Promise<Outputs>;
  delete(id: string, state: Inputs & Outputs, context: Context): Promise<void>;
  /** Told of every resource that stays, also when nothing changes. Must not call the server. */
  claim?(id: string, inputs: Inputs, claims: Claims): void;
  /** True when the last run left work undone, so that an update is due though no input changed. */
  unfinished?(state: Inputs & Outputs): boolean;
}

/** A change that a plan holds. */
export interface Planned {
  /** Left out for what is new. */
  id?: string;
  changes: readonly Change[];
}

/** How long something waits for shared variables that another resource of the same run is to save. */
const sharedTimeoutMs = 60_000;

/** The handlers that Pulumi's dynamic host calls; see `pulumi.dynamic.ResourceProvider`. */
export interface Handlers {
  check(olds: Values, news: Values): Promise<{ inputs: Values; failures: Problem[] }>;
  diff(
    id: string,
    olds: Values,
    news: Values,
  ): Promise<{ changes?: boolean; replaces?: string[]; deleteBeforeReplace?: boolean }>;
  create(inputs: Values): Promise<{ id: string; outs: Values }>;
  read(id: string, state: Values): Promise<{ id: string; props?: Values; inputs?: Values }>;
  update(id: string, olds: Values, news: Values): Promise<{ outs: Values }>;
  delete(id: string, state: Values): Promise<void>;
}

/**
 * Makes Pulumi's handlers of a definition.
 *
 * @param connect gives the context, the same for all resources of a run; throws when settings are missing
 */
export function lifecycle<Inputs extends object, Outputs extends object>(
  definition: Definition<Inputs, Outputs>,
  connect: () => Context,
  claims: Claims,
): Handlers {
  const mapping = new Mapping(definition.schema);
  const inputNames = Object.keys(definition.schema.shape);
  const known = (values: Values) => values as unknown as Inputs;
  const state = (values: Values) => values as unknown as Inputs & Outputs;
  /** The inputs that `diff` saw last, by id. */
  const compared = new Map<string, Values>();
  /** The inputs of those resources that adopt something, by the id of that. */
  const adopting = new Map<string, Values>();
  /** Ids of what this run adopted, or tried to. */
  const adopted = new Set<string>();
  /** Those of them that some resource has, or is just getting. */
  const owned = new Set<string>();
  const warned = new Set<string>();
  /** Read, and not checked since: Pulumi compares what a refresh found as it compares a plan, but plans nothing then. */
  const refreshed = new Set<string>();

  return {
    async check(olds, news) {
      const { [providerKey]: _, ...inputs } = news;
      refreshed.clear();
      const shared = definition.sharesText?.(inputs as Partial<Inputs>) ?? false;
      const variables = checkVariables(mapping, inputs, shared);
      const failures = [
        ...typeProblems(definition.kind, definition.schema, inputs).map(({ path, reason }) => ({
          property: path.join("."),
          reason,
        })),
        ...variables.filter(({ reference }) => !reference),
        ...judge(
          inputs,
          variables.filter(({ reference }) => reference),
        ),
        ...(definition.check?.(inputs as Partial<Inputs>, advise) ?? []),
      ];
      if (Object.keys(olds).length > 0 || failures.length > 0) return { inputs: news, failures };
      const replaced = replacedBy(news);
      if (replaced === undefined) {
        note(undefined, inputs, mapping.changes({}, inputs));
        const imported = importOf(inputs);
        if (imported !== undefined && isManaged(imported, inputs)) {
          return { inputs: news, failures: [{ property: "import", reason: managedTwice(imported) }] };
        }
        return { inputs: news, failures: await preflight(inputs, undefined) };
      }
      // The option `import` names what gets replaced, or what an earlier replacement deleted, or the new object: an
      // interrupted run made that, and the person followed the advice to adopt it.
      const imported = importOf(inputs);
      if (
        imported !== undefined &&
        imported !== replaced &&
        (await preflight(inputs, undefined)).length === 0
      ) {
        note(undefined, inputs, mapping.changes({}, inputs));
        return { inputs: news, failures: [] };
      }
      const { import: _imported, ...fresh } = news;
      note(undefined, fresh, mapping.changes({}, pick(fresh, inputNames)));
      return { inputs: fresh, failures: await preflight(pick(fresh, inputNames), replaced) };
    },

    async diff(id, olds, news) {
      if (adopting.has(id)) throw new ExpectedError(managedTwice(id));
      compared.set(id, news);
      const changes = mapping.changes(olds, pick(news, inputNames));
      if (!containsUnknown(news)) definition.claim?.(id, known(news), claims);
      const isPlan = !refreshed.has(id);
      const isHanded = isPlan && arrange(id, olds, news, changes);
      const isLeft = news["deploy"] !== false && (definition.unfinished?.(state(olds)) ?? false);
      const unfinished = isHanded || isLeft;
      if (changes.length === 0 && (!unfinished || isLeftAlone(news))) return { changes: false };
      const context = connect();
      if (isLeft) {
        context.warn(
          `${definition.kind} "${olds["name"] ?? id}": what is saved in Dokploy has yet to take effect; the next update ` +
            "applies it.",
        );
      }
      const problems = isPlan ? await foresee(pick(news, inputNames), context, { id, changes }) : [];
      if (problems.length > 0) throw new ProblemError(problems);
      if (changes.length === 0) return { changes: true };
      // Left to the engine, which then names each key; `changes: true` would hide which secret changed.
      const replaces = [...new Set(changes.filter((change) => change.replace).map((change) => change.input))];
      // The name is taken until what has it is deleted; said always, since Pulumi may replace for reasons of its own.
      return { ...(replaces.length > 0 ? { replaces } : {}), deleteBeforeReplace: true };
    },

    async create(news) {
      const imported = importOf(news);
      if (imported !== undefined) {
        if (owned.has(imported)) throw new ExpectedError(managedTwice(imported));
        owned.add(imported);
        adopted.add(imported);
      }
      try {
        const { id, outputs } = await carryingOut(undefined, news, () =>
          definition.create(known(news), connect()),
        );
        return { id, outs: { ...news, ...outputs } };
      } catch (error) {
        // Pulumi may call once more for the same resource, as its hooks for errors can ask.
        if (imported !== undefined) owned.delete(imported);
        throw error;
      }
    },

    async read(id, olds) {
      refreshed.add(id);
      const live = await definition.read(id, state(withoutTokens(olds)), connect());
      if (!live) return { id: "" };
      const inputs = { ...live.inputs, [providerKey]: olds[providerKey] } as Values;
      return { id, inputs, props: { ...inputs, ...live.outputs, ...tokenOutput(tokensOf(olds)) } };
    },

    async update(id, olds, news) {
      const changes = mapping.changes(olds, pick(news, inputNames));
      // Pulumi comes back to what failed, whatever `diff` said.
      if (changes.length === 0 && isLeftAlone(news)) return { outs: { ...olds, ...news } };
      const service = definition.deploys?.(id, known(pick(news, inputNames)));
      const isHanded = service !== undefined && claims.handovers.isDue(service, tokensOf(olds));
      const before = { ...withoutTokens(olds), ...(isHanded ? { pending: "deploy" } : {}) };
      const outputs = await carryingOut(id, news, () =>
        definition.update(id, state(before), known(news), changes, connect()),
      );
      const tokens = service === undefined ? [] : claims.handovers.applied(service, tokensOf(olds));
      return { outs: { ...news, ...outputs, ...tokenOutput(tokens) } };
    },

    async delete(id, olds) {
      if (adopted.has(id)) {
        connect().warn(
          `${definition.kind} "${olds["name"] ?? id}" (${id}) is not deleted, since another resource of this program ` +
            "adopts it.",
        );
        return;
      }
      await definition.delete(id, state(withoutTokens(olds)), connect());
    },
  };

  /** True for a service that the setting `only` leaves out: what an earlier run could not do waits for another run. */
  function isLeftAlone(news: Values): boolean {
    const { only } = connect();
    return only !== undefined && typeof news["name"] === "string" && !only.includes(news["name"]);
  }

  /** True when another resource of this program manages what this one is to adopt. */
  function isManaged(imported: string, inputs: Values): boolean {
    if (compared.has(imported)) return true;
    // Pulumi checks a resource once for its plan and once more for the update.
    const others = adopting.get(imported);
    adopting.set(imported, inputs);
    return others !== undefined && !isDeepStrictEqual(others, inputs);
  }

  function managedTwice(imported: string): string {
    return (
      `another resource of this program manages the ${definition.kind} ${imported} already: ` +
      "keep one of the two, and give it the option { aliases } if it was renamed"
    );
  }

  /** Before a replacement Pulumi checks the same inputs once more, as if nothing was there: the id of what is. */
  function replacedBy(news: Values): string | undefined {
    return [...compared].find(([, inputs]) => isDeepStrictEqual(inputs, news))?.[0];
  }

  async function preflight(inputs: Values, replaced: string | undefined): Promise<Problem[]> {
    try {
      const context = connect();
      if (!containsUnknown(inputs)) await definition.preflight?.(known(inputs), context, replaced);
      return await foresee(inputs, context, { changes: mapping.changes({}, inputs) });
    } catch (error) {
      if (error instanceof ProblemError) return error.problems;
      if (error instanceof Error) return [{ property: "", reason: error.message }];
      throw error;
    }
  }

  /** The problems that end the plan; the others are told. A plan may be asked for twice, but warns once. */
  function judge(inputs: Values, problems: readonly Problem[]): Problem[] {
    if (problems.length === 0) return [];
    const context = attempt(connect);
    if (context === undefined || context.references === "error") return [...problems];
    if (context.references === "warn") {
      for (const { property, reason } of problems)
        warnOnce(context, `${labelOf(inputs)}: ${property} ${reason}.`);
    }
    return [];
  }

  /** What only the advice needs must not end a plan: a server out of reach is a warning here. */
  async function foresee(inputs: Values, context: Context, planned: Planned): Promise<Problem[]> {
    try {
      return judge(inputs, (await definition.foresee?.(known(inputs), context, planned)) ?? []);
    } catch (error) {
      if (!(error instanceof DokployError)) throw error;
      warnOnce(context, `What refers to shared variables could not be checked: ${error.message}`);
      return [];
    }
  }

  /** Without a connection nothing can be applied, and a plan without changes needs none; other settings must be right. */
  function advise(): Context | undefined {
    try {
      const context = connect();
      return { ...context, warn: (message) => warnOnce(context, message) };
    } catch (error) {
      if (error instanceof SettingsError) return undefined;
      throw error;
    }
  }

  function warnOnce(context: Context, message: string): void {
    if (warned.has(message)) return;
    warned.add(message);
    context.warn(message);
  }

  function labelOf(inputs: Values): string {
    const { name } = inputs;
    return typeof name === "string" && !isUnknown(name) ? `${definition.kind} "${name}"` : definition.kind;
  }

  /**
   * Settles with the other resources of this run who does what.
   *
   * @returns true when shared variables changed for which this resource has to deploy its service
   */
  function arrange(id: string, olds: Values, news: Values, changes: readonly Change[]): boolean {
    // What replaces it is noted when it is checked.
    if (!changes.some(({ replace }) => replace)) note(id, news, changes);
    if (isRecord(olds["handedOver"])) claims.handovers.restore(olds["handedOver"] as Tokens);
    const service = definition.deploys?.(id, known(pick(news, inputNames)));
    if (service === undefined) return false;
    const isHanded = claims.handovers.plan(service, tokensOf(olds)) && news["deploy"] !== false;
    if (isHanded) claims.deployments.plan(service, ownerOf(id, news));
    return isHanded;
  }

  /** Tells the other resources of this run what this one is going to do. */
  function note(id: string | undefined, news: Values, changes: readonly Change[]): void {
    const inputs = known(pick(news, inputNames));
    const owner = ownerOf(id, news);
    claims.shared.forget(owner);
    const scope = definition.sharedScope?.(id, inputs);
    const variables = changes.find(({ path }) => path === "env");
    if (scope && variables && news["env"] !== undefined) {
      claims.shared.plan(scope, owner, {
        set: isRecord(news["env"]) ? variablesOf(news["env"]) : undefined,
        whole: !definition.sharesText?.(inputs),
        removed: variables.keys?.removed ?? [],
      });
    }
    const service = definition.deploys?.(id, inputs);
    if (service === undefined) return;
    if (willDeploy(news["deploy"], changes)) claims.deployments.plan(service, owner);
    else claims.deployments.forget(service, owner);
  }

  /** Names this resource among those of this run; what is new has no id before it is made. */
  function ownerOf(id: string | undefined, news: Values): string {
    const { [providerKey]: _, env, ...rest } = news;
    const names = isRecord(env) ? Object.keys(env) : [];
    return `${definition.kind} ${id ?? JSON.stringify([rest, names])}`;
  }

  /** Makes or changes the object, once the shared variables that it takes are saved. */
  async function carryingOut<T>(id: string | undefined, news: Values, work: () => Promise<T>): Promise<T> {
    const inputs = known(pick(news, inputNames));
    const owner = ownerOf(id, news);
    const isShared = definition.sharedScope?.(id, inputs) !== undefined;
    try {
      if (!isShared && takesShared(mapping, inputs)) await claims.shared.settled(sharedTimeoutMs);
      const service = definition.deploys?.(id, inputs);
      return await claims.deployments.carryOut(service, owner, () => finishing(news, work));
    } finally {
      claims.shared.saved(owner);
    }
  }
}

function tokensOf(olds: Values): string[] {
  const tokens = olds[tokensKey];
  return Array.isArray(tokens) ? tokens.filter((token) => typeof token === "string") : [];
}

function tokenOutput(tokens: readonly string[]): Values {
  return tokens.length > 0 ? { [tokensKey]: tokens } : {};
}

function withoutTokens({ [tokensKey]: _, ...olds }: Values): Values {
  return olds;
}

/** True when the update makes a deployment that gives containers the shared variables as they are then. */
function willDeploy(option: unknown, changes: readonly Change[]): boolean {
  if (option === false || (isRecord(option) && option["method"] === "reload")) return false;
  return changes.some(({ apply }) => apply === "deploy" || apply === "redeploy");
}

function takesShared(mapping: Mapping, inputs: object): boolean {
  return mapping
    .envs(inputs)
    .some(
      ({ value }) =>
        isRecord(value) &&
        Object.values(value).some((given) => typeof given === "string" && looksOutside(given)),
    );
}

/** Names with values, as far as they are known. */
function variablesOf(env: Values): Map<string, string | undefined> {
  return new Map(
    Object.entries(env).map(([key, value]) => [
      key,
      typeof value === "string" && !isUnknown(value) ? value : undefined,
    ]),
  );
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Problems that only the server could tell, found before anything was changed. */
export class ProblemError extends ExpectedError {
  constructor(readonly problems: Problem[]) {
    super(problems.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason)).join("\n"));
  }
}

/** Turns an unfinished creation or update into the error from which Pulumi keeps what is known of the object. */
async function finishing<T>(news: Values, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnfinishedError)) throw error;
    // `properties` must carry `__provider`, or a later refresh or destroy finds no handlers.
    throw Object.assign(new ExpectedError(error.message), {
      id: error.id,
      properties: { ...news, ...error.outputs },
      // Pulumi makes a list of the reasons: the further lines of one go below its first.
      reasons: [error.message.replaceAll("\n", "\n\t  ")],
    });
  }
}

/** The id that the option `import` gives, where it is known. */
function importOf(inputs: Values): string | undefined {
  const imported = inputs["import"];
  return typeof imported === "string" && !isUnknown(imported) ? imported : undefined;
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]]));
}

/** The rules of environment texts, for every map of variables among the inputs. */
function checkVariables(
  mapping: Mapping,
  inputs: Values,
  shared: boolean,
): (Problem & { reference?: true })[] {
  return mapping.envs(inputs).flatMap(({ path, target, value }) => {
    if (!isRecord(value)) return [];
    const unknownKeys = Object.keys(value).filter((key) => isUnknown(value[key]));
    const variables = Object.fromEntries(
      Object.entries(value).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string" && !isUnknown(entry[1]),
      ),
    );
    const options = { unknownKeys, ...(shared ? { foreignKeys: "unknown" as const } : {}) };
    const problems = [...checkEnv(variables, target, options), ...checkChains(variables, target)];
    return problems.map(({ key, ...problem }) => ({
      ...problem,
      property: key === "" ? path : `${path}.${key}`,
    }));
  });
}
