import { splitNames } from "../../../packages/text";
import {
  flagOption,
  listOption,
  parseArguments,
  stagesFolder,
  UsageError,
  valueOption,
} from "../../terminal";

/** Options of the command. */
export const runOptions = {
  stage: valueOption("STAGE", "Folder in envs"),
  service: valueOption("NAME", "The service; only needed when the stage has several"),
  skip: listOption(
    "KEYS",
    "Leave out variables, separated by commas; * matches any characters; may be given several times",
  ),
  allow: listOption(
    "KEYS",
    "Allow variables of the files that make programs load code, such as NODE_OPTIONS",
  ),
  pass: listOption("NAMES", "Give the command variables of the shell that are left out as keys and secrets"),
  "allow-prod": flagOption(
    "Allow production: stages and stacks with the word prod, prd, production or live in their names",
  ),
  dir: stagesFolder,
  stack: valueOption("NAME", "Stack with the secrets (default: the stage)"),
};

/** Arguments of the command. */
export interface RunRequest {
  readonly stage: string;
  readonly service: string | undefined;
  /** Names of variables to leave out, in which `*` matches any characters. */
  readonly skip: readonly string[];
  /** Names of variables that may make programs load code. */
  readonly allowed: readonly string[];
  /** Names of variables of the shell that the command gets although they look secret. */
  readonly passed: readonly string[];
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
  const { values, positionals } = parseArguments(runOptions, own);
  const [command, ...args] = separator === -1 ? [] : given.slice(separator + 1);
  if (command === undefined || command === "" || positionals.length > 0) {
    throw new UsageError("Write the command after --, for example: env run --stage test -- npm start");
  }
  const { stage, service, dir } = values;
  if (stage === undefined) throw new UsageError("Name the stage with --stage, for example --stage test.");
  return {
    ...{ stage, service, dir, command, args },
    skip: values.skip.flatMap(splitNames),
    allowed: values.allow.flatMap(splitNames),
    passed: values.pass.flatMap(splitNames),
    allowProduction: values["allow-prod"],
    stack: values.stack ?? stage,
  };
}
