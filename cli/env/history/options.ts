import { isEnvKey, shownKey } from "../../../provider/env";
import { json, parseArguments, stagesFolder, UsageError, valueOption } from "../../terminal";

/** Options of the command. */
export const historyOptions = {
  stage: valueOption("STAGE", "Only this stage, with envs/base"),
  service: valueOption("NAME", "Only this service, or shared"),
  limit: { ...valueOption("N", "Show at most N commits"), default: "20" },
  json,
  dir: stagesFolder,
};

/** Arguments of the command. */
export interface HistoryRequest {
  /** The variable; undefined means all. */
  readonly key: string | undefined;
  readonly stage: string | undefined;
  readonly service: string | undefined;
  /** Most commits to show. */
  readonly limit: number;
  readonly json: boolean;
  readonly dir: string;
}

/** @throws UsageError when an argument is wrong */
export function parseHistory(args: readonly string[]): HistoryRequest {
  const { values, positionals } = parseArguments(historyOptions, args);
  const [key, ...more] = positionals;
  if (more.length > 0) throw new UsageError("env history takes one variable, or none. See --help.");
  if (key !== undefined && !isEnvKey(key)) {
    throw new UsageError(`${shownKey(key)} is not a name of a variable; use letters, digits, _, . and -.`);
  }
  if (!/^[1-9]\d{0,5}$/.test(values.limit)) throw new UsageError("--limit takes a number, such as 50.");
  const { stage, service, json, dir } = values;
  return { key, stage, service, limit: Number(values.limit), json, dir };
}
