import { z } from "zod";
import { type Endpoints, mutation, query } from "../instance/endpoint";
import { newId } from "../instance/ids";
import type { Instance } from "../instance/instance";
import type { EnvironmentRow, ProjectRow } from "../instance/rows";
import { nullableText, pageLimit, pageOffset, someText, text } from "../instance/schema";
import { assign, removeService, serviceKinds, serviceLists, servicesOf } from "../instance/services";
import { tagsOf, untag } from "./project-tags";

const one = z.object({ projectId: someText });

export const projectEndpoints: Endpoints = {
  "project.create": mutation(
    z.object({ name: someText, description: nullableText.optional(), env: text.optional() }),
    (instance, input) => {
      const project: ProjectRow = {
        projectId: newId(),
        name: input.name,
        description: input.description ?? null,
        createdAt: instance.timestamp(),
        organizationId: String(instance.organization["id"]),
        env: input.env ?? "",
      };
      instance.tables.project.set(project.projectId, project);
      const environment: EnvironmentRow = {
        environmentId: newId(),
        name: "production",
        description: "Production environment",
        createdAt: instance.timestamp(),
        env: "",
        projectId: project.projectId,
        isDefault: true,
      };
      instance.tables.environment.set(environment.environmentId, environment);
      return { project, environment };
    },
  ),

  "project.one": query(one, (instance, { projectId }) => ({
    ...instance.project(projectId),
    environments: environmentsOf(instance, projectId).map((environment) => ({
      ...environment,
      ...serviceLists(instance, environment.environmentId, "project.one"),
    })),
    projectTags: tagsOf(instance, projectId),
  })),

  "project.all": query(undefined, (instance) =>
    newestFirst(instance).map((project) => ({
      ...project,
      environments: environmentsOf(instance, project.projectId).map(({ name, environmentId, isDefault }) => ({
        name,
        environmentId,
        isDefault,
        ...serviceLists(instance, environmentId, "project.all"),
      })),
      projectTags: tagsOf(instance, project.projectId),
    })),
  ),

  "project.search": query(
    z.object({
      q: text.optional(),
      name: text.optional(),
      description: text.optional(),
      limit: pageLimit,
      offset: pageOffset,
    }),
    (instance, { q, name, description, limit, offset }) => {
      const has = (value: string | null, part: string | undefined) =>
        part === undefined || (value ?? "").toLowerCase().includes(part.toLowerCase());
      const found = newestFirst(instance).filter(
        (project) =>
          (has(project.name, q) || (q !== undefined && has(project.description, q))) &&
          has(project.name, name) &&
          has(project.description, description),
      );
      return { items: found.slice(offset, offset + limit), total: found.length };
    },
  ),

  "project.update": mutation(
    z.object({
      projectId: someText,
      name: someText.optional(),
      description: nullableText.optional(),
      createdAt: text.optional(),
      organizationId: text.optional(),
      env: text.optional(),
    }),
    (instance, { projectId, ...values }) => {
      const project = instance.project(projectId);
      assign(project, values);
      return project;
    },
  ),

  // Dokploy deletes the row and lets the database cascade: containers in Docker stay without an owner.
  "project.remove": mutation(one, (instance, { projectId }) => {
    const project = instance.project(projectId);
    for (const { environmentId } of environmentsOf(instance, projectId))
      removeEnvironment(instance, environmentId);
    instance.tables.project.delete(projectId);
    untag(instance, { projectId });
    return project;
  }),
};

export function environmentsOf(instance: Instance, projectId: string): EnvironmentRow[] {
  return [...instance.tables.environment.values()].filter((row) => row.projectId === projectId);
}

/** Removes an environment with its services; their containers stay in Docker. */
export function removeEnvironment(instance: Instance, environmentId: string): void {
  for (const kind of serviceKinds)
    for (const row of servicesOf(instance, kind, environmentId))
      removeService(instance, kind.table, String(row[kind.id]), false);
  instance.tables.environment.delete(environmentId);
}

function newestFirst(instance: Instance): ProjectRow[] {
  return [...instance.tables.project.values()].reverse();
}
