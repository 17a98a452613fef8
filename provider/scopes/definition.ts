import { someOf } from "../../packages/text/names";
import { visible } from "../../packages/text/visible";
import type { Api } from "../dokploy/endpoints";
import { ifFound } from "../dokploy/errors";
import type { EnvMap } from "../env/codec";
import { CheckFailedError, PartialFailureError, UserError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { Entity, State } from "../lifecycle/entity";
import { reportAdoption, splitUnknown } from "../objects/adoption";
import { type Foreign, previewLostVariables, refuseForeign, unconfirmedOf } from "../objects/foreign";
import { missingToAdopt } from "../objects/naming";
import { beginsText, knownChanges, overwritingNotice, overwrittenBy } from "../objects/overwriting";
import { reconcile, stillThere } from "../objects/reconcile";
import type { Write } from "../objects/saving";
import { isUnknown } from "../pulumi/unknown";
import { describePending, type ReferrerOutputs, refreshedPending } from "../referrers/pending";
import { keysOf, previewOption, previewReferrers } from "../referrers/preview";
import { changedShared, redeployReferrers, type SharedOwner, unfinishedShared } from "../referrers/redeploy";
import type { Claims } from "../run/claims";
import type { SharedScope } from "../run/shared-plans";
import { type Change, type KeyChanges, withKeys } from "../schema/changes";
import { targetOf } from "../schema/kinds";
import { Mapping } from "../schema/mapping";
import { textKey } from "../services/service";

/** Inputs that projects and environments have in common. */
export interface ScopeInputs {
  name: string;
  env?: EnvMap | undefined;
  redeployReferrers?: boolean | undefined;
  overwriteVariables?: boolean | undefined;
  import?: string | undefined;
}

/** Result of a creation. */
export interface Made<Own> {
  readonly id: string;
  readonly outputs: Own;
  /** Columns that a creation does not accept. */
  readonly later?: object | undefined;
}

/** Facts about a kind of scope: its calls, and the objects around and inside it. */
export interface ScopeKind<Inputs extends ScopeInputs, Own extends object, Row extends { name: string }>
  extends Pick<Entity<Inputs, Own>, "schema" | "outputs" | "check" | "preview"> {
  readonly kind: "Project" | "Environment";
  /**
   * Checks that the name is free, if it is known.
   *
   * @param replaced id of the object that is replaced, which may have the name
   * @throws CheckFailedError when another object has the name
   */
  assertNameAvailable(inputs: Inputs, context: Context, replaced?: string): Promise<void>;
  /**
   * Checks that the existing object can be adopted.
   *
   * @throws CheckFailedError when it differs from the inputs, and cannot be changed to match
   */
  assertAdoptable?(row: Row, id: string, inputs: Inputs): void;
  make(columns: Readonly<Record<string, unknown>>, inputs: Inputs, api: Api): Promise<Made<Own>>;
  one(id: string, api: Pick<Api, "call">): Promise<Row>;
  save(id: string, columns: object, api: Api): Promise<unknown>;
  /** Returns its own outputs. */
  outputsOf(row: Row): Own;
  /** Returns labels of the services in it. */
  services(row: Row): string[];
  /** Loss when it is deleted together with its services. */
  readonly loss?: string;
}

/**
 * Returns the definition of a project or environment. It is created under a free name, or adopted. Only differences
 * are saved, after which the services that refer to changed variables may be deployed. It is deleted once it is empty.
 */
export function scopeDefinition<Inputs extends ScopeInputs, Own extends object, Row extends { name: string }>(
  scope: ScopeKind<Inputs, Own, Row>,
): Entity<Inputs, Own & ReferrerOutputs> {
  const { kind } = scope;
  const noun = targetOf(kind) as SharedScope["kind"];
  const mapping = new Mapping(scope.schema);

  return {
    kind,
    schema: scope.schema,
    ...(scope.outputs ? { outputs: scope.outputs } : {}),
    ...(scope.check ? { check: scope.check } : {}),

    async preflight(inputs, context, { adopted, replaced }) {
      if (isUnknown(adopted)) return;
      if (adopted === undefined) return await scope.assertNameAvailable(inputs, context, replaced?.id);
      const row = await adoptable(adopted, inputs, context.api);
      const adoption = splitUnknown(mapping.changes(mapping.readBack(row, inputs), inputs), inputs);
      reportAdoption(`${labelOf(row)} (${adopted})`, adoption, context);
      const changes = [...adoption.changes, ...adoption.unknown];
      await previewReferrers(ownerOf(adopted, inputs), keysOf(changes), context);
    },

    assertExists: async (id, { api }) => void (await toAdopt(id, api)),

    async preview(inputs, context, planned) {
      const { id, olds, changes } = planned;
      const problems = (await scope.preview?.(inputs, context, planned)) ?? [];
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
      return problems;
    },

    async create(inputs, context) {
      const { api, claims } = context;
      await scope.assertNameAvailable(inputs, context);
      const { id, outputs, later } = await scope.make(mapping.columns(inputs), inputs, api);
      claim(id, inputs, claims);
      try {
        if (later !== undefined) await scope.save(id, later, api);
      } catch (error) {
        throw new PartialFailureError(id, outputs, error);
      }
      return { id, outputs };
    },

    async read(id, state, { reads }) {
      const row = await observe(id, reads);
      if (!row) return undefined;
      const inputs = mapping.readBack(row, state.inputs) as unknown as Inputs;
      const remaining = refreshedPending(state, mapping.changes(state.inputs, inputs));
      return { inputs, outputs: { ...scope.outputsOf(row), ...remaining } };
    },

    async update(id, olds, news, changes, context) {
      const observed = () =>
        olds
          ? stillThere(nameOf(id, olds.inputs), () => observe(id, context.api))
          : adoptable(id, news, context.api);
      return await converge(id, observed, news, olds, changes, context);
    },

    async delete(id, { name }, { api }) {
      const row = await observe(id, api);
      if (!row) return;
      const remaining = scope.services(row);
      if (remaining.length > 0) {
        throw new UserError(
          `The ${nameOf(id, { name })} is not deleted, since it still contains services: ${someOf(remaining)}. ` +
            `Delete or move them first${scope.loss === undefined ? "" : `; ${scope.loss}`}.`,
        );
      }
      await api.call(`${noun}.remove`, { [`${noun}Id`]: id } as never);
    },

    claim,
    label: (inputs) => labelOf(inputs),
    affects: (id, inputs) => ({ scope: scopeOf(id ?? inputs.import) }),
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
    const place = `${noun}/${id}`;
    const plan = (row: Row) => {
      if (olds) refuseForeign(nameOf(id, row), row, olds, news, mapping);
      const delta = mapping.delta(row, news, olds?.inputs);
      const drifted = mapping.changes(mapping.readBack(row, news), news);
      const change = { names: changedShared(news, planned, drifted), remaining: olds?.outputs };
      const outputs = scope.outputsOf(row);
      if (Object.keys(delta).length === 0) return { change, outputs };
      const write: Write = {
        send: () => scope.save(id, delta, context.api),
        isThere: async () => {
          const now = await scope.one(id, context.api);
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
      place,
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
    { reads, warn }: Context,
  ): Promise<Foreign[]> {
    if (mapping.envs(olds.inputs).length === 0) return [];
    const row = await observe(id, reads);
    if (!row) return [];
    const label = nameOf(id, row);
    if (!changes.some(({ replace }) => replace))
      return refuseForeign(label, row, olds, inputs, mapping, warn);
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
    const lost = overwrittenBy(inputs, changes, () => live, mapping);
    if (lost.length > 0) warn(overwritingNotice(label, noun, lost), "overwrites");
    return { added: [], changed: [], ...planned, removed: knownChanges(live["env"], inputs.env).removed };
  }

  function claim(id: string, { env }: Inputs, claims: Claims): void {
    if (env) claims.claim(textKey(noun, id, "env"));
  }

  function ownerOf(id: string, { name, redeployReferrers: redeploy }: Inputs): SharedOwner {
    return { label: labelOf({ name }), scope: { kind: noun, id }, redeploy };
  }

  function scopeOf(id: string | undefined): SharedScope | undefined {
    return id === undefined || isUnknown(id) ? undefined : { kind: noun, id };
  }

  async function observe(id: string, api: Pick<Api, "call">): Promise<Row | undefined> {
    return await ifFound(scope.one(id, api));
  }

  async function toAdopt(id: string, api: Api): Promise<Row> {
    const row = await observe(id, api);
    if (row) return row;
    const reason = await missingToAdopt(noun, id, api);
    throw new CheckFailedError([{ property: "import", reason }]);
  }

  async function adoptable(id: string, inputs: Inputs, api: Api): Promise<Row> {
    const row = await toAdopt(id, api);
    scope.assertAdoptable?.(row, id, inputs);
    return row;
  }
}
