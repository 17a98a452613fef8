/** Reads GitHub's workflow files. */
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { withCalls } from "./calls";

export const exampleFolder = path.join(__dirname, "..", "..", "examples", "deployment-repository");

export interface Step {
  id?: string;
  name?: string;
  if?: string;
  uses?: string;
  with?: Record<string, string | number | boolean>;
  run?: string;
  shell?: string;
  env?: Record<string, string>;
}

export interface Job {
  name?: string;
  needs?: string | string[];
  if?: string;
  "runs-on"?: string;
  environment?: string | { name: string; deployment?: boolean };
  permissions?: Record<string, string>;
  strategy?: { matrix: Record<string, string[] | string>; "max-parallel"?: number };
  outputs?: Record<string, string>;
  "timeout-minutes"?: number;
  "continue-on-error"?: boolean;
  env?: Record<string, string>;
  /** A workflow that this job calls, in the place of steps. */
  uses?: string;
  with?: Record<string, string | boolean>;
  secrets?: Record<string, string>;
  steps: Step[];
}

export interface Workflow {
  name: string;
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  concurrency?: { group: string; "cancel-in-progress"?: boolean; queue?: string };
  defaults?: { run: { shell: string } };
  jobs: Record<string, Job>;
}

export interface WorkflowFile {
  /** E.g. `preview.yml`. */
  name: string;
  text: string;
  /** As it is written. */
  written: Workflow;
  /** With the workflows and actions that it calls. */
  workflow: Workflow;
}

/** The workflows of a repository, by their names; those that others call are part of their callers. */
export function readWorkflows(repository: string): WorkflowFile[] {
  const folder = path.join(repository, ".github", "workflows");
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .sort()
    .map((name) => {
      const text = fs.readFileSync(path.join(folder, name), "utf8");
      return { name, text, written: parse(text) as Workflow };
    })
    .filter(({ written }) => !("workflow_call" in written.on))
    .map((file) => ({ ...file, workflow: withCalls(file.written) }));
}

/** The name of a job's environment, which may be an expression. */
export function environmentOf({ environment }: Job): string | undefined {
  return typeof environment === "object" ? environment.name : environment;
}

/** A step that changes a stage. */
export function deploys(step: Step): boolean {
  return step.with?.["command"] === "up" || /\bpulumi (?:up|destroy|refresh)\b/.test(step.run ?? "");
}
