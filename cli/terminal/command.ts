import { meantBy } from "../../packages/text";
import { UsageError } from "./errors";
import { help, type Options, optionLines } from "./options";
import { print } from "./output";
import { aligned } from "./table";

/** One command of `pulumi-dokploy`. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly options: Options;
  /** The text of `--help`. Its first line is the usage, with the operands. */
  readonly help: string;
  /** Runs with the arguments after the command's name. Resolves when its work is done. */
  run(args: readonly string[]): Promise<void>;
}

/** Commands by name. */
export interface Commands {
  readonly [name: string]: Command | CommandGroup;
}

/** Commands with one word before their names: `env diff`, `env set`. */
export interface CommandGroup {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly commands: Commands;
}

/** Returns the text of `--help` for a list of commands, which `words` precede on the command line. */
export function commandsHelp(commands: Commands, words: string, options: Options = {}): string {
  return [
    `Usage: ${words} <command> [options]`,
    "",
    "Commands:",
    ...aligned(Object.entries(commands).map(([name, { summary }]) => [name, summary])),
    "",
    ...optionLines({ help: { ...help, help: ["Show this text, or the help of a command"] }, ...options }, 17),
  ].join("\n");
}

/**
 * Runs the command that the first arguments name, or prints help.
 *
 * @param words the words before the arguments on the command line
 * @throws UsageError when there is no such command
 */
export async function runCommand(
  commands: Commands,
  words: string,
  [name = "", ...args]: readonly string[],
): Promise<void> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    if (isHelp(name)) return print(commandsHelp(commands, words));
    if (name === "") throw new UsageError(`No command given.\n\n${commandsHelp(commands, words)}`);
    const known = Object.keys(commands);
    const meant = meantBy(name, known);
    const question = meant === undefined ? "" : ` Did you mean ${meant}?`;
    throw new UsageError(`Unknown command "${name}".${question} Known: ${known.join(", ")}.`);
  }
  if ("commands" in command) return await runCommand(command.commands, `${words} ${name}`, args);
  // Words after -- belong to another program.
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (own.some(isHelp)) print(command.help);
  else await command.run(args);
}

function isHelp(word: string): boolean {
  return word === "--help" || word === "-h";
}
