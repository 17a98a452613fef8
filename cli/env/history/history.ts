import { someOf, visible } from "../../../packages/text";
import { isThere } from "../../../sdk/files";
import { type Dependencies, stackFile } from "../../stack";
import { UsageError } from "../../terminal";
import { changesIn, stagesOf, touchedBy } from "./changes";
import { GitRepository } from "./git";
import { parseHistory } from "./options";
import { renderJson, renderText } from "./render";

/**
 * Shows who changed which variables when.
 *
 * @returns the text to print
 * @throws UsageError when an argument is wrong; UserError when there is no repository
 */
export async function runHistory(
  args: readonly string[],
  dependencies: Pick<Dependencies, "git" | "warn">,
): Promise<string> {
  const { key, stage, service, limit, json, dir } = parseHistory(args);
  const repository = new GitRepository(dependencies.git);
  const directory = await repository.pathOf(dir);
  const all = await repository.commits();
  if (stage !== undefined) assertKnown(stage, stagesOf(all, directory), dir);
  const touched = touchedBy(all, { directory, stage, service });
  const blobs = touched.flatMap(({ files }) =>
    files.flatMap(({ before, after }) => [before, after].flatMap((version) => version?.blob ?? [])),
  );
  const oldestFirst = changesIn(touched, await repository.contents(blobs), key);
  if (await repository.isShallow()) {
    dependencies.warn(
      "this clone has only the latest commits, and its oldest one seems to add everything: run git fetch --unshallow",
    );
  }
  const commits = oldestFirst.reverse().sort((a, b) => b.at - a.at);
  const shown = commits.slice(0, limit);
  const more = commits.length - shown.length;
  if (json) return renderJson(shown, more);
  return commits.length > 0 ? renderText(shown, more) : nothing(key);
}

/** @throws UsageError for a stage without a file of variables in any commit, and without a configuration */
function assertKnown(stage: string, stages: readonly string[], dir: string): void {
  // A stage may have the variables of base alone.
  if (stages.includes(stage) || isThere(stackFile(stage))) return;
  throw new UsageError(
    `No commit has variables of stage ${visible(stage)} in ${visible(dir)}; the stages are ${someOf(stages.map(visible)) || "none"}.`,
  );
}

function nothing(key: string | undefined): string {
  return key === undefined ? "The history has no variables." : `The history has no variable ${key}.`;
}
