import {
  checkComposeFile,
  composeRuleNames,
  type Finding,
  type RuleLevels,
  ruleLevels,
  unknownRules,
  type WrittenFile,
} from "../../../packages/compose-checks/checks";
import { isRecord, isUnknown } from "../../../packages/values";
import type { Problem } from "../../errors";
import type { Report } from "../../pulumi";

/** Inputs of a Compose resource that its check reads. They may have wrong types or be unknown. */
type Inputs = Readonly<
  Partial<
    Record<"source" | "composeType" | "env" | "createEnvFile" | "command" | "checks" | "mounts", unknown>
  >
>;

/** The stack's settings for checks, and the function for warnings. */
interface Advice {
  readonly composeChecks: RuleLevels;
  readonly warn: Report;
}

/**
 * Checks the compose file of a raw source: errors become problems, and warnings are printed. A file that is unknown or
 * elsewhere is not checked.
 *
 * @param advise returns undefined when the settings of the stack are missing, so that nothing could be applied
 */
export function composeProblems(inputs: Inputs, advise: () => Advice | undefined): Problem[] {
  const checks = isRecord(inputs.checks) ? inputs.checks : {};
  const unknown = unknownRules(checks);
  if (unknown !== undefined) return [{ property: "checks", reason: unknown }];
  const { source } = inputs;
  if (!isRecord(source) || source["type"] !== "raw") return [];
  const text = source["composeFile"];
  // The check of types reports an empty file.
  if (typeof text !== "string" || text === "" || isUnknown(text)) return [];
  const advice = advise();
  if (advice === undefined) return [];

  // The variables that a custom command reads from another file are not known here.
  const ownEnvFile = typeof inputs.command === "string" && inputs.command.includes("--env-file");
  const findings = checkComposeFile({
    text,
    composeType: inputs.composeType === "stack" ? "stack" : "docker-compose",
    variables: ownEnvFile ? undefined : variablesOf(inputs.env),
    createEnvFile: ownEnvFile || inputs.createEnvFile !== false,
    writtenFiles: filesOf(inputs.mounts),
    ownCommand: inputs.command !== undefined && inputs.command !== "",
    levels: { ...advice.composeChecks, ...levelsOf(checks) },
  });
  const file = typeof source["file"] === "string" && !isUnknown(source["file"]) ? source["file"] : undefined;
  const warnings = findings.filter(({ severity }) => severity === "warn");
  for (const finding of warnings.slice(0, maxFindings)) {
    const variable = finding.variable === undefined ? "" : `env.${finding.variable}: `;
    advice.warn(`${variable}${sentence(finding, file)}`, "compose");
  }
  const silent = more(warnings, "warning");
  if (silent !== undefined) advice.warn(silent, "compose");

  const errors = findings.filter(({ severity }) => severity === "error");
  const reasons = errors.slice(0, maxFindings).map((finding) => ({
    property: finding.variable === undefined ? "source.composeFile" : `env.${finding.variable}`,
    reason: sentence(finding, file),
  }));
  const further = more(errors, "error");
  return further === undefined ? reasons : [...reasons, { property: "source.composeFile", reason: further }];
}

/** Maximum number of findings that are reported: for a file that is wrong throughout, the first are enough. */
const maxFindings = 20;

function more(findings: readonly Finding[], what: string): string | undefined {
  const count = findings.length - maxFindings;
  return count > 0 ? `and ${count} more ${what}${count === 1 ? "" : "s"} of the compose file` : undefined;
}

/** Returns `services/cache.yaml:3:5: message [rule]`, a position that editors and CI understand. */
function sentence(finding: Finding, file: string | undefined): string {
  const { line, column, variable, message, rule } = finding;
  const said = `${message} [${rule}]`;
  if (variable !== undefined) return said;
  const place = line === undefined ? "" : `${line}:${column}`;
  const where = file === undefined ? ["compose file", place].join(" ").trim() : [file, place].join(":");
  return `${where.replace(/:$/, "")}: ${said}`;
}

function levelsOf(checks: Readonly<Record<string, unknown>>): RuleLevels {
  const levels = composeRuleNames.map((rule) => [rule, ruleLevels.find((level) => level === checks[rule])]);
  return Object.fromEntries(levels.filter(([, level]) => level !== undefined));
}

/** Returns the files that the mounts of the service write. */
function filesOf(mounts: unknown): WrittenFile[] {
  return (isRecord(mounts) ? Object.values(mounts) : []).flatMap((mount) => {
    const { filePath: path, content = "" } = isRecord(mount) ? mount : {};
    if (typeof path !== "string" || isUnknown(path)) return [];
    return [{ path, content: typeof content === "string" && !isUnknown(content) ? content : undefined }];
  });
}

/** Returns the variables; undefined when the resource does not manage them, or not all names are known. */
function variablesOf(env: unknown): Record<string, string | undefined> | undefined {
  if (!isRecord(env)) return undefined;
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      typeof value === "string" && !isUnknown(value) ? value : undefined,
    ]),
  );
}
