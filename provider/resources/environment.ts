import { z } from "zod";
import type { Api } from "../dokploy/endpoints";
import { isNotFound } from "../dokploy/errors";
import type { EnvironmentDetail } from "../dokploy/rows";
import type { Context } from "../lifecycle/context";
import type { Definition, State } from "../lifecycle/definition";
import { adoptionNotice, splitUnknown } from "../objects/adoption";
import { adviseTaken, isAmbiguous, missingToAdopt } from "../objects/naming";
import { explainIds } from "../objects/wrong-id";
import { CheckFailedError, PartialFailureError, UserError } from "../problem";
import { isUnknown } from "../pulumi/unknown";
import { type ReferrerOutputs, refreshedLeft } from "../references/pending-referrers";
import { environmentProblems } from "../references/preview-checks";
import {
  changedShared,
  foretellReferrers,
  keysOf,
  redeployReferrers,
  type SharedOwner,
  saveShared,
} from "../references/referrers";
import type { SharedScope } from "../references/shared-plans";
import type { Change } from "../schema/changes";
import { forReferrers, id, keptIn, text } from "../schema/fields";
import { Mapping } from "../schema/mapping";
import { textKey } from "../services/service";
import { visible } from "../visible";
import { serviceNames } from "./project";

const { field, variables } = keptIn<"environment">();

export const environmentSchema = z.strictObject({
  /** The project it belongs to. A change makes a new environment. */
  projectId: field(id, { column: "projectId", apply: "none", replace: true }),
  /** Name shown in Dokploy. `production` is taken: Dokploy makes that one with every project. */
  name: field(text, { column: "name", apply: "none" }),
  description: field(z.string().optional(), { column: "description", apply: "none", reset: "" }),
  /**
   * Variables that services of the environment may refer to as `${{environment.NAME}}`; they take effect at the next
   * deployment of a service that does. Left out, they are not touched; `{}` clears them.
   */
  env: variables({ column: "env", target: "shared", apply: "none" }),
  ...forReferrers,
  /** @internal Set by the resource option `import`. */
  import: field(id.optional(), { apply: "none", createOnly: true }),
});

export type EnvironmentInputs = z.infer<typeof environmentSchema>;
export type EnvironmentOutputs = ReferrerOutputs;

const mapping = new Mapping(environmentSchema);

export const environment: Definition<EnvironmentInputs, EnvironmentOutputs> = {
  kind: "Environment",
  schema: environmentSchema,
  explainId: explainIds("environment"),

  check: ({ name }) =>
    name === "production"
      ? [
          {
            property: "name",
            reason:
              'Dokploy makes the environment "production" with every project and allows no second one: ' +
              "use the project's defaultEnvironmentId instead of this resource",
          },
        ]
      : [],

  async preflight(inputs, context, replaced) {
    const { api, warn } = context;
    if (inputs.import === undefined) {
      if (!isUnknown(inputs.name) && !isUnknown(inputs.projectId))
        await refuseTaken(inputs, context, replaced);
      return;
    }
    if (isUnknown(inputs.import)) return;
    const row = await adoptable(inputs.import, inputs, api);
    const live = { ...mapping.readBack(row, inputs), projectId: row.projectId };
    const adoption = splitUnknown(mapping.changes(live, inputs), inputs);
    warn(adoptionNotice(`Environment "${visible(row.name)}" (${row.environmentId})`, adoption));
    const changes = [...adoption.changes, ...adoption.unknown];
    await foretellReferrers(ownerOf(row.environmentId, inputs), keysOf(changes), context);
  },

  exists: async (environmentId, { api }) => {
    await toAdopt(environmentId, api);
  },

  async previewChecks(inputs, context, { id, changes }) {
    if (id !== undefined && inputs.env !== undefined) {
      await foretellReferrers(ownerOf(id, inputs), keysOf(changes), context);
    }
    return environmentProblems(inputs.env);
  },

  async create(inputs, context) {
    const { api } = context;
    if (inputs.import !== undefined) {
      const adopted = inputs.import;
      const observed = () => adoptable(adopted, inputs, api);
      return { id: adopted, outputs: await reconcile(adopted, observed, inputs, undefined, [], context) };
    }
    await refuseTaken(inputs, context);
    const { projectId, name, description, env } = inputs;
    const environmentId = await api
      .call("environment.create", { projectId, name, ...(description === undefined ? {} : { description }) })
      .then((row) => row.environmentId)
      .catch(async (error: unknown) => {
        // The answer was lost, not necessarily the environment: the name was free just before, so it is ours.
        const [found, other] = isAmbiguous(error) ? await named(inputs, api) : [];
        if (!found || other) throw error;
        return found.environmentId;
      });
    if (env) context.claims.claim(textKey("environment", environmentId, "env"));
    try {
      // The creation itself takes no variables.
      if (env) await api.call("environment.update", { environmentId, ...envColumn(inputs) });
    } catch (error) {
      throw new PartialFailureError(environmentId, {}, error);
    }
    return { id: environmentId, outputs: {} };
  },

  async read(environmentId, state, { reads }) {
    const row = await observe(environmentId, reads);
    if (!row) return undefined;
    const inputs = mapping.readBack(row, state.inputs) as EnvironmentInputs;
    return { inputs, outputs: refreshedLeft(state, mapping.changes(state.inputs, inputs)) };
  },

  async update(environmentId, olds, news, changes, context) {
    const observed = async () => {
      const row = await observe(environmentId, context.api);
      if (row) return row;
      throw new UserError(
        `The environment "${visible(olds.inputs.name)}" (${environmentId}) is no longer there: it was deleted outside of this ` +
          "program. Run `pulumi refresh`, and the next `pulumi up` makes it again.",
      );
    };
    return await reconcile(environmentId, observed, news, olds, changes, context);
  },

  claim(environmentId, { env }, claims) {
    if (env) claims.claim(textKey("environment", environmentId, "env"));
  },

  sharedScope: (id, inputs) => scopeOf(id ?? inputs.import),
  unfinished: ({ pendingReferrers = [] }) => pendingReferrers.length > 0,

  async delete(environmentId, { name }, { api }) {
    const row = await observe(environmentId, api);
    if (!row) return;
    const left = serviceNames(row, row.name);
    if (left.length > 0) {
      throw new UserError(
        `The environment "${visible(name)}" (${environmentId}) is not deleted, since services are left in it: ` +
          `${left.join(", ")}. Delete or move them first.`,
      );
    }
    await api.call("environment.remove", { environmentId });
  },
};

async function reconcile(
  environmentId: string,
  observed: () => Promise<EnvironmentDetail>,
  news: EnvironmentInputs,
  olds: State<EnvironmentInputs, EnvironmentOutputs> | undefined,
  planned: readonly Change[],
  context: Context,
): Promise<EnvironmentOutputs> {
  const owner = ownerOf(environmentId, news);
  const place = `environment/${environmentId}`;
  const change = await context.lock.run(place, async () => {
    const row = await observed();
    const delta = mapping.delta(row, news, olds?.inputs);
    const drifted = mapping.changes(mapping.readBack(row, news), news);
    const change = { names: changedShared(news, planned, drifted), left: olds?.outputs };
    if (Object.keys(delta).length === 0) return { ...change, since: 0 };
    await saveShared(
      environmentId,
      owner,
      change,
      { ...olds },
      () => context.api.call("environment.update", { environmentId, ...delta }),
      async () => {
        const now = await context.api.call("environment.one", { environmentId });
        return Object.keys(mapping.delta(now, news, olds?.inputs)).length === 0;
      },
      context,
    );
    return { ...change, since: context.claims.line.saved(place) };
  });
  return await redeployReferrers(environmentId, owner, change, {}, context);
}

function ownerOf(
  environmentId: string,
  { name, redeployReferrers: redeploy }: EnvironmentInputs,
): SharedOwner {
  return {
    label: `Environment "${visible(name)}"`,
    scope: { kind: "environment", id: environmentId },
    redeploy,
  };
}

function scopeOf(environmentId: string | undefined): SharedScope | undefined {
  return environmentId === undefined || isUnknown(environmentId)
    ? undefined
    : { kind: "environment", id: environmentId };
}

function envColumn(inputs: EnvironmentInputs): { env?: string } {
  const { env } = mapping.columns(inputs) as { env?: string };
  return env === undefined ? {} : { env };
}

async function observe(environmentId: string, api: Api): Promise<EnvironmentDetail | undefined> {
  try {
    return await api.call("environment.one", { environmentId });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function named({ projectId, name }: EnvironmentInputs, api: Api) {
  return (await api.call("environment.byProjectId", { projectId })).filter((row) => row.name === name);
}

async function refuseTaken(
  inputs: EnvironmentInputs,
  { api, claims }: Pick<Context, "api" | "claims">,
  replaced?: string,
): Promise<void> {
  const [taken] = (await named(inputs, api)).filter(({ environmentId }) => environmentId !== replaced);
  if (!taken) return;
  throw new CheckFailedError([
    {
      property: "name",
      reason:
        `the project already has an environment named "${visible(inputs.name)}" (${taken.environmentId}). ` +
        (await adviseTaken("Environment", taken.environmentId, claims)),
    },
  ]);
}

async function toAdopt(environmentId: string, api: Api): Promise<EnvironmentDetail> {
  const row = await observe(environmentId, api);
  if (!row) {
    throw new CheckFailedError([
      { property: "import", reason: await missingToAdopt("environment", environmentId, api) },
    ]);
  }
  return row;
}

async function adoptable(
  environmentId: string,
  inputs: EnvironmentInputs,
  api: Api,
): Promise<EnvironmentDetail> {
  const row = await toAdopt(environmentId, api);
  if (row.isDefault) {
    throw new CheckFailedError([
      {
        property: "import",
        reason:
          `"${visible(row.name)}" (${environmentId}) is the default environment of its project, which cannot be renamed or ` +
          "deleted: use the project's defaultEnvironmentId instead of this resource",
      },
    ]);
  }
  if (row.projectId !== inputs.projectId && !isUnknown(inputs.projectId)) {
    throw new CheckFailedError([
      {
        property: "import",
        reason: `"${visible(row.name)}" (${environmentId}) belongs to the project "${visible(row.project.name)}" (${row.projectId}), not to ${inputs.projectId}`,
      },
    ]);
  }
  return row;
}
