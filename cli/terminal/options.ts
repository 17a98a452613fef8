import { type ParseArgsConfig, parseArgs } from "node:util";
import { meantBy } from "../../packages/text";
import { UsageError } from "./errors";

/** An option, as `parseArgs` takes it, with its help. */
type Option = NonNullable<ParseArgsConfig["options"]>[string] & {
  /** Word for the value in the help, such as `NAME`. */
  readonly value?: string;
  /** Lines of the help, which adds the default. */
  readonly help: readonly string[];
};

/** Options of a command by name, in the order of its help. */
export type Options = Readonly<Record<string, Option>>;

/** Returns an option without a value. */
export function flagOption(...help: readonly string[]) {
  return { type: "boolean", default: false, help } as const;
}

/** Returns an option with a value. */
export function valueOption(value: string, ...help: readonly string[]) {
  return { type: "string", value, help } as const;
}

/** Returns an option with a value that may be given several times. */
export function listOption(value: string, ...help: readonly string[]) {
  return { ...valueOption(value, ...help), multiple: true, default: [] as string[] } as const;
}

/**
 * Returns the word that an option has, or the first one when it is left out.
 *
 * @throws UsageError for another word
 */
export function oneOf<Word extends string>(
  command: string,
  option: string,
  [standard, ...others]: readonly [Word, ...Word[]],
  given: string | undefined,
): Word {
  const words = [standard, ...others];
  const found = given === undefined ? standard : words.find((word) => word === given);
  if (found !== undefined) return found;
  throw new UsageError(`--${option} takes one of ${words.join(", ")}. See ${command} --help.`);
}

/** Returns the address of a page of the documentation. */
export function page(name: string): string {
  return `https://github.com/pulumi-dokploy/pulumi-dokploy/blob/main/docs/${name}.md`;
}

/** `--help`, which every command has. */
export const help = { ...flagOption("Show this text"), short: "h" } as const;

/** `--json`, as most commands have it. */
export const json = flagOption(`Print JSON: ${page("operations/json")}`);

/** `--dir` of the commands that read variables. */
export const stagesFolder = { ...valueOption("DIR", "Folder of the stages"), default: "envs" } as const;

/** Operands, and values of options by the types that their table declares. */
type Parsed<Table extends Options> = ReturnType<
  typeof parseArgs<{ args: readonly string[]; options: Table; allowPositionals: true }>
>;

/**
 * Parses the arguments of a command with operands.
 *
 * @throws UsageError for an unknown option, and one without its value
 */
export function parseArguments<const Table extends Options>(
  options: Table,
  args: readonly string[],
): Parsed<Table> {
  return usageError(options, () => parseArgs({ args, options, allowPositionals: true }));
}

/**
 * Parses the arguments of a command without operands.
 *
 * @throws UsageError for an unknown option, one without its value, and an operand
 */
export function parseOptions<const Table extends Options>(
  options: Table,
  args: readonly string[],
): Parsed<Table>["values"] {
  return usageError(options, () => parseArgs({ args, options })).values;
}

function usageError<T>(options: Options, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    // Node.js adds advice about arguments that begin with a dash.
    const [what] = (error instanceof Error ? error.message : String(error)).split(/(?<=[^.])\. /);
    const [, unknown] = /^Unknown option '--([^'=]+)'/.exec(what ?? "") ?? [];
    const meant = unknown === undefined ? undefined : meantBy(unknown, Object.keys(options));
    throw new UsageError(
      `${what?.replace(/\.$/, "")}. ${meant === undefined ? "See --help." : `Did you mean --${meant}?`}`,
    );
  }
}

/** Longest line of a help. */
export const longestLine = 120;

/**
 * Returns the part of a help that lists the options, with `--help` as the last one.
 *
 * @param column where the words begin; a name that reaches it is alone on its line
 */
export function optionsHelp(options: Options, column?: number): string[] {
  return optionLines({ ...options, help }, column);
}

/** Returns the part of a help that lists the options. */
export function optionLines(options: Options, column = 19): string[] {
  return ["Options:", ...Object.entries(options).flatMap(([name, option]) => linesOf(name, option, column))];
}

function linesOf(name: string, { value, short, help, default: standard }: Option, column: number) {
  const long = `  --${name}${value === undefined ? "" : ` ${value}`}`;
  const names = short === undefined ? long : `${long}, -${short}`;
  const words = [...help];
  if (typeof standard === "string") {
    const note = `(default: ${standard})`;
    const line = `${words.pop() ?? ""} ${note}`;
    words.push(...(column + line.length <= longestLine ? [line] : [...help.slice(-1), note]));
  }
  const [first = "", ...others] = words.map((line) => " ".repeat(column) + line);
  if (names.length >= column) return [names, first, ...others];
  return [names + first.slice(names.length), ...others];
}
