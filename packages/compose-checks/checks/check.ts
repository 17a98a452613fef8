import { LineIndex, type MapNode } from "../yaml";
import { checkConsistency } from "./consistency";
import { readDocument } from "./document";
import { checkFiles, checkMounts } from "./files";
import { checkLocalhost } from "./localhost";
import { checkMultiline } from "./multiline";
import { checkNames } from "./names";
import { checkNeeds } from "./needs";
import { checkPorts } from "./ports";
import { activeProfiles, startsWith } from "./profiles";
import { resolved } from "./resolved";
import { type ComposeRule, composeRules, type RuleLevels } from "./rules";
import { checkSchema } from "./schema";
import { checkServices } from "./services";
import { checkStack } from "./stack";
import { ComposeVariables, type Contents, type Service, type Subject, servicesOf } from "./subject";
import { checkInterpolation, checkVariables } from "./variables";

/** A file that a mount of the service writes. */
export interface WrittenFile {
  /** Path below `../files`, e.g. `conf/app.toml`. */
  readonly path: string;
  /** Undefined where it is not known. */
  readonly content: string | undefined;
}

/** A compose file, with the settings of its service that matter for the checks. */
export interface ComposeFile {
  readonly text: string;
  readonly composeType: "docker-compose" | "stack";
  /**
   * The variables that Dokploy writes into `.env`, undefined for a value that is not known yet. Without them, the
   * checks say nothing about variables.
   */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined;
  /** True when Dokploy writes `.env`. Default: true. */
  readonly createEnvFile?: boolean | undefined;
  /** Files that mounts of the service write below `../files`. Without them, it is not known which these are. */
  readonly writtenFiles?: readonly WrittenFile[] | undefined;
  /** True when a custom command deploys it, which may activate profiles. Default: false. */
  readonly ownCommand?: boolean | undefined;
  /** Levels that differ from the defaults. */
  readonly levels?: RuleLevels | undefined;
}

/** A mistake in the file, or advice to improve it. */
export interface Finding {
  readonly rule: ComposeRule;
  readonly severity: "warn" | "error";
  /** Position from 1; without it, the finding is about the whole file or about a variable. */
  readonly line?: number;
  readonly column?: number;
  /** The variable that the finding is about, where that is outside the file. */
  readonly variable?: string;
  /** Never contains a value of a variable, nor an environment value of the file. */
  readonly message: string;
}

/**
 * Checks a compose file as Dokploy would deploy it from a raw source. Never throws, even for a text that is not YAML.
 * Findings are in the order of the file.
 *
 * @example
 * checkComposeFile({ text: "services:\n  db:\n    image: postgres", composeType: "docker-compose" })
 * // [{ rule: "latest-tag", severity: "warn", line: 3, column: 12, message: "…" }]
 */
export function checkComposeFile(file: ComposeFile): Finding[] {
  const text = file.text.replace(/^\uFEFF/, "");
  const places = new LineIndex(text);
  const findings: { offset: number; finding: Finding }[] = [];
  const report: Subject["report"] = (rule, at, message, variable) => {
    const severity = file.levels?.[rule] ?? composeRules[rule];
    if (severity === "off") return;
    const finding: Finding = {
      rule,
      severity,
      ...(at === undefined ? {} : places.at(at.offset)),
      ...(variable === undefined ? {} : { variable }),
      message,
    };
    findings.push({ offset: at?.offset ?? (variable === undefined ? -1 : text.length), finding });
  };

  const stack = file.composeType === "stack";
  const document = readDocument(text, stack);
  if ("problems" in document) {
    for (const { offset, reason } of document.problems) {
      report("syntax", offset === undefined ? undefined : { offset }, reason);
    }
  } else {
    const createEnvFile = file.createEnvFile ?? true;
    // A stack also gets them through the environment of its command.
    const variables = createEnvFile || stack ? new ComposeVariables(file.variables) : ComposeVariables.none();
    const profiles = file.ownCommand ? undefined : activeProfiles(variables);
    const services = servicesOf(document.root, stack ? () => true : startsWith(profiles, variables));
    const startOf = new Map(services.map(({ name, starts }) => [name, starts]));
    const root = resolved(document.root, variables, stack);
    const subject: Subject = {
      ...contents(
        root,
        servicesOf(root, () => undefined).map((service) => ({
          ...service,
          starts: startOf.get(service.name),
        })),
      ),
      written: contents(document.root, services),
      writtenFiles: file.writtenFiles ?? [],
      stack,
      createEnvFile,
      variables,
      report,
    };
    for (const check of checks) check(subject);
    for (const { tag, offset } of document.tags) {
      if (tag === "!reset" || tag === "!override") report("lost-tag", { offset }, lostTag(tag));
    }
  }
  return findings.sort((a, b) => a.offset - b.offset).map(({ finding }) => finding);
}

function contents(root: MapNode, services: readonly Service[]): Contents {
  return { root, services, started: services.filter(({ starts }) => starts === true) };
}

/** Dokploy 0.30.2 reads each compose file and rewrites it before it deploys it (`writeDomainsToCompose`). */
function lostTag(tag: string): string {
  return (
    `Dokploy rewrites this file without ${tag}: ` +
    (tag === "!reset"
      ? 'null becomes the text "null", and the value that the tag should remove stays. Leave the key out'
      : "this value is merged with the one that it replaces") +
    ", or write the tag in a file that this one extends or includes"
  );
}

const checks: readonly ((subject: Subject) => void)[] = [
  checkSchema,
  checkConsistency,
  checkInterpolation,
  checkNames,
  checkNeeds,
  checkServices,
  checkPorts,
  checkMounts,
  checkFiles,
  checkVariables,
  checkMultiline,
  checkLocalhost,
  checkStack,
];
