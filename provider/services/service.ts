import { visible } from "../../packages/text/visible";
import { dialectOf } from "../dokploy/dialect";
import { isNotFound } from "../dokploy/errors";
import { foreseeReferences } from "../env-hosts/reference-checks";
import { CheckFailedError, PartialFailureError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { Definition, State } from "../lifecycle/definition";
import { reportAdoption, splitUnknown, unappliedDrift } from "../objects/adoption";
import { foretellLost, refuseForeign } from "../objects/foreign";
import {
  assertNameAvailable,
  isLeftOutByName,
  noteDeleted,
  readEnvironment,
  trackCreated,
} from "../objects/naming";
import { beginsText, overwritingNotice, overwrittenBy } from "../objects/overwriting";
import { explainIds } from "../objects/wrong-id";
import { containsUnknown, isUnknown } from "../pulumi/unknown";
import type { Change } from "../schema/changes";
import type { TargetKind } from "../schema/kinds";
import { isDecisive } from "../schema/variable-problems";
import { applyChanges } from "./deployable";
import {
  recordsOf,
  type ServiceInputs,
  type ServiceKind,
  ServiceModel,
  type ServiceResourceOutputs,
  type ServiceRow,
} from "./model";
import { refuseNetworksLeftOut } from "./networks";
import { idsOutput, type PartsState } from "./parts";
import { reconcileService, saveParts, settleParts } from "./reconcile";
import { type OnServer, onServer, problemsHere } from "./server-rules";

/** Returns the definition of a service: created under a free name or adopted, saved by differences, then deployed. */
export function serviceDefinition<Inputs extends ServiceInputs, Row extends ServiceRow>(
  service: ServiceKind<Inputs, Row>,
): Definition<Inputs, ServiceResourceOutputs> {
  const model = new ServiceModel(service);
  const { mapping, noun } = model;
  const { parts } = service;

  return {
    kind: service.kind,
    schema: service.schema,
    check(inputs, advise, resource) {
      const context = advise();
      const name = labelOf(inputs);
      const warnings = [
        ...(service.warnings?.(inputs) ?? []).map((warning) => `${name}: ${warning}.`),
        ...(context ? parts.warnings(inputs, { resource, name }, context.claims) : []),
      ];
      for (const warning of warnings) context?.warn(warning, "advice");
      return [...(service.check?.(inputs, advise, resource) ?? []), ...parts.problems(inputs)];
    },
    explainId: explainIds(service.service),
    ...(service.sharesText ? { sharesText: () => true } : {}),

    async preflight(inputs, context, replaced) {
      await assertSupported(inputs, context);
      if (isUnknown(inputs.name) || isUnknown(inputs.environmentId)) return;
      await assertNameAvailable(service.service, service.kind, inputs, context, replaced);
    },

    adoption: {
      exists: async (id, { api }) => void (await model.toAdopt(id, api)),

      async preflight(id, inputs, context) {
        const { reads } = context;
        await assertSupported(inputs, context);
        const row = await parts.whole(
          { id, row: await model.adoptable(id, inputs, reads) },
          inputs,
          undefined,
          reads,
        );
        const what = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} "${visible(row.name)}" (${id})`;
        const mapping = await model.mappingOn(reads, inputs);
        const { live } = model.readBack(id, row, inputs, mapping);
        const adoption = splitUnknown(mapping.changes(live, inputs), inputs);
        const option = containsUnknown(inputs.deploy) ? undefined : inputs.deploy;
        reportAdoption(what, adoption, context, {
          option,
          records: recordsOf(row),
          left: model.leftUndone(id, row, inputs),
        });
      },

      async adopt(id, inputs, context) {
        const observed = () => model.adoptable(id, inputs, context.api);
        return await bring(id, observed, inputs, undefined, [], context);
      },
    },

    async assertReplaceable({ id, inputs: former }, inputs, { api, warn }) {
      const row = service.checkReplacement && (await model.observe(id, api));
      if (row === undefined) return;
      const { problem, warning } = service.checkReplacement?.(row, inputs, former) ?? {};
      if (problem !== undefined) throw new CheckFailedError([{ property: "", reason: problem }]);
      if (warning !== undefined)
        warn(`${service.kind} "${visible(row.name)}" (${id}) is replaced. ${warning}.`, "data");
    },

    async previewChecks(inputs, context, { id, adopted, olds, changes }) {
      if (id !== undefined && olds) await foreseeForeign(id, olds, inputs, changes, context);
      if (id !== undefined && beginsText(changes)) {
        const row = await model.observe(id, context.reads);
        const spoken = await model.mappingOn(context.reads, inputs);
        const lost = row ? overwrittenBy(inputs, changes, () => spoken.readBack(row, inputs), mapping) : [];
        if (lost.length > 0) {
          context.warn(
            overwritingNotice(`${service.kind} "${visible(inputs.name)}"`, noun, lost),
            "overwrites",
          );
        }
      }
      const notice =
        changes.some(({ apply }) => apply !== "none") && (await service.notice?.(inputs, context.api));
      if (notice) {
        const label = isUnknown(inputs.name) ? service.kind : `${service.kind} "${visible(inputs.name)}"`;
        context.warn(`${label}: ${notice}.`, "advice");
      }
      await refuseNetworksLeftOut(inputs, changes, context);
      await foreseeUpdate(id ?? adopted, inputs, changes, context);
      await foreseeLeft(id ?? adopted, inputs, olds?.inputs, changes, context);
      await foreseeParts(id ?? adopted, inputs, changes, context);
      const maps = await mapsOnServer(id ?? adopted, inputs, context);
      const problems = await problemsHere(
        maps,
        service.sharesText === true,
        service.stackFile?.(inputs),
        context,
      );
      return [...problems, ...(await foreseeReferences(maps, inputs.environmentId, context))];
    },

    async create(inputs, context) {
      const { api } = context;
      await assertNameAvailable(service.service, service.kind, inputs, context);
      const around = await readEnvironment(inputs.environmentId, api);
      // Before anything is created: values that cannot be written must not leave a service behind.
      const spoken = await model.mappingOn(api, inputs);
      const columns = spoken.columns(inputs);
      const { id, appName: told } = await model.make(inputs, api);
      trackCreated(service.service, inputs, api);
      claim(id, inputs, context.claims);
      const none: PartsState = { lists: parts.none(inputs), partIds: {} };
      let made: Row | undefined;
      let outputs: ServiceResourceOutputs | undefined;
      try {
        if (service.outputsOf || told === undefined) made = await service.observe(id, api);
        outputs = {
          ...(made ? service.outputsOf?.({ ...made, ...columns }, context.server) : {}),
          appName: made?.appName ?? told ?? "",
          status: "idle",
        };
        const left = made ? spoken.delta(made, inputs) : columns;
        if (Object.keys(left).length > 0) await service.save(id, left, api, made);
      } catch (error) {
        const known = outputs ?? { status: "idle", ...(told === undefined ? {} : { appName: told }) };
        throw new PartialFailureError(id, { ...known, pending: "deploy" }, error, none.lists);
      }
      const { appName } = outputs;
      const saved = await saveParts(
        model,
        { id, row: {} },
        inputs,
        none,
        { ...outputs, pending: "deploy" },
        context,
      );
      const applied = await applyChanges(context, model.target(id, appName, inputs, undefined), {
        need: "deploy",
        option: inputs.deploy,
        changes: mapping.changes({}, inputs).filter(({ keys }) => keys !== undefined),
        before: [],
        // The caller that created it has waited for the variables to which it refers.
        standing: {
          since: 0,
          readAt: context.claims.deployments.now,
          around: [],
          takesShared: false,
          again: () => model.again(id, inputs, api),
        },
        secrets: model.secretsAround(inputs, made ?? {}, around, context),
        outputs: { ...outputs, ...idsOutput(saved.partIds) },
      });
      await settleParts(model, id, inputs, applied, context);
      return { id, outputs: applied };
    },

    async read(id, state, { reads, server }) {
      const row = await model.observe(id, reads);
      if (!row) return undefined;
      const mapping = await model.mappingOn(reads, state.inputs);
      const { partIds: known = {} } = state.outputs;
      const whole = await parts.whole({ id, row }, state.inputs, known, reads);
      const seen = await parts.seen(whole, state.inputs, known, reads);
      const { live, partIds } = model.readBack(id, seen, state.inputs, mapping, state.outputs.partIds);
      const inputs = live as unknown as Inputs;
      return {
        inputs,
        outputs: {
          ...model.outputsOf(row, state.outputs, { server }, partIds),
          ...unappliedDrift(mapping.changes(state.inputs, inputs), state, recordsOf(row)),
        },
      };
    },

    async update(id, olds, news, changes, context) {
      const observed = () => model.existing(id, olds.inputs.name, context.api);
      return await bring(id, observed, news, olds, changes, context);
    },

    async delete(id, inputs, context) {
      const { api } = context;
      try {
        await service.remove(id, inputs, context);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      noteDeleted(service.service, inputs, api);
    },

    claim,
    label: labelOf,
    isLeftOut: isLeftOutByName,
    leaveTo: (outputs) => ({ ...outputs, pending: "deploy" }),
    deploys: (id) => (id === undefined ? undefined : `${service.service}/${id}`),
    unfinished: ({ pending }, { deploy }) => pending !== undefined && deploy !== false,
  };

  function labelOf({ name = "" }: Partial<Inputs>): string {
    return isUnknown(name) ? service.kind : `${service.kind} "${visible(name)}"`;
  }

  /**
   * Checks the server's version.
   *
   * @throws UserError when the server is too old for these inputs
   */
  async function assertSupported(inputs: Inputs, { api }: Context): Promise<void> {
    if (containsUnknown(inputs)) return;
    const mapping = await model.mappingOn(api, inputs);
    await service.assertSupported(mapping.columns(inputs), api);
  }

  /**
   * Looks for variables that somebody else set, and that a change would remove.
   *
   * @throws CheckFailedError when variables would be removed, and the program does not agree
   */
  async function foreseeForeign(
    id: string,
    olds: State<object, object>,
    inputs: Inputs,
    changes: readonly Change[],
    { reads, warn }: Context,
  ): Promise<void> {
    if (mapping.envs(olds.inputs).length === 0) return;
    const row = await model.observe(id, reads);
    if (!row) return;
    const find = changes.some(({ replace }) => replace) ? foretellLost : refuseForeign;
    find(model.labelOf(id, row), row, olds, inputs, await model.mappingOn(reads, inputs), warn);
  }

  /** Returns the maps of variables with their targets on the given server. */
  async function mapsOnServer(
    id: string | undefined,
    inputs: Inputs,
    { reads }: Context,
  ): Promise<OnServer[]> {
    const given = mapping.envs(inputs);
    if (service.service !== "compose" || given.length === 0) return onServer(given, ({ target }) => target);
    // The type is in the inputs, or in the existing service.
    const isGiven = typeof inputs.composeType === "string" && !isUnknown(inputs.composeType);
    const matters = given.some((map) => isDecisive(map, "compose", "stack", false));
    const row = isGiven || !matters || id === undefined ? undefined : await model.observe(id, reads);
    const here = mapping.in(await dialectOf(reads)).envs(inputs, row);
    return onServer(given, ({ path }) => {
      const map = here.find((other) => other.path === path);
      return map?.maybe.length === 1 ? map.target : undefined;
    });
  }

  /**
   * Checks a change in place.
   *
   * @throws CheckFailedError when it would break something
   */
  async function foreseeUpdate(
    id: string | undefined,
    inputs: Inputs,
    changes: readonly Change[],
    { reads, warn }: Context,
  ): Promise<void> {
    if (id === undefined || !service.checkUpdate || changes.every(({ apply }) => apply === "none")) return;
    const row = await model.observe(id, reads);
    if (!row) return;
    const { problem, warning } = await service.checkUpdate(row, inputs, reads);
    if (problem !== undefined) throw new CheckFailedError([problem]);
    if (warning !== undefined) warn(`${service.kind} "${visible(row.name)}" (${id}): ${warning}.`, "data");
  }

  /** Reports things that the deployment of a change leaves unchanged. */
  async function foreseeLeft(
    id: string | undefined,
    inputs: Inputs,
    olds: object | undefined,
    changes: readonly Change[],
    { reads, warn, claims }: Context,
  ): Promise<void> {
    if (id === undefined || !service.leaves || inputs.deploy === false || containsUnknown(inputs)) return;
    if (changes.every(({ apply }) => apply === "none")) return;
    const row = await model.observe(id, reads);
    if (!row) return;
    const delta = (await model.mappingOn(reads, inputs)).delta(row, inputs, olds);
    const left = service.leaves(row, { ...row, ...delta }, claims.secrets);
    if (left !== undefined) warn(`${service.kind} "${visible(row.name)}" (${id}): ${left}.`, "keeps-running");
  }

  /** Reports the effect on existing parts. */
  async function foreseeParts(
    id: string | undefined,
    inputs: Inputs,
    changes: readonly Change[],
    context: Context,
  ): Promise<void> {
    const given = parts.none(inputs);
    if (id === undefined || isUnknown(id) || !changes.some(({ path }) => path in given)) return;
    const observed = await model.observe(id, context.reads);
    if (!observed) return;
    const row = await parts.whole({ id, row: observed }, inputs, undefined, context.reads);
    const label = `${service.kind} "${visible(isUnknown(inputs.name) ? row.name : inputs.name)}"`;
    await parts.foresee({ id, row }, label, inputs, changes, context);
  }

  /** Changes the service to match the program. */
  async function bring(
    id: string,
    observed: () => Promise<Row>,
    news: Inputs,
    olds: State<Inputs, ServiceResourceOutputs> | undefined,
    planned: readonly Change[],
    context: Context,
  ): Promise<ServiceResourceOutputs> {
    claim(id, news, context.claims);
    return await reconcileService(model, id, observed, news, olds, planned, context);
  }

  function claim(id: string, inputs: Inputs, claims: Context["claims"]): void {
    for (const field of service.textFields) {
      if (inputs[field] !== undefined) claims.claim(textKey(service.service, id, field));
    }
    parts.claim(id, inputs, claims);
    const { serverId = "" } = inputs as { serverId?: string };
    if (!isUnknown(serverId)) claims.locate(`${service.service}/${id}`, serverId);
  }
}

/** Returns the name of one environment text, for claims. */
export function textKey(kind: TargetKind, id: string, field: string): string {
  return `${kind}:${id}:${field}`;
}
