import { z } from "zod";
import { type Endpoints, mutation, query } from "../instance/endpoint";
import { badRequest } from "../instance/errors";
import { newId } from "../instance/ids";
import type { EnvironmentRow } from "../instance/rows";
import { someText, text } from "../instance/schema";
import { assign, hasServices, serviceLists, withoutUndefined } from "../instance/services";
import { environmentsOf, removeEnvironment } from "./project";

const one = z.object({ environmentId: someText });

export const environmentEndpoints: Endpoints = {
  "environment.create": mutation(
    z.object({ name: someText, description: text.optional(), projectId: someText }),
    (instance, { name, description, projectId }) => {
      if (name === "production")
        throw badRequest("You cannot create a environment with the name 'production'");
      const environment: EnvironmentRow = {
        environmentId: newId(),
        name,
        description: description ?? null,
        createdAt: instance.timestamp(),
        env: "",
        projectId,
        isDefault: false,
      };
      if (!instance.tables.project.has(projectId)) throw badRequest(failedInsert(environment));
      instance.tables.environment.set(environment.environmentId, environment);
      return environment;
    },
  ),

  "environment.one": query(one, (instance, { environmentId }) => {
    const { name, description, isDefault, projectId, env } = instance.environment(environmentId);
    return {
      name,
      description,
      environmentId,
      isDefault,
      projectId,
      env,
      ...serviceLists(instance, environmentId, "environment.one"),
      project: instance.project(projectId),
    };
  }),

  "environment.byProjectId": query(z.object({ projectId: text }), (instance, { projectId }) =>
    environmentsOf(instance, projectId).map(({ name, description, environmentId, isDefault }) => ({
      name,
      description,
      environmentId,
      isDefault,
      ...serviceLists(instance, environmentId, "environment.byProjectId"),
      project: instance.project(projectId),
    })),
  ),

  // Every error of an update is a 400, including that for an unknown environment.
  "environment.update": mutation(
    z.object({
      environmentId: someText,
      name: someText.optional(),
      description: text.optional(),
      projectId: text.optional(),
      env: text.optional(),
    }),
    (instance, { environmentId, ...values }) => {
      const refuse = (reason: string) => badRequest(`Error updating the environment: ${reason}`);
      const environment = instance.tables.environment.get(environmentId);
      if (!environment) throw refuse("Environment not found");
      if (environment.isDefault && values.name !== undefined)
        throw refuse("You cannot rename the default environment");
      if (Object.keys(withoutUndefined(values)).length === 0) throw refuse("No values to set");
      assign(environment, values);
      return environment;
    },
  ),

  "environment.remove": mutation(one, (instance, { environmentId }) => {
    const environment = instance.environment(environmentId);
    if (environment.isDefault) throw badRequest("You cannot delete the default environment");
    if (hasServices(instance, environmentId))
      throw badRequest("Cannot delete environment: it has active services. Delete all services first.");
    removeEnvironment(instance, environmentId);
    return environment;
  }),
};

function failedInsert(row: EnvironmentRow): string {
  const names = ["environmentId", "name", "description", "createdAt", "env", "projectId", "isDefault"];
  const columns = names.map((name) => `"${name}"`).join(", ");
  const description = row.description === null ? "default" : "$3";
  const next = row.description === null ? 3 : 4;
  const values = `$1, $2, ${description}, $${next}, default, $${next + 1}, default`;
  const given = [row.environmentId, row.name, row.description, row.createdAt, row.projectId];
  const params = given.filter((value) => value !== null).join(",");
  return `Error creating the environment: Failed query: insert into "environment" (${columns}) values (${values}) returning ${columns}\nparams: ${params}`;
}
