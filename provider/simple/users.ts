import type { Api } from "../dokploy/endpoints";
import type { ApplicationDetail } from "../dokploy/rows";
import type { Context } from "../lifecycle/context";
import { UserError } from "../problem";
import { visible } from "../visible";
import type { Model, Values } from "./model";

/** More names would not help. */
const MAX_NAMED = 5;

/**
 * Dokploy takes a deleted object out of the applications that name it, without a word, and they would lose it with their next
 * deployment.
 *
 * @throws UserError while an application names the object
 */
export async function refuseUsed(
  model: Model,
  id: string,
  state: Values,
  { api, claims }: Pick<Context, "api" | "claims">,
): Promise<void> {
  const columns = model.spec.usedBy ?? [];
  if (columns.length === 0) return;
  const users = (await applications(api)).filter((row) =>
    columns.some((column) => row[column as keyof ApplicationDetail] === id),
  );
  if (users.length === 0) return;
  const names = users
    .slice(0, MAX_NAMED)
    .map(({ name, applicationId }) => `"${visible(name)}" (${applicationId})`);
  const more = users.length > MAX_NAMED ? ` and ${users.length - MAX_NAMED} more` : "";
  throw new UserError(
    `The ${model.label(state, claims)} (${id}) is not deleted, since applications use it: ${names.join(", ")}${more}. ` +
      "Give them another one first; Dokploy would take it out of them without a word.",
  );
}

async function applications(api: Api): Promise<ApplicationDetail[]> {
  const projects = await api.call("project.all", {});
  const ids = projects.flatMap(({ environments = [] }) =>
    environments.flatMap((environment) => {
      const { applications = [] } = environment as { applications?: { applicationId: string }[] };
      return applications.map(({ applicationId }) => applicationId);
    }),
  );
  return await Promise.all(ids.map((applicationId) => api.call("application.one", { applicationId })));
}
