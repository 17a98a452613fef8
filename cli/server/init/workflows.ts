import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cloudSecret } from "./backend";
import type { Init } from "./options";

/** The stages of the example: the first one and production. */
const example = { first: "test", production: "prod" } as const;

/** Files that only projects with previews have. */
const ofPreviews = /(?:^|\/)(?:preview-(?:env|sweep)|previews)\.yml$/;
/** Files that only projects with another stage than production have. */
const ofStages = /(?:^|\/)(?:deploy-(?:test|services)|promote)\.yml$/;

/**
 * Returns the files for CI by their paths: those of the example of this package, with the stages and the backend of the project. A
 * stage between the first one and production is deployed as production is, by hand.
 */
export function ciFiles({ ci, stages, previewHost, owner, backend }: Init): Map<string, string> {
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
      files.set(withStages(name, stages, stage), withBackend(withStages(text, stages, stage), backend));
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

/** Replaces the secret of Pulumi Cloud in the calls of workflows by those of the backend. */
function withBackend(text: string, { secrets }: Init["backend"]): string {
  if (secrets.includes(cloudSecret)) return text;
  const missing = secrets.filter((name) => !text.includes(`${name}:`));
  return text.replaceAll(/^( +)PULUMI_ACCESS_TOKEN: .*\n/gm, (_, indent: string) =>
    missing.map((name) => `${indent}${name}: \${{ secrets.${name} }}\n`).join(""),
  );
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
