import type { Api } from "../dokploy/endpoints";
import type { ApplicationDetail } from "../dokploy/rows";
import type { Context } from "../lifecycle/context";
import { UserError } from "../problem";
import { visible } from "../visible";
import type { Model, Values } from "./model";
import type { Users } from "./spec";

/** More names would not help. */
const MAX_NAMED = 5;

/**
 * Dokploy takes a deleted object out of what names it, or deletes that with it, without a word.
 *
 * @throws UserError while something names the object
 */
export async function refuseUsed(
  model: Model,
  id: string,
  state: Values,
  { api, claims }: Pick<Context, "api" | "claims">,
): Promise<void> {
  const { usedBy } = model.spec;
  if (usedBy === undefined) return;
  const { what, loss, find } = "what" in usedBy ? usedBy : ofApplications(usedBy);
  const users = await find(id, { api });
  if (users.length === 0) return;
  const more = users.length > MAX_NAMED ? ` and ${users.length - MAX_NAMED} more` : "";
  throw new UserError(
    `The ${model.label(state, claims)} (${id}) is not deleted, since ${what} use it: ` +
      `${users.slice(0, MAX_NAMED).join(", ")}${more}. Give them another one first; Dokploy would ${loss} without a word.`,
  );
}

function ofApplications(columns: readonly string[]): Users {
  return {
    what: "applications",
    loss: "take it out of them",
    async find(id, { api }) {
      const users = (await applications(api)).filter((row) =>
        columns.some((column) => row[column as keyof ApplicationDetail] === id),
      );
      return users.map(({ name, applicationId }) => `"${visible(name)}" (${applicationId})`);
    },
  };
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
