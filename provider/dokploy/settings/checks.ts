import {
  composeRuleNames,
  type RuleLevel,
  type RuleLevels,
  ruleLevels,
} from "../../../packages/compose-checks/checks";

/** Level of a check: `off` skips it, `info` mentions it, `warn` reports, `error` stops the preview. */
export type Level = RuleLevel | "info";
export const levels: readonly Level[] = [...ruleLevels, "info"];

/** Levels by names of checks; `latest-tag/api` is the level of a check for one resource or variable. */
export type Levels = Readonly<Record<string, Level>>;

/** The checks of programs and their files, with default levels: `info` for what a small stack may do without. */
export const planChecks = {
  "plain-secret": "warn",
  "cut-value": "warn",
  "latest-tag": "warn",
  "shared-volume": "warn",
  "shared-domain": "warn",
  "no-certificate": "warn",
  "no-https": "info",
  "no-memory-limit": "info",
  "no-backup": "info",
} as const satisfies Readonly<Record<string, Level>>;

/** The checks of the server for what a plan is about to make, with default levels. */
export const serverChecks = { "full-network": "warn" } as const satisfies Readonly<Record<string, Level>>;

export type PlanCheck = keyof typeof planChecks;
export type ServerCheck = keyof typeof serverChecks;

export const checkNames: readonly string[] = [
  ...new Set([...Object.keys(planChecks), ...Object.keys(serverChecks), ...composeRuleNames]),
];

/** Returns the level of a check for a resource or a variable (`api`, `api.env.KEY`), or the first level for one of several. */
export function levelOf(
  check: PlanCheck | ServerCheck,
  place: string | readonly string[],
  given: Levels,
): Level {
  const own = [place].flat().flatMap((name) => given[`${check}/${name}`] ?? []);
  return own[0] ?? given[check] ?? { ...planChecks, ...serverChecks }[check];
}

/** Returns the levels of compose rules. */
export function composeLevels(given: Levels): RuleLevels {
  const own = composeRuleNames.flatMap((rule): [string, RuleLevel][] => {
    const level = given[rule];
    return level === undefined ? [] : [[rule, level === "info" ? "warn" : level]];
  });
  return Object.fromEntries(own);
}
