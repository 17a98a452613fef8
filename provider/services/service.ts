import type { z } from "zod";
import type { DeployTarget } from "../deploy/service";
import type { Api } from "../dokploy/endpoints";
import { isNotFound } from "../dokploy/errors";
import type { DeploymentRow, EnvironmentRow, ProjectRow, ServiceStatus } from "../dokploy/rows";
import { dialectOf } from "../env-hosts/dialect";
import { placesAround } from "../env-hosts/find";
import type { TargetKind } from "../env-hosts/kinds";
import { valuesAround } from "../env-hosts/services";
import type { Context } from "../lifecycle/context";
import type { Definition } from "../lifecycle/definition";
import { adoptionNotice, neverApplied, splitUnknown, unappliedDrift } from "../objects/adoption";
import {
  assertNameAvailable,
  isAmbiguous,
  missingToAdopt,
  noteDeleted,
  readEnvironment,
  recoverCreated,
  trackCreated,
} from "../objects/naming";
import { overwrittenBy } from "../objects/overwriting";
import { refuseDoubtful, saveAndVerify } from "../objects/saving";
import { explainIds } from "../objects/wrong-id";
import { CheckFailedError, PartialFailureError, UserError } from "../problem";
import { containsUnknown, isUnknown } from "../pulumi/unknown";
import { assertDeployable, foreseeReferences, type Shared } from "../references/preview-checks";
import { looksOutside } from "../references/uses";
import { type Change, mergeChanges } from "../schema/changes";
import type { DeployOption } from "../schema/fields";
import { Mapping } from "../schema/mapping";
import { isDecisive } from "../schema/variable-problems";
import { visible } from "../visible";
import {
  applyChanges,
  maskedValues,
  needed,
  pendingOf,
  type ServiceOutputs,
  serviceOutputs,
} from "./deployable";
import { withoutEffective } from "./effective";
import { type OnServer, onServer, problemsHere } from "./server-rules";
import type { ServiceTarget } from "./target";

/** What applications and compose services share: inputs, outputs, and the way from one to the other. */
export interface ServiceInputs {
  name: string;
  environmentId: string;
  env?: Readonly<Record<string, string>> | undefined;
  deploy?: DeployOption | undefined;
  import?: string | undefined;
  composeType?: string | undefined;
}

export interface ServiceResourceOutputs extends ServiceOutputs {
  /** Name inside Docker: the host name under which other services reach it. */
  appName: string;
}

interface ServiceRow {
  name: string;
  appName: string;
  environmentId: string;
  env: string | null;
  buildArgs?: string | null;
  buildSecrets?: string | null;
  environment: Pick<EnvironmentRow, "name" | "env" | "environmentId" | "projectId"> & {
    project: Pick<ProjectRow, "name" | "env">;
  };
  deployments: DeploymentRow[];
}

/** What differs between the kinds of service: their endpoints. */
interface Service<Inputs, Row> {
  kind: string;
  service: "application" | "compose";
  schema: z.ZodObject;
  /** The inputs that own a text which an `EnvironmentBlock` could own as well. */
  textFields: readonly (keyof Inputs & string)[];
  check?: NonNullable<Definition<Inputs, ServiceResourceOutputs>["check"]>;
  make(inputs: Inputs, api: Api): Promise<{ id: string; appName: string }>;
  observe(id: string, api: Api): Promise<Row>;
  save(id: string, columns: object, api: Api): Promise<unknown>;
  /** Rejects when the server is too old for these columns. */
  assertSupported(columns: object, api: Api): Promise<void> | undefined;
  move(id: string, environmentId: string, api: Api): Promise<unknown>;
  remove(id: string, state: Inputs, api: Api): Promise<unknown>;
  status(row: Row): ServiceStatus;
  /** Why what is there may not be deleted for a new one in its place, and what to say where it may. */
  checkReplacement?(row: Row, inputs: Inputs): { problem?: string; warning?: string };
  /** The compose file of the inputs, where it stands there. */
  stackFile?(inputs: Inputs): string | undefined;
  /** What should run once the inputs are applied; `row` as it was read before, if there was one. */
  running(
    inputs: Inputs,
    row: Row | undefined,
  ): Omit<ServiceTarget, keyof DeployTarget | "appName"> & Pick<DeployTarget, "dockerfile">;
}

/** The life of a service: made under a name that is free, or adopted; saved as a delta of what is there; deployed. */
export function serviceDefinition<Inputs extends ServiceInputs, Row extends ServiceRow>(
  service: Service<Inputs, Row>,
): Definition<Inputs, ServiceResourceOutputs> {
  const mapping = new Mapping(service.schema);
  const noun = service.service === "application" ? "application" : "compose service";

  return {
    kind: service.kind,
    schema: service.schema,
    ...(service.check ? { check: service.check } : {}),
    explainId: explainIds(service.service),

    async preflight(inputs, context, replaced) {
      const { api, warn } = context;
      const mapping = await mappingOn(api, inputs);
      if (!containsUnknown(inputs)) await service.assertSupported(mapping.columns(inputs), api);
      if (inputs.import === undefined) {
        if (isUnknown(inputs.name) || isUnknown(inputs.environmentId)) return;
        return await assertNameAvailable(service.service, inputs, context, replaced);
      }
      if (isUnknown(inputs.import)) return;
      const row = await adoptable(inputs.import, inputs, api);
      const what = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} "${visible(row.name)}" (${inputs.import})`;
      const live = { ...mapping.readBack(row, inputs), environmentId: row.environmentId };
      const adoption = splitUnknown(mapping.changes(live, inputs), inputs);
      const option = containsUnknown(inputs.deploy) ? undefined : inputs.deploy;
      warn(adoptionNotice(what, adoption, { option, records: row.deployments }));
    },

    exists: async (id, { api }) => {
      await toAdopt(id, api);
    },

    async assertReplaceable(id, inputs, { api, warn }) {
      const row = service.checkReplacement && (await observe(id, api));
      if (row === undefined) return;
      const { problem, warning } = service.checkReplacement?.(row, inputs) ?? {};
      if (problem !== undefined) throw new CheckFailedError([{ property: "", reason: problem }]);
      if (warning !== undefined)
        warn(`${service.kind} "${visible(row.name)}" (${id}) is replaced. ${warning}.`);
    },

    async previewChecks(inputs, context, { id, changes }) {
      if (id !== undefined && changes.some(({ begins, keys }) => begins && keys !== undefined)) {
        const row = await observe(id, context.reads);
        const spoken = await mappingOn(context.reads, inputs);
        const lost = row ? overwrittenBy(inputs, changes, () => spoken.readBack(row, inputs), mapping) : [];
        if (lost.length > 0) {
          context.warn(
            `${service.kind} "${visible(inputs.name)}" takes over variables of the ${noun}: ${lost.join("; ")}.`,
          );
        }
      }
      const maps = await mapsOnServer(id, inputs, context);
      const problems = await problemsHere(maps, false, service.stackFile?.(inputs), context);
      return [...problems, ...(await foreseeReferences(maps, inputs.environmentId, context))];
    },

    async create(inputs, context) {
      const { api } = context;
      if (inputs.import !== undefined) {
        const adopted = inputs.import;
        const observed = () => adoptable(adopted, inputs, api);
        return { id: adopted, outputs: await reconcile(adopted, observed, inputs, undefined, [], context) };
      }
      await assertNameAvailable(service.service, inputs, context);
      const around = await readEnvironment(inputs.environmentId, api);
      // Before anything is made: what cannot be written must not leave a service behind.
      const columns = (await mappingOn(api, inputs)).columns(inputs);
      const { id, appName } = await make(inputs, api);
      trackCreated(service.service, inputs, api);
      claim(id, inputs, context.claims);
      const outputs = { appName, status: "idle" as const };
      try {
        await service.save(id, columns, api);
      } catch (error) {
        throw new PartialFailureError(id, { ...outputs, pending: "deploy" }, error);
      }
      const applied = await applyChanges(context, target(id, appName, inputs, undefined), {
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
          again: () => again(id, inputs, api),
        },
        secrets: secretsAround(inputs, {}, around, context),
        outputs,
      });
      return { id, outputs: applied };
    },

    async read(id, state, { reads }) {
      const row = await observe(id, reads);
      if (!row) return undefined;
      const mapping = await mappingOn(reads, state);
      const inputs = {
        ...mapping.readBack(row, managedOf(state)),
        environmentId: row.environmentId,
      } as Inputs;
      return {
        inputs,
        outputs: {
          ...outputsOf(row, state),
          ...unappliedDrift(mapping.changes(managedOf(state), inputs), state, row.deployments),
        },
      };
    },

    async update(id, olds, news, changes, context) {
      return await reconcile(id, () => existing(id, olds.name, context.api), news, olds, changes, context);
    },

    async delete(id, state, { api }) {
      try {
        await service.remove(id, state, api);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      noteDeleted(service.service, state, api);
    },

    claim,
    deploys: (id) => (id === undefined ? undefined : `${service.service}/${id}`),
    unfinished: (state) => state.pending !== undefined,
  };

  /** The mapping in the dialect of the server, where the inputs have a text for which that matters. */
  async function mappingOn(api: Pick<Api, "supports">, inputs: Inputs): Promise<Mapping> {
    if (service.service !== "compose" || inputs.env === undefined) return mapping;
    return mapping.in(await dialectOf(api));
  }

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
        : await observe(found, reads);
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
    olds: (Inputs & ServiceResourceOutputs) | undefined,
    planned: readonly Change[],
    context: Context,
  ): Promise<ServiceResourceOutputs> {
    claim(id, news, context.claims);
    const mapping = await mappingOn(context.api, news);
    const { line } = context.claims;
    const place = `${service.service}/${id}`;
    const { row, saved, changes, need, undo, readAt, since } = await context.lock.run(place, async () => {
      const readAt = line.now;
      const row = await observed();
      const live = { ...mapping.readBack(row, news), environmentId: row.environmentId };
      const delta = mapping.delta(row, news, olds && managedOf(olds));
      const around =
        row.environmentId === news.environmentId
          ? row.environment
          : await context.api.call("environment.one", { environmentId: news.environmentId });
      assertDeployable(mapping.texts(delta, news, row), around, context);
      const drifted = mapping.changes(live, news);
      const changes = mergeChanges(planned, drifted);
      const asIs = target(id, row.appName, news, { ...row, environment: around });
      const effective = await withoutEffective(planned, drifted, news, asIs, context);
      const need = needed(
        mergeChanges(effective, drifted),
        news.deploy,
        olds ? olds.pending : neverApplied(row.deployments),
      );
      if (Object.keys(delta).length > 0) refuseDoubtful(place, context.claims);
      await saveAndVerify(
        async () => {
          if (row.environmentId !== news.environmentId)
            await service.move(id, news.environmentId, context.api);
          if (Object.keys(delta).length > 0) await service.save(id, delta, context.api);
        },
        async () => {
          const now = await service.observe(id, context.api);
          const missing = mapping.delta(now, news, olds && managedOf(olds));
          return now.environmentId === news.environmentId && Object.keys(missing).length === 0;
        },
        (reason) =>
          new PartialFailureError(id, { ...olds, ...outputsOf(row, olds), ...pendingOf(need) }, reason),
        { place, claims: context.claims },
      );
      const former = Object.fromEntries(
        Object.keys(delta).map((column) => [column, row[column as keyof Row]]),
      );
      const undo = () =>
        context.lock.run(place, async () => void (await service.save(id, former, context.api)));
      const isMoved = row.environmentId !== news.environmentId;
      const isSaved = Object.keys(delta).length > 0;
      return {
        row,
        saved: { ...row, ...delta, environment: around },
        changes,
        need,
        readAt,
        since: isSaved || isMoved ? line.saved(place) : 0,
        ...(isSaved ? { undo } : {}),
      };
    });
    return await applyChanges(context, target(id, row.appName, news, saved), {
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
        again: () => again(id, news, context.api),
      },
      secrets: secretsAround(news, row, saved.environment, context),
      ...(undo ? { undo } : {}),
      outputs: outputsOf(row, olds),
    });
  }

  /** What no message of a deployment may show: of the program, and of what the server has beside it. */
  function secretsAround(
    inputs: Inputs,
    texts: Parameters<typeof valuesAround>[1],
    shared: Shared,
    { claims }: Context,
  ): string[] {
    const values = valuesAround(service.service, texts, shared);
    return [...mapping.secrets(inputs, claims.secrets.isMarked), ...maskedValues(values, claims)];
  }

  function outputsOf(row: Row, olds: ServiceResourceOutputs | undefined): ServiceResourceOutputs {
    return { ...(olds ? serviceOutputs(olds) : {}), appName: row.appName, status: service.status(row) };
  }

  async function existing(id: string, name: string, api: Api): Promise<Row> {
    const row = await observe(id, api);
    if (row) return row;
    throw new UserError(
      `The ${noun} "${visible(name)}" (${id}) is no longer there: it was deleted outside of this program. ` +
        "Run `pulumi refresh`, and the next `pulumi up` makes it again.",
    );
  }

  async function make(inputs: Inputs, api: Api): Promise<{ id: string; appName: string }> {
    try {
      return await service.make(inputs, api);
    } catch (error) {
      // The answer was lost, not necessarily the service: look before anything is tried again.
      const id = isAmbiguous(error) ? await recoverCreated(service.service, inputs, api) : undefined;
      if (id === undefined) throw error;
      return { id, appName: (await service.observe(id, api)).appName };
    }
  }

  async function observe(id: string, api: Api): Promise<Row | undefined> {
    try {
      return await service.observe(id, api);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async function toAdopt(id: string, api: Api): Promise<Row> {
    const row = await observe(id, api);
    if (!row)
      throw new CheckFailedError([
        { property: "import", reason: await missingToAdopt(service.service, id, api) },
      ]);
    return row;
  }

  async function adoptable(id: string, inputs: Inputs, api: Api): Promise<Row> {
    const row = await toAdopt(id, api);
    if (row.environmentId !== inputs.environmentId && !isUnknown(inputs.environmentId)) {
      throw new CheckFailedError([
        {
          property: "import",
          reason:
            `the ${noun} "${visible(row.name)}" (${id}) is in the environment "${visible(row.environment.name)}" of project ` +
            `"${visible(row.environment.project.name)}" (${row.environmentId}), not in ${inputs.environmentId}: ` +
            "give it that environmentId, and move it with a later change if it should be elsewhere",
        },
      ]);
    }
    const live = (await mappingOn(api, inputs)).readBack(row, inputs);
    const fixed = mapping.changes(live, inputs).filter(({ replace }) => replace);
    if (fixed.length > 0) {
      throw new CheckFailedError(
        fixed.map(({ path }) => ({
          property: path,
          reason: `differs from what the ${noun} "${visible(row.name)}" (${id}) has, and cannot be changed in place`,
        })),
      );
    }
    return row;
  }

  function claim(id: string, inputs: Inputs, claims: Context["claims"]): void {
    for (const field of service.textFields) {
      if (inputs[field] !== undefined) claims.claim(textKey(service.service, id, field));
    }
  }

  async function again(id: string, inputs: Inputs, api: Api): Promise<ServiceTarget> {
    const row = await existing(id, inputs.name, api);
    return target(id, row.appName, inputs, row);
  }

  function target(id: string, appName: string, inputs: Inputs, row: Row | undefined): ServiceTarget {
    return { kind: service.service, id, name: inputs.name, appName, ...service.running(inputs, row) };
  }
}

/** Names one environment text, for claims. */
export function textKey(kind: TargetKind, id: string, field: string): string {
  return `${kind}:${id}:${field}`;
}

/** A state holds outputs too; the mapping only looks at inputs, but must not copy the rest. */
function managedOf<Inputs extends object>(state: Inputs & ServiceResourceOutputs): Record<string, unknown> {
  const { appName: _a, status: _s, lastDeployment: _l, pending: _p, ...inputs } = state;
  return inputs;
}
