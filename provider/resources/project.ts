import { z } from "zod";
import type { Api } from "../dokploy/endpoints";
import type { ProjectDetail } from "../dokploy/rows";
import type { Context } from "../lifecycle/context";
import { adviseTakenProject, isAmbiguous } from "../objects/naming";
import { CheckFailedError, UserError } from "../problem";
import { isUnknown } from "../pulumi/unknown";
import { forReferrers, id, keptIn, text } from "../schema/fields";
import { scopeDefinition } from "../scopes/definition";
import { serviceNames } from "../scopes/services";
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

interface OwnOutputs {
  /** Id of the environment `production`, which Dokploy makes with every project. */
  defaultEnvironmentId: string;
}

export const project = scopeDefinition<ProjectInputs, OwnOutputs, ProjectDetail>({
  kind: "Project",
  scope: "project",
  schema: projectSchema,
  assertNameAvailable,

  async make(columns, { name }, api) {
    try {
      const made = await api.call("project.create", { ...columns, name });
      const { environmentId } = made.environment;
      return { id: made.project.projectId, outputs: { defaultEnvironmentId: environmentId } };
    } catch (error) {
      // The answer was lost, not necessarily the project: the name was free just before, so it is ours.
      const [found, other] = isAmbiguous(error) ? await named(name, api) : [];
      if (!found || other) throw error;
      const row = await api.call("project.one", { projectId: found.projectId });
      return { id: row.projectId, outputs: { defaultEnvironmentId: defaultEnvironment(row) } };
    }
  },

  one: (projectId, api) => api.call("project.one", { projectId }),
  save: (projectId, columns, api) => api.call("project.update", { projectId, ...columns }),
  remove: (projectId, api) => api.call("project.remove", { projectId }),
  outputsOf: (row) => ({ defaultEnvironmentId: defaultEnvironment(row) }),
  services: ({ environments }) =>
    environments.flatMap((environment) => serviceNames(environment, environment.name)),
  // Dokploy itself would delete the rows.
  loss: "deleting the project would leave their containers running without an owner",
});

async function named(name: string, api: Api) {
  return (await api.call("project.all", {})).filter((project) => project.name === name);
}

async function assertNameAvailable(
  { name }: ProjectInputs,
  context: Context,
  replaced?: string,
): Promise<void> {
  if (isUnknown(name)) return;
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

function defaultEnvironment(row: ProjectDetail): string {
  const found = row.environments.find(({ isDefault }) => isDefault) ?? row.environments[0];
  if (!found)
    throw new UserError(
      `Dokploy shows no environment in the project "${visible(row.name)}" (${row.projectId}).`,
    );
  return found.environmentId;
}
