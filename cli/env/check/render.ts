import { byText, counted, visibleJson } from "../../../packages/text";

/** A problem, as a line `path:line:column: …`. */
export interface Problem {
  readonly line: string;
  /** Stages that have it; none for one of the contract. */
  readonly stages: readonly string[];
}

/** A variable whose value is not known here. */
export interface Unchecked {
  readonly stage: string;
  readonly service: string;
  readonly key: string;
  readonly why: string;
}

/** Result of a check. */
export interface Report {
  /** Path of the contract. */
  readonly contract: string;
  readonly stages: readonly string[];
  readonly services: readonly string[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly unchecked: readonly Unchecked[];
  /** Services that the contract does not name. */
  readonly uncovered: readonly string[];
}

/** Renders each problem on a line, and a summary. */
export function renderText(report: Report): string {
  const { contract, stages, services, problems, warnings, unchecked, uncovered } = report;
  const byReason = new Map<string, string[]>();
  for (const { stage, service, key, why } of unchecked) {
    byReason.set(why, [...(byReason.get(why) ?? []), `${stage}/${service} ${key}`]);
  }
  const counts: readonly [count: number, noun: string, rest: string][] = [
    [problems.length, "problem", ""],
    [warnings.length, "warning", ""],
    [unchecked.length, "value", " not checked"],
  ];
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, noun, rest]) => counted(count, noun) + rest);
  return [
    ...problems.map(({ line }) => line),
    ...warnings.map(({ line }) => `warning: ${line}`),
    ...[...byReason].map(([why, keys]) => `not checked: ${keys.join(", ")}: ${why}`),
    ...uncovered.map((name) => `not in ${contract}: ${name}`),
    `${counted(stages.length, "stage")}, ${counted(services.length, "service")}: ${parts.join(", ") || "no problems"}`,
  ].join("\n");
}

/** Renders the report as JSON of version 1, whose shape docs/operations/json.md gives. */
export function renderJson(report: Report): string {
  const { stages, problems, warnings, unchecked, uncovered } = report;
  return visibleJson(
    {
      version: 1,
      failed: problems.length > 0,
      stages,
      problems: problems.map(placed),
      warnings: warnings.map(placed),
      notChecked: unchecked,
      uncovered: [...uncovered].sort(byText),
    },
    2,
  );
}

/** Splits a line into its place and the message. */
function placed({ line: text, stages }: Problem) {
  const [, file, line, column, message] = /^([^\n]+?)(?::(\d+):(\d+))?: (.*)$/s.exec(text) ?? [];
  if (file === undefined) return { stages, message: text };
  return {
    stages,
    file,
    ...(line === undefined ? {} : { line: Number(line), column: Number(column) }),
    message,
  };
}
