import { parseArgs } from "node:util";
import { isEnvKey } from "../../provider/env/keys";
import { shownKey } from "../../sdk/env-files/entry";
import { UsageError, usageError } from "../terminal/errors";

/** Options of the command, as `parseArgs` takes them. */
export const historyOptions = {
  stage: { type: "string" },
  service: { type: "string" },
  limit: { type: "string", default: "20" },
  json: { type: "boolean", default: false },
  dir: { type: "string", default: "envs" },
} as const;

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
  const { values, positionals } = usageError(() =>
    parseArgs({ args: [...args], options: historyOptions, allowPositionals: true }),
  );
  const [key, ...more] = positionals;
  if (more.length > 0) throw new UsageError("env history takes one variable, or none. See --help.");
  if (key !== undefined && !isEnvKey(key)) {
    throw new UsageError(`${shownKey(key)} is not a name of a variable; use letters, digits, _, . and -.`);
  }
  if (!/^[1-9]\d{0,5}$/.test(values.limit)) throw new UsageError("--limit takes a number, such as 50.");
  const { stage, service, json, dir } = values;
  return { key, stage, service, limit: Number(values.limit), json, dir };
}
