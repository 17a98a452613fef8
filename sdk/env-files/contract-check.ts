import { basename, dirname, join, resolve } from "node:path";
import { closest } from "../../packages/text";
import { hasReference } from "../../provider/env";
import { type FileProblem, isInside, isThere, placeName, type ReadOptions, type Source } from "../files";
import {
  baseStage,
  type Contract,
  contractName,
  isRequired,
  misfit,
  type Rule,
  readContract,
} from "./contract-file";
import type { FileVariable } from "./entry";
import { type EnvPath, type FileVariables, serviceOf } from "./layers";
import { formatOf } from "./read";
import { nameInFile } from "./select";

/** Variables of one service in one stage. */
export interface Checked {
  /** Files that they are in, those of the stage last, also where they are missing. */
  readonly files: readonly string[];
  readonly variables: FileVariables;
  /** Returns the value of a variable; undefined where it is not known. */
  textOf(entry: FileVariable): string | undefined;
  /** Names of variables that the service gets in other ways. */
  readonly given?: Iterable<string> | undefined;
}

/** A problem with one variable. */
export interface ContractFinding extends FileProblem {
  readonly source: Source;
  /** True for what works but should change. */
  readonly isWarning: boolean;
}

/** The contracts next to the folders of stages, each of which is read once. */
export class Contracts {
  readonly #byFolder = new Map<string, Contract | undefined>();

  constructor(private readonly options: ReadOptions) {}

  /**
   * Returns the contract for the files in a directory `<folder>/<stage>`, if there is one.
   *
   * @throws FileError with all problems of a contract, once
   */
  for(directory: string): Contract | undefined {
    const folder = join(directory, "..");
    if (!this.#byFolder.has(folder)) {
      this.#byFolder.set(folder, undefined);
      const isOurs = isThere(join(folder, contractName)) && isInside(folder, this.options);
      if (isOurs) this.#byFolder.set(folder, readContract(folder, false, this.options));
    }
    return this.#byFolder.get(folder);
  }

  /** Lists the services in the contract next to the last of several directories. */
  servicesBeside(directories: readonly EnvPath[]): string[] {
    const last = directories.at(-1) ?? ".";
    const contract = this.for(typeof last === "object" ? last.path : last);
    return [...(contract?.services.keys() ?? [])];
  }

  /**
   * Checks the variables of a service.
   *
   * @throws FileError for a contract that cannot be read
   */
  check({ files, variables, textOf, given = [] }: Checked): ContractFinding[] {
    const byFile = new Map<string, FileVariable[]>(files.map((file) => [file, []]));
    for (const entry of variables.values()) byFile.get(entry.source.path)?.push(entry);
    const present = new Set([...variables.keys(), ...given]);
    /** The last stage of each service, with its file. */
    const stages = new Map<string, { contract: Contract; file: string; stage: string }>();
    const findings: ContractFinding[] = [];
    for (const [file, entries] of byFile) {
      const contract = this.for(dirname(file));
      if (contract === undefined) continue;
      const [service, stage] = [serviceOf(file), basename(dirname(resolve(file)))];
      const host = new Host(contract, service);
      findings.push(...entries.flatMap((entry) => host.check(entry, textOf(entry))));
      if (stage !== baseStage)
        stages.set(`${dirname(dirname(resolve(file)))}/${service}`, { contract, file, stage });
    }
    for (const { contract, file, stage } of stages.values()) {
      const source = byFile.get(file)?.[0]?.source ?? { path: file, text: "" };
      const service = serviceOf(file);
      // A database without variables need not have those of all services.
      if (variables.size === 0 && !contract.services.has(service)) continue;
      const missing = new Host(contract, service).missing(stage, present);
      findings.push(...missing.map((reason) => ({ source, offset: undefined, reason, isWarning: false })));
    }
    return findings;
  }
}

/** A service that a contract applies to. */
class Host {
  readonly #rules: ReadonlyMap<string, Rule>;

  constructor(
    private readonly contract: Contract,
    private readonly service: string,
  ) {
    this.#rules = contract.rulesOf(service);
  }

  check(entry: FileVariable, text: string | undefined): ContractFinding[] {
    const { key, value, source, offset } = entry;
    const found = (reason: string, isWarning = false): ContractFinding[] => [
      { source, offset, reason: `${key}: ${reason}`, isWarning },
    ];
    const rule = this.#rules.get(nameInFile(entry));
    if (rule === undefined) {
      if (this.contract.additional || !this.contract.services.has(this.service)) return [];
      const meant = closest(key, [...this.#rules.keys()]);
      const advice = meant === undefined ? "add it there, or remove it" : `did you mean ${meant}?`;
      return found(`is not in ${this.contract.source.path}; ${advice}`);
    }
    const place = this.#placeOf(rule);
    const old =
      rule.deprecated === undefined ? [] : found(`is deprecated (${place}): ${rule.deprecated}`, true);
    const isReference = value.kind === "text" && hasReference(value.text);
    if (rule.secret && value.kind === "text" && !isReference) {
      const isYaml = formatOf(source.path) === "yaml";
      const advice = isYaml
        ? "write !secret or !env"
        : "move it to a YAML file, and write !secret or !env there";
      return [...old, ...found(`is secret (${place}), and its value is in the file; ${advice}`)];
    }
    const reason = text === undefined || isReference ? undefined : misfit(rule, text);
    return reason === undefined ? old : [...old, ...found(`${reason} (${place})`)];
  }

  missing(stage: string, present: ReadonlySet<string>): string[] {
    return [...this.#rules.values()]
      .filter((rule) => isRequired(rule, stage) && !present.has(rule.key))
      .map((rule) => `${rule.key}: is missing, and stage ${stage} needs it (${this.#placeOf(rule)})`);
  }

  #placeOf({ offset }: Rule): string {
    return placeName(this.contract.source, offset);
  }
}
