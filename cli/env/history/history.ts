import { closest, someOf, visible } from "../../../packages/text";
import { shownKey } from "../../../provider/env";
import { isThere } from "../../../sdk/files";
import { type Dependencies, GitRepository, servicesNextTo, stackFile } from "../../stack";
import { UsageError, unknownService } from "../../terminal";
import { changesIn, servicesOf, stagesOf, touchedBy } from "./changes";
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
  if (service !== undefined) assertHasFiles(service, servicesOf(all, directory), dir);
  const touched = touchedBy(all, { directory, stage, service });
  const blobs = touched.flatMap(({ files }) =>
    files.flatMap(({ before, after }) => [before, after].flatMap((version) => version?.blob ?? [])),
  );
  const contents = await repository.contents(blobs);
  const oldestFirst = changesIn(touched, contents, key);
  if (await repository.isShallow()) {
    dependencies.warn(
      "this clone has only the latest commits, and its oldest one seems to add everything: run git fetch --unshallow",
    );
  }
  const commits = oldestFirst.reverse().sort((a, b) => b.at - a.at);
  const shown = commits.slice(0, limit);
  const more = commits.length - shown.length;
  if (json) return renderJson(shown, more);
  if (commits.length > 0) return renderText(shown, more);
  if (key === undefined) return "The history has no variables.";
  const known = changesIn(touched, contents, undefined).flatMap(({ changes }) => changes);
  const meant = closest(key, [...new Set(known.map((change) => change.key))]);
  return `The history has no variable ${key}.${meant === undefined ? "" : ` Did you mean ${shownKey(meant)}?`}`;
}

/** @throws UsageError for a service without a file of variables in any commit, unless the repository describes it */
function assertHasFiles(service: string, services: readonly string[], dir: string): void {
  if (services.includes(service) || servicesNextTo(dir).includes(service)) return;
  throw new UsageError(unknownService("The history has no variables of", service, services));
}

/** @throws UsageError for a stage without a file of variables in any commit, and without a configuration */
function assertKnown(stage: string, stages: readonly string[], dir: string): void {
  // A stage may have the variables of base alone.
  if (stages.includes(stage) || isThere(stackFile(stage))) return;
  throw new UsageError(
    `No commit has variables of stage ${visible(stage)} in ${visible(dir)}; the stages are ${someOf(stages.map(visible)) || "none"}.`,
  );
}
