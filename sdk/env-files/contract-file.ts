import { join } from "node:path";
import { someOf, visible } from "../../packages/text";
import { isEnvKey, shownKey } from "../../provider/env";
import { pathText, typeProblems } from "../../provider/schema";
import {
  type FileProblem,
  fileError,
  isDirectory,
  listDirectory,
  type ReadOptions,
  readSource,
  type Source,
} from "../files";
import { matchesPattern, patternProblem } from "./contract-pattern";
import type { ContractFile, RuleFile } from "./contract-schema";
import { isOfType, type VariableType, variableTypes } from "./contract-types";
import { type Path, readTree } from "./value-tree";

/** Name of the file with the contract, next to the folders of the stages. */
export const contractName = "schema.yaml";
/** Name under which a contract has the rules for all services. */
export const anyService = "*";
/** Name of the file with the variables that services share. */
export const sharedService = "shared";
/** Folder of the variables of all stages. */
export const baseStage = "base";

/** Rule of a contract for one variable. */
export interface Rule extends Omit<RuleFile, "type" | "required"> {
  readonly key: string;
  readonly type: VariableType;
  /** True when every stage needs it, or the names of the stages that do. */
  readonly required: boolean | readonly string[];
  /** Position in the contract. */
  readonly offset: number;
}

/** A contract for variables. */
export interface Contract {
  readonly source: Source;
  /** True when files may have variables that the contract does not have. */
  readonly additional: boolean;
  /** Names of the services that it has rules for, with `shared`. */
  readonly services: ReadonlyMap<string, { readonly offset: number }>;
  /** Returns the rules for the variables of a service. */
  rulesOf(service: string): ReadonlyMap<string, Rule>;
}

/** True when a stage needs the variable of a rule. */
export function isRequired({ required }: Rule, stage: string): boolean {
  return typeof required === "boolean" ? required : required.includes(stage);
}

/** Returns why a text is not a value that a rule allows, without the text; undefined when it is one. */
export function misfit({ type, values, pattern }: Rule, text: string): string | undefined {
  if (!isOfType(type, text)) return `is not ${variableTypes[type]}`;
  if (values !== undefined && !values.includes(text)) return `is not one of ${someOf(values.map(visible))}`;
  if (pattern !== undefined && !matchesPattern(pattern, text))
    return `does not match the pattern ${visible(pattern)}`;
  return undefined;
}

/** Returns the names of the stages in a folder. */
export function stagesIn(folder: string, options: ReadOptions): string[] {
  return listDirectory(folder, options).filter(
    (name) => name !== baseStage && isDirectory(join(folder, name), options),
  );
}

/**
 * Reads the contract in a folder of stages.
 *
 * @param isCertain false where a file of that name may be something else; then undefined is returned for one that has
 * none of the fields of a contract
 * @throws FileError with the place of each problem
 */
export function readContract(folder: string, isCertain: true, options?: ReadOptions): Contract;
export function readContract(folder: string, isCertain: boolean, options?: ReadOptions): Contract | undefined;
export function readContract(
  folder: string,
  isCertain: boolean,
  options: ReadOptions = {},
): Contract | undefined {
  const path = join(folder, contractName).replaceAll("\\", "/");
  const source = readSource(path, options);
  const { root, locationOf } = readTree(source, { least: "services: and their variables", takesTags: false });
  // Loaded here, so that a program without a contract does not pay for it.
  const { contractSchema } = require("./contract-schema") as typeof import("./contract-schema");
  if (!isCertain && !Object.keys(contractSchema.shape).some((field) => field in root)) return undefined;
  const problems = typeProblems("contract", contractSchema, root).map(
    ({ path: at, reason }): FileProblem => ({
      offset: locationOf(at),
      reason: `${pathText(at)}: ${reason}${/must be a string, not a (?:number|boolean)$/.test(reason) ? "; put it in quotes" : ""}`,
    }),
  );
  if (problems.length > 0) throw fileError(source, problems);
  return contractOf(root as ContractFile, source, locationOf, stagesIn(folder, options));
}

function contractOf(
  file: ContractFile,
  source: Source,
  locationOf: (path: Path) => number,
  stages: readonly string[],
): Contract {
  const findings: FileProblem[] = [];
  const groups = new Map<string, { offset: number; rules: Map<string, Rule> }>();
  const add = (name: string, path: Path, rules: Record<string, RuleFile | null>) => {
    const read = Object.entries(rules).map(([key, fields]): [string, Rule] => {
      const { type = "string", ...rest } = fields ?? {};
      const required = fields?.required ?? (name !== anyService && fields?.deprecated === undefined);
      const rule: Rule = { ...rest, key, type, required, offset: locationOf([...path, key]) };
      for (const [field, reason] of problemsOf(rule, stages)) {
        const place = field === undefined ? [...path, key] : [...path, key, field];
        findings.push({ offset: locationOf(place), reason: `${shownKey(key)}: ${reason}` });
      }
      return [key, rule];
    });
    groups.set(name, { offset: locationOf(path), rules: new Map(read) });
  };
  for (const [name, rules] of Object.entries(file.services ?? {})) {
    const path = ["services", name];
    if (name !== sharedService) add(name, path, rules);
    else
      findings.push({ offset: locationOf(path), reason: "write the variables of shared.yaml below shared:" });
  }
  if (file.shared !== undefined) add(sharedService, ["shared"], file.shared);
  if (findings.length > 0) throw fileError(source, findings);
  const any = groups.get(anyService)?.rules ?? new Map<string, Rule>();
  groups.delete(anyService);
  return {
    source,
    additional: file.additional ?? false,
    services: groups,
    rulesOf: (service) => {
      const own = groups.get(service)?.rules ?? [];
      return service === sharedService ? new Map(own) : new Map([...any, ...own]);
    },
  };
}

/** Lists the mistakes in a rule, each with its field. */
function problemsOf(
  rule: Rule,
  stages: readonly string[],
): [field: keyof RuleFile | undefined, reason: string][] {
  const { key, values = [], pattern, required, secret } = rule;
  const problems: [keyof RuleFile | undefined, string][] = [];
  if (!isEnvKey(key))
    problems.push([undefined, "is not a name of a variable; use letters, digits, _, . and -"]);
  if (secret && values.length > 0)
    problems.push(["values", "is secret, and values would show it; remove values"]);
  const wrong = pattern === undefined ? undefined : patternProblem(pattern);
  if (wrong !== undefined) return [...problems, ["pattern", `pattern: ${wrong}`]];
  const misfits = values.filter((value) => misfit({ ...rule, values: [value] }, value) !== undefined);
  if (misfits.length > 0) {
    const reason = `values: ${someOf(misfits.map(visible))} cannot be a value by the type or pattern; correct it`;
    problems.push(["values", reason]);
  }
  const unknown = typeof required === "boolean" ? [] : required.filter((name) => !stages.includes(name));
  if (unknown.length > 0 && stages.length > 0) {
    const reason = `required: there is no stage ${someOf(unknown.map(visible))}; the stages are ${someOf(stages.map(visible))}`;
    problems.push(["required", reason]);
  }
  return problems;
}
