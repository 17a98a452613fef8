import { someOf } from "../names";
import { UserError } from "../problem";
import { isRecord } from "../pulumi/unknown";

export const ruleLevels = ["off", "warn", "error"] as const;
/** `off` does not look, `warn` tells, `error` stops the preview. */
export type RuleLevel = (typeof ruleLevels)[number];

/**
 * The checks of a compose file, with what a finding is unless settings say otherwise: an error where the deployment
 * would fail or lose data, a warning for advice.
 */
export const composeRules = {
  syntax: "error",
  schema: "error",
  interpolation: "error",
  "undefined-name": "error",
  "dependency-cycle": "error",
  "port-clash": "error",
  "missing-file": "error",
  "code-folder-mount": "error",
  "required-variable": "error",
  "env-file-off": "error",
  "stack-refused": "error",
  "multiline-variable": "error",
  "unknown-key": "warn",
  "container-name": "warn",
  "version-field": "warn",
  "lost-tag": "warn",
  "latest-tag": "warn",
  "reserved-port": "warn",
  "host-path-mount": "warn",
  "files-folder-mount": "warn",
  "missing-variable": "warn",
  "unused-variable": "warn",
  localhost: "warn",
  "missing-healthcheck": "warn",
  "stack-ignored": "warn",
} as const satisfies Readonly<Record<string, RuleLevel>>;

export type ComposeRule = keyof typeof composeRules;

/** Levels that differ from the defaults. */
export type RuleLevels = { readonly [Rule in ComposeRule]?: RuleLevel | undefined };

export const composeRuleNames = Object.keys(composeRules) as ComposeRule[];

/** Names that are no rule, in a sentence that lists the rules; undefined when all are. */
export function unknownRules(levels: object): string | undefined {
  const unknown = Object.keys(levels).filter((name) => !Object.hasOwn(composeRules, name));
  if (unknown.length === 0) return undefined;
  const names = someOf(unknown.map((name) => JSON.stringify(name)));
  return `there is no rule ${names}; the rules are ${composeRuleNames.join(", ")}`;
}

/**
 * Reads levels from a setting: a JSON object, as the stack configuration gives a map, or `rule=level,rule=level`.
 *
 * @param where what to correct, e.g. `DOKPLOY_COMPOSE_CHECKS`
 * @throws UserError when it is neither, or names a rule or level that does not exist
 * @example readRuleLevels("latest-tag=error,localhost=off", "DOKPLOY_COMPOSE_CHECKS")
 */
export function readRuleLevels(text: string, where: string): RuleLevels {
  const levels = parsed(text.trim());
  if (levels === undefined) {
    throw new UserError(`${where} must be a map from rules to levels, or a text such as latest-tag=error.`);
  }
  const unknown = unknownRules(levels);
  if (unknown !== undefined) throw new UserError(`${where}: ${unknown}.`);
  return Object.fromEntries(
    Object.entries(levels).map(([rule, given]) => {
      // YAML takes a bare `off` for false.
      const level = ruleLevels.find(
        (name) => name === (given === false || given === "false" ? "off" : given),
      );
      if (level === undefined) {
        throw new UserError(`${where}: the level of ${rule} must be ${ruleLevels.join(", ")}.`);
      }
      return [rule, level];
    }),
  );
}

function parsed(text: string): Record<string, unknown> | undefined {
  if (text.startsWith("{")) {
    try {
      const value: unknown = JSON.parse(text);
      return isRecord(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }
  const pairs = text
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "")
    .map((pair) => pair.split("=").map((part) => part.trim()));
  return pairs.every((pair) => pair.length === 2) ? Object.fromEntries(pairs) : undefined;
}
