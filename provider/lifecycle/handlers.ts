import { containsUnknown } from "../../packages/values";
import { CheckFailedError, type Problem, UserError } from "../errors";
import { identityKey, separate } from "../pulumi";
import { type Change, Mapping, targetOf, typeProblems, variableProblems } from "../schema";
import type { Context } from "./context";
import { RunCoordinator } from "./coordinator";
import type { Entity, State, Unfinished } from "./entity";
import { Adopting, importOf, ofFile, refuseOtherImport } from "./import-option";
import { importedKey, managingImports } from "./imported";
import type * as Importing from "./importing";
import type * as LastChange from "./last-change";
import { isLost, isRemains, type Known, Losses } from "./losses";
import { keepingFacts } from "./partial-failure";
import { pendingEffect } from "./pending";
import { type Handlers, type ImportedObject, pipeline, type Step } from "./pipeline";
import { PreviewChecks } from "./preview-checks";
import type { RunResources } from "./run/resources";
import type { Run } from "./run/run";
import { addedKeys, isFromPlugin, pick, resourceOf, settle, withoutKeys } from "./states";
import { explained } from "./wrong-id";

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
  const handlers = new Lifecycle(entity, connect, run);
  const imports = managingImports(entity, (inputs, hidden) => handlers.reportHidden(inputs, hidden));
  return pipeline(handlers, [...steps, imports, keepingFacts]);
}

/** Handlers of an entity, with what one call of a run leaves for the next. */
class Lifecycle<Inputs extends object, Outputs extends object> implements Handlers {
  private readonly kind: string;
  private readonly mapping: Mapping;
  private readonly inputNames: readonly string[];
  private readonly previewChecks: PreviewChecks<Inputs>;
  private readonly coordinator: RunCoordinator<Inputs>;
  private readonly losses: Losses<Inputs, Outputs>;
  private readonly adopting: Adopting<Inputs, Outputs>;
  private readonly resources: RunResources;
  /** Inputs of states that a refresh is about to read and in which an update failed, by id. */
  private readonly remaining = new Map<string, Values>();
  /** Inputs of the state that a plan has compared, by id. */
  private readonly compared = new Map<string, Values>();
  /** Inputs of the program in the previous run, by resource. Pulumi compares with these. */
  private readonly asked = new Map<string, Values>();

  constructor(
    private readonly entity: Entity<Inputs, Outputs>,
    private readonly connect: () => Context,
    private readonly run: Run,
  ) {
    this.kind = entity.kind;
    this.mapping = new Mapping(entity.schema);
    this.inputNames = Object.keys(entity.schema.shape);
    this.previewChecks = new PreviewChecks(entity, connect);
    this.coordinator = new RunCoordinator(entity, this.mapping, run);
    this.losses = new Losses(entity, connect);
    this.adopting = new Adopting(entity, connect, run.ownership.holdings);
    this.resources = run.ownership.resources;
  }

  async check(olds: Values, given: Values): Promise<{ inputs: Values; failures: Problem[] }> {
    const { inputs: all, urn, compose, adopts } = separate(given);
    const { resource, inputs: news } = this.resources.check(this.kind, olds, all);
    if (urn !== undefined) this.run.rows.set(resource, urn);
    const inputs = withoutKeys(news);
    if (Object.keys(olds).length > 0) this.asked.set(resource, olds);
    const failures = await this.problemsOf(inputs, resource, compose);
    if (Object.keys(olds).length > 0 || failures.length > 0) return { inputs: news, failures };
    const replaced = this.resources.replacedBy(resource);
    return replaced === undefined
      ? await this.checkNew(resource, news, adopts)
      : await this.checkReplacement(resource, news, replaced);
  }

  /** Returns the problems of the inputs that need no server, and reports those that do not end the plan. */
  private async problemsOf(
    inputs: Values,
    resource: string,
    compose: string | undefined,
  ): Promise<Problem[]> {
    const { entity, previewChecks } = this;
    const advise = () => previewChecks.adviceFor(inputs);
    const types = typeProblems(this.kind, entity.schema, inputs);
    const variables = this.mapping.envs(inputs).flatMap((map) => variableProblems(map, map.sharesText));
    const references = variables.filter(({ reference }) => reference);
    const failures = [
      ...(await Promise.all(
        types.map((problem) => explained(this.kind, problem, inputs, previewChecks.context)),
      )),
      ...variables.filter(({ reference, warning }) => !reference && !warning),
      ...previewChecks.applySeverity(inputs, references),
      ...(entity.check?.(inputs as Partial<Inputs>, advise, resource, compose) ?? []),
    ];
    for (const { property, reason, warning } of variables) {
      if (warning) previewChecks.report(inputs, { property, reason }, "variable");
    }
    return failures;
  }

  /** @param adopts id from the adoption file */
  private async checkNew(
    resource: string,
    given: Values,
    adopts: string | undefined,
  ): Promise<{ inputs: Values; failures: Problem[] }> {
    const { asked, news, isFromFile } = await this.adopting.ask(resource, given, adopts);
    this.coordinator.planNew(resource, withoutKeys(asked));
    const imported = importOf(asked);
    const reason =
      imported &&
      (this.resources.refuseDuplicate(resource, this.kind, imported) ??
        (await this.resources.refuseHeld(this.kind, imported)));
    const found = reason
      ? [{ property: "import", reason }]
      : await this.preflight(asked, undefined, isFromFile);
    return { inputs: news, failures: isFromFile ? found.map(ofFile) : found };
  }

  private async checkReplacement(
    resource: string,
    news: Values,
    replaced: string,
  ): Promise<{ inputs: Values; failures: Problem[] }> {
    // The option `import` names the replaced object, or one that an earlier replacement deleted, or the new
    // object: an interrupted run created that, and the user followed the advice to adopt it.
    const imported = importOf(news);
    if (
      imported !== undefined &&
      imported !== replaced &&
      (await this.preflight(news, undefined)).length === 0
    ) {
      this.coordinator.planNew(resource, withoutKeys(news));
      return { inputs: news, failures: [] };
    }
    const { import: _, ...handedOn } = news;
    this.coordinator.planNew(resource, withoutKeys(handedOn));
    return { inputs: handedOn, failures: await this.preflight(handedOn, replaced) };
  }

  async diff(id: string, olds: Values, news: Values): ReturnType<Handlers["diff"]> {
    const { entity, resources, mapping } = this;
    const resource = resources.find(this.kind, news, id);
    const isPlan = resources.takePlan(resource);
    if (isPlan) resources.compare(resource, this.kind, id);
    if (isPlan) this.compared.set(id, pick(olds, this.inputNames));
    const inputs = pick(news, this.inputNames);
    const changes = mapping.changes(olds, inputs);
    if (isLost(olds)) {
      // Where Pulumi asks on behalf of another replacement, the plan of this one is still to come, and may refuse it.
      if (!isPlan) return { changes: true, deleteBeforeReplace: true };
      await this.losses.plan(this.object(id, olds), inputs);
      resources.replace(resource);
      return { changes: true, replaces: this.inputNames.slice(0, 1), deleteBeforeReplace: true };
    }
    const unfinished = this.unfinished(olds, inputs);
    if (!containsUnknown(news)) entity.claim?.(id, this.known(inputs), this.run);
    if (isPlan) await refuseOtherImport(entity, () => this.labelOf(id, olds), id, olds, news, this.connect);
    if (isPlan) this.coordinator.plan(resource, id, inputs, changes);
    if (changes.length === 0 && (unfinished === undefined || this.isExcluded(inputs))) {
      // Without `changes` in the response, the engine names the inputs that differ.
      if (mapping.agreements(olds, inputs).length > 0) return { deleteBeforeReplace: true };
      return { changes: isFromPlugin(olds, news) };
    }
    this.reportPending(id, resource, olds, inputs, changes, unfinished, isPlan);
    if (isPlan) await this.checkPlan(id, olds, inputs, changes);
    if (changes.length === 0) return { changes: true };
    const isReplaced = ({ replace, mayReplace, input }: Change) =>
      replace || (isPlan && mayReplace && resources.namesReplaced(olds[input]));
    // The engine names the changed keys; `changes: true` would hide which secret changed.
    const replaces = [...new Set(changes.filter(isReplaced).map(({ input }) => input))];
    if (replaces.length > 0) resources.replace(resource);
    // The name is taken until its object is deleted. This is always returned, since Pulumi may replace for
    // its own reasons.
    const isMadeFirst = entity.replacesBeforeDeleting?.(this.split(olds).inputs, this.known(inputs)) ?? false;
    return { ...(replaces.length > 0 ? { replaces } : {}), deleteBeforeReplace: !isMadeFirst };
  }

  /** Reports work that an earlier run left, or changes that somebody made by hand. */
  private reportPending(
    id: string,
    resource: string,
    olds: Values,
    inputs: Values,
    changes: readonly Change[],
    unfinished: Unfinished | undefined,
    isPlan: boolean,
  ): void {
    const { mapping, remaining } = this;
    const context = this.connect();
    const isLeft =
      !isPlan && remaining.has(id) && mapping.changes(remaining.get(id) ?? {}, olds).length === 0;
    const shown = mapping.changes(this.asked.get(resource) ?? olds, inputs);
    const isUnfinished = unfinished !== undefined;
    const effect = pendingEffect({ changes, shown, isUnfinished, isPlan, isLeft });
    if (effect === undefined) return;
    const elsewhere = unfinished?.remaining;
    const what = elsewhere === undefined ? effect.text : `${effect.text}: ${elsewhere}`;
    this.previewChecks.warnOnce(context, `${this.labelOf(id, olds)}: ${what}.`, effect.code);
  }

  /** @throws CheckFailedError when a planned change cannot be made */
  private async checkPlan(
    id: string,
    olds: Values,
    inputs: Values,
    changes: readonly Change[],
  ): Promise<void> {
    const { mapping, previewChecks } = this;
    const context = this.connect();
    const maps = { olds: mapping.envs(olds), news: mapping.envs(inputs) };
    previewChecks.rotations(this.labelOf(id, olds), maps, olds["pending"] !== undefined, context);
    const planned = { id, olds: this.split(olds), changes };
    const missing = await previewChecks.namingNothing(olds, inputs, context, planned);
    if (missing.length > 0) throw new CheckFailedError(missing);
    const problems = await previewChecks.preview(inputs, context, planned);
    if (problems.length > 0) throw new CheckFailedError(problems);
  }

  async create(news: Values): Promise<{ id: string; outs: Values }> {
    const { entity } = this;
    const resource = this.resources.find(this.kind, news);
    const inputs = this.adopting.inputsFor(resource, pick(news, this.inputNames));
    const context = () => this.adoptingContext(this.adopting.isFromFile(resource));
    const execute = async (work: () => Promise<{ id: string; outputs: Outputs }>) => {
      const { id, outputs } = await this.coordinator.execute(resource, undefined, inputs, work);
      return { id, outs: { ...news, ...outputs } };
    };
    const imported = importOf(inputs);
    if (imported === undefined) return await execute(() => entity.create(this.known(inputs), context()));
    const adopt = async () => ({
      id: imported,
      outputs: await entity.update(imported, undefined, this.known(inputs), [], context()),
    });
    return await this.resources.adopt(this.kind, imported, () => execute(adopt));
  }

  async read(id: string, olds: Values): Promise<{ id: string; props?: Values; inputs?: Values }> {
    const { entity, kind, mapping } = this;
    const context = this.connect();
    // States of older versions do not identify their resource, and blocks of one target share their id.
    context.reads.begin(String(olds[identityKey] ?? JSON.stringify([kind, id, olds])));
    const state = this.split(olds);
    if (entity.unfinished?.(state.outputs, state.inputs)) this.remaining.set(id, pick(olds, this.inputNames));
    const live = await entity.read(id, state, context);
    if (!live || isRemains(live)) return this.losses.notFound(this.object(id, olds), olds, live);
    if (mapping.changes(state.inputs, live.inputs).length > 0) await this.nameLastChange(id, olds, context);
    const inputs = { ...live.inputs, ...pick(olds, addedKeys) };
    return { id, inputs, props: { ...inputs, ...live.outputs } };
  }

  async import(id: string): Promise<ImportedObject> {
    const context = this.connect();
    context.reads.begin(`import of ${this.kind} ${id}`);
    // Few runs import, so the code for it is loaded by those.
    const { readImported } = require("./importing") as typeof Importing;
    const found = await readImported(this.entity, id, context);
    if (!found) return { id: "" };
    const { inputs, others, outputs, secrets } = found;
    this.run.secrets.report(inputs, secrets, this.mapping);
    const props = { ...inputs, ...outputs, [importedKey]: others };
    return { id, secrets, inputs: { ...inputs, [importedKey]: true }, props };
  }

  async update(id: string, olds: Values, news: Values): Promise<{ outs: Values }> {
    const { entity, mapping } = this;
    const inputs = pick(news, this.inputNames);
    const changes = mapping.changes(olds, inputs);
    // Pulumi repeats failed work, regardless of the result of `diff`.
    const isForState = isFromPlugin(olds, news) || mapping.agreements(olds, inputs).length > 0;
    const isDone = isForState && !this.unfinished(olds, inputs);
    if (changes.length === 0 && (isDone || this.isExcluded(inputs)))
      return { outs: { ...this.split(olds).outputs, ...news } };
    const resource = this.resources.find(this.kind, news, id);
    const outputs = await this.coordinator.execute(resource, id, inputs, () =>
      entity.update(id, this.split(olds), this.known(inputs), changes, this.connect()),
    );
    return { outs: { ...news, ...outputs } };
  }

  async delete(id: string, olds: Values): Promise<void> {
    const { entity, kind, resources } = this;
    const kept = entity.relation === undefined ? await resources.release(kind, id) : undefined;
    if (kept !== undefined)
      return this.connect().warn(`${this.labelOf(id, olds)} (${id}) is not deleted, since ${kept}.`, "stays");
    if (isLost(olds)) {
      await this.losses.deleted(this.object(id, olds), resources.successorOf(kind, id) !== undefined);
      if (entity.relation === "lasting") return;
    }
    const { inputs, outputs } = this.split(olds);
    await entity.delete(id, inputs, this.connect(), outputs);
  }

  private object(id: string, olds: Values): Known<Inputs, Outputs> {
    return { id, label: this.labelOf(id, olds), state: this.split(olds) };
  }

  /** Types inputs that the schema has checked. */
  private known(values: Values): Inputs {
    return values as unknown as Inputs;
  }

  /** Splits a state into the inputs of the schema and outputs: everything else comes from an earlier run. */
  private split(values: Values): State<Inputs, Outputs> {
    const own = Object.entries(withoutKeys(values));
    return {
      inputs: this.known(pick(values, this.inputNames)),
      outputs: Object.fromEntries(own.filter(([name]) => !this.inputNames.includes(name))) as Outputs,
      isUnrecorded: !(identityKey in values),
      interrupted: async () => await this.run.interruptedUpdates.inputsOf(String(values[identityKey])),
    };
  }

  private unfinished(olds: Values, inputs: Values): Unfinished | undefined {
    return this.entity.unfinished?.(this.split(olds).outputs, this.known(inputs));
  }

  /**
   * True for a service, project or environment that the setting `only` does not name: unfinished work waits for another
   * run.
   */
  private isExcluded({ name }: Values): boolean {
    const { only } = targetOf(this.kind) === undefined ? {} : this.connect();
    return only !== undefined && !only.includes(String(name));
  }

  /** Says with drift who changed the object last. Few refreshes find drift, so the code for it is loaded by those. */
  private async nameLastChange(id: string, olds: Values, context: Context): Promise<void> {
    const { lastChange } = require("./last-change") as typeof LastChange;
    const known = await lastChange(id, context.api);
    if (known === undefined) return;
    this.previewChecks.warnOnce(
      context,
      `${this.labelOf(id, olds)} differs from the state: ${known}.`,
      "drift",
    );
  }

  /** Reports what the code of an import lacks. */
  reportHidden(inputs: Values, hidden: readonly string[]): void {
    const which = hidden.join(" and ");
    this.previewChecks
      .context()
      ?.warn(
        `${this.labelOf("", inputs)} is imported without ${which}, since Dokploy never shows that: give it in the program, ` +
          "as a secret.",
        "hidden",
      );
  }

  private labelOf(id: string, inputs: Values): string {
    const name = this.run.secrets.nameIn(
      inputs,
      (open) => this.entity.label?.(open as Partial<Inputs>) ?? `"${id}"`,
    );
    return name === "" ? this.kind : `${this.kind} ${name}`;
  }

  private adoptingContext(isFromFile: boolean): Context {
    return { ...this.connect(), ...(isFromFile ? { adoptUnchanged: true } : {}) };
  }

  private async preflight(
    news: Values,
    replaced: string | undefined,
    isFromFile = false,
  ): Promise<Problem[]> {
    try {
      const inputs = withoutKeys(news);
      const context = { ...this.adoptingContext(isFromFile), ...resourceOf(news) };
      const changes = this.mapping.changes({}, inputs);
      // This comes first, since the other checks would fail because of them, and explain less.
      const missing = await this.previewChecks.namingNothing({}, inputs, context, { changes });
      if (missing.length > 0) return missing;
      await this.entity.preflight?.(this.known(inputs), context, {
        adopted: inputs["import"] as string | undefined,
        settle: (settled) => settle(news, settled as Values),
        ...(replaced === undefined
          ? {}
          : { replaced: { id: replaced, inputs: this.known(this.compared.get(replaced) ?? {}) } }),
      });
      return await this.previewChecks.preview(inputs, context, { adopted: importOf(inputs), changes });
    } catch (error) {
      if (error instanceof CheckFailedError) return error.problems;
      if (error instanceof UserError) return [{ property: "", reason: error.message }];
      throw error;
    }
  }
}
