import { z } from "zod";
import { visible } from "../../packages/text";
import type { ProjectDetail } from "../dokploy";
import { type ScopeRow, scope } from "../engine";
import { CheckFailedError, UserError } from "../errors";
import { withChecks } from "../lifecycle";
import { asSet, forReferrers, forVariables, id, keptIn, lookedUp, nonEmptyText } from "../schema";

const { field, variables } = keptIn<"project", "tagIds">();

export const projectSchema = z.strictObject({
  /**
   * Name shown in Dokploy; unique among the projects of the server, including those of other stacks. Include the name
   * of the stack, such as `shop-prod`.
   */
  name: field(nonEmptyText, { column: "name", apply: "none" }),
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
type TaggedProject = ProjectDetail & ScopeRow & { readonly tagIds: readonly string[] };

const projectOutputs = z.object({
  /** Id of the environment `production`, which Dokploy creates with every project. */
  defaultEnvironmentId: lookedUp(
    z.string(),
    async (projectId, api) => defaultEnvironment(await api.call("project.one", { projectId })),
    (row) => defaultEnvironment(row as unknown as ProjectDetail),
  ),
});
export type ProjectOutputs = z.infer<typeof projectOutputs>;

const base = scope<ProjectInputs, ProjectOutputs, TaggedProject>({
  kind: "Project",
  schema: projectSchema,
  outputs: projectOutputs,

  // A creation returns the project and its environment.
  read(row) {
    const { project = row, environment } = row as { project?: ProjectDetail; environment?: object };
    const { projectTags = [], environments = [environment] } = project as Partial<ProjectDetail>;
    return { ...project, environments, tagIds: asSet(projectTags.map(({ tagId }) => tagId)) };
  },

  async save(projectId, { tagIds, ...columns }: { tagIds?: string[] }, api) {
    if (Object.keys(columns).length > 0) await api.call("project.update", { projectId, ...columns });
    if (tagIds !== undefined) await api.call("tag.bulkAssign", { projectId, tagIds });
  },
});

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
export const project = withChecks(base, {
  async preview({ tagIds = [] }, { api }) {
    if (tagIds.length === 0 || (await api.supports?.("tag.*")) !== false) return [];
    const reason =
      "needs Dokploy 0.29.0, the first version with tags, and this server is older: leave it out, or update Dokploy";
    throw new CheckFailedError([{ property: "tagIds", reason }]);
  },
});

function defaultEnvironment(row: ProjectDetail): string {
  const found = row.environments.find(({ isDefault }) => isDefault) ?? row.environments[0];
  if (!found)
    throw new UserError(
      `Dokploy shows no environment in the project "${visible(row.name)}" (${row.projectId}).`,
    );
  return found.environmentId;
}
