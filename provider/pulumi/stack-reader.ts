import { execFile } from "node:child_process";
import * as os from "node:os";
import * as path from "node:path";
import { isRecord } from "../../packages/values";
import { hidesSecrets, parseInterrupted, parseStack, type StackResource } from "./stack-state";

/** Resource of the stack, as its own state has it. */
export type StackMember = Pick<StackResource, "kind" | "id" | "identity">;

/** Reads the state of the stack, which must contain the member, once more; undefined where that is impossible. */
export type ReadStack = (member?: StackMember) => Promise<readonly StackResource[] | undefined>;

/** Runs Pulumi's command line interface; undefined when it fails. */
export type RunPulumi = (...args: string[]) => Promise<string | undefined>;

/** A state in files is empty or cut off while the run writes it, and complete when the command has started once more. */
const maxTries = 3;

/** Reads the inputs with which an interrupted run updates a resource; undefined where none was interrupted there. */
export type ReadInterrupted = (identity: string) => Promise<Readonly<Record<string, unknown>> | undefined>;

/** Reads the state of the stack that a run works on. */
export interface StackReader {
  readonly resources: ReadStack;
  readonly interrupted: ReadInterrupted;
}

/**
 * Returns a reader for the state of the stack that this run works on. A run with `--target`, and `destroy`, sees only
 * some resources; only the state knows the objects of all. The reader uses documented commands of the command line
 * interface, which lock nothing and work during an update. It decrypts nothing but the inputs of an interrupted update.
 *
 * In a run without a program, Pulumi does not report the stack to a provider. So the reader looks at the selected
 * stack, then at the others of the project, and takes the one whose state fits.
 *
 * @param stack asks the engine for the stack's name, which it knows once a program runs
 */
export function stackReader(
  stack: () => Promise<string | undefined>,
  project: string | undefined = process.env["PULUMI_PROJECT"],
  run: RunPulumi = runPulumi,
): StackReader {
  return {
    async resources(member) {
      const expected = { project, stack: await stack() };
      for (let tries = 0; tries < maxTries; tries++) {
        const found = await search(expected, member, run);
        if (found !== undefined) return found.resources;
      }
      // The resource may be deleted by now. Then the names of stack and project have to do, where the engine knows them.
      return expected.stack === undefined || member === undefined
        ? undefined
        : (await search(expected, undefined, run))?.resources;
    },
    async interrupted(identity) {
      const expected = { project, stack: await stack() };
      if (expected.stack === undefined) return undefined;
      const read = async (...options: string[]) => {
        const found = await search(expected, undefined, run, options);
        return found && parseInterrupted(found.exported, identity);
      };
      const inputs = await read();
      return inputs !== undefined && hidesSecrets(inputs)
        ? ((await read("--show-secrets")) ?? inputs)
        : inputs;
    },
  };
}

/** State of a stack, as the command line interface exports it. */
interface Exported {
  readonly resources: readonly StackResource[];
  readonly exported: string;
}

async function search(
  expected: { project: string | undefined; stack: string | undefined },
  member: StackMember | undefined,
  run: RunPulumi,
  options: readonly string[] = [],
): Promise<Exported | undefined> {
  const read = async (...more: string[]): Promise<Exported | undefined> => {
    const exported = (await run("stack", "export", ...options, ...more)) ?? "";
    const resources = parseStack(exported, expected);
    const isOurs = member === undefined || resources?.some((one) => isSame(one, member));
    return resources && isOurs ? { resources, exported } : undefined;
  };
  const selected = await read();
  // A state without resources fits every stack.
  if (selected !== undefined && selected.resources.length > 0) return selected;
  let empty: Exported | undefined;
  for (const name of await namesOf(expected, run)) {
    const found = await read("--stack", name);
    if (found !== undefined && found.resources.length > 0) return found;
    empty ??= found;
  }
  return empty;
}

function isSame(one: StackMember, other: StackMember): boolean {
  return one.kind === other.kind && one.id === other.id && one.identity === other.identity;
}

/** Returns the stacks of the project that the run may work on, those in an update first. */
async function namesOf(
  { project, stack }: { project: string | undefined; stack: string | undefined },
  run: RunPulumi,
): Promise<string[]> {
  const listed = parseJson(
    (await run("stack", "ls", "--json", ...(project ? ["--project", project] : []))) ?? "",
  );
  const all = (Array.isArray(listed) ? listed : []).filter(isRecord);
  const inUpdate = (one: Record<string, unknown>) => (one["updateInProgress"] === true ? 0 : 1);
  return all
    .sort((a, b) => inUpdate(a) - inUpdate(b))
    .flatMap(({ name }) => (typeof name === "string" ? [name] : []))
    .filter((name) => stack === undefined || name.split("/").at(-1) === stack);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Longer than a remote backend takes. */
const timeoutMs = 30_000;
const maxBytes = 512 * 2 ** 20;

async function runPulumi(...args: string[]): Promise<string | undefined> {
  for (const program of programs(process.env)) {
    const output = await runProgram(program, args);
    if (output !== "missing") return output.text;
  }
  return undefined;
}

/** Returns where the program may be: as the shell that started it says, on PATH, and where the installer puts it. */
export function programs(environment: NodeJS.ProcessEnv): string[] {
  const { _: started = "", PULUMI_HOME: home = path.join(os.homedir(), ".pulumi") } = environment;
  const isPulumi = /^pulumi(\.exe)?$/.test(path.basename(started));
  return [...(isPulumi ? [started] : []), "pulumi", path.join(home, "bin", "pulumi")];
}

function runProgram(
  program: string,
  args: readonly string[],
): Promise<"missing" | { text: string | undefined }> {
  const { PULUMI_LOG_OTLP_ENDPOINT: _, ...environment } = process.env;
  const options = {
    env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true", NO_COLOR: "1" },
    timeout: timeoutMs,
    maxBuffer: maxBytes,
    windowsHide: true,
  };
  return new Promise((resolve) => {
    // Its output, including errors, must not be shown: it may contain the state.
    const child = execFile(program, [...args, "--non-interactive"], options, (error, stdout) => {
      if (error?.code === "ENOENT") resolve("missing");
      else resolve({ text: error ? undefined : stdout });
    });
    child.stdin?.end();
  });
}
