import { dirname, join } from "node:path";
import { visible } from "../../../packages/text";
import {
  type Contract,
  Contracts,
  contractName,
  type FileVariable,
  type FileVariables,
  readContract,
  readLayersByName,
  sharedService,
  stagesIn,
  withServices,
} from "../../../sdk/env-files";
import { FileError, isThere, placeName } from "../../../sdk/files";
import { appFileName, tagVariable, variablesBesideFiles } from "../../../sdk/repository";
import { type Dependencies, Stack, servicesNextTo } from "../../stack";
import { parseArguments, UsageError } from "../../terminal";
import { valueIn } from "../diff/file-side";
import { breachesOf } from "../stage/contract";
import { foldersOf } from "../stage/stage";
import { checkOptions } from "./options";
import { type Problem, type Report, renderJson, renderText, type Unchecked } from "./render";

/** @throws UsageError when there is no contract or no such stage */
export async function runCheck(
  args: readonly string[],
  dependencies: Pick<Dependencies, "env" | "pulumi">,
): Promise<{ output: string; failed: boolean }> {
  const { values, positionals } = parseArguments(checkOptions, args);
  const { dir, json } = values;
  const report = await new Check(dir, dependencies).run(positionals);
  return { output: json ? renderJson(report) : renderText(report), failed: report.problems.length > 0 };
}

/** @throws UsageError when a folder has no contract */
export function requireContract(dir: string): void {
  if (isThere(join(dir, contractName))) return;
  throw new UsageError(
    `There is no ${visible(join(dir, contractName))}; name its folder with --dir, or write one with ` +
      "`pulumi-dokploy env contract --infer --write`.",
  );
}

class Check {
  readonly #problems = new Map<string, Problem>();
  readonly #warnings = new Map<string, Problem>();
  readonly #unchecked: Unchecked[] = [];
  readonly #services = new Set<string>();
  readonly #contracts = new Contracts({});

  constructor(
    private readonly dir: string,
    private readonly dependencies: Pick<Dependencies, "env" | "pulumi">,
  ) {}

  async run(wanted: readonly string[]): Promise<Report> {
    requireContract(this.dir);
    const all = stagesIn(this.dir, {});
    const unknown = wanted.filter((stage) => !all.includes(stage));
    if (unknown.length > 0) {
      throw new UsageError(
        `There is no stage ${unknown.join(", ")} in ${this.dir}; it has ${all.join(", ")}.`,
      );
    }
    const stages = wanted.length > 0 ? all.filter((stage) => wanted.includes(stage)) : all;
    const contract = this.#read("", () => readContract(this.dir, true));
    if (contract !== undefined) {
      for (const stage of stages) await this.#stage(stage, contract);
      if (stages.length === all.length) this.#findUnused(contract);
    }
    const services = [...this.#services];
    return {
      contract: join(this.dir, contractName),
      stages,
      services,
      problems: [...this.#problems.values()],
      warnings: [...this.#warnings.values()],
      unchecked: this.#unchecked,
      uncovered: contract === undefined ? [] : services.filter((name) => !contract.services.has(name)),
    };
  }

  async #stage(stage: string, contract: Contract): Promise<void> {
    const byName = this.#read(stage, () => readLayersByName(foldersOf(this.dir, stage), {}));
    if (byName === undefined) return;
    const stack = new Stack(stage, this.dependencies.pulumi);
    for (const name of byName.keys()) this.#services.add(name);
    for (const service of new Set([...byName.keys(), ...contract.services.keys()])) {
      const read = byName.get(service) ?? new Map<string, FileVariable>();
      const { variables, findings } = this.#withServices(service, stage, read);
      for (const { source, offset, reason } of findings)
        this.#add(this.#problems, `${placeName(source, offset)}: ${reason}`, stage);
      const texts = await this.#textsOf(service, stage, variables, contract, stack);
      this.#read(stage, () => {
        const place = { dir: this.dir, stage, service };
        const found = breachesOf(this.#contracts, place, variables, (entry) => texts.get(entry));
        for (const { source, offset, reason, isWarning } of found) {
          const line = `${placeName(source, offset)}: ${reason}`;
          this.#add(isWarning ? this.#warnings : this.#problems, line, stage);
        }
      });
    }
  }

  /** Distinguishes references to variables from addresses of services, if the description of the service is readable. */
  #withServices(service: string, stage: string, read: FileVariables): ReturnType<typeof withServices> {
    const folder = join(dirname(this.dir), "services", service);
    const files = { folder, app: join(folder, appFileName) };
    try {
      const rest = isThere(files.app) ? variablesBesideFiles(files, [...read.keys()], stage) : undefined;
      const given = [tagVariable, ...(rest?.keys() ?? [])];
      if (rest !== undefined) return withServices(read, { services: servicesNextTo(this.dir), given });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
    return { variables: read, findings: [] };
  }

  /** Returns the values that are known; those of secrets are read only where a rule needs them. */
  async #textsOf(
    service: string,
    stage: string,
    variables: FileVariables,
    contract: Contract,
    stack: Stack,
  ): Promise<ReadonlyMap<FileVariable, string>> {
    const rules = contract.rulesOf(service);
    const texts = new Map<FileVariable, string>();
    for (const entry of variables.values()) {
      const { key } = entry;
      const { type, values, pattern } = rules.get(key) ?? { type: "string" };
      if (type === "string" && values === undefined && pattern === undefined) continue;
      const sources = { stack, env: this.dependencies.env, keysOnly: false };
      const found = await valueIn(entry, sources, variables);
      if (found.kind === "known") texts.set(entry, found.text);
      else this.#unchecked.push({ stage, service, key, why: found.why });
    }
    return texts;
  }

  /** Reports services of the contract that have no file, which are probably misspelled. */
  #findUnused(contract: Contract): void {
    for (const [name, { offset }] of contract.services) {
      const hasFolder = isThere(join(dirname(this.dir), "services", name));
      if (name === sharedService || this.#services.has(name) || hasFolder) continue;
      const place = placeName(contract.source, offset);
      this.#add(
        this.#problems,
        `${place}: ${name}: no stage has a file of this service; correct its name`,
        "",
      );
    }
  }

  /** Reads something, and notes the problems of files. */
  #read<T>(stage: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      for (const line of error.message.split("\n")) this.#add(this.#problems, line, stage);
      return undefined;
    }
  }

  #add(to: Map<string, Problem>, line: string, stage: string): void {
    const stages = to.get(line)?.stages ?? [];
    to.set(line, { line, stages: stage === "" ? stages : [...stages, stage] });
  }
}
