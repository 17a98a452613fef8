import { visible } from "../../../packages/text";
import { dialectOf } from "../../dokploy";
import { looksOutside } from "../../env";
import { PartialFailureError } from "../../errors";
import type { Context, Entity, State } from "../../lifecycle";
import { containsUnknown, isUnknown } from "../../pulumi";
import { type Change, isDecisive, outputsIn, type Texts, traits } from "../../schema";
import { reportAdoption, splitUnknown, unappliedDrift } from "../adoption/adoption";
import { settleName } from "../adoption/claim";
import { previewLostVariables, refuseForeign, unconfirmedOf, unsavedTexts } from "../adoption/foreign";
import { assertNameAvailable, namesakes, readEnvironment, trackCreated } from "../adoption/naming";
import { beginsText, linesLostBy, overwrittenBy, warnOfOverwriting } from "../adoption/overwriting";
import { rollout } from "../rollout/rollout";
import { idsOutput, type PartsState } from "../simple/parts-state";
import { placesAround } from "../variable-targets/find";
import { namingOthers } from "../variable-targets/foreign-elsewhere";
import { textKey } from "../variable-targets/host";
import { previewReferences } from "../variable-targets/reference-checks";
import {
  hasNothing,
  recordsOf,
  removeService,
  type ServiceInputs,
  type ServiceKind,
  ServiceModel,
  type ServiceResourceOutputs,
  type ServiceRow,
} from "./model";
import { refuseSkippedNetworks } from "./networks";
import { reconcileService, saveParts, settleParts } from "./reconcile";
import { assertNothingLost } from "./replacing";
import { type OnServer, onServer, problemsHere } from "./server-rules";

/** Returns the entity of a service: created under a free name or adopted, saved by differences, then deployed. */
export function service<Inputs extends ServiceInputs, Row extends ServiceRow>(
  kind: ServiceKind<Inputs, Row>,
): Entity<Inputs, ServiceResourceOutputs> {
  const model = new ServiceModel(kind);
  const { mapping, noun, parts } = model;

  return {
    kind: kind.kind,
    schema: kind.schema,
    check(inputs, advise, resource) {
      const context = advise();
      const owner = { resource, name: labelOf(inputs) };
      const warnings = context ? parts.warnings(inputs, owner, context.run) : [];
      for (const warning of warnings) context?.warn(warning, "advice");
      return parts.problems(inputs);
    },

    async preflight(inputs, context, { adopted, replaced }) {
      if (isUnknown(adopted)) return;
      await assertSupported(inputs, context);
      if (adopted !== undefined) await announceAdoption(adopted, inputs, context);
      else if (!isUnknown(inputs.name) && !isUnknown(inputs.environmentId))
        await assertNameAvailable(model.service, kind.kind, inputs, context, replaced?.id);
      if (replaced) await assertNothingLost(model, replaced, inputs, context);
    },

    async list(tree) {
      const serverMapping = mapping.in(await dialectOf(tree.api));
      const services = await tree.services([model.service]);
      return services.map(({ id, row }) => ({
        id,
        ...serverMapping.existing(row, { environmentId: row["environmentId"] }),
      }));
    },

    async preview(inputs, context, { id, adopted, olds, changes }) {
      if (id !== undefined && olds) await previewForeign(id, olds, inputs, changes, context);
      if (id !== undefined && beginsText(changes)) {
        const row = await model.observe(id, context.reads);
        const serverMapping = await model.mappingOn(context.reads, inputs);
        const lost = row ? overwrittenBy(inputs, changes, row, serverMapping) : [];
        warnOfOverwriting(`${kind.kind} "${visible(inputs.name)}"`, noun, lost, context);
      }
      await refuseSkippedNetworks(inputs, changes, context);
      await previewParts(id ?? adopted, inputs, changes, context);
      const maps = await mapsOnServer(id ?? adopted, inputs, context);
      const problems = await problemsHere(maps, rawFileOf(inputs), context);
      return [...problems, ...(await previewReferences(maps, inputs.environmentId, context))];
    },

    async create(inputs, context) {
      const { api } = context;
      await assertNameAvailable(model.service, kind.kind, inputs, context);
      const around = await readEnvironment(inputs.environmentId, api);
      // Before anything is created: values that cannot be written must not leave a service behind.
      const serverMapping = await model.mappingOn(api, inputs);
      const columns = serverMapping.columns(inputs);
      const { id, appName: reported } = await model.make(inputs, columns, api);
      const none: PartsState = { lists: parts.none(inputs), partIds: {} };
      const unfinished = {
        status: "idle",
        ...(reported === undefined ? {} : { appName: reported }),
        ...unconfirmedOf(mapping.changes({}, inputs), mapping.variables()),
        pending: "deploy",
      };
      await settleName({
        id,
        label: model.labelOf(id, inputs),
        outputs: unfinished,
        former: none.lists,
        holders: () => namesakes(model.service, inputs, api),
        isAsMade: async () => hasNothing(await model.one(id, api)),
        remove: () => removeService(model.service, id, inputs, api),
        refuse: () => assertNameAvailable(model.service, kind.kind, inputs, context, id),
      });
      trackCreated(model.service, inputs, api);
      claim(id, inputs, context.run);
      let made: Row | undefined;
      let outputs: ServiceResourceOutputs | undefined;
      try {
        if (kind.outputs || reported === undefined) made = await model.one(id, api);
        outputs = {
          ...(made ? outputsIn(kind.outputs, { ...made, ...columns }, context.server?.url) : {}),
          appName: made?.appName ?? reported ?? "",
          status: "idle",
        };
        const remaining = made ? serverMapping.delta(made, inputs) : columns;
        if (Object.keys(remaining).length > 0) await model.save(id, remaining, api, made);
      } catch (error) {
        throw new PartialFailureError(id, { ...unfinished, ...outputs }, error, none.lists);
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
      const applied = await rollout(
        {
          target: model.target(id, {
            ...({ ...made, ...columns } as Row),
            environment: undefined,
            name: inputs.name,
            appName,
          }),
          status: outputs.status,
          deployments: [],
          around: placesAround(around),
          takesShared: serverMapping.texts(columns, inputs).some(({ text }) => looksOutside(text)),
          secrets: model.secretsAround(inputs, made ?? {}, around, context),
          again: () => model.again(id, inputs.name, api),
        },
        mapping.changes({}, inputs).filter(({ keys }) => keys !== undefined),
        {
          need: "deploy",
          deploy: inputs.deploy,
          since: 0,
          readAt: context.run.deployments.now,
          outputs: { ...outputs, ...idsOutput(saved.partIds) },
        },
        context,
      );
      await settleParts(model, id, inputs, applied, context);
      return { id, outputs: applied };
    },

    async read(id, state, { reads, server }) {
      const row = await model.observe(id, reads);
      if (!row) return undefined;
      const mapping = await model.mappingOn(reads, state.inputs);
      const { partIds: known = {} } = state.outputs;
      const whole = await parts.whole({ id, row }, state.inputs, known, reads);
      const liveRow = await parts.liveRow(whole, state.inputs, known, reads);
      const { live, partIds } = model.readBack(id, liveRow, state.inputs, mapping, state.outputs.partIds);
      const inputs = live as unknown as Inputs;
      return {
        inputs,
        outputs: {
          ...model.outputsOf(row, state.outputs, { server }, partIds),
          ...unappliedDrift(mapping.changes(state.inputs, inputs), state, recordsOf(row)),
          ...unsavedTexts(mapping.variables(), state.outputs),
        },
      };
    },

    async update(id, olds, news, changes, context) {
      claim(id, news, context.run);
      const observed = () =>
        olds ? model.existing(id, olds.inputs.name, context.api) : model.adoptable(id, news, context.api);
      return await reconcileService(model, id, observed, news, olds, changes, context);
    },

    delete: async (id, inputs, { api }) => void (await removeService(model.service, id, inputs, api)),

    claim,
    label: ({ name = "" }) => (isUnknown(name) ? "" : `"${name}"`),
    affects: (id) => (id === undefined ? {} : { deploys: `${model.service}/${id}` }),
    unfinished: ({ pending }, { deploy }) => (pending !== undefined && deploy !== false ? {} : undefined),
  };

  function labelOf({ name = "" }: Partial<Inputs>): string {
    return isUnknown(name) ? kind.kind : `${kind.kind} "${visible(name)}"`;
  }

  /**
   * Checks the server's version.
   *
   * @throws UserError when the server is too old for these inputs
   */
  async function assertSupported(inputs: Inputs, { api }: Context): Promise<void> {
    if (containsUnknown(inputs)) return;
    const mapping = await model.mappingOn(api, inputs);
    await model.assertSupported(mapping.columns(inputs), api);
  }

  /** Reports the changes that the adoption makes. */
  async function announceAdoption(id: string, inputs: Inputs, context: Context): Promise<void> {
    const { reads } = context;
    const found = await model.adoptable(id, inputs, reads);
    const row = await parts.whole({ id, row: found }, inputs, undefined, reads);
    const what = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} "${visible(row.name)}" (${id})`;
    const mapping = await model.mappingOn(reads, inputs);
    const { live } = model.readBack(id, row, inputs, mapping);
    const adoption = splitUnknown(mapping.changes(live, inputs), inputs);
    const option = containsUnknown(inputs.deploy) ? undefined : inputs.deploy;
    const remaining = context.adoptUnchanged ? "none" : model.pendingOutputs(id, row, inputs);
    reportAdoption(what, adoption, context, { option, records: recordsOf(row), remaining });
    const lines = linesLostBy(inputs, adoption.changes, row, mapping);
    warnOfOverwriting(labelOf(inputs), noun, lines, context);
  }

  /**
   * Looks for variables that somebody else set, and that a change would remove.
   *
   * @throws CheckFailedError when variables would be removed, and the program does not agree
   */
  async function previewForeign(
    id: string,
    olds: State<object, object>,
    inputs: Inputs,
    changes: readonly Change[],
    context: Context,
  ): Promise<void> {
    if (mapping.envs(olds.inputs).length === 0) return;
    const { reads, warn } = context;
    const row = await model.observe(id, reads);
    if (!row) return;
    const find = changes.some(({ replace }) => replace) ? previewLostVariables : refuseForeign;
    const serverMapping = await model.mappingOn(reads, inputs);
    await namingOthers(`${model.service}/${id}`, context, () =>
      find(model.labelOf(id, row), row, olds, inputs, serverMapping, warn),
    );
  }

  /** Returns the maps of variables with their targets on the given server. */
  async function mapsOnServer(
    id: string | undefined,
    inputs: Inputs,
    { reads }: Context,
  ): Promise<OnServer[]> {
    const given = mapping.envs(inputs);
    if (model.service !== "compose" || given.length === 0) return onServer(given, ({ target }) => target);
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

  /** Reports the effect on existing parts. */
  async function previewParts(
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
    const label = `${kind.kind} "${visible(isUnknown(inputs.name) ? row.name : inputs.name)}"`;
    await parts.previewChanges({ id, row }, label, inputs, changes, context);
  }

  function claim(id: string, inputs: Inputs, run: Context["run"]): void {
    for (const field of traits[model.service].texts) {
      if ((inputs as object as Texts)[field] !== undefined)
        run.ownership.claim(textKey(model.service, id, field));
    }
    parts.claim(id, inputs, run);
    const { serverId = "" } = inputs as { serverId?: string };
    if (!isUnknown(serverId)) run.ownership.locate(`${model.service}/${id}`, serverId);
  }
}

/** Returns the text of a compose file that the program gives and that is known. */
function rawFileOf(inputs: object): string | undefined {
  const { composeFile } = (inputs as { source?: { composeFile?: string } }).source ?? {};
  return isUnknown(composeFile) ? undefined : composeFile;
}
