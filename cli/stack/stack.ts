import { basename, dirname, join, resolve } from "node:path";
import { yamlLibrary } from "../../packages/compose-checks/yaml";
import { meantBy, visible } from "../../packages/text";
import { isRecord } from "../../packages/values";
import { isMarked, parseUrn } from "../../provider/pulumi";
import { exportedSecret, exportedSetting } from "../../sdk/env-files";
import { isThere, listDirectory, parseYaml, type ReadOptions, readSource } from "../../sdk/files";
import { UsageError } from "../terminal";
import { firstErrorIn, noPulumi, type RunPulumi } from "./process";

/** A resource of this package in the state of a stack. */
export interface StateResource {
  /** `Application`, `EnvironmentBlock` … */
  readonly kind: string;
  /** Name in the program. */
  readonly name: string;
  /** The program and the stack, which the titles of their deployments name; missing outside of a state. */
  readonly owner?: Owner;
  readonly id: string;
  /** Inputs as exported, where a secret is an object. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** A program and its stack. */
export interface Owner {
  readonly project: string;
  readonly stack: string;
  /** Time at which the stack last changed a resource of this package, in milliseconds since 1970; 0 if the state has none. */
  readonly changedAt: number;
}

/** A value, or a clause that says why it is missing; `unread` where it may exist nevertheless. */
export type Found = { readonly value: string } | { readonly why: string; readonly unread?: true };

interface Configuration {
  /** Values by full name; undefined for a secret that cannot be read. */
  readonly values: ReadonlyMap<string, string | undefined>;
  /** Reason why secrets, or everything, cannot be read. */
  readonly problem: string | undefined;
}

/** A stack, read through the Pulumi CLI, which runs only when something is needed, and once. */
export class Stack {
  #configuration: Promise<Configuration> | undefined;
  /** The state with its secrets. */
  #secrets: ReturnType<RunPulumi> | undefined;

  constructor(
    readonly name: string,
    private readonly pulumi: RunPulumi,
  ) {}

  /** Returns the value of `!secret NAME` in this stack; the name may have a namespace before it. */
  async secret(name: string): Promise<Found> {
    const project = name.includes(":") ? undefined : projectName();
    if (project === undefined && !name.includes(":")) {
      return { why: "this folder has no Pulumi.yaml, which names the project of the secrets" };
    }
    const fullName = project === undefined ? name : `${project}:${name}`;
    const own = await this.config(fullName);
    if ("value" in own || own.unread) return own;
    const colon = fullName.lastIndexOf(":") + 1;
    const all = await this.config(`${fullName.slice(0, colon)}${exportedSetting}`);
    if (!("value" in all)) return all.unread && name.includes(".") ? all : own;
    const exported = exportedSecret(all.value, fullName.slice(colon));
    return exported === undefined ? own : { value: exported };
  }

  /** Returns a value of the stack's configuration by its full name. */
  async config(fullName: string): Promise<Found> {
    this.#configuration ??= this.#read();
    const { values, problem } = await this.#configuration;
    const value = values.get(fullName);
    if (value !== undefined) return { value };
    if (problem !== undefined && (values.has(fullName) || values.size === 0)) {
      return { why: `the secrets of stack ${this.name} cannot be read: ${problem}`, unread: true };
    }
    return { why: `stack ${this.name} has no ${fullName} in its configuration` };
  }

  async #read(): Promise<Configuration> {
    const read = async (...options: string[]) =>
      await this.pulumi(["config", ...options, "--json", "--stack", this.name, "--non-interactive"]);
    const all = await read("--show-secrets");
    if (all?.code === 0) return { values: valuesOf(all.stdout), problem: undefined };
    if (all === undefined) return { values: new Map(), problem: noPulumi };
    // Without the passphrase or access to the key service, the other values can still be read.
    const rest = await read();
    const values = rest?.code === 0 ? valuesOf(rest.stdout) : new Map<string, undefined>();
    return { values, problem: firstErrorIn(all.stderr) };
  }

  /** Reads the state with its secrets. */
  async #opened(): Promise<{ readonly state: ExportedState } | { readonly problem: string }> {
    const all = ["stack", "export", "--show-secrets", "--stack", this.name, "--non-interactive"];
    this.#secrets ??= this.pulumi(all);
    const result = await this.#secrets;
    if (result?.code !== 0) return { problem: result === undefined ? noPulumi : firstErrorIn(result.stderr) };
    return { state: parsed<{ deployment?: ExportedState }>(result.stdout).deployment ?? {} };
  }

  /** Returns every text that the state has as a secret, of resources of any package; or the reason why it cannot be read. */
  async secretTexts(): Promise<{ readonly texts: readonly string[] } | { readonly why: string }> {
    const found = await this.#opened();
    if ("problem" in found) return { why: found.problem };
    return {
      texts: (found.state.resources ?? []).flatMap(({ inputs, outputs }) => secretsIn([inputs, outputs])),
    };
  }

  /** Returns a secret that the stack made once; `isIts` says whether a name is that of its resource. */
  async generated(isIts: (name: string) => boolean): Promise<Found> {
    const found = await this.#opened();
    if ("problem" in found)
      return { why: `the state of stack ${this.name} cannot be read: ${found.problem}`, unread: true };
    for (const { urn = "", outputs = {}, delete: isLeaving } of found.state.resources ?? []) {
      const { kind, name = "" } = parseUrn(urn) ?? {};
      if (kind !== "GeneratedSecret" || isLeaving || !isIts(name)) continue;
      const { plaintext } = (outputs["value"] ?? {}) as { plaintext?: string };
      const value = plaintext === undefined ? undefined : parsed<unknown>(plaintext);
      if (typeof value === "string") return { value };
    }
    return { why: `!generate has no value in stack ${this.name} yet: its first update makes one` };
  }

  /**
   * Lists the resources of this package in the stack.
   *
   * @throws UsageError when the CLI cannot export the stack
   */
  async resources(): Promise<StateResource[]> {
    return (await this.state()).resources;
  }

  /**
   * Reads the resources of this package in the stack, and those whose creation was interrupted.
   *
   * @throws UsageError when the CLI cannot export the stack
   */
  async state(): Promise<StackState> {
    const result = await this.pulumi(["stack", "export", "--stack", this.name, "--non-interactive"]);
    if (result === undefined)
      throw new UsageError(`The state of stack ${this.name} cannot be read: ${noPulumi}.`);
    if (result.code !== 0) {
      const reason = firstErrorIn(result.stderr);
      throw new UsageError(
        `The state of stack ${this.name} cannot be read: ${reason}.${/^no stack named/.test(reason) ? stageMeantBy(this.name) : ""}`,
      );
    }
    const { deployment = {} } = parsed<{ deployment?: ExportedState }>(result.stdout);
    const times = (deployment.resources ?? []).flatMap(({ modified, urn = "" }) =>
      parseUrn(urn)?.kind === undefined ? [] : Date.parse(modified ?? ""),
    );
    const changedAt = Math.max(0, ...times.filter((time) => !Number.isNaN(time)));
    const known = ({ urn = "", inputs = {} }: Partial<ExportedResource>) => {
      const { kind, name = "", project = "", stack = "" } = parseUrn(urn) ?? {};
      return kind === undefined ? undefined : { kind, name, owner: { project, stack, changedAt }, inputs };
    };
    const begun = (deployment.resources ?? [])
      .map(({ created }) => Date.parse(created ?? ""))
      .filter((time) => !Number.isNaN(time));
    return {
      begunAt: begun.length === 0 ? undefined : Math.min(...begun),
      resources: (deployment.resources ?? []).flatMap((resource) => {
        const { id = "", outputs = {}, delete: isLeaving } = resource;
        const found = known(resource);
        return found === undefined || id === "" || isLeaving ? [] : [{ ...found, id, outputs }];
      }),
      creating: (deployment.pending_operations ?? []).flatMap(({ type, resource = {} }) => {
        const found = type === "creating" ? known(resource) : undefined;
        return found === undefined ? [] : [found];
      }),
    };
  }
}

/** Resources of this package in the state of a stack. */
export interface StackState {
  /** Time at which the stack created its first resource, in milliseconds since 1970; undefined if the state does not say. */
  readonly begunAt: number | undefined;
  readonly resources: StateResource[];
  /** Resources whose creation was interrupted, so that the objects may exist. */
  readonly creating: Omit<StateResource, "id" | "outputs">[];
}

/** Returns the texts of the secrets in a value of an opened state, where a secret has its value as JSON. */
function secretsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  if (!isRecord(value)) return [];
  const { plaintext } = value;
  return isMarked(value) && typeof plaintext === "string"
    ? textsIn(parsed<unknown>(plaintext))
    : Object.values(value).flatMap(secretsIn);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

interface ExportedState {
  readonly resources?: readonly Partial<ExportedResource>[];
  readonly pending_operations?: readonly { type?: string; resource?: Partial<ExportedResource> }[];
}

interface ExportedResource {
  urn: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  delete: boolean;
  /** Time of its creation, in ISO 8601. */
  created: string;
  /** Time of the last change of the resource, in ISO 8601. */
  modified: string;
}

function valuesOf(json: string): Map<string, string | undefined> {
  const config = parsed<Record<string, { value?: string }>>(json);
  return new Map(Object.entries(config).map(([name, { value }]) => [name, value]));
}

/**
 * Parses what the CLI printed.
 *
 * @throws UsageError without the text, which an error of JSON.parse quotes: it may contain secrets
 */
export function parsed<T>(json: string): T {
  try {
    return JSON.parse(json) as T;
  } catch {
    throw new UsageError(
      "The Pulumi CLI printed something other than JSON; is the pulumi on the PATH the real one?",
    );
  }
}

/** Lists the stages of the Pulumi project in a folder, by the files of their configuration. */
export function stagesIn(folder: string, options: ReadOptions = {}): string[] {
  return listDirectory(folder, options).flatMap(
    (name) => /^Pulumi\.([^/]+)\.ya?ml$/.exec(basename(name))?.[1] ?? [],
  );
}

/** Returns the name in the nearest Pulumi.yaml, which is found as Pulumi finds it. */
export function projectName(from?: string): string | undefined {
  const file = projectFile(from);
  if (file === undefined) return undefined;
  const contents = parseYaml(readSource(file, { root: dirname(file) }), "core");
  const name = yamlLibrary().isMap(contents) ? contents.get("name") : undefined;
  return typeof name === "string" ? name : undefined;
}

/** Returns the path of the nearest Pulumi.yaml, which is found as Pulumi finds it. */
export function projectFile(from = "."): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find(isThere);
    if (file !== undefined || dirname(folder) === folder) return file;
  }
}

/**
 * Returns the folder of the nearest Pulumi.yaml.
 *
 * @throws UsageError when there is none
 */
export function projectFolder(command: string): string {
  const file = projectFile();
  if (file !== undefined) return dirname(file);
  throw new UsageError(
    `There is no Pulumi.yaml here or in a folder above; run ${command} in the folder of the project.`,
  );
}

/** Returns a question about the stage of this project that was meant; empty where none is like it. */
function stageMeantBy(stack: string): string {
  const meant = meantBy(stack, stagesIn(dirname(projectFile() ?? "")));
  return meant === undefined ? "" : ` Did you mean ${visible(meant)}?`;
}
