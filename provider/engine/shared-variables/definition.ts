import { isDeepStrictEqual } from "node:util";
import { someOf, visible } from "../../../packages/text";
import { type Api, type Endpoint, ifFound, OBJECTS } from "../../dokploy";
import { CheckFailedError, PartialFailureError, UserError } from "../../errors";
import type { Context, Entity, NewScope, Run, SharedScope, State, Wire } from "../../lifecycle";
import { isUnknown } from "../../pulumi";
import { aOrAn, type Change, type KeyChanges, Mapping, outputsIn, targetOf, withKeys } from "../../schema";
import { reportAdoption, splitUnknown } from "../adoption/adoption";
import { createdAtOf, type Holder, settleName } from "../adoption/claim";
import {
  type Foreign,
  previewLostVariables,
  refuseForeign,
  unconfirmedOf,
  unsavedTexts,
} from "../adoption/foreign";
import { adviseOnTakenName, adviseOnTakenProject, isAmbiguous, missingToAdopt } from "../adoption/naming";
import {
  beginsText,
  knownChanges,
  linesLostBy,
  overwritingNotice,
  overwrittenBy,
} from "../adoption/overwriting";
import { reconcile, stillThere } from "../adoption/reconcile";
import type { Write } from "../adoption/saving";
import type { ServiceKind } from "../services/model";
import { textKey } from "../services/service";
import { describePending, type ReferrerOutputs, refreshedPending } from "../shared-variable-users/pending";
import { keysOf, previewOption, previewReferrers } from "../shared-variable-users/preview";
import {
  changedShared,
  redeployReferrers,
  type SharedOwner,
  unfinishedShared,
} from "../shared-variable-users/redeploy";
import { namingOthers } from "../variable-targets/foreign-elsewhere";
import type { ScopeInputs, ScopeRow } from "./model";
import { serviceNames } from "./services";

/** Facts about a kind of scope. */
type ScopeKind<Inputs extends ScopeInputs, Row> = Pick<
  Entity<Inputs, object>,
  "kind" | "schema" | "outputs"
> &
  Pick<ServiceKind<Inputs, Row>, "save"> &
  Pick<Wire, "read" | "all">;

/**
 * Returns the entity of a project or environment. It is created under a free name, or adopted. Only differences are
 * saved, after which the services that refer to changed variables may be deployed. It is deleted once it is empty.
 */
export function scope<Inputs extends ScopeInputs, Own extends object, Row extends ScopeRow>(
  scope: ScopeKind<Inputs, Row>,
): Entity<Inputs, Own & ReferrerOutputs> {
  const { kind } = scope;
  const noun = targetOf(kind) as SharedScope["kind"];
  const mapping = new Mapping(scope.schema);
  const { create: creation } = OBJECTS[noun];
  const taken: readonly string[] = [...creation.needs, ...creation.mayHave];

  return {
    kind,
    schema: scope.schema,
    ...(scope.outputs ? { outputs: scope.outputs } : {}),

    async preflight(inputs, context, { adopted, replaced }) {
      if (isUnknown(adopted)) return;
      if (adopted === undefined) return await assertNameAvailable(inputs, context, replaced?.id);
      const row = await toAdopt(adopted, context.api);
      const adoption = splitUnknown(mapping.changes(mapping.readBack(row, inputs), inputs), inputs);
      reportAdoption(`${labelOf(row)} (${adopted})`, adoption, context);
      const lines = linesLostBy(inputs, adoption.changes, row, mapping);
      if (lines.length > 0) context.warn(overwritingNotice(labelOf(row), noun, lines), "overwrites");
      const changes = [...adoption.changes, ...adoption.unknown];
      await previewReferrers(ownerOf(adopted, inputs), keysOf(changes), context);
    },

    async list(tree) {
      const projects = await tree.projects();
      const environments = projects.flatMap((project) => project.environments);
      const ids =
        kind === "Project"
          ? projects.map(({ projectId }) => projectId)
          : environments.filter(({ isDefault }) => !isDefault).map(({ environmentId }) => environmentId);
      const rows = await Promise.all(ids.map((id) => observe(id, tree.api)));
      return ids.flatMap((id, at) => (rows[at] ? [{ id, ...mapping.existing(rows[at]) }] : []));
    },

    async preview(inputs, context, { id, olds, changes }) {
      const [foreign] =
        id !== undefined && olds ? await previewForeign(id, olds, inputs, changes, context) : [];
      if (id !== undefined && inputs.env !== undefined) {
        const owner = ownerOf(id, inputs);
        const begins = beginsText(changes);
        const keys = begins
          ? await previewAdoptedVariables(id, owner, inputs, changes, context)
          : keysOf(changes);
        await previewReferrers(owner, withKeys(keys, foreign?.keys), context);
        previewOption(owner, changes, context);
      }
      return [];
    },

    async create(inputs, context) {
      const { api, run } = context;
      await assertNameAvailable(inputs, context);
      const columns = Object.entries(mapping.columns(inputs));
      const given = columns.filter(([column]) => taken.includes(column));
      const row = await make(Object.fromEntries(given), inputs, api);
      const id = String(row[`${noun}Id`]);
      const outputs = outputsOf(row);
      const unfinished = { ...outputs, ...unconfirmedOf(mapping.changes({}, inputs), mapping.variables()) };
      await settle(row, inputs, unfinished, context);
      claim(id, inputs, run);
      try {
        const isMissing = (column: string, value: unknown) => !isDeepStrictEqual(row[column], value);
        const later = columns.filter((column) => !taken.includes(column[0]) && isMissing(...column));
        if (later.length > 0) await save(id, Object.fromEntries(later), api);
      } catch (error) {
        throw new PartialFailureError(id, unfinished, error);
      }
      return { id, outputs };
    },

    async read(id, state, { reads }) {
      const row = await observe(id, reads);
      if (!row) return undefined;
      const inputs = mapping.readBack(row, state.inputs) as unknown as Inputs;
      const remaining = refreshedPending(state, mapping.changes(state.inputs, inputs));
      const unsaved = unsavedTexts(mapping.variables(), state.outputs);
      return { inputs, outputs: { ...outputsOf(row), ...remaining, ...unsaved } };
    },

    async update(id, olds, news, changes, context) {
      const observed = () =>
        olds ? stillThere(nameOf(id, olds.inputs), () => observe(id, context.api)) : toAdopt(id, context.api);
      return await converge(id, observed, news, olds, changes, context);
    },

    async delete(id, { name }, { api }) {
      const row = await observe(id, api);
      if (!row) return;
      const environments: readonly { readonly name: string }[] = row.environments ?? [row];
      const remaining = environments.flatMap((environment) => serviceNames(environment, environment.name));
      // Dokploy itself would only delete the rows of a project.
      const loss =
        noun === "project"
          ? "; deleting the project would leave their containers running without an owner"
          : "";
      if (remaining.length > 0) {
        throw new UserError(
          `The ${nameOf(id, { name })} is not deleted, since it still contains services: ${someOf(remaining)}. ` +
            `Delete or move them first${loss}.`,
        );
      }
      await api.call(`${noun}.remove`, { [`${noun}Id`]: id } as never);
    },

    claim,
    label: ({ name = "" }) => `"${name}"`,
    affects: (id, inputs) => ({ scope: scopeOf(id ?? inputs.import), newScope: newScopeOf(id, inputs) }),
    unfinished: (outputs) =>
      outputs.pendingReferrers?.length ? { remaining: describePending(outputs) } : undefined,
  };

  /** Changes the object to match the program, and deploys the services that refer to changed variables. */
  async function converge(
    id: string,
    observed: () => Promise<Row>,
    news: Inputs,
    olds: State<Inputs, Own & ReferrerOutputs> | undefined,
    planned: readonly Change[],
    context: Context,
  ): Promise<Own & ReferrerOutputs> {
    const owner = ownerOf(id, news);
    const plan = (row: Row) => {
      if (olds) refuseForeign(nameOf(id, row), row, olds, news, mapping);
      const delta = mapping.delta(row, news, olds?.inputs);
      const drifted = mapping.changes(mapping.readBack(row, news), news);
      const change = { names: changedShared(news, planned, drifted), remaining: olds?.outputs };
      const outputs = outputsOf(row);
      if (Object.keys(delta).length === 0) return { change, outputs };
      const write: Write = {
        send: () => save(id, delta, context.api),
        isThere: async () => {
          const now = await one(id, context.api);
          return Object.keys(mapping.delta(now, news, olds?.inputs)).length === 0;
        },
        unfinished: unfinishedShared(
          id,
          owner,
          change,
          { ...olds, outputs: { ...olds?.outputs, ...outputs } },
          unconfirmedOf("env" in delta ? drifted : [], ["env"], olds?.outputs),
        ),
      };
      return { change, outputs, write };
    };
    const { plan: done, since } = await reconcile<Row, ReturnType<typeof plan>>(
      `${noun}/${id}`,
      observed,
      plan,
      context,
    );
    return await redeployReferrers(id, owner, { ...done.change, since }, done.outputs, context);
  }

  /** Returns `project "shop" (<id>)`. */
  function nameOf(id: string, { name }: { name: string }): string {
    return `${noun} "${visible(name)}" (${id})`;
  }

  function labelOf({ name }: { name?: string | undefined }): string {
    return `${kind} "${visible(name ?? "")}"`;
  }

  /**
   * Looks for variables that somebody else set, and that a change would remove.
   *
   * @returns the variables that are removed, if the program agrees
   * @throws CheckFailedError if it does not
   */
  async function previewForeign(
    id: string,
    olds: State<object, object>,
    inputs: Inputs,
    changes: readonly Change[],
    context: Context,
  ): Promise<Foreign[]> {
    if (mapping.envs(olds.inputs).length === 0) return [];
    const { reads, warn } = context;
    const row = await observe(id, reads);
    if (!row) return [];
    const label = nameOf(id, row);
    if (!changes.some(({ replace }) => replace))
      return await namingOthers(`${noun}/${id}`, context, () =>
        refuseForeign(label, row, olds, inputs, mapping, warn),
      );
    previewLostVariables(label, row, olds, inputs, mapping, warn);
    return [];
  }

  /**
   * Warns which variables are removed or changed by a program that gives variables for the first time, since the plan
   * shows none of them.
   *
   * @returns the names that change, and the removed names among them
   */
  async function previewAdoptedVariables(
    id: string,
    { label }: SharedOwner,
    inputs: Inputs,
    changes: readonly Change[],
    { reads, warn }: Context,
  ): Promise<KeyChanges | undefined> {
    const planned = keysOf(changes);
    const row = await observe(id, reads);
    if (!row) return planned;
    const live = mapping.readBack(row, inputs);
    const lost = overwrittenBy(inputs, changes, row, mapping);
    if (lost.length > 0) warn(overwritingNotice(label, noun, lost), "overwrites");
    return { added: [], changed: [], ...planned, removed: knownChanges(live["env"], inputs.env).removed };
  }

  function claim(id: string, { env }: Inputs, run: Run): void {
    if (env) run.ownership.claim(textKey(noun, id, "env"));
  }

  function ownerOf(id: string, { name, redeployReferrers: redeploy }: Inputs): SharedOwner {
    return { label: labelOf({ name }), scope: { kind: noun, id }, redeploy };
  }

  function scopeOf(id: string | undefined): SharedScope | undefined {
    return id === undefined || isUnknown(id) ? undefined : { kind: noun, id };
  }

  function newScopeOf(id: string | undefined, inputs: Inputs): NewScope | undefined {
    if (id !== undefined || inputs.import !== undefined) return undefined;
    const { projectId } = inputs as { projectId?: unknown };
    return { kind: noun, isInExisting: noun === "environment" && !isUnknown(projectId) };
  }

  async function observe(id: string, api: Pick<Api, "call">): Promise<Row | undefined> {
    return await ifFound(one(id, api));
  }

  async function toAdopt(id: string, api: Api): Promise<Row> {
    const row = await observe(id, api);
    if (row) return row;
    const reason = await missingToAdopt(noun, id, api);
    throw new CheckFailedError([{ property: "import", reason }]);
  }

  async function one(id: string, api: Pick<Api, "call">): Promise<Row> {
    const endpoint: Endpoint = `${noun}.one`;
    return read(await api.call(endpoint, { [`${noun}Id`]: id } as never));
  }

  function read(row: object): Row {
    return (scope.read?.(row as ScopeRow) ?? row) as Row;
  }

  function outputsOf(row: Row): Own {
    return outputsIn(scope.outputs, row) as Own;
  }

  async function save(id: string, columns: object, api: Api): Promise<void> {
    const endpoint: Endpoint = `${noun}.update`;
    if (scope.save) await scope.save(id, columns, api, undefined);
    else await api.call(endpoint, { [`${noun}Id`]: id, ...columns } as never);
  }

  async function make(columns: object, inputs: Inputs, api: Api): Promise<Row> {
    const endpoint: Endpoint = `${noun}.create`;
    try {
      return read(await api.call(endpoint, columns as never));
    } catch (error) {
      // The response was lost, but the object may exist. Its name was free just before, so it is ours.
      const [found, other] = isAmbiguous(error) ? await named(inputs, api) : [];
      if (found === undefined || other !== undefined) throw error;
      return await one(found.id, api);
    }
  }

  /** Gives way to an older object of the same name that another run created at the same moment. */
  async function settle(made: Row, inputs: Inputs, unfinished: object, context: Context): Promise<void> {
    const { api } = context;
    const id = String(made[`${noun}Id`]);
    await settleName({
      id,
      label: nameOf(id, inputs),
      outputs: unfinished,
      holders: async () => named(inputs, api, await withTimes(inputs, api)),
      isAsMade: async () => {
        const row = await one(id, api);
        const environments = (row.environments ?? []) as readonly ScopeRow[];
        const isBare = [row, ...environments].every((inner) => serviceNames(inner, inner.name).length === 0);
        const given = environments.some(({ env }) => typeof env === "string" && env !== "");
        const [before, now] = [made, row].map((columns) => mapping.readBack(columns, inputs));
        return isBare && !given && environments.length <= 1 && isDeepStrictEqual(now, before);
      },
      remove: () => api.call(`${noun}.remove`, { [`${noun}Id`]: id } as never),
      refuse: () => assertNameAvailable(inputs, context, id),
    });
  }

  /** Lists environments with their creation times, which Dokploy gives with the project alone. */
  async function withTimes({ projectId }: Inputs, api: Api): Promise<object[] | undefined> {
    return projectId === undefined ? undefined : (await api.call("project.one", { projectId })).environments;
  }

  /** Returns the objects with the same name. */
  async function named(inputs: Inputs, api: Api, listed?: object[]): Promise<Holder[]> {
    const endpoint = `${noun}.all` as Endpoint;
    const all = () => scope.all?.(undefined, api, mapping.columns(inputs)) ?? api.call(endpoint, {} as never);
    return ((listed ?? (await all())) as readonly ScopeRow[])
      .filter(({ name }) => name === inputs.name)
      .map((row) => ({ id: String(row[`${noun}Id`]), createdAt: createdAtOf(row) }));
  }

  /** @throws CheckFailedError when another object has the name, unless it is the replaced one */
  async function assertNameAvailable(inputs: Inputs, context: Context, replaced?: string): Promise<void> {
    const { name, projectId } = inputs;
    if (isUnknown(name) || isUnknown(projectId)) return;
    const [taken] = (await named(inputs, context.api)).filter(({ id }) => id !== replaced);
    if (taken === undefined) return;
    const { id } = taken;
    const isProject = noun === "project";
    const advice = isProject
      ? await adviseOnTakenProject(name, id, context)
      : await adviseOnTakenName(kind, id, context.run);
    const where = isProject ? "Dokploy" : "the project";
    const reason = `${where} already has ${aOrAn(noun)} named "${visible(name)}" (${id}). ${advice}`;
    throw new CheckFailedError([{ property: "name", reason }]);
  }
}
