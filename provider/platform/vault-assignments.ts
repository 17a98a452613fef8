import { z } from "zod";
import { visible } from "../../packages/text/visible";
import { DokployError, ifFound } from "../dokploy/errors";
import { CheckFailedError, type Problem } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import { isUnknown } from "../pulumi/unknown";
import { asSet, id } from "../schema/fields";
import { field } from "../simple/spec";

type Values = Readonly<Record<string, unknown>>;

const assignment = z.strictObject({
  /** Id of the project. */
  projectId: id,
  /** Ids of its environments. Default: all of them, those too that are still to come. */
  environmentIds: z.array(id).min(1, "names none: leave it out for all environments").optional(),
});
type Assignment = z.infer<typeof assignment>;

/** The projects, and environments of them, that may name a vault; in any order they are the same to Dokploy. */
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

/** @throws CheckFailedError for what is assigned and not there: Dokploy would refuse every change with it */
export async function refuseMissing(given: unknown, context: Pick<Context, "reads">): Promise<void> {
  if (!Array.isArray(given)) return;
  const problems = await Promise.all(
    given.map((assignment: Values, index) =>
      problemsOf(assignment, `assignments[${index}]`, context).catch((error: unknown) => {
        // What the key may not see, may be there.
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
    const reason = `Dokploy has no project ${projectId} (or this key may not see it)`;
    return [{ property: `${path}.projectId`, reason }];
  }
  if (!Array.isArray(environmentIds)) return [];
  const there = project.environments.map(({ environmentId }) => environmentId);
  const gone = environmentIds.filter((id) => !isUnknown(id) && !there.includes(id));
  return gone.map((id) => ({
    property: `${path}.environmentIds`,
    reason: `the project "${visible(project.name)}" has no environment ${String(id)} (or this key may not see it)`,
  }));
}
