import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { yamlLibrary } from "../../../packages/compose-checks/yaml";
import type { Init } from "./options";

/** The stages of the example: the first one and production. */
const example = { first: "test", production: "prod" } as const;

/** Files that only projects with previews have. */
const ofPreviews = /(?:^|\/)(?:preview-(?:env|sweep)|previews)\.yml$/;
/** Files that only projects with another stage than production have. */
const ofStages = /(?:^|\/)(?:deploy-(?:test|services)|promote)\.yml$/;

/**
 * Returns the files for CI by their paths: those of the example of this package, with the stages of the project. A
 * stage between the first one and production is deployed as production is, by hand.
 */
export function ciFiles({ ci, stages, previewHost, owner }: Init): Map<string, string> {
  const folders = ci === "github" ? [".github", ".github/workflows"] : [".gitlab"];
  const names = [...folders.flatMap(filesOf), ...(ci === "gitlab" ? [".gitlab-ci.yml"] : [])];
  const files = new Map<string, string>();
  for (const name of ci === "none" ? [] : names) {
    if (previewHost === undefined && ofPreviews.test(name)) continue;
    const hasOneStage = stages.length === 1;
    if (hasOneStage && ofStages.test(name)) continue;
    const text = readFileSync(join(exampleFolder(), name), "utf8");
    const isOfProduction = name.includes(`deploy-${example.production}`);
    for (const stage of isOfProduction && !hasOneStage ? stages.slice(1) : stages.slice(-1))
      files.set(withStages(name, stages, stage), withStages(text, stages, stage));
  }
  if (owner !== undefined)
    files.set(ci === "gitlab" ? "CODEOWNERS" : ".github/CODEOWNERS", ownersText(owner));
  return files;
}

/** Replaces the stages of the example. */
function withStages(text: string, stages: readonly string[], production: string): string {
  const [first = example.first] = stages;
  return text.replaceAll(/\["test", "prod"\]|\b(?:test|prod)\b/g, (found) => {
    if (found.startsWith("[")) return `[${stages.map((stage) => `"${stage}"`).join(", ")}]`;
    return found === example.first ? first : production;
  });
}

/** Settings that a host of CI has to give, by environment: the names of variables, and those of secrets. */
export interface Needed {
  readonly variables: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
}

/** Job of a workflow: a call of one of this package's workflows. */
interface Job {
  readonly uses: string;
  readonly with?: { readonly stage?: string; readonly stages?: string; readonly from?: string };
  readonly secrets?: Readonly<Record<string, string>>;
}

/** The environments of the workflows that this package offers, by their names. */
const environmentsOf: Readonly<Record<string, (given: NonNullable<Job["with"]>) => readonly string[]>> = {
  plan: ({ stages }) => plansOf(stages),
  drift: ({ stages }) => plansOf(stages),
  deploy: ({ stage = "" }) => [stage],
  "deploy-services": ({ stage = "" }) => [stage],
  "deploy-approved": ({ stage = "" }) => [stage, `${stage}-plan`],
  preview: () => ["preview"],
  sweep: () => ["preview"],
  promote: ({ from = "" }) => [`${from}-plan`, promoting],
  rollback: ({ stage = "" }) => [`${stage}-plan`, promoting],
};

/** The environment whose only setting is a token that may push. */
const promoting = "promote";
const pushToken = "PROMOTE_TOKEN";

function plansOf(stages = "[]"): string[] {
  return (JSON.parse(stages) as string[]).map((stage) => `${stage}-plan`);
}

/** Lists the settings that the workflows for GitHub take from their environments. */
export function settingsOfGithub(files: ReadonlyMap<string, string>): Map<string, Needed> {
  const needed = new Map<string, { variables: Set<string>; secrets: Set<string> }>();
  for (const [name, text] of files) {
    if (!name.startsWith(".github/workflows/")) continue;
    const { jobs } = yamlLibrary().parse(text) as { jobs: Record<string, Job> };
    for (const { uses, with: given = {}, secrets = {} } of Object.values(jobs)) {
      const [, called = ""] = /\/([\w-]+)\.yml@/.exec(uses) ?? [];
      for (const each of environmentsOf[called]?.(given) ?? []) {
        const one = needed.get(each) ?? { variables: new Set(), secrets: new Set() };
        if (each !== promoting)
          for (const word of ["PULUMI_BACKEND_URL", "DOKPLOY_URL"]) one.variables.add(word);
        for (const word of Object.keys(secrets))
          if ((word === pushToken) === (each === promoting)) one.secrets.add(word);
        needed.set(each, one);
      }
    }
  }
  return new Map([...needed].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Files that decide who gets secrets. */
function ownersText(owner: string): string {
  const paths = [
    "/.github/",
    "/.gitlab/",
    "/.gitlab-ci.yml",
    "/package*.json",
    "/index.ts",
    "/Pulumi*.yaml",
    "/dokploy-previews.yaml",
  ];
  return `# Files that decide who gets secrets, and what a preview can reach.\n${paths.map((path) => `${path} ${owner}\n`).join("")}`;
}

function filesOf(folder: string): string[] {
  return readdirSync(join(exampleFolder(), folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => `${folder}/${name}`)
    .sort();
}

/** The example, which the package contains. */
function exampleFolder(): string {
  return join(dirname(require.resolve("pulumi-dokploy/package.json")), "examples", "deployment-repository");
}
