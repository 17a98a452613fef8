import { yamlLibrary } from "../../../packages/compose-checks/yaml";
import type { Init } from "./options";

/** A setting that jobs take from their environments. */
interface Setting {
  readonly name: string;
  readonly isSecret: boolean;
  /** Value in all environments; undefined when somebody has to give it. */
  readonly value: string | undefined;
  readonly environments: readonly string[];
}

/** Inputs of a call: `with` of a workflow, `inputs` of a component. */
interface Given {
  readonly stage?: string;
  readonly stages?: string;
  readonly from?: string;
  readonly approved?: boolean;
}

/** Environments of a workflow or component. */
interface Environments {
  /** Names of those whose jobs run Pulumi. */
  readonly run: readonly string[];
  /** Names of those with the key of the fingerprint. */
  readonly fingerprint?: readonly string[];
  /** The token of each of those that have nothing else. */
  readonly tokens?: Readonly<Record<string, string>>;
}

const planKey = "DOKPLOY_PLAN_KEY";
const promoting = { promote: "PROMOTE_TOKEN" };

/** The environments of the workflows for GitHub, by their names. */
const ofWorkflows: Readonly<Record<string, (given: Given) => Environments>> = {
  plan: ({ stages }) => ({ run: plansOf(stages) }),
  drift: ({ stages }) => ({ run: plansOf(stages) }),
  deploy: ({ stage = "" }) => ({ run: [stage] }),
  "deploy-services": ({ stage = "" }) => ({ run: [stage] }),
  "deploy-approved": ({ stage = "" }) => ({
    run: [stage, `${stage}-plan`],
    fingerprint: [stage, `${stage}-plan`],
  }),
  preview: () => ({ run: ["preview"] }),
  sweep: () => ({ run: ["preview"] }),
  promote: ({ from = "" }) => ({ run: [`${from}-plan`], tokens: promoting }),
  rollback: ({ stage = "" }) => ({ run: [`${stage}-plan`], tokens: promoting }),
};

/** The scopes of the components for GitLab, by their names. */
const ofComponents: Readonly<Record<string, (given: Given) => Environments>> = {
  plan: ({ stage = "" }) => ({ run: [`${stage}/plan`], tokens: { notes: "GITLAB_TOKEN" } }),
  drift: ({ stage = "" }) => ({ run: [`${stage}/plan`], tokens: { notes: "GITLAB_TOKEN" } }),
  deploy: ({ stage = "", approved = false }) => ({
    run: approved ? [stage, `${stage}/plan`] : [stage],
    fingerprint: approved ? [stage, `${stage}/plan`, `${stage}/fingerprint`] : [],
    tokens: { deployments: "GITLAB_TOKEN" },
  }),
  preview: () => ({ run: ["preview/*"], tokens: { notes: "GITLAB_TOKEN" } }),
  promote: ({ from = "" }) => ({ run: [`${from}/plan`], tokens: promoting }),
};

function plansOf(stages = "[]"): string[] {
  return (JSON.parse(stages) as string[]).map((stage) => `${stage}-plan`);
}

/** Returns commands that give the settings to the host of CI, for a shell. None without files for CI. */
export function settingLines(init: Init, files: ReadonlyMap<string, string>): string[] {
  if (init.ci === "none") return [];
  const all = settingsOf(init, init.ci === "github" ? calledWorkflows(files) : usedComponents(files));
  return init.ci === "github" ? linesForGithub(all) : linesForGitlab(all, init.stages);
}

function settingsOf({ backend, url }: Init, all: readonly Environments[]): Setting[] {
  const sorted = (names: readonly string[]) => [...new Set(names)].sort();
  const running = sorted(all.flatMap(({ run }) => run));
  const setting = (name: string, isSecret: boolean, environments: readonly string[], value?: string) => ({
    ...{ name, isSecret, environments, value },
  });
  const tokens = new Map<string, string[]>();
  for (const { tokens: each = {} } of all)
    for (const [environment, name] of Object.entries(each))
      tokens.set(name, [...(tokens.get(name) ?? []), environment]);
  return [
    setting("DOKPLOY_URL", false, running, url),
    ...backend.variables.map((name) =>
      setting(name, false, running, name === "PULUMI_BACKEND_URL" ? backend.url : undefined),
    ),
    ...["DOKPLOY_API_KEY", ...backend.secrets].map((name) => setting(name, true, running)),
    setting(planKey, true, sorted(all.flatMap(({ fingerprint = [] }) => fingerprint))),
    ...[...tokens].map(([name, environments]) => setting(name, true, sorted(environments))),
  ].filter(({ environments }) => environments.length > 0);
}

function calledWorkflows(files: ReadonlyMap<string, string>): Environments[] {
  return [...files].flatMap(([name, text]) => {
    if (!name.startsWith(".github/workflows/")) return [];
    const { jobs } = yamlLibrary().parse(text) as { jobs: Record<string, { uses: string; with?: Given }> };
    return Object.values(jobs).flatMap(({ uses, with: given = {} }) => {
      const [, called = ""] = /\/([\w-]+)\.yml@/.exec(uses) ?? [];
      return ofWorkflows[called]?.(given) ?? [];
    });
  });
}

function usedComponents(files: ReadonlyMap<string, string>): Environments[] {
  return [...files].flatMap(([name, text]) => {
    if (!/^\.gitlab(?:-ci\.yml$|\/)/.test(name)) return [];
    const documents = yamlLibrary()
      .parseAllDocuments(text)
      .map((document) => document.toJS());
    return documents.flatMap(({ include = [] }: { include?: { component?: string; inputs?: Given }[] }) =>
      include.flatMap(({ component = "", inputs = {} }) => {
        const [, used = ""] = /\/([\w-]+)@/.exec(component) ?? [];
        return ofComponents[used]?.(inputs) ?? [];
      }),
    );
  });
}

function linesForGithub(all: readonly Setting[]): string[] {
  const environments = [...new Set(all.flatMap((setting) => setting.environments))].sort();
  const made = 'gh api --silent --method PUT "repos/{owner}/{repo}/environments/$env"';
  return [
    loop("env", environments, made),
    "# before the secrets, set the rules of these environments: they decide who gets them",
    ...all.map(({ name, isSecret, value, environments: each }) => {
      const kind = isSecret ? "secret" : "variable";
      const set = `gh ${kind} set ${name} --env "$env"`;
      if (value !== undefined) return loop("env", each, `${set} --body ${quoted(value)}`);
      return loop("env", each, isFile(name) ? `read -r file && ${set} < "$file"` : set, true);
    }),
  ];
}

function linesForGitlab(all: readonly Setting[], stages: readonly string[]): string[] {
  const isProtected = (scope: string) => stages.includes(scope) || scope === "deployments";
  return all.flatMap(({ name, isSecret, value, environments }) =>
    [true, false].flatMap((protects) => {
      const scopes = environments.filter((scope) => isProtected(scope) === protects);
      if (scopes.length === 0) return [];
      const flags = `${isSecret && !isFile(name) ? " --masked" : ""}${protects ? " --protected" : ""}`;
      const set = `glab variable set ${name} --scope "$scope" --raw${flags}`;
      if (value !== undefined) return [loop("scope", scopes, `${set} --value ${quoted(value)}`)];
      if (isFile(name)) return [loop("scope", scopes, `read -r file && ${set} < "$file"`, true)];
      const read = isSecret ? "read -rs value" : "read -r value";
      return [loop("scope", scopes, `${read} && printf %s "$value" | ${set}`, true)];
    }),
  );
}

/** Returns whether a value is a file of several lines, which no terminal asks for, and which GitLab cannot mask. */
function isFile(name: string): boolean {
  return name === "GOOGLE_CREDENTIALS";
}

/** @param asks true when the command asks for a value; the loop then prints the environment first */
function loop(variable: string, values: readonly string[], command: string, asks = false): string {
  const all = values.map((value) => (/^[\w/-]+$/.test(value) ? value : quoted(value))).join(" ");
  return `for ${variable} in ${all}; do ${asks ? `echo "$${variable}:"; ` : ""}${command}; done`;
}

/** Quotes a value for a shell. The options allow no quotes in it. */
function quoted(value: string): string {
  return `'${value}'`;
}
