import { isEnvKey, shownKey } from "../../../provider/env";
import { flagOption, parseArguments, stagesFolder, UsageError, valueOption } from "../../terminal";

/** Options of the command. */
export const rotateOptions = {
  stage: valueOption("STAGE", "Folder in envs; base means the variables of every stage"),
  service: valueOption("NAME", "The service, or shared; only needed when the stage has several"),
  generate: flagOption("The next value of a secret is generated, instead of read from stdin"),
  "at-once": flagOption("Replace a generated value in one step: containers refuse what others have signed"),
  dir: stagesFolder,
  stack: valueOption("NAME", "Stack for the next value of a secret (default: the stage)"),
};

/** Arguments of the command. */
export interface RotateRequest {
  readonly key: string;
  readonly stage: string;
  readonly service: string | undefined;
  readonly generate: boolean;
  readonly atOnce: boolean;
  readonly dir: string;
  readonly stack: string;
}

/** @throws UsageError when an argument is missing or wrong */
export function parseRotate(args: readonly string[]): RotateRequest {
  const { values, positionals } = parseArguments(rotateOptions, args);
  const { stage, service, generate, dir } = values;
  const [key, ...more] = positionals;
  if (key === undefined || more.length > 0)
    throw new UsageError("Name one variable: env rotate SESSION_KEY --stage test.");
  if (!isEnvKey(key))
    throw new UsageError(`${shownKey(key)} is not a name of a variable; use letters, digits, _, . and -.`);
  if (stage === undefined) throw new UsageError("Name the stage with --stage, for example --stage test.");
  return { key, stage, service, generate, atOnce: values["at-once"], dir, stack: values.stack ?? stage };
}
