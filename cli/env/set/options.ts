import { isEnvKey, shownKey } from "../../../provider/env";
import { flagOption, json, parseArguments, stagesFolder, UsageError, valueOption } from "../../terminal";

/** Options of the command. */
export const setOptions = {
  stage: valueOption("STAGE", "Folder in envs; base means the variables of every stage"),
  service: valueOption("NAME", "The service, or shared; only needed when the stage has several"),
  secret: flagOption(
    "Store the value in the configuration of the stack, and write KEY: !secret NAME into the file",
  ),
  plain: flagOption("Write KEY: !plain value: it is not a secret although it looks like one"),
  json,
  dir: stagesFolder,
  stack: valueOption("NAME", "Stack for --secret (default: the stage)"),
};

/** Arguments of the command. */
export interface SetRequest {
  /** Values by key; undefined for the one that standard input has. */
  readonly values: ReadonlyMap<string, string | undefined>;
  readonly stage: string;
  readonly service: string | undefined;
  /** `secret` stores the value in the stack; `plain` says that it is not a secret. */
  readonly as: "secret" | "plain" | undefined;
  readonly json: boolean;
  readonly dir: string;
  readonly stack: string;
}

/** @throws UsageError when an argument is missing or wrong */
export function parseSet(args: readonly string[]): SetRequest {
  const { values: options, positionals } = parseArguments(setOptions, args);
  const { stage, service, secret, plain, json, dir } = options;
  if (stage === undefined) throw new UsageError("Name the stage with --stage, for example --stage test.");
  if (!/^\w[\w.-]*$/.test(stage)) throw new UsageError("--stage takes the name of a folder, such as test.");
  if (secret && plain) throw new UsageError("--secret and --plain exclude each other.");
  if (positionals.length === 0) throw new UsageError("Name a variable: env set KEY=value. See --help.");
  const values = new Map<string, string | undefined>();
  for (const given of positionals) {
    const at = given.indexOf("=");
    const key = at === -1 ? given : given.slice(0, at);
    if (!isEnvKey(key)) {
      throw new UsageError(`${shownKey(key)} is not a name of a variable; use letters, digits, _, . and -.`);
    }
    if (values.has(key)) throw new UsageError(`${key} is given twice.`);
    if (at === -1 && positionals.length > 1) {
      throw new UsageError(
        `${key} has no value. Write ${key}=value, or give ${key} alone to read its value from stdin.`,
      );
    }
    values.set(key, at === -1 ? undefined : given.slice(at + 1));
  }
  const as = secret ? "secret" : plain ? "plain" : undefined;
  return { values, stage, service, as, json, dir, stack: options.stack ?? stage };
}
