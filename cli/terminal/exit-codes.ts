import { longestLine } from "./options";
import { wrapped } from "./table";

/** Exit codes of all commands. */
export const exitCodes = {
  /** Success, and nothing that counts was found. */
  done: 0,
  /** Failure, or something that counts was found, such as a difference. */
  failed: 1,
  /** Wrong argument, or one that names something which cannot be read. */
  wrong: 2,
  /** Summary of a plan with something that `--fail-on` names; after a failure there is no summary. */
  named: 3,
  /** Code of `env run`, as of a shell, for a command that cannot be started. */
  notStarted: 126,
  /** Code of `env run`, as of a shell, for a command that does not exist. */
  unknownCommand: 127,
  /** Code of `env run`, as of a shell, for a command that a signal ended; the number of the signal is added. */
  signal: 128,
} as const;

/** Meanings of exit codes for one command. */
interface Meanings {
  readonly done: string;
  readonly failed?: string;
  readonly wrong?: string;
  readonly named?: string;
}

/**
 * Returns the part of a help that explains the exit codes.
 *
 * @param width longest line
 */
export function exitCodesHelp(
  { done, failed, wrong = "an option is wrong", named }: Meanings,
  width = longestLine,
): string[] {
  const meanings = [
    [exitCodes.done, done],
    [exitCodes.failed, failed],
    [exitCodes.wrong, wrong],
    [exitCodes.named, named],
  ] as const;
  const parts = meanings.flatMap(([code, meaning]) => (meaning === undefined ? [] : [`${code} ${meaning}`]));
  return wrapped(`Exit codes: ${parts.join("; ")}.`, width, "");
}
