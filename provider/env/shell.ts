/**
 * The shell line that a build is started with: `KEY=<value> docker build --build-arg <KEY=value> …`, with the quotes of
 * shell-quote 1.8. Tried with dash and bash.
 */
import type { Arrival } from "./model";

/** What a build argument becomes. */
export function afterShell(value: string): Arrival {
  // In double quotes, which only a value with a single quote gets, the backslash before `!` stays.
  return value.includes("'") && value.includes("!")
    ? { text: value.replaceAll("!", "\\!") }
    : { text: value };
}

/** What a build secret becomes: it is an assignment, so that a `~` at its start is a home folder. */
export function afterAssignment(value: string): Arrival {
  return startsWithHome(value) ? "unknown" : afterShell(value);
}

/** Whether nothing of the value gets quotes before its first slash, so that the shell takes its `~` for a home folder. */
function startsWithHome(value: string): boolean {
  return value.startsWith("~") && !/["'\s\\]/.test(value) && !/^~[^/]*[#!$&()*,:;<=>?@[\]^`{|}]/.test(value);
}
