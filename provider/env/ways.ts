/** How a value travels from Dokploy's text to the process that it is for, one way for each target. */

import { type EnvDialect, isSwarm } from "./dialects";
import { expandTemplate } from "./go-template";
import type { Arrival } from "./model";
import { mapLiterals } from "./references";
import { afterAssignment, afterShell } from "./shell";
import { escapeForStack, escapeTemplate, unescapeFromStack, unescapeTemplate } from "./swarm";
import { afterCompose, breakTemplates, joinTemplates } from "./templates";
import { afterParsing, quoteForCompose, unquoteFromCompose } from "./unquoted";

interface Way {
  /** The value as dotenv has to read it, so that it arrives as it is. References stay. */
  write(value: string): string;
  /** The reverse; undefined for what no `write` gives, and something on the way fills in. */
  read(raw: string): string | undefined;
  /** What arrives of it once its references are put in. */
  arrive(resolved: string): Arrival;
  /** Who fills in what `read` cannot tell. */
  readonly by: string;
}

const same = (value: string) => value;
const asItIs: Way = { write: same, read: same, arrive: (text) => ({ text }), by: "" };

const ways: Readonly<Record<EnvDialect, Way>> = {
  application: { write: escapeTemplate, read: unescapeTemplate, arrive: expandTemplate, by: "Swarm" },
  stack: { write: escapeForStack, read: unescapeFromStack, arrive: expandTemplate, by: "Swarm" },
  compose: asItIs,
  "compose-unquoted": {
    write: quoteForCompose,
    read: unquoteFromCompose,
    arrive: afterParsing,
    by: "Compose",
  },
  "compose-templates": { write: breakTemplates, read: joinTemplates, arrive: afterCompose, by: "Compose" },
  build: { ...asItIs, arrive: afterShell },
  secret: { ...asItIs, arrive: afterAssignment },
  shared: asItIs,
};

/** A value as dotenv has to read it, so that the target sees `value`. */
export function toRaw(value: string, target: EnvDialect): string {
  return ways[target].write(value);
}

/**
 * The reverse of `toRaw`. What something on the way fills in, or cannot read, comes back with a note behind it: it equals
 * no value that a program may want, so that a plan shows the difference.
 */
export function fromRaw(raw: string, target: EnvDialect): string {
  const { read, by } = ways[target];
  return read(raw) ?? `${raw} (not as it stands: ${by} reads it)`;
}

/** Whether a value comes from `toRaw`, or could: nothing on the way fills it in. */
export function isLiteral(raw: string, target: EnvDialect): boolean {
  return ways[target].read(raw) !== undefined;
}

/** Whether a shared value holds a template that Swarm fills in, and not braces as this program would write them. */
export function isTemplate(shared: string, target: EnvDialect): boolean {
  if (!isSwarm(target) || !shared.includes("{{")) return false;
  let holds = false;
  mapLiterals(shared, (literal) => {
    holds ||= literal.includes("{{");
    return literal;
  });
  return holds && toRaw(fromRaw(shared, target), target) !== shared;
}

/** What arrives of a raw value whose references are put in. */
export function arrivalOf(resolved: string, target: EnvDialect): Arrival {
  return ways[target].arrive(resolved);
}

/**
 * Why a value does not arrive as it is.
 *
 * @param value as it should arrive; it is looked at, and not in the answer
 * @param refers whether it takes others in
 */
export function spoiled(target: EnvDialect, value: string, refers: boolean): string {
  const where = refers ? " once its references are put in" : "";
  switch (target) {
    case "compose-unquoted":
      return (
        "takes in a value that Compose would change: before Dokploy 0.30.0 values reach it without quotes. Write that " +
        "value here in place of the reference, or update Dokploy"
      );
    case "compose-templates":
      return (
        `holds \${…}${where}, which Compose replaces: from Dokploy 0.30.3 on it is passed on. Write the dollar sign and ` +
        "the reference apart"
      );
    case "secret":
    case "build":
      return target === "secret" && value.startsWith("~")
        ? `begins with ~${where}, for which the shell that starts the build puts a home folder; encode it, for example ` +
            "in base64"
        : `holds a single quote and an exclamation mark${where}, and the shell that starts the build puts a backslash ` +
            "before that mark; encode it, for example in base64";
    default:
      return (
        "holds {{ once its references are put in, which Swarm takes for a template; write the braces and the " +
        "reference apart"
      );
  }
}

/** The same of a value that a stack does not get whole. */
export const LOST_IN_STACK =
  "takes in a line break, or brings a single quote and an exclamation mark together, which a stack may not get whole; " +
  "write that value here in place of the reference";

/** The same of a shared value that Swarm changes. */
export const FILLED_IN_BY_SWARM =
  "takes in {{, which Swarm fills in as a template; write that value here in place of the reference, or, for braces that " +
  'applications and stacks alone take, {{"{{"}} in the shared variable';
