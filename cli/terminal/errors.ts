import { capital, insteadOf, visible } from "../../packages/text";

/** An error in the command line: one message, and an exit code of its own. */
export class UsageError extends Error {}

/** Returns the message about a service that a stack or a stage does not have. */
export function unknownService(owner: string, name: string, known: readonly string[]): string {
  const instead = insteadOf(name, known);
  const end = instead.endsWith("?") ? `. ${capital(instead)}` : `; ${instead}.`;
  return `${owner} ${visible(name)}${end}`;
}

/** Returns the message of an error, without the list of files that Node.js adds where a package is missing. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, name] = /^Cannot find module '((?:@[^/']+\/)?[^./'@][^/']*)/.exec(error.message) ?? [];
  return name === undefined
    ? error.message
    : `The package ${visible(name)} is missing: run npm ci in the folder of the project, or npm install ${visible(name)}.`;
}
