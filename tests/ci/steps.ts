/** Runs the steps of a job, and those of the composite actions that they use. */
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { type CompositeAction, type Inputs, root } from "./calls";
import type { Contexts, Expressions, Status } from "./expressions";
import { type Ended, runBash } from "./process";
import type { Step } from "./workflow";

/** A job that runs: what an action works on. */
export interface Running {
  /** The job's folder, which is empty at first. */
  workspace: string;
  /** Of the next command. */
  env: NodeJS.ProcessEnv;
  /** Runs a script as a step's `run` does. */
  bash(script: string, shell?: string): Promise<Ended>;
}

/** Does what an action does, with the inputs of its step; it may set outputs. */
export type Action = (
  inputs: Record<string, string>,
  running: Running,
) => Promise<{ code: number; output: string; outputs?: Record<string, string> } | undefined>;

/** Repository of the file that a step is in: what `$/` in it refers to. */
export type Source = "pulumi-dokploy" | "the caller";

/** What all steps of a job share. */
export interface JobState {
  readonly expressions: Expressions;
  readonly folder: string;
  readonly workspace: string;
  readonly temp: string;
  readonly summary: string;
  readonly actions: Record<string, Action>;
  readonly cancelled: AbortSignal | undefined;
  /** Variables that the machine gives each step. */
  env: NodeJS.ProcessEnv;
  output: string;
}

/** The steps of a job, or of one action, with what their expressions and commands see. */
export interface Scope {
  readonly source: Source;
  readonly contexts: Contexts;
  readonly env: Record<string, string>;
  readonly shell: string | undefined;
  /** Folder of the action; undefined for the steps of a job. */
  readonly actionPath: string | undefined;
}

/** Steps that have ended, by their ids, as expressions see them. */
type Known = Record<string, { outputs: Record<string, string>; outcome: string; conclusion: string }>;

/** Runs steps one after the other, and returns how they ended. */
export async function runSteps(
  steps: readonly Step[],
  scope: Scope,
  job: JobState,
): Promise<{ status: Status; steps: Known }> {
  const known: Known = {};
  const contexts = { ...scope.contexts, steps: known };
  let status: Status = "success";
  const keep = (id: string | undefined, outcome: string, outputs: Record<string, string> = {}) => {
    if (id !== undefined) known[id] = { outputs, outcome, conclusion: outcome };
  };
  for (const step of steps) {
    const isCancelled = isAborted(job.cancelled);
    if (!job.expressions.condition(step.if, contexts, isCancelled ? "cancelled" : status)) {
      keep(step.id, "skipped");
      continue;
    }
    // Steps that go on when the run is cancelled get no signal.
    const survives = isCancelled || job.expressions.condition(step.if, contexts, "cancelled");
    const { code, output, outputs } = await runStep(step, { ...scope, contexts }, job, survives);
    job.output += output;
    const wasCancelled = !survives && isAborted(job.cancelled);
    if (code !== 0) status = "failure";
    keep(step.id, wasCancelled ? "cancelled" : code === 0 ? "success" : "failure", outputs);
  }
  return { status: isAborted(job.cancelled) ? "cancelled" : status, steps: known };
}

async function runStep(
  step: Step,
  scope: Scope,
  job: JobState,
  survives: boolean,
): Promise<{ code: number; output: string; outputs: Record<string, string> }> {
  const { contexts } = scope;
  const own = evaluated(step.env, contexts, job.expressions);
  const files = { output: path.join(job.folder, "output"), path: path.join(job.folder, "path") };
  for (const file of Object.values(files)) fs.writeFileSync(file, "");
  const env: NodeJS.ProcessEnv = {
    ...job.env,
    ...scope.env,
    ...own,
    ...(scope.actionPath === undefined ? {} : { GITHUB_ACTION_PATH: scope.actionPath }),
    GITHUB_WORKSPACE: job.workspace,
    GITHUB_STEP_SUMMARY: job.summary,
    GITHUB_OUTPUT: files.output,
    GITHUB_PATH: files.path,
    RUNNER_TEMP: job.temp,
  };
  const running: Running = {
    workspace: job.workspace,
    env,
    bash(script, shell) {
      const file = path.join(job.temp, "script.sh");
      fs.writeFileSync(file, script);
      // As GitHub starts it: `-o pipefail` only where the shell is named.
      const args = shell === "bash" ? ["--noprofile", "--norc", "-eo", "pipefail", file] : ["-e", file];
      return runBash(args, {
        cwd: job.workspace,
        env: running.env,
        cancelled: survives ? undefined : job.cancelled,
      });
    },
  };
  const result = await runWhat(step, { ...scope, env: { ...scope.env, ...own } }, job, running);
  const added = fs.readFileSync(files.path, "utf8").split("\n").filter(Boolean).reverse();
  if (added.length > 0) {
    const all = [...added, job.env["PATH"] ?? ""];
    job.env = { ...job.env, PATH: all.join(path.delimiter) };
  }
  return { ...result, outputs: { ...readOutputs(files.output), ...result.outputs } };
}

async function runWhat(
  step: Step,
  scope: Scope,
  job: JobState,
  running: Running,
): Promise<{ code: number; output: string; outputs?: Record<string, string> }> {
  const { contexts } = scope;
  if (step.run !== undefined) return await running.bash(step.run, step.shell ?? scope.shell);
  const uses = step.uses ?? "";
  const given = evaluated(
    Object.fromEntries(Object.entries(step.with ?? {}).map(([key, value]) => [key, String(value)])),
    contexts,
    job.expressions,
  );
  const folder = folderOf(uses, scope.source, job.workspace);
  if (folder === undefined) {
    const [name = ""] = uses.split("@");
    const action = job.actions[name];
    if (action === undefined) throw new Error(`The test has nothing in the place of ${uses}`);
    return (await action(given, running)) ?? { code: 0, output: "" };
  }
  const { inputs = {}, runs } = parse(
    fs.readFileSync(path.join(folder, "action.yml"), "utf8"),
  ) as CompositeAction;
  // An action sees neither the secrets and variables nor the inputs and steps of the job that uses it.
  const { github, runner, strategy, matrix } = contexts;
  const values = inputsOf(uses, inputs, given, { github }, job.expressions);
  const { status } = await runSteps(
    runs.steps,
    {
      ...scope,
      source: "pulumi-dokploy",
      contexts: { github, runner, strategy, matrix, inputs: values },
      shell: undefined,
      actionPath: folder,
    },
    job,
  );
  return { code: status === "success" ? 0 : 1, output: "" };
}

/** The folder of an action of this project; undefined for others. */
function folderOf(uses: string, source: Source, workspace: string): string | undefined {
  const [, self] = /^\$\/(.+)$/.exec(uses) ?? [];
  if (self !== undefined && source !== "pulumi-dokploy")
    throw new Error(`${uses}: the caller has no such action`);
  const [, named] = /^pulumi-dokploy\/pulumi-dokploy\/(.+)@/.exec(uses) ?? [];
  const [, local] = /^\.\/(.+)$/.exec(uses) ?? [];
  if (local !== undefined) return path.join(workspace, local);
  const inProject = self ?? named;
  return inProject === undefined ? undefined : path.join(root, inProject);
}

/** @throws for an input that there is not, and one that is missing */
function inputsOf(
  where: string,
  inputs: Inputs,
  given: Record<string, string>,
  contexts: Contexts,
  expressions: Expressions,
): Record<string, string> {
  for (const name of Object.keys(given))
    if (!(name in inputs)) throw new Error(`${where} has no input ${name}`);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { required, default: standard = "" }]) => {
      if (required && given[name] === undefined) throw new Error(`${where}: ${name} is missing`);
      return [name, given[name] ?? expressions.text(String(standard), contexts)];
    }),
  );
}

export function evaluated(
  texts: Record<string, string> | undefined,
  contexts: Contexts,
  expressions: Expressions,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts ?? {}).map(([name, text]) => [name, expressions.text(String(text), contexts)]),
  );
}

function readOutputs(file: string): Record<string, string> {
  const lines = fs.readFileSync(file, "utf8").split("\n");
  return Object.fromEntries(lines.filter(Boolean).map((line) => line.split(/=(.*)/s).slice(0, 2)));
}

/** Asks anew each time: it changes while a step runs. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
