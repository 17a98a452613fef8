import { CheckFailedError, type Problem, UserError } from "../errors";
import { containsUnknown, identityKey, isRecord, isUnknown, providerKey, separate } from "../pulumi";
import {
  type Change,
  Mapping,
  notAnId,
  pathText,
  type TypeProblem,
  targetOf,
  typeProblems,
  variableProblems,
} from "../schema";
import type { Context } from "./context";
import { RunCoordinator } from "./coordinator";
import type { Entity, State } from "./entity";
import { importedKey, managingImports } from "./imported";
import type * as Importing from "./importing";
import type * as LastChange from "./last-change";
import { keepingFacts } from "./partial-failure";
import { pendingEffect } from "./pending";
import { type Handlers, pipeline, type Step } from "./pipeline";
import { PreviewChecks } from "./preview-checks";
import type { Run } from "./run/run";
import { explainId } from "./wrong-id";

type Values = Record<string, unknown>;

/**
 * Creates Pulumi's handlers of an entity.
 *
 * @param connect returns the context, the same for all resources of a run; throws when settings are missing
 * @param steps steps that each call passes before the handler, the first one outermost
 */
export function lifecycle<Inputs extends object, Outputs extends object>(
  entity: Entity<Inputs, Outputs>,
  connect: () => Context,
  run: Run,
  steps: readonly Step[] = [],
): Handlers {
  const mapping = new Mapping(entity.schema);
  const inputNames = Object.keys(entity.schema.shape);
  const known = (values: Values) => values as unknown as Inputs;
  /** Splits a state into the inputs of the schema and outputs: everything else comes from an earlier run. */
  const split = (values: Values): State<Inputs, Outputs> => {
    const own = Object.entries(values).filter(([name]) => name !== providerKey && name !== identityKey);
    return {
      inputs: known(pick(values, inputNames)),
      outputs: Object.fromEntries(own.filter(([name]) => !inputNames.includes(name))) as Outputs,
      isUnrecorded: !(identityKey in values),
    };
  };
  const previewChecks = new PreviewChecks(entity, connect);
  const coordinator = new RunCoordinator(entity, mapping, run);
  const { kind } = entity;
  const { resources } = run.ownership;
  /** Inputs of states that a refresh is about to read and in which an update failed, by id. */
  const remaining = new Map<string, Values>();
  /** Inputs of the state that a plan has compared, by id. */
  const compared = new Map<string, Values>();
  /** Ids from the adoption file, by new resource. */
  const adopting = new Map<string, string>();
  /** Inputs of the program in the previous run, by resource. Pulumi compares with these. */
  const asked = new Map<string, Values>();

  const handlers: Handlers = {
    async check(olds, given) {
      const { inputs: all, compose, adopts } = separate(given);
      const { resource, inputs: news } = resources.check(kind, olds, all);
      const { [providerKey]: _, [identityKey]: _identity, ...inputs } = news;
      if (Object.keys(olds).length > 0) asked.set(resource, olds);
      const variables = mapping.envs(inputs).flatMap((map) => variableProblems(map, map.sharesText));
      const failures = [
        ...(await Promise.all(
          typeProblems(kind, entity.schema, inputs).map((problem) => typeFailure(problem, inputs)),
        )),
        ...variables.filter(({ reference, warning }) => !reference && !warning),
        ...previewChecks.applySeverity(
          inputs,
          variables.filter(({ reference }) => reference),
        ),
        ...(entity.check?.(inputs as Partial<Inputs>, previewChecks.context, resource, compose) ?? []),
      ];
      for (const { property, reason, warning } of variables) {
        if (warning) previewChecks.report(inputs, { property, reason }, "variable");
      }
      if (Object.keys(olds).length > 0 || failures.length > 0) return { inputs: news, failures };
      const replaced = resources.replacedBy(resource);
      if (replaced === undefined) {
        const isFromFile = adopts !== undefined && inputs["import"] === undefined;
        if (isFromFile) adopting.set(resource, adopts);
        const asked = isFromFile ? adoptingInputs(news, adopts) : news;
        coordinator.planNew(resource, isFromFile ? adoptingInputs(inputs, adopts) : inputs);
        const imported = importOf(asked);
        const reason =
          imported &&
          (resources.refuseDuplicate(resource, kind, imported) ??
            (await resources.refuseHeld(kind, imported)));
        const found = reason
          ? [{ property: "import", reason }]
          : await preflight(asked, undefined, isFromFile);
        return { inputs: news, failures: isFromFile ? found.map(ofFile) : found };
      }
      // The option `import` names the replaced object, or one that an earlier replacement deleted, or the new
      // object: an interrupted run created that, and the user followed the advice to adopt it.
      const imported = importOf(inputs);
      if (
        imported !== undefined &&
        imported !== replaced &&
        (await preflight(news, undefined)).length === 0
      ) {
        coordinator.planNew(resource, inputs);
        return { inputs: news, failures: [] };
      }
      const { import: _again, ...handedOn } = news;
      const { import: _imported, ...fresh } = inputs;
      coordinator.planNew(resource, fresh);
      return { inputs: handedOn, failures: await preflight(handedOn, replaced) };
    },

    async diff(id, olds, news) {
      const resource = resources.find(kind, news, id);
      const isPlan = resources.takePlan(resource);
      if (isPlan) resources.compare(resource, kind, id);
      if (isPlan) compared.set(id, pick(olds, inputNames));
      const inputs = pick(news, inputNames);
      const changes = mapping.changes(olds, inputs);
      if (entity.unfinished?.(split(olds).outputs, known(inputs))?.isLost) {
        resources.replace(resource);
        return { changes: true, replaces: inputNames.slice(0, 1), deleteBeforeReplace: true };
      }
      if (!containsUnknown(news)) entity.claim?.(id, known(inputs), run);
      if (isPlan) await refuseOtherImport(id, olds, news);
      if (isPlan) coordinator.plan(resource, id, inputs, changes);
      const { outputs } = split(olds);
      const unfinished = entity.unfinished?.(outputs, known(inputs));
      const isUnfinished = unfinished !== undefined;
      if (changes.length === 0 && (!isUnfinished || isExcluded(inputs))) {
        // Without `changes` in the response, the engine names the inputs that differ.
        if (mapping.agreements(olds, inputs).length > 0) return { deleteBeforeReplace: true };
        return { changes: isFromPlugin(olds, news) };
      }
      const context = connect();
      const isLeft =
        !isPlan && remaining.has(id) && mapping.changes(remaining.get(id) ?? {}, olds).length === 0;
      const shown = mapping.changes(asked.get(resource) ?? olds, inputs);
      const effect = pendingEffect({ changes, shown, isUnfinished, isPlan, isLeft });
      if (effect !== undefined) {
        const elsewhere = unfinished?.remaining;
        const what = elsewhere === undefined ? effect : `${effect}: ${elsewhere}`;
        previewChecks.warnOnce(context, `${labelOf(id, olds)}: ${what}.`, "unfinished");
      }
      const isReplaced = ({ replace, mayReplace, input }: Change) =>
        replace || (isPlan && mayReplace && resources.namesReplaced(olds[input]));
      if (isPlan) {
        const maps = { olds: mapping.envs(olds), news: mapping.envs(inputs) };
        previewChecks.rotations(labelOf(id, olds), maps, olds["pending"] !== undefined, context);
        const planned = { id, olds: split(olds), changes };
        const missing = await previewChecks.namingNothing(olds, inputs, context, planned);
        if (missing.length > 0) throw new CheckFailedError(missing);
        const problems = await previewChecks.preview(inputs, context, planned);
        if (problems.length > 0) throw new CheckFailedError(problems);
      }
      if (changes.length === 0) return { changes: true };
      // The engine names the changed keys; `changes: true` would hide which secret changed.
      const replaces = [...new Set(changes.filter(isReplaced).map(({ input }) => input))];
      if (replaces.length > 0) resources.replace(resource);
      // The name is taken until its object is deleted. This is always returned, since Pulumi may replace for
      // its own reasons.
      const isMadeFirst = entity.replacesBeforeDeleting?.(split(olds).inputs, known(inputs)) ?? false;
      const deleteBeforeReplace = !isMadeFirst;
      return { ...(replaces.length > 0 ? { replaces } : {}), deleteBeforeReplace };
    },

    async create(news) {
      const resource = resources.find(kind, news);
      const fromFile = adopting.get(resource);
      const inputs = adoptingInputs(pick(news, inputNames), fromFile);
      const execute = async (work: () => Promise<{ id: string; outputs: Outputs }>) => {
        const { id, outputs } = await coordinator.execute(resource, undefined, inputs, work);
        return { id, outs: { ...news, ...outputs } };
      };
      const imported = importOf(inputs);
      if (imported === undefined) {
        return await execute(() => entity.create(known(inputs), adoptingContext(fromFile !== undefined)));
      }
      return await resources.adopt(kind, imported, () =>
        execute(async () => ({
          id: imported,
          outputs: await entity.update(
            imported,
            undefined,
            known(inputs),
            [],
            adoptingContext(fromFile !== undefined),
          ),
        })),
      );
    },

    async read(id, olds) {
      const context = connect();
      // States of older versions do not identify their resource, and blocks of the same target have the same
      // id.
      context.reads.begin(String(olds[identityKey] ?? JSON.stringify([kind, id, olds])));
      const state = split(olds);
      if (entity.unfinished?.(state.outputs, state.inputs)) remaining.set(id, state.inputs as Values);
      const live = await entity.read(id, state, context);
      if (!live) return { id: "" };
      if (mapping.changes(state.inputs, live.inputs).length > 0) await nameLastChange(id, olds, context);
      const inputs = { ...live.inputs, ...pick(olds, [providerKey, identityKey]) };
      return { id, inputs, props: { ...inputs, ...live.outputs } };
    },

    async import(id) {
      const context = connect();
      context.reads.begin(`import of ${kind} ${id}`);
      // Few runs import, so the code for it is loaded by those.
      const { readImported } = require("./importing") as typeof Importing;
      const found = await readImported(entity, id, context);
      if (!found) return { id: "" };
      const { inputs, others, outputs, secrets } = found;
      run.secrets.report(inputs, secrets, mapping);
      const props = { ...inputs, ...outputs, [importedKey]: others };
      return { id, secrets, inputs: { ...inputs, [importedKey]: true }, props };
    },

    async update(id, olds, news) {
      const inputs = pick(news, inputNames);
      const changes = mapping.changes(olds, inputs);
      // Pulumi repeats failed work, regardless of the result of `diff`.
      const isForState = isFromPlugin(olds, news) || mapping.agreements(olds, inputs).length > 0;
      const isDone = isForState && !entity.unfinished?.(split(olds).outputs, known(inputs));
      if (changes.length === 0 && (isDone || isExcluded(inputs)))
        return { outs: { ...split(olds).outputs, ...news } };
      const outputs = await coordinator.execute(resources.find(kind, news, id), id, inputs, () =>
        entity.update(id, split(olds), known(inputs), changes, connect()),
      );
      return { outs: { ...news, ...outputs } };
    },

    async delete(id, olds) {
      const kept = entity.relation === undefined ? await resources.release(kind, id) : undefined;
      if (kept !== undefined) {
        connect().warn(`${labelOf(id, olds)} (${id}) is not deleted, since ${kept}.`, "stays");
        return;
      }
      await entity.delete(id, split(olds).inputs, connect());
    },
  };
  return pipeline(handlers, [...steps, managingImports(entity, reportHidden), keepingFacts]);

  /**
   * Checks the option `import`. It may stay in the program or be removed, which changes nothing; it never gives a
   * resource another object.
   *
   * @throws CheckFailedError when it names another object that exists
   */
  async function refuseOtherImport(id: string, olds: Values, news: Values): Promise<void> {
    const imported = importOf(news);
    if (imported === undefined || imported === id || imported === olds["import"]) return;
    // The program that adopted an object once still names it after a replacement has deleted it. And where an
    // interrupted replacement has deleted the object of the state, the option names the new one.
    if (!(await isThere(imported)) || !(await isThere(id))) return;
    const reason =
      `the ${labelOf(id, olds)} is ${id}, but the option names another one, ${imported}: a resource never changes ` +
      `the object that it has. To keep ${id}, remove the option or correct the id. To adopt ${imported}, add a ` +
      "resource with another name for it, and remove this one from the program in a separate run";
    throw new CheckFailedError([{ property: "import", reason }]);
  }

  async function isThere(id: string): Promise<boolean> {
    // Without a server, an entity has no checks, and nobody can know which objects exist.
    if (entity.preflight === undefined) return false;
    const context = connect();
    const none = { inputs: known({}), outputs: {} as Outputs };
    return (await entity.read(id, none, { ...context, reads: context.reads.snapshot() })) !== undefined;
  }

  /**
   * True for a service, project or environment that the setting `only` does not name: unfinished work waits for another
   * run.
   */
  function isExcluded({ name }: Values): boolean {
    const { only } = targetOf(kind) === undefined ? {} : connect();
    return only !== undefined && !only.includes(String(name));
  }

  /** Says with drift who changed the object last. Few refreshes find drift, so the code for it is loaded by those. */
  async function nameLastChange(id: string, olds: Values, context: Context): Promise<void> {
    const { lastChange } = require("./last-change") as typeof LastChange;
    const known = await lastChange(id, context.api);
    if (known === undefined) return;
    previewChecks.warnOnce(context, `${labelOf(id, olds)} differs from the state: ${known}.`, "drift");
  }

  /** Reports what the code of an import lacks. */
  function reportHidden(inputs: Values, hidden: readonly string[]): void {
    const which = hidden.join(" and ");
    previewChecks
      .context()
      ?.warn(
        `${labelOf("", inputs)} is imported without ${which}, since Dokploy never shows that: give it in the program, ` +
          "as a secret.",
        "hidden",
      );
  }

  function labelOf(id: string, inputs: Values): string {
    const name = run.secrets.nameIn(inputs, (open) => entity.label?.(open as Partial<Inputs>) ?? `"${id}"`);
    return name === "" ? kind : `${kind} ${name}`;
  }

  /** Formats a problem of types for the user; for a text that is not an id, it explains what the text is. */
  async function typeFailure({ path, reason }: TypeProblem, inputs: Values): Promise<Problem> {
    const property = pathText(path);
    const context = reason === notAnId ? previewChecks.context() : undefined;
    const text = path.reduce<unknown>(
      (value, step) => (isRecord(value) ? value[String(step)] : undefined),
      inputs,
    );
    if (context === undefined || typeof text !== "string") return { property, reason };
    const instead = context.server && (await explainId(kind, path, text, context));
    return { property, reason: instead === undefined ? reason : `${reason}: ${instead}` };
  }

  /** Returns the inputs with the id from the adoption file, as if the program had given it by the option `import`. */
  function adoptingInputs(inputs: Values, adopts: string | undefined): Values {
    return adopts === undefined || !inputNames.includes("import") ? inputs : { ...inputs, import: adopts };
  }

  function adoptingContext(isFromFile: boolean): Context {
    return { ...connect(), ...(isFromFile ? { adoptUnchanged: true } : {}) };
  }

  async function preflight(
    news: Values,
    replaced: string | undefined,
    isFromFile = false,
  ): Promise<Problem[]> {
    try {
      const { [providerKey]: _, [identityKey]: identity, ...inputs } = news;
      const context = {
        ...adoptingContext(isFromFile),
        ...(typeof identity === "string" ? { resource: identity } : {}),
      };
      const changes = mapping.changes({}, inputs);
      // This comes first, since the other checks would fail because of them, and explain less.
      const missing = await previewChecks.namingNothing({}, inputs, context, { changes });
      if (missing.length > 0) return missing;
      await entity.preflight?.(known(inputs), context, {
        adopted: inputs["import"] as string | undefined,
        ...(replaced === undefined
          ? {}
          : { replaced: { id: replaced, inputs: known(compared.get(replaced) ?? {}) } }),
      });
      return await previewChecks.preview(inputs, context, { adopted: importOf(inputs), changes });
    } catch (error) {
      if (error instanceof CheckFailedError) return error.problems;
      if (error instanceof UserError) return [{ property: "", reason: error.message }];
      throw error;
    }
  }
}

/**
 * True for a state that the plugin wrote and now belongs to a dynamic provider: an update has to add the text by which Pulumi
 * finds these handlers when it refreshes or deletes.
 */
function isFromPlugin(olds: Values, news: Values): boolean {
  return providerKey in news && !(providerKey in olds);
}

/** Returns the problem of an id in the adoption file. */
function ofFile({ property, reason }: Problem): Problem {
  return { property: property === "import" ? "the id in the adoption file" : property, reason };
}

/** Returns the id in the option `import`, where it is known. */
function importOf(inputs: Values): string | undefined {
  const imported = inputs["import"];
  return typeof imported === "string" && !isUnknown(imported) ? imported : undefined;
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]]));
}
