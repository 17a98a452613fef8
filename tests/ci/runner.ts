/**
 * Runs workflows for GitHub on this machine: called workflows and actions at this checkout, scripts in bash, and what takes
 * the place of other actions.
 */
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { calledBy } from "./calls";
import { type Contexts, Expressions, type Status } from "./expressions";
import { endOrphans } from "./process";
import { type Action, evaluated, type JobState, runSteps, type Source } from "./steps";
import { environmentOf, type Job, type Workflow } from "./workflow";

export type { Action } from "./steps";

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
  /** Where a job with the permission `id-token: write` asks for its identity. */
  identity?: { url: string; token: string };
  /** Cancels the run. */
  cancelled?: AbortSignal;
}

export interface JobResult {
  /** The job's id, with the values of its matrix: `plan (test)`. */
  name: string;
  result: Status | "skipped";
  /** Label of its runner. */
  runsOn: string;
  /** What its steps printed. */
  output: string;
  /** What it wrote for the page of the run, in Markdown. */
  summary: string;
  /** Names of the processes that it left, and that the runner ended. */
  orphans: string[];
}

interface JobsScope {
  readonly source: Source;
  readonly contexts: Contexts;
  readonly shell: string | undefined;
  /** Secrets that the workflow was given; an environment's own take their place. */
  readonly secrets: Contexts;
  /** Secrets that the workflow knows and was not given. */
  readonly absent: readonly string[];
}

/** Runs all jobs of a workflow, and of those that it calls, one after the other, those that others need first. */
export async function runWorkflow(workflow: Workflow, options: RunnerOptions): Promise<JobResult[]> {
  const expressions = await Expressions.load();
  const { secrets } = options.environment(undefined);
  const scope: JobsScope = {
    source: "the caller",
    contexts: options.event,
    shell: workflow.defaults?.run.shell,
    secrets,
    absent: [],
  };
  return await runJobs(workflow.jobs, scope, { expressions, options });
}

interface Run {
  readonly expressions: Expressions;
  readonly options: RunnerOptions;
}

async function runJobs(jobs: Record<string, Job>, scope: JobsScope, run: Run): Promise<JobResult[]> {
  const { expressions, options } = run;
  const results: JobResult[] = [];
  const needs: Record<string, { result: JobResult["result"]; outputs: Record<string, string> }> = {};
  for (const [id, job] of Object.entries(jobs)) {
    const contexts = { ...scope.contexts, needs };
    const needed = [job.needs ?? []].flat().map((name) => {
      const before = needs[name];
      if (before === undefined) throw new Error(`${id} needs ${name}, which comes after it or is not there`);
      return before.result;
    });
    const isCancelled = options.cancelled?.aborted;
    const status = isCancelled
      ? "cancelled"
      : needed.every((result) => result === "success")
        ? "success"
        : "failure";
    if (!expressions.condition(job.if, contexts, status)) {
      needs[id] = { result: "skipped", outputs: {} };
      results.push({ name: id, result: "skipped", runsOn: "", output: "", summary: "", orphans: [] });
      continue;
    }
    const called = calledBy(job, (text) => expressions.value(text, { ...contexts, secrets: scope.secrets }));
    if (called !== undefined) {
      const { workflow, inputs, secrets, absent } = called;
      const own = { ...options.event, inputs };
      const shell = workflow.defaults?.run.shell;
      const inside: JobsScope = { source: "pulumi-dokploy", contexts: own, shell, secrets, absent };
      results.push(...(await runJobs(workflow.jobs, inside, run)));
      continue;
    }
    let outputs: Record<string, string> = {};
    const parts: JobResult[] = [];
    for (const [index, matrix] of combinations(job, contexts, expressions).entries()) {
      const values = Object.values(matrix);
      const name = values.length === 0 ? id : `${id} (${values.join(", ")})`;
      const strategy = { "job-index": index };
      const part = await runJob(name, job, { ...scope, contexts: { ...contexts, matrix, strategy } }, run);
      ({ outputs } = part);
      parts.push(part);
    }
    results.push(...parts);
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

async function runJob(
  name: string,
  job: Job,
  scope: JobsScope,
  { expressions, options }: Run,
): Promise<JobResult & { outputs: Record<string, string> }> {
  const folder = path.join(options.folder, String(fs.readdirSync(options.folder).length));
  const [temp, workspace] = [path.join(folder, "temp"), path.join(folder, "workspace")];
  for (const each of [temp, workspace]) fs.mkdirSync(each, { recursive: true });
  const summary = path.join(folder, "summary.md");
  fs.writeFileSync(summary, "");
  const text = environmentOf(job);
  const environment = text === undefined ? undefined : expressions.text(text, scope.contexts);
  const own = options.environment(environment);
  const trackingId = `github_${randomUUID()}`;
  const mayAsk = job.permissions?.["id-token"] === "write" && options.identity !== undefined;
  const state: JobState = {
    ...{ expressions, folder, workspace, temp, summary, actions: options.actions, output: "" },
    cancelled: options.cancelled,
    env: {
      ...options.machine,
      // A machine of its own for each job: nobody has logged in on it.
      HOME: path.join(folder, "home"),
      RUNNER_TRACKING_ID: trackingId,
      ...(mayAsk
        ? {
            ACTIONS_ID_TOKEN_REQUEST_URL: options.identity?.url,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: options.identity?.token,
          }
        : {}),
    },
  };
  fs.mkdirSync(path.join(folder, "home"));
  const contexts = {
    ...scope.contexts,
    secrets: secretsOf(scope, own.secrets),
    vars: own.vars,
    runner: { temp, os: "Linux", arch: "X64" },
  };
  const { status, steps } = await runSteps(
    job.steps,
    {
      source: scope.source,
      contexts,
      env: evaluated(job.env, contexts, expressions),
      shell: scope.shell,
      actionPath: undefined,
    },
    state,
  );
  const orphans = endOrphans(trackingId);
  return {
    name,
    result: status,
    runsOn: expressions.text(job["runs-on"] ?? "", scope.contexts),
    output: state.output,
    summary: fs.readFileSync(summary, "utf8"),
    orphans,
    outputs: status === "success" ? evaluated(job.outputs, { ...contexts, steps }, expressions) : {},
  };
}

/** The secrets of a workflow, with those of an environment in their place. One that the workflow was not given is empty. */
function secretsOf({ secrets, absent }: JobsScope, own: Contexts): Contexts {
  const given = Object.entries(secrets).map(([name, value]) => [name, own[name] ?? value]);
  return Object.fromEntries([...absent.map((name) => [name, null]), ...given]);
}
