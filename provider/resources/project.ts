import { z } from "zod";
import { isNotFound } from "../dokploy/errors";
import type { ProjectDetail, ServiceLists } from "../dokploy/rows";
import type { Context } from "../lifecycle/context";
import type { Definition, State } from "../lifecycle/definition";
import { adoptionNotice, splitUnknown } from "../objects/adoption";
import { adviseTakenProject, isAmbiguous, missingToAdopt } from "../objects/naming";
import { explainIds } from "../objects/wrong-id";
import { CheckFailedError, UserError } from "../problem";
import { isUnknown } from "../pulumi/unknown";
import { type ReferrerOutputs, refreshedLeft } from "../references/pending-referrers";
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

const { field, variables } = keptIn<"project">();

export const projectSchema = z.strictObject({
  /**
   * Name shown in Dokploy. No other project of the server may have it, those of other stacks included, so it carries the
   * stack's: `shop-${pulumi.getStack()}`.
   */
  name: field(text, { column: "name", apply: "none" }),
  description: field(z.string().optional(), { column: "description", apply: "none", reset: null }),
  /**
   * Variables that services of the project may refer to as `${{project.NAME}}`; they take effect at the next deployment
   * of a service that does. Left out, they are not touched; `{}` clears them.
   */
  env: variables({ column: "env", target: "shared", apply: "none" }),
  ...forReferrers,
  /** @internal Set by the resource option `import`. */
  import: field(id.optional(), { apply: "none", createOnly: true }),
});

export type ProjectInputs = z.infer<typeof projectSchema>;

export interface ProjectOutputs extends ReferrerOutputs {
  /** Id of the environment `production`, which Dokploy makes with every project. */
  defaultEnvironmentId: string;
}

const mapping = new Mapping(projectSchema);

export const project: Definition<ProjectInputs, ProjectOutputs> = {
  kind: "Project",
  schema: projectSchema,
  explainId: explainIds("project"),

  async preflight(inputs, context, replaced) {
    const { api, warn } = context;
    if (inputs.import === undefined) {
      if (!isUnknown(inputs.name)) await refuseTaken(inputs.name, context, replaced);
      return;
    }
    if (isUnknown(inputs.import)) return;
    const row = await observe(inputs.import, api);
    if (!row) throw await missing(inputs.import, api);
    const adoption = splitUnknown(mapping.changes(mapping.readBack(row, inputs), inputs), inputs);
    warn(adoptionNotice(`Project "${visible(row.name)}" (${row.projectId})`, adoption));
    const changes = [...adoption.changes, ...adoption.unknown];
    await foretellReferrers(ownerOf(row.projectId, inputs), keysOf(changes), context);
  },

  exists: async (projectId, { api }) => {
    if (!(await observe(projectId, api))) throw await missing(projectId, api);
  },

  async previewChecks(inputs, context, { id, changes }) {
    if (id !== undefined && inputs.env !== undefined) {
      await foretellReferrers(ownerOf(id, inputs), keysOf(changes), context);
    }
    return [];
  },

  async create(inputs, context) {
    const { api, claims } = context;
    if (inputs.import !== undefined) {
      const adopted = inputs.import;
      const observed = async () => {
        const row = await observe(adopted, api);
        if (row) return row;
        throw await missing(adopted, api);
      };
      return { id: adopted, outputs: await reconcile(adopted, observed, inputs, undefined, [], context) };
    }
    await refuseTaken(inputs.name, context);
    const { name, ...columns } = mapping.columns(inputs) as {
      name: string;
      description?: string;
      env?: string;
    };
    const made = await api
      .call("project.create", { name, ...columns })
      .then(({ project, environment }) => ({
        id: project.projectId,
        environmentId: environment.environmentId,
      }))
      .catch(async (error: unknown) => {
        // The answer was lost, not necessarily the project: the name was free just before, so it is ours.
        const [found, other] = isAmbiguous(error) ? await named(inputs.name, api) : [];
        if (!found || other) throw error;
        const row = await api.call("project.one", { projectId: found.projectId });
        return { id: row.projectId, environmentId: defaultEnvironment(row) };
      });
    if (inputs.env) claims.claim(textKey("project", made.id, "env"));
    return { id: made.id, outputs: { defaultEnvironmentId: made.environmentId } };
  },

  async read(projectId, state, { reads }) {
    const row = await observe(projectId, reads);
    if (!row) return undefined;
    const inputs = mapping.readBack(row, state.inputs) as ProjectInputs;
    return {
      inputs,
      outputs: {
        defaultEnvironmentId: defaultEnvironment(row),
        ...refreshedLeft(state, mapping.changes(state.inputs, inputs)),
      },
    };
  },

  async update(projectId, olds, news, changes, context) {
    const observed = async () => {
      const row = await observe(projectId, context.api);
      if (row) return row;
      throw new UserError(
        `The project "${visible(olds.inputs.name)}" (${projectId}) is no longer there: it was deleted outside of this program. ` +
          "Run `pulumi refresh`, and the next `pulumi up` makes it again.",
      );
    };
    return await reconcile(projectId, observed, news, olds, changes, context);
  },

  claim(projectId, { env }, claims) {
    if (env) claims.claim(textKey("project", projectId, "env"));
  },

  sharedScope: (id, inputs) => scopeOf(id ?? inputs.import),
  unfinished: ({ pendingReferrers = [] }) => pendingReferrers.length > 0,

  async delete(projectId, { name }, { api }) {
    const row = await observe(projectId, api);
    if (!row) return;
    // Dokploy itself would delete the rows and leave the containers running without an owner.
    const left = row.environments.flatMap((environment) => serviceNames(environment, environment.name));
    if (left.length > 0) {
      throw new UserError(
        `The project "${visible(name)}" (${projectId}) is not deleted, since services are left in it: ${left.join(", ")}. ` +
          "Delete or move them first; deleting the project would leave their containers running without an owner.",
      );
    }
    await api.call("project.remove", { projectId });
  },
};

type Calls = Parameters<Definition<ProjectInputs, ProjectOutputs>["create"]>[1]["api"];

async function reconcile(
  projectId: string,
  observed: () => Promise<ProjectDetail>,
  news: ProjectInputs,
  olds: State<ProjectInputs, ProjectOutputs> | undefined,
  planned: readonly Change[],
  context: Context,
): Promise<ProjectOutputs> {
  const owner = ownerOf(projectId, news);
  const place = `project/${projectId}`;
  const { change, outputs } = await context.lock.run(place, async () => {
    const row = await observed();
    const delta = mapping.delta(row, news, olds?.inputs);
    const drifted = mapping.changes(mapping.readBack(row, news), news);
    const change = { names: changedShared(news, planned, drifted), left: olds?.outputs };
    const outputs = { defaultEnvironmentId: defaultEnvironment(row) };
    if (Object.keys(delta).length === 0) return { change: { ...change, since: 0 }, outputs };
    await saveShared(
      projectId,
      owner,
      change,
      { ...olds, outputs: { ...olds?.outputs, ...outputs } },
      () => context.api.call("project.update", { projectId, ...delta }),
      async () => {
        const now = await context.api.call("project.one", { projectId });
        return Object.keys(mapping.delta(now, news, olds?.inputs)).length === 0;
      },
      context,
    );
    return { change: { ...change, since: context.claims.line.saved(place) }, outputs };
  });
  return await redeployReferrers(projectId, owner, change, outputs, context);
}

function ownerOf(projectId: string, { name, redeployReferrers: redeploy }: ProjectInputs): SharedOwner {
  return { label: `Project "${visible(name)}"`, scope: { kind: "project", id: projectId }, redeploy };
}

function scopeOf(projectId: string | undefined): SharedScope | undefined {
  return projectId === undefined || isUnknown(projectId) ? undefined : { kind: "project", id: projectId };
}

async function observe(projectId: string, api: Calls): Promise<ProjectDetail | undefined> {
  try {
    return await api.call("project.one", { projectId });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function named(name: string, api: Calls) {
  return (await api.call("project.all", {})).filter((project) => project.name === name);
}

async function refuseTaken(
  name: string,
  context: Pick<Context, "api" | "claims" | "run">,
  replaced?: string,
): Promise<void> {
  const [taken] = (await named(name, context.api)).filter(({ projectId }) => projectId !== replaced);
  if (!taken) return;
  throw new CheckFailedError([
    {
      property: "name",
      reason:
        `Dokploy already has a project named "${visible(name)}" (${taken.projectId}). ` +
        (await adviseTakenProject(name, taken.projectId, context)),
    },
  ]);
}

async function missing(projectId: string, api: Calls): Promise<CheckFailedError> {
  const reason = await missingToAdopt("project", projectId, api);
  return new CheckFailedError([{ property: "import", reason }]);
}

function defaultEnvironment(row: ProjectDetail): string {
  const found = row.environments.find(({ isDefault }) => isDefault) ?? row.environments[0];
  if (!found)
    throw new UserError(
      `Dokploy shows no environment in the project "${visible(row.name)}" (${row.projectId}).`,
    );
  return found.environmentId;
}

/** `application "web" (production)` for every service of an environment. */
export function serviceNames(lists: ServiceLists, environment: string): string[] {
  const kinds = {
    application: lists.applications,
    "compose service": lists.compose,
    Postgres: lists.postgres,
    MySQL: lists.mysql,
    MariaDB: lists.mariadb,
    MongoDB: lists.mongo,
    Redis: lists.redis,
    libSQL: lists.libsql,
  };
  return Object.entries(kinds).flatMap(([kind, services = []]) =>
    services.map(({ name }) => `${kind} "${visible(name)}" (${visible(environment)})`),
  );
}
