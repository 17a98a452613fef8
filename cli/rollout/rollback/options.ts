import { flagOption, json, parseArguments, stagesFolder, UsageError, valueOption } from "../../terminal";

/** Options of the command. */
export const rollbackOptions = {
  stage: valueOption("STAGE", "Folder in envs with the variables"),
  to: valueOption(
    "WHICH",
    "Go back to a deployment: its number or id in the list, or a time (the one that was the latest then)",
  ),
  previous: flagOption(
    "Go back to the newest deployment that worked with another image or other variables than the files",
  ),
  uncommitted: flagOption(
    "Use the files as committed if the run also had uncommitted changes, which nobody knows",
  ),
  json,
  dir: stagesFolder,
  stack: valueOption("NAME", "Stack of the stage (default: the stage)"),
};

/** Arguments of the command. */
export interface RollbackRequest {
  readonly service: string;
  readonly stage: string;
  readonly stack: string;
  /** Deployment to go back to: a number of the list, an id or a time; undefined for none, which shows the list. */
  readonly to: string | undefined;
  /** True for the newest deployment that worked with another image or other variables than the files. */
  readonly previous: boolean;
  /** True when the files of a run with uncommitted changes may be those of its commit. */
  readonly uncommitted: boolean;
  readonly json: boolean;
  /** Folder of the stages. */
  readonly dir: string;
}

/** @throws UsageError when an argument is missing or wrong */
export function parseRollback(args: readonly string[]): RollbackRequest {
  const { values, positionals } = parseArguments(rollbackOptions, args);
  const [service, ...more] = positionals;
  const { stage, to, previous, uncommitted, json, dir } = values;
  if (service === undefined || more.length > 0) {
    throw new UsageError("rollback takes one service: rollback api --stage prod. See --help.");
  }
  if (stage === undefined) throw new UsageError("Name the stage with --stage, for example --stage prod.");
  if (!/^\w[\w.-]*$/.test(stage)) throw new UsageError("--stage takes the name of a folder, such as prod.");
  if (to !== undefined && previous) throw new UsageError("--to and --previous exclude each other.");
  if (to === "") throw new UsageError("--to takes a number of the list, an id or a time.");
  return { service, stage, stack: values.stack ?? stage, to, previous, uncommitted, json, dir };
}
