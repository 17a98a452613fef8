import { join } from "node:path";
import { byText, someOf, visible } from "../../../packages/text";
import { baseStage, type EnvPath, sharedService, stagesIn } from "../../../sdk/env-files";
import { isDirectory, isThere } from "../../../sdk/files";
import { UsageError, unknownService } from "../../terminal";

/**
 * Returns the folder with the files of a stage.
 *
 * @throws UsageError when there is no such stage
 */
export function stageFolder(directory: string, stage: string): string {
  const folder = join(directory, stage);
  if (isThere(folder) && isDirectory(folder)) return folder;
  const stages = isThere(directory) ? stagesIn(directory, {}) : [];
  const advice = stages.length > 0 ? `the stages are ${stages.join(", ")}` : "name its parent with --dir";
  throw new UsageError(`There is no folder ${folder} with the variables of stage ${stage}; ${advice}.`);
}

/** Returns the directories with the variables of a stage: `base`, if it exists, and then its own, which wins. */
export function foldersOf(directory: string, stage: string): EnvPath[] {
  const own = join(directory, stage);
  return stage === baseStage ? [own] : [{ path: join(directory, baseStage), optional: true }, own];
}

/**
 * Returns the service that was asked for; without a name, the only one of the stage.
 *
 * @param known names of all services; the shared variables may be one of them
 * @throws UsageError when there is no such service, or several
 */
export function serviceOf(stage: string, known: Iterable<string>, asked: string | undefined): string {
  const names = [...new Set(known)].sort(byText);
  const list = someOf(names.map(visible)) || "none";
  if (asked !== undefined) {
    if (names.includes(asked)) return asked;
    throw new UsageError(unknownService(`Stage ${stage} has no service`, asked, names));
  }
  const [only, ...others] = names.filter((name) => name !== sharedService);
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined) throw new UsageError(`Stage ${stage} has no service with variables.`);
  throw new UsageError(`Stage ${stage} has several services; name one with --service: ${list}.`);
}
