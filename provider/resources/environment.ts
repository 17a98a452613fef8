import { z } from "zod";
import { visible } from "../../packages/text/visible";
import type { Api } from "../dokploy/endpoints";
import type { EnvironmentDetail } from "../dokploy/rows";
import { environmentProblems } from "../env-hosts/reference-checks";
import { CheckFailedError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import { adviseOnTakenName, isAmbiguous } from "../objects/naming";
import { isUnknown } from "../pulumi/unknown";
import { forReferrers, forVariables, id, keptIn, text } from "../schema/fields";
import { scopeDefinition } from "../scopes/definition";
import { serviceNames } from "../scopes/services";

const { field, variables } = keptIn<"environment">();

export const environmentSchema = z.strictObject({
  /** Id of the project. A change replaces the environment. */
  projectId: field(id, { column: "projectId", apply: "none", replace: true }),
  /** Name shown in Dokploy. `production` is reserved: Dokploy creates that environment with every project. */
  name: field(text, { column: "name", apply: "none" }),
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
export const environment = scopeDefinition<EnvironmentInputs, object, EnvironmentDetail>({
  kind: "Environment",
  schema: environmentSchema,

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

  preview: async ({ env }) => environmentProblems(env),
  assertNameAvailable,
  assertAdoptable,

  async make({ env, ...columns }, inputs, api) {
    const { projectId, name } = inputs;
    const environmentId = await api
      .call("environment.create", { ...columns, projectId, name })
      .then((row) => row.environmentId)
      .catch(async (error: unknown) => {
        // The response was lost, but the environment may exist. Its name was free just before, so it is ours.
        const [found, other] = isAmbiguous(error) ? await named(inputs, api) : [];
        if (!found || other) throw error;
        return found.environmentId;
      });
    return { id: environmentId, outputs: {}, ...(env === undefined ? {} : { later: { env } }) };
  },

  one: (environmentId, api) => api.call("environment.one", { environmentId }),
  save: (environmentId, columns, api) => api.call("environment.update", { environmentId, ...columns }),
  outputsOf: () => ({}),
  services: (row) => serviceNames(row, row.name),
});

async function named({ projectId, name }: EnvironmentInputs, api: Api) {
  return (await api.call("environment.byProjectId", { projectId })).filter((row) => row.name === name);
}

async function assertNameAvailable(
  inputs: EnvironmentInputs,
  { api, claims }: Pick<Context, "api" | "claims">,
  replaced?: string,
): Promise<void> {
  if (isUnknown(inputs.name) || isUnknown(inputs.projectId)) return;
  const [taken] = (await named(inputs, api)).filter(({ environmentId }) => environmentId !== replaced);
  if (!taken) return;
  throw new CheckFailedError([
    {
      property: "name",
      reason:
        `the project already has an environment named "${visible(inputs.name)}" (${taken.environmentId}). ` +
        (await adviseOnTakenName("Environment", taken.environmentId, claims)),
    },
  ]);
}

function assertAdoptable(row: EnvironmentDetail, environmentId: string, inputs: EnvironmentInputs): void {
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
}
