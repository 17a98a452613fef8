/**
 * The shell line that starts a build: `KEY=<value> docker build --build-arg <KEY=value> …`, with the quotes of
 * shell-quote 1.8. Tested with dash and bash.
 */
import type { Arrival } from "./model";

/** Returns a build argument as it arrives. */
export function afterShell(value: string): Arrival {
  // In double quotes, which only a value with a single quote gets, the backslash before `!` stays.
  return value.includes("'") && value.includes("!")
    ? { text: value.replaceAll("!", "\\!") }
    : { text: value };
}

/** Returns a build secret as it arrives: it is an assignment, so a `~` at its start means a home folder. */
export function afterAssignment(value: string): Arrival {
  return startsWithHome(value) ? "unknown" : afterShell(value);
}

/** True when the shell reads the `~` of a value as a home folder: nothing before its first slash gets quotes. */
function startsWithHome(value: string): boolean {
  return value.startsWith("~") && !/["'\s\\]/.test(value) && !/^~[^/]*[#!$&()*,:;<=>?@[\]^`{|}]/.test(value);
}
