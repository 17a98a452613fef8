import { z } from "zod";
import { visible } from "../../packages/text/visible";
import type { Api } from "../dokploy/endpoints";
import type { ProjectDetail } from "../dokploy/rows";
import { CheckFailedError, UserError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import { adviseOnTakenProject, isAmbiguous } from "../objects/naming";
import { isUnknown } from "../pulumi/unknown";
import { asSet, forReferrers, forVariables, id, keptIn, text } from "../schema/fields";
import { lookedUp } from "../schema/outputs";
import { scopeDefinition } from "../scopes/definition";
import { serviceNames } from "../scopes/services";

const { field, variables } = keptIn<"project", "tagIds">();

export const projectSchema = z.strictObject({
  /**
   * Name shown in Dokploy; unique among the projects of the server, including those of other stacks. Include the name
   * of the stack: `shop-${pulumi.getStack()}`.
   */
  name: field(text, { column: "name", apply: "none" }),
  /** Description shown in Dokploy. */
  description: field(z.string().optional(), { column: "description", apply: "none", reset: null }),
  /**
   * Variables that services of the project refer to as `${{project.NAME}}`. A change reaches a service at its next
   * deployment. When left out, they are not touched; `{}` clears them.
   */
  env: variables({ column: "env", target: "shared", apply: "none" }),
  /**
   * Ids of all tags of the project; a tag that somebody else added is removed. Requires Dokploy 0.29.0. When left out,
   * the tags are not touched; `[]` removes all.
   */
  tagIds: field(z.array(id).optional(), { column: "tagIds", apply: "none", write: asSet }),
  ...forVariables,
  ...forReferrers,
  /** @internal Set by the resource option `import`. */
  import: field(id.optional(), { apply: "none", createOnly: true }),
});

export type ProjectInputs = z.infer<typeof projectSchema>;

/** The project, with the ids of its tags. */
type TaggedProject = ProjectDetail & { readonly tagIds: readonly string[] };

const projectOutputs = z.object({
  /** Id of the environment `production`, which Dokploy creates with every project. */
  defaultEnvironmentId: lookedUp(z.string(), async (projectId, api) =>
    defaultEnvironment(await api.call("project.one", { projectId })),
  ),
});
export type ProjectOutputs = z.infer<typeof projectOutputs>;

/**
 * A project, which groups environments and their services. Its name is unique on the server, so include the name of the
 * stack when several stacks share a server.
 *
 * It is never deleted while it has services, since Dokploy would leave their containers running without an owner.
 *
 * @example
 * ```ts
 * const shop = new dokploy.Project("shop", { name: `shop-${pulumi.getStack()}`, env: { REGION: "eu" } });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 * });
 * ```
 */
export const project = scopeDefinition<ProjectInputs, ProjectOutputs, TaggedProject>({
  kind: "Project",
  schema: projectSchema,
  outputs: projectOutputs,
  assertNameAvailable,

  async preview({ tagIds = [] }, { api }) {
    if (tagIds.length === 0 || (await api.supports?.("tag.*")) !== false) return [];
    const reason =
      "needs Dokploy 0.29.0, the first version with tags, and this server is older: leave it out, or update Dokploy";
    throw new CheckFailedError([{ property: "tagIds", reason }]);
  },

  async make({ tagIds, ...columns }, { name }, api) {
    const later = Array.isArray(tagIds) && tagIds.length > 0 ? { tagIds } : undefined;
    try {
      const made = await api.call("project.create", { ...columns, name });
      const { environmentId } = made.environment;
      return { id: made.project.projectId, outputs: { defaultEnvironmentId: environmentId }, later };
    } catch (error) {
      // The response was lost, but the project may exist. Its name was free just before, so it is ours.
      const [found, other] = isAmbiguous(error) ? await named(name, api) : [];
      if (!found || other) throw error;
      const row = await api.call("project.one", { projectId: found.projectId });
      return { id: row.projectId, outputs: { defaultEnvironmentId: defaultEnvironment(row) }, later };
    }
  },

  async one(projectId, api) {
    const row = await api.call("project.one", { projectId });
    return { ...row, tagIds: asSet((row.projectTags ?? []).map(({ tagId }) => tagId)) };
  },

  async save(projectId, { tagIds, ...columns }: { tagIds?: string[] }, api) {
    if (Object.keys(columns).length > 0) await api.call("project.update", { projectId, ...columns });
    if (tagIds !== undefined) await api.call("tag.bulkAssign", { projectId, tagIds });
  },

  outputsOf: (row) => ({ defaultEnvironmentId: defaultEnvironment(row) }),
  services: ({ environments }) =>
    environments.flatMap((environment) => serviceNames(environment, environment.name)),
  // Dokploy itself would only delete the rows.
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
        (await adviseOnTakenProject(name, taken.projectId, context)),
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
