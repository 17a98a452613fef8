import * as assert from "node:assert/strict";
import { type Editor, newProgram, openEditor } from "./editor";

const head = `
import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";
declare const app: dokploy.Application;
declare const stack: dokploy.Compose;
declare const shop: dokploy.Project;
declare const staging: dokploy.Environment;
declare const block: dokploy.EnvironmentBlock;
declare const found: dokploy.GetApplicationResult;
declare const later: <T>(value: T) => pulumi.Output<T>;
const needed = { environmentId: "e", name: "n" };
const docker: dokploy.ApplicationArgs["source"] = { type: "docker", image: "nginx:1" };
`;
const application = (inputs: string) => `${head}new dokploy.Application("a", { ...needed, ${inputs} });`;
const compose = (inputs: string) => `${head}new dokploy.Compose("c", { ...needed, ${inputs} });`;
const environmentBlock = (inputs: string) =>
  `${head}new dokploy.EnvironmentBlock("b", { env: {}, ${inputs} });`;
const deployment = (inputs: string) => `${head}new dokploy.Deployment("d", { ${inputs} });`;

interface Mistake {
  program: string;
  code: number;
  /** What is underlined. */
  at: string;
  message: RegExp;
}

const mistakes: Record<string, Mistake> = {
  "a source without its image": {
    program: application(`source: { type: "docker" }`),
    code: 2322,
    at: "source",
    message: /Property 'image' is missing in type '\{ type: "docker"; \}' but required in type/,
  },
  "a source without several fields": {
    program: application(`source: { type: "github", owner: "acme", repository: "api" }`),
    code: 2322,
    at: "source",
    message: /is missing the following properties from type .*: githubId, branch$/,
  },
  "a misspelt field of a source": {
    program: application(`source: { type: "docker", imag: "nginx:1" }`),
    code: 2353,
    at: "imag",
    message: /only specify known properties, and 'imag' does not exist in type '\{ type: "docker"; image: /,
  },
  "a field of another source": {
    program: application(`source: { type: "docker", image: "nginx:1", branch: "main" }`),
    code: 2353,
    at: "branch",
    message: /'branch' does not exist in type '\{ type: "docker"; image: /,
  },
  "a source without its type": {
    program: application(`source: { image: "nginx:1" }`),
    code: 2322,
    at: "source",
    message: /Property 'type' is missing in type '\{ image: string; \}'/,
  },
  "a misspelt type of a source": {
    program: application(`source: { type: "dokcer", image: "nginx:1" }`),
    code: 2322,
    at: "type",
    message: /^Type '"dokcer"' is not assignable to type '"docker"'\.$/,
  },
  "a number for an image": {
    program: application(`source: { type: "docker", image: 1 }`),
    code: 2322,
    at: "source",
    message:
      /Types of property 'image' are incompatible\. +Type 'number' is not assignable to type 'Input<string>/,
  },
  "a compose file of a misspelt name": {
    program: compose(`source: { type: "raw", composefile: "" }`),
    code: 2353,
    at: "composefile",
    message: /'composefile' does not exist in type '\{ type: "raw"; composeFile: /,
  },
  "a raw source without its file": {
    program: compose(`source: { type: "raw" }`),
    code: 2322,
    at: "source",
    message: /Property 'composeFile' is missing/,
  },
  "a field of another build": {
    program: application(`source: docker, build: { type: "dockerfile", spa: true }`),
    code: 2353,
    at: "spa",
    message: /'spa' does not exist in type '\{ type: "dockerfile"; /,
  },
  "a misspelt limit": {
    program: application(`source: docker, resources: { memory: "1GiB" }`),
    code: 2353,
    at: "memory",
    message: /'memory' does not exist in type '\{ memoryLimit\?: Input</,
  },
  "a misspelt input": {
    program: application("source: docker, replica: 2"),
    code: 2561,
    at: "replica",
    message: /Did you mean to write 'replicas'\?$/,
  },
  "a variable of process.env, which may not be set": {
    program: application("source: docker, env: { A: process.env.A }"),
    code: 2322,
    at: "A",
    message: /^Type 'string \| undefined' is not assignable to type 'Input<string>'/,
  },
  "a misspelt id of a target": {
    program: environmentBlock(`target: { applicationID: "x" }`),
    code: 2353,
    at: "applicationID",
    message: /'applicationID' does not exist in type .*\{ applicationId: Input<string>;/,
  },
  "a target of nothing": {
    program: environmentBlock("target: {}"),
    code: 2322,
    at: "target",
    message: /^Type '\{\}' is not assignable to type/,
  },
  "an id by itself": {
    program: environmentBlock(`target: "x"`),
    code: 2322,
    at: "target",
    message: /^Type 'string' is not assignable to type/,
  },
  "a resource where its id belongs": {
    program: environmentBlock("target: { applicationId: app }"),
    code: 2741,
    at: "applicationId",
    message: /^Property '"an id, such as api\.id"' is missing in type 'Application'/,
  },
  "what a function found, whole": {
    program: environmentBlock("target: found"),
    code: 2322,
    at: "target",
    message: /^Type 'GetApplicationResult' is not assignable to type/,
  },
  "a block as the target of another": {
    program: environmentBlock("target: block"),
    code: 2322,
    at: "target",
    message: /^Type 'EnvironmentBlock' is not assignable to type/,
  },
  "a project that is to be deployed": {
    program: deployment("target: shop"),
    code: 2322,
    at: "target",
    message: /^Type 'Project' is not assignable to type 'Application \| Compose \| /,
  },
  "the id of a project that is to be deployed": {
    program: deployment("target: { projectId: shop.id }"),
    code: 2353,
    at: "projectId",
    message: /'projectId' does not exist in type 'Application \| Compose \| /,
  },
};

const fine: Record<string, string> = {
  "outputs and promises inside a source": application(
    `source: { type: "docker", image: later("nginx:1"), password: Promise.resolve("secret") }`,
  ),
  "a source that is an output or a promise": [
    application(`source: later({ type: "docker" as const, image: "nginx:1" })`),
    `new dokploy.Application("b", { ...needed, source: Promise.resolve(docker) });`,
    `new dokploy.Application("c", { ...needed, source: app.source });`,
  ].join("\n"),
  "one of two sources": application(
    `source: Math.random() > 0.5 ? docker : { type: "git", url: "https://x/y.git", branch: "main" }`,
  ),
  "a compose file that is read": compose(`source: dokploy.composeFile("compose.yaml")`),
  "targets by id, by output and by a resource": [
    environmentBlock(`target: { applicationId: "x" }`),
    `new dokploy.EnvironmentBlock("c", { target: { postgresId: later("x") }, env: {} });`,
    `new dokploy.EnvironmentBlock("d", { target: later({ composeId: "x" }), env: {} });`,
    `new dokploy.EnvironmentBlock("e", { target: block.target, env: {} });`,
    ...["app", "stack", "shop", "staging"].map(
      (resource) => `new dokploy.EnvironmentBlock("${resource}", { target: ${resource}, env: {} });`,
    ),
    `new dokploy.Deployment("d", { target: app });`,
    `new dokploy.Deployment("e", { target: stack });`,
    `new dokploy.Deployment("f", { target: { applicationId: app.id } });`,
  ].join("\n"),
};

const completions: Record<string, { program: string; offered: readonly string[] }> = {
  "the fields of one source": {
    program: application(`source: { type: "docker", | }`),
    offered: ["image", "password", "registryUrl", "username"],
  },
  "what is left of another": {
    program: application(`source: { type: "git", url: "https://x/y.git", branch: "main", | }`),
    offered: ["buildPath", "sshKeyId", "submodules", "watchPaths"],
  },
  "the types of a source": {
    program: application(`source: { type: "|" }`),
    offered: ["docker", "git", "github", "gitlab", "bitbucket", "gitea"],
  },
  "the fields of one build": {
    program: application(`source: docker, build: { type: "static", | }`),
    offered: ["publishDirectory", "spa"],
  },
  "the fields of a raw compose file": {
    program: compose(`source: { type: "raw", | }`),
    offered: ["composeFile", "file"],
  },
  "the ids of a target": {
    program: environmentBlock("target: { | }"),
    offered: [
      "applicationId",
      "composeId",
      "environmentId",
      "libsqlId",
      "mariadbId",
      "mongoId",
      "mysqlId",
      "postgresId",
      "projectId",
      "redisId",
    ],
  },
  "the ids of a service": {
    program: deployment("target: { | }"),
    offered: ["applicationId", "composeId"],
  },
};

const strictest = { ...newProgram, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };

for (const [settings, options] of Object.entries({
  "as `pulumi new` makes it": newProgram,
  "with exactOptionalPropertyTypes": strictest,
})) {
  describe(`a program ${settings}`, function () {
    this.timeout(60_000);
    let editor: Editor;
    before(() => {
      editor = openEditor(options);
    });
    after(() => editor.close());

    for (const [what, { program, code, at, message }] of Object.entries(mistakes)) {
      it(`is warned of ${what}`, () => {
        const found = editor.check(program);
        assert.equal(found.length, 1, JSON.stringify(found, undefined, 2));
        assert.equal(found[0]?.code, code);
        assert.equal(found[0]?.at, at);
        assert.match(found[0]?.message ?? "", message);
      });
    }

    it("is warned of a second id at both of them", () => {
      const found = editor.check(environmentBlock(`target: { applicationId: "x", composeId: "y" }`));
      assert.deepEqual(
        found.map(({ code, at, message }) => `TS${code} ${at}: ${message}`),
        ["applicationId", "composeId"].map(
          (id) => `TS2322 ${id}: Type 'string' is not assignable to type 'ExactlyOneId'.`,
        ),
      );
    });

    for (const [what, program] of Object.entries(fine)) {
      it(`may give ${what}`, () => assert.deepEqual(editor.check(program), []));
    }

    for (const [what, { program, offered }] of Object.entries(completions)) {
      it(`is offered ${what}`, () => assert.deepEqual(editor.complete(program), offered));
    }

    describe("has as an output of its type", () => {
      // Reached by their path: the package exports no more than a program needs.
      const resources = "./node_modules/pulumi-dokploy/dist/provider/resources";
      const types = `${head}
        type Alike<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
        /** Names of the inputs that the resource does not have as outputs of their type. */
        type Differing<Inputs, Resource> = {
          [K in keyof Inputs]-?: K extends keyof Resource
            ? Alike<Resource[K], pulumi.Output<Inputs[K]>> extends true ? never : K
            : K;
        }[keyof Inputs];
        declare function none<T>(differing: [T] extends [never] ? true : T): void;
      `;
      const compare = (file: string, kind: string, resource = kind, differing = "true") => {
        const inputs = `Omit<import("${resources}/${file}").${kind}Inputs, "import">`;
        return `${types}none<Differing<${inputs}, dokploy.${resource}>>(${differing});`;
      };

      for (const [file, kind] of Object.entries({
        application: "Application",
        compose: "Compose",
        project: "Project",
        environment: "Environment",
        "environment-block": "EnvironmentBlock",
        deployment: "Deployment",
      })) {
        it(`every input of ${kind}`, () => assert.deepEqual(editor.check(compare(file, kind)), []));
      }

      it("no input that is missing or has another type", () => {
        const differs = (input: string) =>
          editor.check(compare("application", "Application", "Compose", `"${input}"`)).length === 0;
        assert.deepEqual(["replicas", "source", "env", "name"].filter(differs), ["replicas", "source"]);
      });

      it("what a program reads of it", () => {
        const program = `${head}
          export const replicas: pulumi.Output<number | undefined> = app.replicas;
          export const image = app.source.apply((source) => (source.type === "docker" ? source.image : source.branch));
          export const level: pulumi.Output<string | undefined> = stack.env.apply((env) => env?.["LOG_LEVEL"]);
        `;
        assert.deepEqual(editor.check(program), []);
      });
    });
  });
}
