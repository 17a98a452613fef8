/**
 * Runs workflows for GitHub on this machine: scripts in bash, as a runner does it, and what takes the place of actions.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { type Contexts, Expressions, type Status } from "./expressions";
import type { Job, Step, Workflow } from "./workflow";

const { run } = require("../../scripts/run.cjs") as {
  run(
    command: string,
    args: string[],
    options: { cwd: string; env: NodeJS.ProcessEnv; timeoutSeconds: number },
  ): Promise<{ code: number; output: string }>;
};

/** A job that runs: what an action works on. */
export interface Running {
  /** The job's folder, which is empty at first. */
  workspace: string;
  /** Of the next command. */
  env: NodeJS.ProcessEnv;
  /** Runs a script as a step's `run` does. */
  bash(script: string, shell?: string): Promise<{ code: number; output: string }>;
}

/** Does what an action does, with the inputs of its step. */
export type Action = (
  inputs: Record<string, string>,
  running: Running,
) => Promise<{ code: number; output: string } | undefined>;

export interface RunnerOptions {
  /** An empty folder. */
  folder: string;
  /** Environment that a machine has before any job. */
  machine: NodeJS.ProcessEnv;
  /** `github`, `inputs` … as the event gives them. */
  event: Contexts;
  /** Secrets and variables of an environment; of none when undefined. */
  environment(name: string | undefined): { secrets: Contexts; vars: Contexts };
  /** By name without version. */
  actions: Record<string, Action>;
}

export interface JobResult {
  /** The job's id, with the values of its matrix: `plan (test)`. */
  name: string;
  result: Status | "skipped";
  /** What its steps printed. */
  output: string;
  /** What it wrote for the page of the run, in Markdown. */
  summary: string;
}

/** Runs all jobs of a workflow, one after the other, those that others need first. */
export async function runWorkflow(workflow: Workflow, options: RunnerOptions): Promise<JobResult[]> {
  const expressions = await Expressions.load();
  const results: JobResult[] = [];
  const needs: Record<string, { result: JobResult["result"]; outputs: Record<string, string> }> = {};
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const contexts = { ...options.event, needs };
    const needed = [job.needs ?? []].flat().map((name) => {
      const before = needs[name];
      if (before === undefined) throw new Error(`${id} needs ${name}, which comes after it or is not there`);
      return before.result;
    });
    const status = needed.every((result) => result === "success") ? "success" : "failure";
    if (!expressions.condition(job.if, contexts, status)) {
      needs[id] = { result: "skipped", outputs: {} };
      results.push({ name: id, result: "skipped", output: "", summary: "" });
      continue;
    }
    let outputs: Record<string, string> = {};
    const parts: JobResult[] = [];
    for (const matrix of combinations(job, contexts, expressions)) {
      const values = Object.values(matrix);
      const name = values.length === 0 ? id : `${id} (${values.join(", ")})`;
      const folder = path.join(options.folder, String(fs.readdirSync(options.folder).length));
      const part = await runJob(
        name,
        job,
        { ...contexts, matrix },
        { expressions, workflow, folder, options },
      );
      ({ outputs } = part);
      parts.push(part);
    }
    results.push(...parts.map(({ name, result, output, summary }) => ({ name, result, output, summary })));
    const failed = parts.some(({ result }) => result !== "success") && job["continue-on-error"] !== true;
    needs[id] = { result: failed ? "failure" : "success", outputs };
  }
  return results;
}

/** Each combination of the values of a matrix; a single empty one without matrix. */
function combinations(job: Job, contexts: Contexts, expressions: Expressions): Record<string, string>[] {
  let all: Record<string, string>[] = [{}];
  for (const [name, given] of Object.entries(job.strategy?.matrix ?? {})) {
    const values = (typeof given === "string" ? expressions.value(given, contexts) : given) as string[];
    all = all.flatMap((former) => values.map((value) => ({ ...former, [name]: value })));
  }
  return all;
}

interface JobContext {
  expressions: Expressions;
  workflow: Workflow;
  folder: string;
  options: RunnerOptions;
}

async function runJob(
  name: string,
  job: Job,
  given: Contexts,
  { expressions, workflow, folder, options }: JobContext,
): Promise<JobResult & { outputs: Record<string, string> }> {
  const environment = job.environment === undefined ? undefined : expressions.text(job.environment, given);
  const steps: Record<string, { outputs: Record<string, string>; outcome: JobResult["result"] }> = {};
  const temp = path.join(folder, "temp");
  const contexts = { ...given, ...options.environment(environment), steps, runner: { temp } };
  const workspace = path.join(folder, "workspace");
  const files = { summary: path.join(folder, "summary.md"), output: path.join(folder, "output") };
  for (const each of [workspace, temp]) fs.mkdirSync(each, { recursive: true });
  fs.writeFileSync(files.summary, "");

  let status: Status = "success";
  let output = "";
  for (const step of job.steps) {
    if (!expressions.condition(step.if, contexts, status)) {
      if (step.id !== undefined) steps[step.id] = { outputs: {}, outcome: "skipped" };
      continue;
    }
    fs.writeFileSync(files.output, "");
    const env: NodeJS.ProcessEnv = {
      ...options.machine,
      ...evaluated(job.env, contexts, expressions),
      ...evaluated(step.env, contexts, expressions),
      // A machine of its own for each job: nobody has logged in on it.
      PULUMI_HOME: path.join(folder, "pulumi"),
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_OUTPUT: files.output,
      RUNNER_TEMP: temp,
    };
    const running: Running = {
      workspace,
      env,
      bash(script, shell) {
        const file = path.join(folder, "script.sh");
        fs.writeFileSync(file, script);
        // As GitHub starts it: `-o pipefail` only where the shell is named.
        const args = shell === "bash" ? ["--noprofile", "--norc", "-eo", "pipefail", file] : ["-e", file];
        return run("bash", args, { cwd: workspace, env: running.env, timeoutSeconds: 120 });
      },
    };
    const ended = await runStep(step, contexts, running, { expressions, workflow, folder, options });
    output += ended.output;
    if (ended.code !== 0) status = "failure";
    if (step.id !== undefined) {
      const outcome = ended.code === 0 ? "success" : "failure";
      steps[step.id] = { outputs: readOutputs(files.output), outcome };
    }
  }
  return {
    name,
    result: status,
    output,
    summary: fs.readFileSync(files.summary, "utf8"),
    outputs: status === "success" ? evaluated(job.outputs, contexts, expressions) : {},
  };
}

async function runStep(
  step: Step,
  contexts: Contexts,
  running: Running,
  { expressions, workflow, options }: JobContext,
): Promise<{ code: number; output: string }> {
  if (step.run !== undefined) return running.bash(step.run, step.shell ?? workflow.defaults?.run.shell);
  const [name = ""] = (step.uses ?? "").split("@");
  const action = options.actions[name];
  if (action === undefined) throw new Error(`The test has nothing in the place of ${step.uses}`);
  const inputs = Object.fromEntries(
    Object.entries(step.with ?? {}).map(([key, value]) => [key, String(value)]),
  );
  return (await action(evaluated(inputs, contexts, expressions), running)) ?? { code: 0, output: "" };
}

function evaluated(
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
