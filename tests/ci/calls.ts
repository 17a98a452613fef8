/**
 * Puts the workflows and actions of this checkout in the place of the lines that call them, as GitHub does at the commit that
 * they name: what is left are jobs and steps that a runner would run.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import type { Job, Step, Workflow } from "./workflow";

const root = path.join(__dirname, "..", "..");
const calledWorkflow = /^pulumi-dokploy\/pulumi-dokploy\/\.github\/workflows\/([\w-]+)\.yml@/;
const calledAction = /^(?:\.\/\.pulumi-dokploy|pulumi-dokploy\/pulumi-dokploy)\/actions\/([\w-]+)(?:@.*)?$/;

type Inputs = Record<string, { description: string; required?: boolean; default?: string | boolean }>;

export interface CalledWorkflow extends Omit<Workflow, "on"> {
  on: { workflow_call: { inputs?: Inputs; secrets?: Record<string, unknown> } };
}

export interface Action {
  name: string;
  description: string;
  inputs?: Inputs;
  runs: { using: string; steps: Step[] };
}

export const actionNames = fs
  .readdirSync(path.join(root, "actions"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "generated")
  .map(({ name }) => name)
  .sort();

export function textOfAction(name: string): string {
  return fs.readFileSync(path.join(root, "actions", name, "action.yml"), "utf8");
}

export function textOfWorkflow(name: string): string {
  return fs.readFileSync(path.join(root, ".github", "workflows", `${name}.yml`), "utf8");
}

/** The name of the workflow that a job calls. */
export const workflowOf = (job: Job) => calledWorkflow.exec(job.uses ?? "")?.[1];

/** The workflow with the jobs and steps that it calls. */
export function withCalls(workflow: Workflow): Workflow {
  const jobs: Record<string, Job> = {};
  let { concurrency } = workflow;
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const name = workflowOf(job);
    if (name === undefined) {
      jobs[id] = { ...job, steps: job.steps.flatMap(stepsOf) };
      continue;
    }
    const called = parse(textOfWorkflow(name)) as CalledWorkflow;
    const { inputs = {}, secrets = {} } = called.on.workflow_call;
    for (const [secret, value] of Object.entries(job.secrets ?? {}))
      if (!(secret in secrets) || value !== `\${{ secrets.${secret} }}`)
        throw new Error(`${name}: ${secret}`);
    const used = new Set(
      [...textOfWorkflow(name).matchAll(/\bsecrets\.(\w+)/g)].map(([, secret = ""]) => secret),
    );
    for (const secret of used)
      if (!(secret in (job.secrets ?? {}))) throw new Error(`${name} gets no ${secret}`);
    const given = valuesOf(name, inputs, job.with ?? {});
    const own = substituted({ jobs: called.jobs, concurrency: called.concurrency }, given);
    concurrency = own.concurrency ?? concurrency;
    for (const [inner, each] of Object.entries(own.jobs)) {
      for (const [what, access] of Object.entries(each.permissions ?? {}))
        if (access === "write" && workflow.permissions?.[what] !== "write")
          throw new Error(`${name} may not have ${what}: ${access}`);
      jobs[inner] = { ...each, steps: each.steps.flatMap(stepsOf) };
    }
  }
  return { ...workflow, jobs, ...(concurrency === undefined ? {} : { concurrency }) };
}

function stepsOf(step: Step): Step[] {
  // The checkout of this repository, at the commit of the called workflow.
  if (step.with?.["path"] === ".pulumi-dokploy") {
    const { repository, ref } = step.with;
    const own = ["${{ job.workflow_repository }}", "${{ job.workflow_sha || 'refs/none' }}"];
    if (String([repository, ref]) !== String(own)) throw new Error(`${repository} at ${ref}`);
    return [];
  }
  const [, name] = calledAction.exec(step.uses ?? "") ?? [];
  if (name === undefined) return [step];
  const { inputs = {}, runs } = parse(textOfAction(name)) as Action;
  const given = valuesOf(name, inputs, step.with ?? {});
  return substituted(runs.steps, given).map((each) => ({
    ...each,
    ...(each.run === undefined
      ? {}
      : { env: { ...step.env, ...each.env, GITHUB_ACTION_PATH: path.join(root, "actions", name) } }),
  }));
}

function valuesOf(where: string, inputs: Inputs, given: Record<string, unknown>): Record<string, string> {
  for (const name of Object.keys(given))
    if (!(name in inputs)) throw new Error(`${where} has no input ${name}`);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { required, default: standard }]) => {
      const value = given[name] ?? standard;
      if (value === undefined || (required && given[name] === undefined))
        throw new Error(`${where}: ${name} is missing`);
      return [name, String(value)];
    }),
  );
}

/** The same with values in the place of inputs. */
function substituted<T>(node: T, given: Record<string, string>): T {
  if (typeof node === "string") return withValues(node, given) as T;
  if (Array.isArray(node)) return node.map((each) => substituted(each, given)) as T;
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, substituted(value, given)]),
  ) as T;
}

function withValues(text: string, given: Record<string, string>): unknown {
  const value = (name: string) => {
    const { [name]: found } = given;
    if (found === undefined) throw new Error(`There is no input ${name}: ${text}`);
    return found;
  };
  const whole = text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => value(name));
  const result =
    text === whole
      ? text.replace(/\$\{\{.*?\}\}/g, (expression) =>
          expression.replace(/\binputs\.([\w-]+)/g, (_, name: string) => operandOf(value(name))),
        )
      : whole;
  const [, json] = /^\$\{\{ fromJSON\('(.*)'\) \}\}$/.exec(result) ?? [];
  return json === undefined ? result : JSON.parse(json);
}

function operandOf(value: string): string {
  const [, expression] = /^\$\{\{ (.*) \}\}$/.exec(value) ?? [];
  if (expression !== undefined) return `(${expression})`;
  return `'${value.replaceAll("'", "''")}'`;
}
