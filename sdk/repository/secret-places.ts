import {
  commandsOf,
  literalsOf,
  parseTemplate,
  type Segment,
  settingsIn,
} from "../../packages/compose-checks/checks";
import { commandHolds, looksSecret } from "../../provider/env";
import { isValues, type Path, type Values } from "../env-files";

/** A secret in a compose file. */
export interface SecretPlace {
  readonly offset: number;
  /** Path of the value or of the command: `services.api.environment.KEY`. */
  readonly path: string;
  /** Name of the variable; undefined for a command. */
  readonly variable?: string;
}

/** Lists the values and the commands of a compose file that look like secrets, apart from what its variables give. */
export function secretsInCompose(text: string): SecretPlace[] {
  const values = literalsOf(text).filter(({ key, value }) =>
    looksSecret(key, writtenIn(parseTemplate(value))),
  );
  const commands = commandsOf(text).filter(({ words }) => commandHolds(words.join(" ")));
  return [
    ...values.map(({ key, offset, path }) => ({ offset, path, variable: key })),
    ...commands.map(({ offset, path }) => ({ offset, path })),
  ];
}

/** Lists the paths of the texts and the commands among the inputs of a service that look like secrets. */
export function secretsInInputs(inputs: Values): Path[] {
  return [...pathsOf(inputs, isSecret), ...secretCommands(inputs)];
}

/** True for the text of a field, with places for secrets, that looks like a secret itself. */
export function isSecretText(text: string, field: string): boolean {
  return isSecret(text, [field]) || (field !== "content" && commandHolds(text));
}

/** Returns what a value says itself, without variables, but with their defaults; empty when that has no letter or digit. */
function writtenIn(segments: readonly Segment[]): string {
  const written = segments
    .map((segment) => {
      if (segment.kind === "literal") return segment.text;
      if (segment.kind === "malformed") return segment.source;
      return segment.operator === "?" ? "" : writtenIn(segment.operand);
    })
    .join("");
  return /[\p{L}\p{N}]/u.test(written) ? written : "";
}

/** Lists the paths of texts that match. */
export function pathsOf(
  value: unknown,
  matches: (text: string, path: Path) => boolean,
  path: Path = [],
): Path[] {
  if (typeof value === "string") return matches(value, path) ? [path] : [];
  const inner: [PropertyKey, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : isValues(value)
      ? Object.entries(value)
      : [];
  return inner.flatMap(([step, item]) => pathsOf(item, matches, [...path, step]));
}

/** True for a text that looks like a secret, and for the content of a file that has one. */
function isSecret(text: string, path: Path): boolean {
  const name = String(path.at(-1) ?? "");
  const settings = name === "content" ? settingsIn(text) : [];
  return looksSecret(name, text) || settings.some(({ key, value }) => looksSecret(key, value));
}

/** Lists the paths of commands with a password or the like among their words. */
function secretCommands({ command, args, healthCheck, swarm }: Values): Path[] {
  const test = isValues(swarm) && isValues(swarm["healthCheck"]) ? swarm["healthCheck"]["Test"] : undefined;
  const check = isValues(healthCheck) ? healthCheck["command"] : undefined;
  const commands: [Path, unknown][] = [
    [["command"], command],
    [["args"], args],
    [["healthCheck", "command"], check],
    [["swarm", "healthCheck", "Test"], test],
  ];
  return commands.flatMap(([path, given]) => {
    // A `!secret` is a word too.
    const words = [given].flat().map((word) => (typeof word === "string" ? word : "$"));
    const isFound = words.some((word) => isSecret(word, path));
    return !isFound && commandHolds(words.join(" ")) ? [path] : [];
  });
}
