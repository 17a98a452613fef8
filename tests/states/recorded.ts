/**
 * States that an earlier version of the package wrote, each with the program that it belongs to and with what the server
 * held. A folder of `tests/states/<version>/` has them, and its README says how they were recorded.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import type { StackState, StateResource, Workspace } from "../engine/cli";
import type { Content } from "./content";

/** What `pulumi stack export --show-secrets` gives. */
export interface Exported {
  version: number;
  deployment: StackState;
}

export interface Recorded {
  readonly name: string;
  /** The program, and the files that it reads. */
  readonly folder: string;
  readonly state: Exported;
  readonly server: Content;
  /** The ids of what existed before the program, by the names that it uses. */
  readonly ids: Readonly<Record<string, string>>;
}

/** Versions that left states here, the oldest first. */
export function recordedVersions(): string[] {
  const names = fs.readdirSync(__dirname).filter((name) => /^\d+\.\d+\.\d+$/.test(name));
  return names.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** The names of a version's states. */
export function recordedNames(version: string): string[] {
  const entries = fs.readdirSync(path.join(__dirname, version), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Gives a version that has no program for a state the one that the version before has. */
export function continueProgram(version: string, name: string): void {
  const target = folderOf(version, name);
  if (fs.existsSync(target)) return;
  const former = recordedVersions().filter((each) => each !== version && recordedNames(each).includes(name));
  const source = former.at(-1);
  if (source === undefined) throw new Error(`No version has a program for ${name}.`);
  const filter = (file: string) => !written.includes(path.basename(file));
  fs.cpSync(folderOf(source, name), target, { recursive: true, filter });
}

export const folderOf = (version: string, name: string) => path.join(__dirname, version, name);

/** What a recording writes; the rest of a folder is the program's. */
const written = ["state.json", "server.json"];

export function readRecorded(version: string, name: string): Recorded {
  const folder = folderOf(version, name);
  const json = (file: string) => JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
  return { name, folder, state: json("state.json"), server: json("server.json"), ids: json("ids.json") };
}

/** Where in which program a resource was declared, and when it was written: paths of the machine that recorded it. */
const incidental = new Set(["sourcePosition", "stackTrace", "created", "modified"]);

export function writeRecorded({ folder, state, server, ids }: Recorded): void {
  const { resources = [], pending_operations = [], ...rest } = state.deployment;
  const lasting = (resource: StateResource) =>
    Object.fromEntries(Object.entries(resource).filter(([name]) => !incidental.has(name))) as StateResource;
  const deployment = {
    ...rest,
    resources: resources.map(lasting),
    pending_operations: pending_operations.map(({ type, resource }) => ({
      type,
      resource: lasting(resource),
    })),
  };
  const files = { "state.json": { ...state, deployment }, "server.json": server, "ids.json": ids };
  for (const [file, value] of Object.entries(files))
    fs.writeFileSync(path.join(folder, file), `${JSON.stringify(value, null, 2)}\n`);
}

/** Gives a workspace the program of a folder, with the files and ids that it reads. */
export function writeRecordedProgram(workspace: Workspace, folder: string, ids: Recorded["ids"]): void {
  workspace.writeProgram(fs.readFileSync(path.join(folder, "program.js"), "utf8"));
  fs.cpSync(folder, workspace.dir, {
    recursive: true,
    filter: (file) => !written.includes(path.basename(file)) && path.basename(file) !== "program.js",
  });
  fs.writeFileSync(path.join(workspace.dir, "ids.json"), JSON.stringify(ids));
}

/**
 * Makes it the state of a workspace. Pulumi's import drops the notes of what was under way when a run was killed; they are
 * put back where the CLI keeps them.
 *
 * @throws when Pulumi refuses it
 */
export async function importRecorded(workspace: Workspace, { state }: Recorded): Promise<void> {
  const file = path.join(workspace.dir, "..", "recorded.json");
  fs.writeFileSync(file, JSON.stringify(state));
  const { code, stderr } = await workspace.pulumi("stack", "import", "--file", file);
  if (code !== 0) throw new Error(stderr);
  const { pending_operations = [] } = state.deployment;
  if (pending_operations.length > 0) workspace.writeState({ ...workspace.state(), pending_operations });
}

type Values = Record<string, unknown>;

/** A resource of this package, with its secrets in clear. */
export interface RecordedResource {
  readonly kind: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

export function resourcesOf({ state }: Recorded): RecordedResource[] {
  return (state.deployment.resources ?? []).flatMap(({ urn, type, id = "", inputs, outputs }) => {
    const [, kind] = /^pulumi-nodejs:dynamic\/dokploy:(\w+)$/.exec(type) ?? [];
    if (kind === undefined) return [];
    const name = urn.split("::").at(-1) ?? "";
    return [{ kind, name, id, inputs: inClear(inputs) as Values, outputs: inClear(outputs) as Values }];
  });
}

/** Values as the handlers get them. */
function inClear(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inClear);
  if (typeof value !== "object" || value === null) return value;
  const { plaintext } = value as { plaintext?: string };
  if (secretKey in value && plaintext !== undefined) return JSON.parse(plaintext);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inClear(inner)]));
}

/** Pulumi's mark of a secret. */
const secretKey = "4dabf18193072939515e22adb298388d";
