import { z } from "zod";
import { type Endpoints, mutation } from "../instance/endpoint";
import { ApiError, badRequest, notFound } from "../instance/errors";
import { newId } from "../instance/ids";
import type { Instance } from "../instance/instance";
import type { Row } from "../instance/rows";
import { someText } from "../instance/schema";
import { failedInsert } from "../instance/sql";

const pair = z.object({ projectId: someText, tagId: someText });

/** Calls that assign tags to projects. */
export const projectTagEndpoints: Endpoints = {
  "tag.assignToProject": mutation(pair, (instance, { projectId, tagId }) => {
    assertProject(instance, projectId);
    if (!instance.simple("tag").has(tagId)) throw notFound("Tag");
    if (tagsOf(instance, projectId).some((row) => row["tagId"] === tagId)) {
      const row = { id: newId(), projectId, tagId };
      throw badRequest(
        `Error assigning tag to project: ${failedInsert("project_tag", row, Object.keys(row))}`,
      );
    }
    return assign(instance, projectId, tagId);
  }),

  "tag.removeFromProject": mutation(pair, (instance, { projectId, tagId }) => {
    assertProject(instance, projectId);
    untag(instance, { projectId, tagId });
    return { success: true };
  }),

  "tag.bulkAssign": mutation(
    z.object({ projectId: someText, tagIds: z.array(someText) }),
    (instance, { projectId, tagIds }) => {
      assertProject(instance, projectId);
      if (tagIds.some((tagId) => !instance.simple("tag").has(tagId)))
        throw new ApiError("NOT_FOUND", "One or more tags not found in your organization");
      untag(instance, { projectId });
      for (const tagId of tagIds) assign(instance, projectId, tagId);
      return { success: true };
    },
  ),
};

/** Returns the tags of a project, as its row shows them. */
export function tagsOf(instance: Instance, projectId: string): Row[] {
  return [...instance.simple("project_tag").values()]
    .filter((row) => row["projectId"] === projectId)
    .map((row) => ({ ...row, tag: instance.simple("tag").get(String(row["tagId"])) }));
}

/** Removes the assignments with these columns. */
export function untag(instance: Instance, columns: Row): void {
  const table = instance.simple("project_tag");
  for (const [id, row] of table)
    if (Object.entries(columns).every(([name, value]) => row[name] === value)) table.delete(id);
}

function assign(instance: Instance, projectId: string, tagId: string): Row {
  const row = { id: newId(), projectId, tagId };
  instance.simple("project_tag").set(row.id, row);
  return row;
}

function assertProject(instance: Instance, projectId: string): void {
  if (!instance.tables.project.has(projectId)) throw notFound("Project");
}
