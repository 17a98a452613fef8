import { isNotFound } from "../dokploy/errors";
import { dialectOf } from "../env-hosts/dialect";
import { placesAround } from "../env-hosts/find";
import type { TargetKind } from "../env-hosts/kinds";
import type { Context } from "../lifecycle/context";
import type { Definition, State } from "../lifecycle/definition";
import { adoptionNotice, neverApplied, splitUnknown, unappliedDrift } from "../objects/adoption";
import { assertNameAvailable, noteDeleted, readEnvironment, trackCreated } from "../objects/naming";
import { overwrittenBy } from "../objects/overwriting";
import { refuseDoubtful, saveAndVerify } from "../objects/saving";
import { explainIds } from "../objects/wrong-id";
import { CheckFailedError, PartialFailureError } from "../problem";
import { containsUnknown, isUnknown } from "../pulumi/unknown";
import { assertDeployable, foreseeReferences } from "../references/preview-checks";
import { looksOutside } from "../references/uses";
import { type Change, mergeChanges, stronger } from "../schema/changes";
import { isDecisive } from "../schema/variable-problems";
import { visible } from "../visible";
import { applyChanges, needed, pendingOf } from "./deployable";
import { withoutEffective } from "./effective";
import {
  type ServiceInputs,
  type ServiceKind,
  ServiceModel,
  type ServiceResourceOutputs,
  type ServiceRow,
} from "./model";
import { idsOutput, PartsError, type PartsOwner, type PartsState, type SavedParts } from "./parts";
import { type OnServer, onServer, problemsHere } from "./server-rules";

/** The life of a service: made under a name that is free, or adopted; saved as a delta of what is there; deployed. */
export function serviceDefinition<Inputs extends ServiceInputs, Row extends ServiceRow>(
  service: ServiceKind<Inputs, Row>,
): Definition<Inputs, ServiceResourceOutputs> {
  const model = new ServiceModel(service);
  const { mapping, noun } = model;
  const { parts } = service;

  return {
    kind: service.kind,
    schema: service.schema,
    check: (inputs, advise) => [...(service.check?.(inputs, advise) ?? []), ...parts.problems(inputs)],
    explainId: explainIds(service.service),

    async preflight(inputs, context, replaced) {
      const { api, warn } = context;
      const mapping = await model.mappingOn(api, inputs);
      if (!containsUnknown(inputs)) await service.assertSupported(mapping.columns(inputs), api);
      if (inputs.import === undefined) {
        if (isUnknown(inputs.name) || isUnknown(inputs.environmentId)) return;
        return await assertNameAvailable(service.service, inputs, context, replaced);
      }
      if (isUnknown(inputs.import)) return;
      const row = await model.adoptable(inputs.import, inputs, api);
      const what = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} "${visible(row.name)}" (${inputs.import})`;
      const { live } = model.readBack(inputs.import, row, inputs, mapping);
      const adoption = splitUnknown(mapping.changes(live, inputs), inputs);
      const option = containsUnknown(inputs.deploy) ? undefined : inputs.deploy;
      warn(adoptionNotice(what, adoption, { option, records: row.deployments }));
    },

    exists: async (id, { api }) => {
      await model.toAdopt(id, api);
    },

    async assertReplaceable(id, inputs, { api, warn }) {
      const row = service.checkReplacement && (await model.observe(id, api));
      if (row === undefined) return;
      const { problem, warning } = service.checkReplacement?.(row, inputs) ?? {};
      if (problem !== undefined) throw new CheckFailedError([{ property: "", reason: problem }]);
      if (warning !== undefined)
        warn(`${service.kind} "${visible(row.name)}" (${id}) is replaced. ${warning}.`);
    },

    async previewChecks(inputs, context, { id, changes }) {
      if (id !== undefined && changes.some(({ begins, keys }) => begins && keys !== undefined)) {
        const row = await model.observe(id, context.reads);
        const spoken = await model.mappingOn(context.reads, inputs);
        const lost = row ? overwrittenBy(inputs, changes, () => spoken.readBack(row, inputs), mapping) : [];
        if (lost.length > 0) {
          context.warn(
            `${service.kind} "${visible(inputs.name)}" takes over variables of the ${noun}: ${lost.join("; ")}.`,
          );
        }
      }
      await foreseeParts(id ?? inputs.import, inputs, changes, context);
      const maps = await mapsOnServer(id, inputs, context);
      const problems = await problemsHere(maps, false, service.stackFile?.(inputs), context);
      return [...problems, ...(await foreseeReferences(maps, inputs.environmentId, context))];
    },

    async create(inputs, context) {
      const { api } = context;
      if (inputs.import !== undefined) {
        const adopted = inputs.import;
        const observed = () => model.adoptable(adopted, inputs, api);
        return { id: adopted, outputs: await reconcile(adopted, observed, inputs, undefined, [], context) };
      }
      await assertNameAvailable(service.service, inputs, context);
      const around = await readEnvironment(inputs.environmentId, api);
      // Before anything is made: what cannot be written must not leave a service behind.
      const columns = (await model.mappingOn(api, inputs)).columns(inputs);
      const { id, appName } = await model.make(inputs, api);
      trackCreated(service.service, inputs, api);
      claim(id, inputs, context.claims);
      const outputs = { appName, status: "idle" as const };
      const none: PartsState = { lists: parts.none(inputs), partIds: {} };
      try {
        await service.save(id, columns, api);
      } catch (error) {
        throw new PartialFailureError(id, { ...outputs, pending: "deploy" }, error, none.lists);
      }
      const saved = await saveParts(
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
        // Whoever made it has waited for what it refers to.
        standing: {
          since: 0,
          readAt: context.claims.line.now,
          around: [],
          takesShared: false,
          again: () => model.again(id, inputs, api),
        },
        secrets: model.secretsAround(inputs, {}, around, context),
        outputs: { ...outputs, ...idsOutput(saved.partIds) },
      });
      return { id, outputs: applied };
    },

    async read(id, state, { reads }) {
      const row = await model.observe(id, reads);
      if (!row) return undefined;
      const mapping = await model.mappingOn(reads, state.inputs);
      const { live, partIds } = model.readBack(id, row, state.inputs, mapping, state.outputs.partIds);
      const inputs = live as unknown as Inputs;
      return {
        inputs,
        outputs: {
          ...model.outputsOf(row, state.outputs, partIds),
          ...unappliedDrift(mapping.changes(state.inputs, inputs), state, row.deployments),
        },
      };
    },

    async update(id, olds, news, changes, context) {
      return await reconcile(
        id,
        () => model.existing(id, olds.inputs.name, context.api),
        news,
        olds,
        changes,
        context,
      );
    },

    async delete(id, inputs, { api }) {
      try {
        await service.remove(id, inputs, api);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      noteDeleted(service.service, inputs, api);
    },

    claim,
    leaveTo: (outputs) => ({ ...outputs, pending: "deploy" }),
    deploys: (id) => (id === undefined ? undefined : `${service.service}/${id}`),
    unfinished: ({ pending }, { deploy }) => pending !== undefined && deploy !== false,
  };

  /** The maps of variables, with the targets that they have on the server at hand. */
  async function mapsOnServer(
    id: string | undefined,
    inputs: Inputs,
    { reads }: Context,
  ): Promise<OnServer[]> {
    const given = mapping.envs(inputs);
    if (service.service !== "compose" || given.length === 0) return onServer(given, ({ target }) => target);
    const found = id ?? inputs.import;
    // What it is stands in the inputs, or in what is there already.
    const isGiven = typeof inputs.composeType === "string" && !isUnknown(inputs.composeType);
    const matters = given.some((map) => isDecisive(map, "compose", "stack", false));
    const row =
      isGiven || !matters || found === undefined || isUnknown(found)
        ? undefined
        : await model.observe(found, reads);
    const here = mapping.in(await dialectOf(reads)).envs(inputs, row);
    return onServer(given, ({ path }) => {
      const map = here.find((other) => other.path === path);
      return map?.maybe.length === 1 ? map.target : undefined;
    });
  }

  /** Brings what is there to what the program asks for, by the smallest change, and applies it once. */
  async function reconcile(
    id: string,
    observed: () => Promise<Row>,
    news: Inputs,
    olds: State<Inputs, ServiceResourceOutputs> | undefined,
    planned: readonly Change[],
    context: Context,
  ): Promise<ServiceResourceOutputs> {
    claim(id, news, context.claims);
    const mapping = await model.mappingOn(context.api, news);
    const { line } = context.claims;
    const place = `${service.service}/${id}`;
    const { row, saved, partIds, changes, need, undo, readAt, since } = await context.lock.run(
      place,
      async () => {
        const readAt = line.now;
        const row = await observed();
        const { live } = model.readBack(id, row, news, mapping, olds?.outputs.partIds);
        const formerParts = parts.stateOf(olds?.inputs ?? {}, olds?.outputs.partIds);
        const delta = mapping.delta(row, news, olds?.inputs);
        const around =
          row.environmentId === news.environmentId
            ? row.environment
            : await context.api.call("environment.one", { environmentId: news.environmentId });
        assertDeployable(mapping.texts(delta, news, row), around, context);
        const drifted = mapping.changes(live, news);
        const changes = mergeChanges(planned, drifted);
        const asIs = model.target(id, row.appName, news, { ...row, environment: around });
        const effective = await withoutEffective(planned, drifted, news, asIs, context);
        const need = needed(
          mergeChanges(effective, drifted),
          news.deploy,
          olds
            ? olds.outputs.pending
            : stronger(neverApplied(row.deployments), parts.unapplied({ id, row }, news)),
        );
        const outputs = { ...model.outputsOf(row, olds?.outputs), ...pendingOf(need) };
        if (Object.keys(delta).length > 0) refuseDoubtful(place, context.claims);
        await saveAndVerify(
          async () => {
            if (row.environmentId !== news.environmentId)
              await service.move(id, news.environmentId, context.api);
            if (Object.keys(delta).length > 0) await service.save(id, delta, context.api);
          },
          async () => {
            const now = await service.observe(id, context.api);
            const missing = mapping.delta(now, news, olds?.inputs);
            return now.environmentId === news.environmentId && Object.keys(missing).length === 0;
          },
          (reason) => new PartialFailureError(id, outputs, reason, { ...parts.none(news), ...olds?.inputs }),
          { place, claims: context.claims },
        );
        const savedParts = await saveParts({ id, row }, news, formerParts, outputs, context);
        const formerColumns = Object.fromEntries(
          Object.keys(delta).map((column) => [column, row[column as keyof Row]]),
        );
        const isMoved = row.environmentId !== news.environmentId;
        const isSaved = Object.keys(delta).length > 0;
        const undo = () =>
          context.lock.run(place, async () => {
            if (isSaved) await service.save(id, formerColumns, context.api);
            if (!savedParts.isChanged) return;
            const now = await service.observe(id, context.api);
            const before = parts.asBefore({ id, row }, news, formerParts);
            await parts.save({ id, row: now }, before, { lists: {}, partIds: savedParts.partIds }, context);
          });
        return {
          row,
          saved: { ...row, ...delta, environment: around },
          partIds: savedParts.partIds,
          changes,
          need,
          readAt,
          since: isSaved || isMoved || savedParts.isChanged ? line.saved(place) : 0,
          ...(isSaved || savedParts.isChanged ? { undo } : {}),
        };
      },
    );
    return await applyChanges(context, model.target(id, row.appName, news, saved), {
      need,
      option: news.deploy,
      changes,
      before: row.deployments,
      standing: {
        since,
        readAt,
        around: placesAround(saved.environment),
        takesShared: [saved.env, saved.buildArgs, saved.buildSecrets].some((text) =>
          looksOutside(text ?? ""),
        ),
        again: () => model.again(id, news, context.api),
      },
      secrets: model.secretsAround(news, row, saved.environment, context),
      ...(undo ? { undo } : {}),
      outputs: model.outputsOf(row, olds?.outputs, partIds),
    });
  }

  /** Says what happens to parts that are there already. */
  async function foreseeParts(
    id: string | undefined,
    inputs: Inputs,
    changes: readonly Change[],
    context: Context,
  ): Promise<void> {
    const given = parts.none(inputs);
    if (id === undefined || isUnknown(id) || !changes.some(({ path }) => path in given)) return;
    const row = await model.observe(id, context.reads);
    if (!row) return;
    const label = `${service.kind} "${visible(isUnknown(inputs.name) ? row.name : inputs.name)}"`;
    await parts.foresee({ id, row }, label, inputs, changes, context);
  }

  /** @throws PartialFailureError with what is saved of the parts, and these outputs, where some are not */
  async function saveParts(
    of: PartsOwner,
    news: Inputs,
    olds: PartsState,
    outputs: ServiceResourceOutputs,
    context: Context,
  ): Promise<SavedParts> {
    try {
      return await parts.save(of, news, olds, context);
    } catch (error) {
      if (!(error instanceof PartsError)) throw error;
      const { lists, partIds } = error.state;
      const { partIds: _, ...own } = outputs;
      throw new PartialFailureError(of.id, { ...own, ...idsOutput(partIds) }, error.reason, lists);
    }
  }

  function claim(id: string, inputs: Inputs, claims: Context["claims"]): void {
    for (const field of service.textFields) {
      if (inputs[field] !== undefined) claims.claim(textKey(service.service, id, field));
    }
    parts.claim(id, inputs, claims);
  }
}

/** Names one environment text, for claims. */
export function textKey(kind: TargetKind, id: string, field: string): string {
  return `${kind}:${id}:${field}`;
}
