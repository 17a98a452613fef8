import { parseArgs } from "node:util";
import { splitNames } from "../../packages/text/names";
import { baseStage } from "../../sdk/env-files/contract-file";
import { UsageError, usageError } from "../terminal/errors";

/** Options of the command, as `parseArgs` takes them. */
export const runOptions = {
  stage: { type: "string" },
  service: { type: "string" },
  skip: { type: "string", multiple: true, default: [] as string[] },
  "allow-prod": { type: "boolean", default: false },
  dir: { type: "string", default: "envs" },
  stack: { type: "string" },
} as const;

/** Arguments of the command. */
export interface RunRequest {
  readonly stage: string;
  readonly service: string | undefined;
  /** Names of variables to leave out, in which `*` matches any characters. */
  readonly skip: readonly string[];
  readonly allowProduction: boolean;
  readonly dir: string;
  readonly stack: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** @throws UsageError when an argument is missing or wrong */
export function parseRun(given: readonly string[]): RunRequest {
  const separator = given.indexOf("--");
  const own = separator === -1 ? given : given.slice(0, separator);
  const { values, positionals } = usageError(() =>
    parseArgs({ args: [...own], options: runOptions, allowPositionals: true }),
  );
  const [command, ...args] = separator === -1 ? [] : given.slice(separator + 1);
  if (command === undefined || command === "" || positionals.length > 0) {
    throw new UsageError("Write the command after --, for example: env run --stage test -- npm start");
  }
  const { stage, service, dir } = values;
  if (stage === undefined) throw new UsageError("Name the stage with --stage, for example --stage test.");
  if (stage === baseStage)
    throw new UsageError(`${baseStage} is part of every stage; name one of them with --stage.`);
  return {
    ...{ stage, service, dir, command, args },
    skip: values.skip.flatMap(splitNames),
    allowProduction: values["allow-prod"],
    stack: values.stack ?? stage,
  };
}
