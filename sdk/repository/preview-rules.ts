import { lstatSync } from "node:fs";
import { join } from "node:path";
import { leastCpu } from "../../packages/compose-checks/allowed";
import { someOf, visible } from "../../packages/text";
import type { ReadSetting } from "../../provider/dokploy";
import { pathText, typeProblems } from "../../provider/schema";
import { isProduction, type Path, previewSetting, readTree } from "../env-files";
import { FileError, type FileProblem, fileError, isThere, type ReadOptions, readSource } from "../files";
import { ProgramError } from "../run";
import type { LayoutOptions } from "./layout";
import { previewStack, previewStage, previewsFileName } from "./preview-names";
import { type PreviewRules, previewsSchema } from "./preview-schema";
import { limitsOf } from "./preview-table";

/** The rules of a repository for the previews of pull requests. */
export interface Rules extends PreviewRules {
  /** Returns an error for a value of the file. */
  problem(path: Path, reason: string): FileError;
}

/** The preview that a run deploys. */
export interface Preview {
  /** Number of the pull request. */
  readonly number: string;
  /** Branch of the pull request, if known. */
  readonly branch: string | undefined;
  readonly rules: Rules;
}

/**
 * Reads which preview a run deploys: `dokploy:preview`, or `DOKPLOY_PREVIEW`, is the number of its pull request.
 *
 * @param configured reads settings of a provider or of the stack's configuration
 * @returns undefined for a stack that is no preview
 * @param stack name of the stack
 * @throws ProgramError for anything but a number, for another stack than that of the preview, and when the repository has no
 * rules for previews; FileError for wrong rules
 */
export function readPreview(
  directory: string,
  configured: ReadSetting,
  environment: NodeJS.ProcessEnv,
  reading: ReadOptions,
  stack: string,
): Preview | undefined {
  const number = previewSetting("preview", configured, environment);
  if (number === undefined) return undefined;
  if (!isPreviewNumber(number)) {
    throw new ProgramError(
      "dokploy:preview is not the number of a pull request: write digits only, such as 12.",
    );
  }
  if (stack !== previewStack(number)) {
    throw new ProgramError(
      `dokploy:preview or DOKPLOY_PREVIEW is ${number}, but the stack is ${visible(stack)}: the run would ` +
        `replace the services of that stack. Select the stack ${previewStack(number)} for the preview, or remove the setting.`,
    );
  }
  if (configured("adopt")?.trim())
    throw new ProgramError(
      `dokploy:adopt is set for the preview, which must not adopt objects of another stage: remove it from ` +
        `Pulumi.${previewStage}.yaml.`,
    );
  const branch = previewSetting("previewBranch", configured, environment);
  return { number, branch, rules: readRules(directory, reading) };
}

/** Returns the options for reading the layout of a preview. */
export function layoutOf({ rules }: Pick<Preview, "rules">): LayoutOptions {
  return {
    namedBy: `from in ${previewsFileName}`,
    over: previewStage,
    only: rules.services,
    withoutLinks: true,
  };
}

/** True for the number of a pull request. */
export function isPreviewNumber(text: string): boolean {
  return /^[1-9]\d{0,8}$/.test(text);
}

/**
 * Reads the rules for previews in a repository.
 *
 * @throws FileError when there are none, or they have mistakes
 */
export function readRules(directory: string, reading: ReadOptions): Rules {
  const path = join(directory, previewsFileName);
  if (!isThere(path)) {
    throw new FileError(
      `${visible(path)}: is missing, and a preview of a pull request needs its rules; write at least \`from: test\``,
    );
  }
  const source = readSource(path, { ...reading, withoutLinks: true });
  const { root, locationOf } = readTree(source, { least: "`from: test`", takesTags: false });
  const problem = (at: Path, reason: string) => fileError(source, [finding(at, reason)]);
  const finding = (at: Path, reason: string): FileProblem => ({
    offset: locationOf(at),
    reason: `${pathText(at)}: ${reason}`,
  });
  const findings = typeProblems("previews", previewsSchema, root).map(({ path: at, reason }) =>
    finding(at, reason),
  );
  const rules = root as PreviewRules;
  if (findings.length === 0) {
    if (isProduction(rules.from)) {
      const reason =
        "is a stage of production, whose variables and secrets a pull request must never get; name another";
      findings.push(finding(["from"], reason));
    }
    if (isLink(join(directory, "envs", rules.from)) || isLink(join(directory, "envs", previewStage)))
      findings.push(finding(["from"], "has a folder in envs that is a link, maybe to that of another stage"));
    const { memory, cpu } = limitsOf(rules);
    if (memory < 1)
      findings.push(finding(["limits", "memory"], "is less than a byte, which Docker reads as no limit"));
    if (cpu < leastCpu)
      findings.push(
        finding(["limits", "cpu"], `is less than ${leastCpu}, which Docker could read as no limit`),
      );
    const wrongHost = rules.host === undefined ? undefined : hostProblem(rules.host);
    if (wrongHost !== undefined) findings.push(finding(["host"], wrongHost));
    for (const list of ["buildsBranch", "dokployNetwork", "seed"] as const) {
      const named = rules[list];
      for (const name of Array.isArray(named) ? named : Object.keys(named ?? {}))
        if (rules.services?.includes(name) === false)
          findings.push(
            finding([list], `names ${visible(name)}, which is not among services: ${someOf(rules.services)}`),
          );
    }
  }
  if (findings.length > 0) throw fileError(source, findings);
  return { ...rules, problem };
}

/** True for a symbolic link. */
export function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function hostProblem(host: string): string | undefined {
  if (/\$\{(?:service\}\d*\$\{number|number\}\d*\$\{service)\}/.test(host))
    return "needs a - or a dot between ${service} and ${number}: web1 in 2 and web in 12 could have the same host";
  if (!host.includes("${number}"))
    return "has no ${number}, so that all pull requests would have the same host";
  const labels = host.replaceAll("${number}", "1").replaceAll("${service}", "web").split(".");
  return labels.length > 1 && labels.every(isLabel)
    ? undefined
    : "is not a host such as pr-${number}.preview.example.com, with ${number} and ${service} as its only placeholders";
}

function isLabel(text: string): boolean {
  return /^[a-z0-9-]{1,63}$/.test(text) && !text.startsWith("-") && !text.endsWith("-");
}
