/** Conversions of a value between Dokploy's text and the process that gets it, one for each target. */

import { type EnvDialect, isSwarm } from "./dialects";
import { expandTemplate } from "./go-template";
import type { Arrival } from "./model";
import { mapLiterals } from "./references";
import { afterAssignment, afterShell } from "./shell";
import { escapeForStack, escapeTemplate, unescapeFromStack, unescapeTemplate } from "./swarm";
import { afterCompose, breakTemplates, joinTemplates } from "./templates";
import { afterParsing, quoteForCompose, unquoteFromCompose } from "./unquoted";

interface Way {
  /** Converts a value so that it arrives unchanged when dotenv has read it. References stay. */
  write(value: string): string;
  /** Reverses `write`; undefined for a text that no `write` returns and that something on the way replaces. */
  read(raw: string): string | undefined;
  /** Returns the value that arrives once its references are inserted. */
  arrive(resolved: string): Arrival;
  /** Program that replaces text which `read` cannot know. */
  readonly by: string;
}

const same = (value: string) => value;
const verbatim: Way = { write: same, read: same, arrive: (text) => ({ text }), by: "" };

const ways: Readonly<Record<EnvDialect, Way>> = {
  application: { write: escapeTemplate, read: unescapeTemplate, arrive: expandTemplate, by: "Swarm" },
  stack: { write: escapeForStack, read: unescapeFromStack, arrive: expandTemplate, by: "Swarm" },
  compose: verbatim,
  "compose-unquoted": {
    write: quoteForCompose,
    read: unquoteFromCompose,
    arrive: afterParsing,
    by: "Compose",
  },
  "compose-templates": { write: breakTemplates, read: joinTemplates, arrive: afterCompose, by: "Compose" },
  build: { ...verbatim, arrive: afterShell },
  secret: { ...verbatim, arrive: afterAssignment },
  shared: verbatim,
};

/** Converts a value so that the target sees `value` when dotenv has read it. */
export function toRaw(value: string, target: EnvDialect): string {
  return ways[target].write(value);
}

/**
 * Reverses `toRaw`. A text that something on the way replaces, or cannot read, is returned with a note after it: it
 * then equals no value of a program, so that a plan shows the difference.
 */
export function fromRaw(raw: string, target: EnvDialect): string {
  const { read, by } = ways[target];
  return read(raw) ?? `${raw} (not as it stands: ${by} reads it)`;
}

/** True when a value comes from `toRaw`, or could: nothing on the way replaces parts of it. */
export function isLiteral(raw: string, target: EnvDialect): boolean {
  return ways[target].read(raw) !== undefined;
}

/** True when a shared value contains a template that Swarm expands, not braces as this program would write them. */
export function isTemplate(shared: string, target: EnvDialect): boolean {
  if (!isSwarm(target) || !shared.includes("{{")) return false;
  let holds = false;
  mapLiterals(shared, (literal) => {
    holds ||= literal.includes("{{");
    return literal;
  });
  return holds && toRaw(fromRaw(shared, target), target) !== shared;
}

/** Returns the text that arrives for a raw value whose references are inserted. */
export function arrivalOf(resolved: string, target: EnvDialect): Arrival {
  return ways[target].arrive(resolved);
}

/**
 * Explains why a value does not arrive unchanged.
 *
 * @param value the intended value; it is examined, and does not appear in the result
 * @param refers true when it contains references
 */
export function spoiled(target: EnvDialect, value: string, refers: boolean): string {
  const where = refers ? " once its references are resolved" : "";
  switch (target) {
    case "compose-unquoted":
      return (
        "refers to a value that Compose would change: before Dokploy 0.30.0 values reach it without quotes. " +
        "Write that value here instead of the reference," +
        " or update Dokploy"
      );
    case "compose-templates":
      return (
        `contains \${…}${where}, which Compose replaces; Dokploy 0.30.3 and later pass it on unchanged. ` +
        `Separate the dollar ` +
        "sign from the reference"
      );
    case "secret":
    case "build":
      return target === "secret" && value.startsWith("~")
        ? `begins with ~${where}, which the shell that starts the build replaces with a home folder; encode it, ` +
            "for example in base64"
        : `contains a single quote and an exclamation mark${where}, and the shell that starts the build puts a ` +
            "backslash before the exclamation mark; encode it, for example in base64";
    default:
      return (
        "contains {{ once its references are resolved, which Swarm treats as a template; separate the braces from the " +
        "reference"
      );
  }
}

/** Reason for a value that a stack does not get unchanged. */
export const LOST_IN_STACK =
  "refers to a value that has a line break, or combines a single quote with an exclamation mark, and may not " +
  "reach a stack unchanged; write that value here instead of the reference";

/** Reason for a shared value that Swarm changes. */
export const FILLED_IN_BY_SWARM =
  "refers to a value with {{, which Swarm expands as a template; write that value here instead of the " +
  "reference, or, for braces that only applications and stacks get," +
  ' {{"{{"}} in the shared variable';
