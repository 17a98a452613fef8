/** The workflows and actions of this checkout, which others call at the commit that they name. */
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import type { Job, Step, Workflow } from "./workflow";

export const root = path.join(__dirname, "..", "..");
const calledWorkflow = /^pulumi-dokploy\/pulumi-dokploy\/\.github\/workflows\/([\w-]+)\.yml@/;
const calledAction = /^(?:\$|pulumi-dokploy\/pulumi-dokploy)\/actions\/([\w-]+)(?:@.*)?$/;

export type Inputs = Record<
  string,
  { description: string; type?: string; required?: boolean; default?: string | boolean }
>;

export interface CalledWorkflow extends Omit<Workflow, "on"> {
  on: { workflow_call: { inputs?: Inputs; secrets?: Record<string, unknown> } };
}

export interface CompositeAction {
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

/** A workflow of this project as a job calls it. */
export interface Call {
  name: string;
  workflow: CalledWorkflow;
  inputs: Record<string, unknown>;
  /** Secrets that it is given. */
  secrets: Record<string, unknown>;
  /** Secrets that it knows and is not given. */
  absent: string[];
}

/**
 * What a job calls; undefined for a job with steps of its own.
 *
 * @param evaluate gives expressions their values
 * @throws for what GitHub refuses: an input or secret that there is not, a value of another type, a right that the job
 * does not have
 */
export function calledBy(job: Job, evaluate: (text: string) => unknown): Call | undefined {
  const name = workflowOf(job);
  if (name === undefined) return undefined;
  const workflow = parse(textOfWorkflow(name)) as CalledWorkflow;
  const { inputs = {}, secrets: known = {} } = workflow.on.workflow_call;
  const refuse = (problem: string): never => {
    throw new Error(`${name}.yml: ${problem}`);
  };
  for (const given of Object.keys(job.with ?? {})) if (!(given in inputs)) refuse(`no input ${given}`);
  for (const given of Object.keys(job.secrets ?? {})) if (!(given in known)) refuse(`no secret ${given}`);
  for (const [id, { permissions = workflow.permissions ?? {} }] of Object.entries(workflow.jobs))
    for (const [what, access] of Object.entries(permissions)) {
      const own = job.permissions?.[what] ?? "none";
      if (own !== "write" && own !== access) refuse(`${id} wants ${what}: ${access}, and may have ${own}`);
    }
  const values = Object.entries(inputs).map(([input, { type = "string", required, default: standard }]) => {
    const { [input]: given } = job.with ?? {};
    if (given === undefined && required) refuse(`${input} is missing`);
    const value = given === undefined ? standard : typeof given === "string" ? evaluate(given) : given;
    if (type === "boolean" && typeof value !== "boolean") refuse(`${input} is not a boolean: ${value}`);
    return [input, type === "string" ? String(value ?? "") : value];
  });
  const secrets = Object.entries(job.secrets ?? {}).map(([secret, value]) => [secret, evaluate(value)]);
  return {
    name,
    workflow,
    inputs: Object.fromEntries(values),
    secrets: Object.fromEntries(secrets),
    absent: Object.keys(known).filter((secret) => !(secret in (job.secrets ?? {}))),
  };
}

/**
 * The workflow with the jobs and steps that it calls in their places, and with the expressions of inputs in the places of
 * the inputs. No step is left out.
 */
export function withCalls(workflow: Workflow): Workflow {
  const jobs: Record<string, Job> = {};
  let { concurrency } = workflow;
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const call = calledBy({ ...job, permissions: job.permissions ?? workflow.permissions ?? {} }, (text) =>
      // A boolean is the value of an expression, which is not known here.
      /^\$\{\{.*\|\| false \}\}$/.test(text) ? false : text,
    );
    if (call === undefined) {
      jobs[id] = { ...job, steps: job.steps.flatMap(stepsOf) };
      continue;
    }
    const inputs = Object.fromEntries(
      Object.entries(call.inputs).map(([name, value]) => [name, String(job.with?.[name] ?? value)]),
    );
    const own = substituted({ jobs: call.workflow.jobs, concurrency: call.workflow.concurrency }, inputs);
    concurrency = own.concurrency ?? concurrency;
    for (const [inner, each] of Object.entries(own.jobs))
      jobs[inner] = { ...each, steps: each.steps.flatMap(stepsOf) };
  }
  return { ...workflow, jobs, ...(concurrency === undefined ? {} : { concurrency }) };
}

function stepsOf(step: Step): Step[] {
  const [, name] = calledAction.exec(step.uses ?? "") ?? [];
  if (name === undefined) return [step];
  const { inputs = {}, runs } = parse(textOfAction(name)) as CompositeAction;
  const given = Object.fromEntries(
    Object.entries(inputs).map(([input, { default: standard = "" }]) => [
      input,
      String(step.with?.[input] ?? standard),
    ]),
  );
  return substituted(runs.steps, given).map((each) => ({
    ...each,
    ...(each.run === undefined
      ? {}
      : { env: { ...step.env, ...each.env, GITHUB_ACTION_PATH: path.join(root, "actions", name) } }),
  }));
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
  if (text === "${{ toJSON(inputs) }}") return JSON.stringify(given);
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
