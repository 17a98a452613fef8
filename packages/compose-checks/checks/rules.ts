import { someOf } from "../../text/names";

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
