import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { Context } from "./context";
import type { Claims } from "./env/claims";
import { checkEnv } from "./env/codec";
import { type Change, Mapping } from "./mapping";
import { ExpectedError, type Problem, UnfinishedError } from "./problem";
import { typeProblems } from "./type-problems";
import { containsUnknown, isRecord, isUnknown } from "./unknown";

type Values = Record<string, unknown>;

/** The one name in a state that is Pulumi's own: the text that names these handlers. */
const providerKey = "__provider";

/**
 * What one resource is: its inputs, and what Dokploy calls observe, make, change and delete it.
 * `Inputs` is what the program gives (checked), `Outputs` what comes on top of it in the state.
 */
export interface Definition<Inputs, Outputs> {
  /** `Application`: for ever, since the state of every stack names it. */
  readonly kind: string;
  /** Types and docs of the inputs, with how each is kept in Dokploy. */
  readonly schema: z.ZodObject;
  /** Rules beyond types that need no server. May see inputs that are not known yet. */
  check?(inputs: Partial<Inputs>): Problem[];
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

  return {
    async check(olds, news) {
      const { [providerKey]: _, ...inputs } = news;
      const failures = [
        ...typeProblems(definition.kind, definition.schema, inputs).map(({ path, reason }) => ({
          property: path.join("."),
          reason,
        })),
        ...checkVariables(mapping, inputs, definition.sharesText?.(inputs as Partial<Inputs>) ?? false),
        ...(definition.check?.(inputs as Partial<Inputs>) ?? []),
      ];
      if (Object.keys(olds).length > 0 || failures.length > 0) return { inputs: news, failures };
      const replaced = replacedBy(news);
      if (replaced === undefined) {
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
        return { inputs: news, failures: [] };
      }
      const { import: _imported, ...fresh } = news;
      return { inputs: fresh, failures: await preflight(pick(fresh, inputNames), replaced) };
    },

    async diff(id, olds, news) {
      if (adopting.has(id)) throw new ExpectedError(managedTwice(id));
      compared.set(id, news);
      const changes = mapping.changes(olds, pick(news, inputNames));
      if (!containsUnknown(news)) definition.claim?.(id, known(news), claims);
      const unfinished = news["deploy"] !== false && (definition.unfinished?.(state(olds)) ?? false);
      if (changes.length === 0 && !unfinished) return { changes: false };
      const { warn } = connect();
      if (unfinished) {
        warn(
          `${definition.kind} "${olds["name"] ?? id}": what is saved in Dokploy has yet to take effect; the next update ` +
            "applies it.",
        );
      }
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
        const { id, outputs } = await finishing(news, () => definition.create(known(news), connect()));
        return { id, outs: { ...news, ...outputs } };
      } catch (error) {
        // Pulumi may call once more for the same resource, as its hooks for errors can ask.
        if (imported !== undefined) owned.delete(imported);
        throw error;
      }
    },

    async read(id, olds) {
      const live = await definition.read(id, state(olds), connect());
      if (!live) return { id: "" };
      const inputs = { ...live.inputs, [providerKey]: olds[providerKey] } as Values;
      return { id, inputs, props: { ...inputs, ...live.outputs } };
    },

    async update(id, olds, news) {
      const changes = mapping.changes(olds, pick(news, inputNames));
      const outputs = await finishing(news, () =>
        definition.update(id, state(olds), known(news), changes, connect()),
      );
      return { outs: { ...news, ...outputs } };
    },

    async delete(id, olds) {
      if (adopted.has(id)) {
        connect().warn(
          `${definition.kind} "${olds["name"] ?? id}" (${id}) is not deleted, since another resource of this program ` +
            "adopts it.",
        );
        return;
      }
      await definition.delete(id, state(olds), connect());
    },
  };

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
      return [];
    } catch (error) {
      if (error instanceof ProblemError) return error.problems;
      if (error instanceof Error) return [{ property: "", reason: error.message }];
      throw error;
    }
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
function checkVariables(mapping: Mapping, inputs: Values, shared: boolean): Problem[] {
  return mapping.envs(inputs).flatMap(({ path, target, value }) => {
    if (!isRecord(value)) return [];
    const unknownKeys = Object.keys(value).filter((key) => isUnknown(value[key]));
    const variables = Object.fromEntries(
      Object.entries(value).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string" && !isUnknown(entry[1]),
      ),
    );
    const options = { unknownKeys, ...(shared ? { foreignKeys: "unknown" as const } : {}) };
    return checkEnv(variables, target, options).map(({ key, reason }) => ({
      property: key === "" ? path : `${path}.${key}`,
      reason,
    }));
  });
}
