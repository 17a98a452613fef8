import { someOf } from "../../text";

export const ruleLevels = ["off", "warn", "error"] as const;
/** Level of a rule: `off` skips it, `warn` reports, `error` stops the preview. */
export type RuleLevel = (typeof ruleLevels)[number];

/** The rules for a compose file with default levels: `error` for failures and lost data, `warn` for advice. */
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

/** Levels that replace the defaults. */
export type RuleLevels = { readonly [Rule in ComposeRule]?: RuleLevel | undefined };

export const composeRuleNames = Object.keys(composeRules) as ComposeRule[];

/** Returns a sentence that names unknown rules and lists the known ones; undefined when all are known. */
export function unknownRules(levels: object): string | undefined {
  const unknown = Object.keys(levels).filter((name) => !Object.hasOwn(composeRules, name));
  if (unknown.length === 0) return undefined;
  const names = someOf(unknown.map((name) => JSON.stringify(name)));
  return `no rule has the name ${names}; the rules are ${composeRuleNames.join(", ")}`;
}
