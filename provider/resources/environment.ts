import { z } from "zod";
import { visible } from "../../packages/text";
import { isUnknown } from "../../packages/values";
import { type Api, type EnvironmentDetail, ifFound } from "../dokploy";
import { environmentProblems, type ScopeRow, scope } from "../engine";
import { CheckFailedError } from "../errors";
import { withChecks } from "../lifecycle";
import { forReferrers, forVariables, id, keptIn, nonEmptyText } from "../schema";

const { field, variables } = keptIn<"environment">();

export const environmentSchema = z.strictObject({
  /** Id of the project. A change replaces the environment. */
  projectId: field(id, { column: "projectId", apply: "none", replace: true }),
  /** Name shown in Dokploy. `production` is reserved: Dokploy creates that environment with every project. */
  name: field(nonEmptyText, { column: "name", apply: "none" }),
  /** Description shown in Dokploy. */
  description: field(z.string().optional(), { column: "description", apply: "none", reset: "" }),
  /**
   * Variables that services of the environment refer to as `${{environment.NAME}}`. A change reaches a service at its
   * next deployment. When left out, they are not touched; `{}` clears them.
   */
  env: variables({ column: "env", target: "shared", apply: "none" }),
  ...forVariables,
  ...forReferrers,
  /** @internal Set by the resource option `import`. */
  import: field(id.optional(), { apply: "none", createOnly: true }),
});

export type EnvironmentInputs = z.infer<typeof environmentSchema>;

const base = withChecks(
  scope<EnvironmentInputs, object, EnvironmentDetail & ScopeRow>({
    kind: "Environment",
    schema: environmentSchema,
    all: async (_parent, api, columns) => {
      const projectId = String(columns?.["projectId"]);
      return (await api.call("environment.byProjectId", { projectId })).map((row) => ({ ...row }));
    },
  }),
  {
    check: ({ name }) =>
      name === "production"
        ? [
            {
              property: "name",
              reason:
                'Dokploy creates the environment "production" in every project and does not allow a second one: use ' +
                "the project's defaultEnvironmentId instead of this resource",
            },
          ]
        : [],
    async preflight(inputs, { api }, { adopted }) {
      if (adopted !== undefined && !isUnknown(adopted)) await assertAdoptable(adopted, inputs, api);
    },
    preview: async ({ env }) => environmentProblems(env),
  },
);

/**
 * An environment of a project, in addition to the `production` that Dokploy creates with the project.
 *
 * It is never deleted while it has services.
 *
 * @example
 * ```ts
 * const staging = new dokploy.Environment("staging", { projectId: shop.id, name: "staging" });
 * ```
 */
export const environment: typeof base = {
  ...base,
  async update(id, olds, news, changes, context) {
    if (olds === undefined) await assertAdoptable(id, news, context.api);
    return await base.update(id, olds, news, changes, context);
  },
};

/** @throws CheckFailedError for an environment that exists and that cannot be changed to match the inputs */
async function assertAdoptable(environmentId: string, inputs: EnvironmentInputs, api: Api): Promise<void> {
  const row = await ifFound(api.call("environment.one", { environmentId }));
  if (row?.isDefault) {
    throw new CheckFailedError([
      {
        property: "import",
        reason:
          `"${visible(row.name)}" (${environmentId}) is the default environment of its project, which cannot be renamed or ` +
          "deleted: use the project's defaultEnvironmentId instead of this resource",
      },
    ]);
  }
  if (row && row.projectId !== inputs.projectId && !isUnknown(inputs.projectId)) {
    throw new CheckFailedError([
      {
        property: "import",
        reason: `"${visible(row.name)}" (${environmentId}) belongs to the project "${visible(row.project.name)}" (${row.projectId}), not to ${inputs.projectId}`,
      },
    ]);
  }
}
