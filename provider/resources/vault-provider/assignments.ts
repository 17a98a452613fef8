import { z } from "zod";
import { visible } from "../../../packages/text";
import { isUnknown, type Values } from "../../../packages/values";
import { DokployError, ifFound } from "../../dokploy";
import { field } from "../../engine";
import { CheckFailedError, type Problem } from "../../errors";
import type { Context } from "../../lifecycle";
import { asSet, id } from "../../schema";

const assignment = z.strictObject({
  /** Id of the project. */
  projectId: id,
  /** Ids of environments of the project. Default: all, including future ones. */
  environmentIds: z.array(id).min(1, "is empty: leave it out for all environments").optional(),
});
type Assignment = z.infer<typeof assignment>;

/** Projects, and environments of them, whose variables may refer to a vault. Their order has no meaning in Dokploy. */
export const assignments = field(z.array(assignment), {
  looksItself: true,
  write: (given: Assignment[]) =>
    given
      .map(({ projectId, environmentIds = [] }) => ({ projectId, environmentIds: asSet(environmentIds) }))
      .sort((a, b) => (String(a.projectId) < String(b.projectId) ? -1 : 1)),
  read: (column: { projectId: string; environmentIds: string[] }[]) =>
    column.map(({ projectId, environmentIds }) =>
      environmentIds.length > 0 ? { projectId, environmentIds } : { projectId },
    ),
});

/** @throws CheckFailedError for an assigned project or environment that does not exist; Dokploy would refuse every change with it */
export async function refuseMissing(given: unknown, context: Pick<Context, "reads">): Promise<void> {
  if (!Array.isArray(given)) return;
  const problems = await Promise.all(
    given.map((assignment: Values, index) =>
      problemsOf(assignment, `assignments[${index}]`, context).catch((error: unknown) => {
        // An object that the key cannot see can still exist.
        if (error instanceof DokployError && error.kind === "forbidden") return [];
        throw error;
      }),
    ),
  );
  if (problems.flat().length > 0) throw new CheckFailedError(problems.flat());
}

async function problemsOf(
  { projectId, environmentIds = [] }: Values,
  path: string,
  { reads }: Pick<Context, "reads">,
): Promise<Problem[]> {
  if (typeof projectId !== "string" || isUnknown(projectId)) return [];
  const project = await ifFound(reads.call("project.one", { projectId }));
  if (project === undefined) {
    const reason = `Dokploy has no project ${projectId} (or this key cannot see it)`;
    return [{ property: `${path}.projectId`, reason }];
  }
  if (!Array.isArray(environmentIds)) return [];
  const there = project.environments.map(({ environmentId }) => environmentId);
  const gone = environmentIds.filter((id) => !isUnknown(id) && !there.includes(id));
  return gone.map((id) => ({
    property: `${path}.environmentIds`,
    reason: `the project "${visible(project.name)}" has no environment ${String(id)} (or this key cannot see it)`,
  }));
}
