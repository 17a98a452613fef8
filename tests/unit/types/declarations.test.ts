import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as ts from "typescript";

const repository = path.join(__dirname, "..", "..", "..");
const { publicDeclarations } = require("../../../scripts/build/declarations.cjs") as {
  publicDeclarations(
    program: ts.Program,
    emitted: ReadonlyMap<string, string>,
    entries: string[],
  ): Map<string, string>;
};

/** As `pulumi new typescript` writes them; the older form first. Neither has esModuleInterop or skipLibCheck. */
const consumers = {
  commonjs: { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 },
  nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
};
const consumerOptions: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2020,
  experimentalDecorators: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  forceConsistentCasingInFileNames: true,
  noEmit: true,
};

const good = `
import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "pulumi-dokploy";

const config = new pulumi.Config();
const shop = new dokploy.Project("shop", { name: "shop", env: { REGION: "eu" } });
const test = new dokploy.Environment("test", { projectId: shop.id, name: "test" });
const count: number | undefined = config.getNumber("replicas");
const api = new dokploy.Application("api", {
  environmentId: shop.defaultEnvironmentId,
  name: "api",
  source: { type: "docker", image: pulumi.interpolate\`ghcr.io/acme/api:\${config.require("tag")}\` },
  env: { LOG_LEVEL: "info", DATABASE_URL: config.requireSecret("databaseUrl") },
  resources: { memoryLimit: "512MiB", cpuLimit: 0.5 },
  replicas: count,
  deploy: { method: "reload", timeoutSeconds: 60 },
});
const web = new dokploy.Application("web", {
  environmentId: test.id,
  name: "web",
  source: { type: "github", githubId: "g", owner: "acme", repository: "web", branch: "main" },
  build: { type: "dockerfile", dockerfile: "Dockerfile" },
  deploy: false,
});
new dokploy.Compose("queue", {
  environmentId: test.id,
  name: "queue",
  source: dokploy.composeFile("compose.yaml"),
  checks: { "latest-tag": "error" },
  env: dokploy.loadEnv("envs/test/queue.yaml"),
});
new dokploy.EnvironmentBlock("flags", { target: { applicationId: api.id }, mode: "additive", env: { A: "on" } });
new dokploy.DeploymentRepository("repository", { environmentId: test.id });
const found = dokploy.getApplicationOutput({ applicationId: web.id });
export const host: pulumi.Output<string> = api.appName;
export const name: pulumi.Output<string> = found.name;
`;

/** Each with the line that is an error. */
const wrong = [
  `{ ...needed, source: image, replica: 2 }`,
  `{ ...needed, source: image, replicas: "2" }`,
  `{ ...needed, source: { type: "nope" } }`,
  `{ ...needed, source: { type: "docker", image: 1 } }`,
  `{ ...needed }`,
  `{ ...needed, source: image, deploy: { method: "never" } }`,
];
const wrongHead = [
  `import { Application, type ApplicationArgs } from "pulumi-dokploy";`,
  `const needed = { environmentId: "e", name: "n" };`,
  `const image: ApplicationArgs["source"] = { type: "docker", image: "nginx:1" };`,
];

const entries = `
import { type Emulator, startEmulator } from "pulumi-dokploy/emulator";
import { type Provider, provider } from "pulumi-dokploy/runtime";
export const emulator: Promise<Emulator> = startEmulator({ version: "v0.30.2" });
export const made: Provider = provider("Application");
`;

describe("the declarations in the package", function () {
  this.timeout(60_000);
  let folder: string;

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "declarations-"));
    fs.mkdirSync(path.join(folder, "node_modules", "@types"), { recursive: true });
    fs.symlinkSync(repository, path.join(folder, "node_modules", "pulumi-dokploy"), "junction");
    for (const name of ["@pulumi", "zod", path.join("@types", "node")]) {
      const target = path.join(repository, "node_modules", name);
      fs.symlinkSync(target, path.join(folder, "node_modules", name), "junction");
    }
    write("good.ts", good);
    write("wrong.ts", [...wrongHead, ...wrong.map((args) => `new Application("a", ${args});`)].join("\n"));
    write("entries.ts", entries);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  function write(name: string, text: string): string {
    const file = path.join(folder, name);
    fs.writeFileSync(file, text);
    return file;
  }

  function compile(names: string[], options: ts.CompilerOptions): ts.Program {
    const host = ts.createCompilerHost(options);
    host.getCurrentDirectory = () => folder;
    return ts.createProgram(
      names.map((name) => path.join(folder, name)),
      options,
      host,
    );
  }

  /** What an editor works with. */
  function open(names: string[], options: ts.CompilerOptions): ts.LanguageService {
    return ts.createLanguageService({
      ...ts.sys,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      realpath: fs.realpathSync,
      getScriptFileNames: () => names.map((name) => path.join(folder, name)),
      getScriptVersion: () => "1",
      getScriptSnapshot: (file) => {
        const text = ts.sys.readFile(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => folder,
      getCompilationSettings: () => options,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
    });
  }

  function messages(diagnostics: readonly ts.Diagnostic[]): string[] {
    return diagnostics.map(({ file, start, messageText }) => {
      const line = file && file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
      return `${file && path.basename(file.fileName)}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  }

  describe("for a program of CommonJS", () => {
    let editor: ts.LanguageService;
    let errors: string[];
    before(() => {
      editor = open(["good.ts", "wrong.ts"], { ...consumerOptions, ...consumers.commonjs });
      const program = editor.getProgram();
      errors = program ? messages(ts.getPreEmitDiagnostics(program)) : ["no program"];
    });

    it("compile, and report each mistake in its place", () => {
      const lines = errors.map((error) => error.split(" ")[0]);
      assert.deepEqual(
        [...new Set(lines)],
        wrong.map((_, index) => `wrong.ts:${wrongHead.length + index + 1}`),
        errors.join("\n"),
      );
    });

    for (const [input, expected] of Object.entries({
      replicas: /^Number of containers/,
      image: /^Image with its tag or digest/,
      memoryLimit: /memory/i,
      method: /^Method: `deploy` clones or pulls, and builds/,
      target: /^Application, compose service, database, project or environment that has the variables/,
    })) {
      it(`show the docs of the input ${input} in a program`, () => {
        const file = path.join(folder, "good.ts");
        const shown = editor.getQuickInfoAtPosition(file, good.indexOf(`${input}: `));
        assert.match(ts.displayPartsToString(shown?.documentation), expected);
      });
    }

    it("do not refer to zod, in any file that the program reads", () => {
      const read = (editor.getProgram()?.getSourceFiles() ?? []).map((file) => file.fileName);
      const ours = read.filter((file) => file.includes("/dist/"));
      assert.ok(ours.length > 10, ours.join("\n"));
      assert.deepEqual(
        read.filter((file) => file.includes("/node_modules/zod/")),
        [],
      );
    });
  });

  for (const [name, consumer] of Object.entries(consumers)) {
    it(`compile for a program of ${name}, every entry of the package`, () => {
      const { exports } = JSON.parse(fs.readFileSync(path.join(repository, "package.json"), "utf8")) as {
        exports: Record<string, { types?: string }>;
      };
      const typed = Object.entries(exports).flatMap(([entry, { types }]) =>
        types === undefined ? [] : [path.posix.join("pulumi-dokploy", entry)],
      );
      assert.ok(typed.length >= 3);
      const all = typed.map((entry, index) => `export * as entry${index} from ${JSON.stringify(entry)};`);
      write("all.ts", all.join("\n"));
      const program = compile(["good.ts", "entries.ts", "all.ts"], { ...consumerOptions, ...consumer });
      // @pulumi/policy declares names that its own declarations lack.
      const ours = ts
        .getPreEmitDiagnostics(program)
        .filter(({ file }) => !/@pulumi\/policy\/index\.d\.ts$/.test(file?.fileName ?? ""));
      assert.deepEqual(messages(ours), []);
    });
  }

  it("name zod nowhere", () => {
    const dist = path.join(repository, "dist");
    const naming = (fs.readdirSync(dist, { recursive: true }) as string[])
      .filter((name) => name.endsWith(".d.ts"))
      .filter((name) => /["']zod/.test(fs.readFileSync(path.join(dist, name), "utf8")));
    assert.deepEqual(naming, []);
  });

  it("say of the inputs exactly what the schemas say", () => {
    const kinds = ["project", "environment", "application", "compose", "environment-block", "deployment"];
    const lines = kinds.map((kind, index) => {
      const type = kind.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
      const [source, built] = ["", "dist"].map((base) =>
        path.join(repository, base, "provider", "resources", kind),
      );
      return `export const same${index}: Same<import("${source}").${type}Inputs, import("${built}").${type}Inputs> = true;`;
    });
    const same = [
      "type Alike<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;",
      // What may be left out and what may be undefined are told apart by assignment alone.
      "type Same<A, B> = [A, B] extends [B, A] ? Alike<A, B> : false;",
    ];
    const differing = [
      "export const optional: Same<{ a?: 1 }, { a?: 1 | undefined }> = true;",
      "export const readonly: Same<{ a: 1 }, { readonly a: 1 }> = true;",
    ];
    const file = write("same.ts", [...same, ...lines, ...differing].join("\n").replaceAll("\\", "/"));
    const program = compile(["same.ts"], {
      ...{ ...consumerOptions, ...consumers.commonjs },
      ...{ exactOptionalPropertyTypes: true, skipLibCheck: true },
    });
    const found = messages(program.getSemanticDiagnostics(program.getSourceFile(file)));
    assert.deepEqual(
      found,
      differing.map((_, index) => {
        const line = same.length + kinds.length + index + 1;
        return `same.ts:${line} Type 'true' is not assignable to type 'false'.`;
      }),
    );
  });

  describe("are created", () => {
    const module = `
      import { z } from "zod";
      export const schema = z.object({
        /** How many. */
        count: z.number(),
        "with-dash": z.tuple([z.literal(1), z.boolean()]).optional(),
        list: z.array(z.union([z.string(), z.null()])),
        map: z.record(z.string(), z.object({ deep: z.string() })),
        frozen: z.object({ a: z.string() }).readonly(),
      });
      /** What it is. */
      export type Good = z.infer<typeof schema>;
      const anything = z.object({ inner: z.any() });
      export type Anything = z.infer<typeof anything>;
      const date = z.object({ at: z.array(z.date()) });
      export type At = z.infer<typeof date>;
      interface Needs { readonly schema: z.ZodObject }
      export interface Public { needs: Needs }
    `;
    const text = (name: string) => `export { ${name} } from "./module";`;
    let program: ts.Program;
    const emitted = new Map<string, string>();
    before(() => {
      write("module.ts", module);
      for (const name of ["Good", "Anything", "At", "Public"]) write(`${name}.ts`, text(name));
      program = compile(["Good.ts", "Anything.ts", "At.ts", "Public.ts"], {
        ...{ ...consumerOptions, ...consumers.commonjs, noEmit: false },
        ...{ declaration: true, skipLibCheck: true, rootDir: folder, outDir: path.join(folder, "out") },
      });
      program.emit(undefined, (name, made) => emitted.set(path.normalize(name), made));
    });

    const published = (name: string) =>
      publicDeclarations(program, emitted, [path.join(folder, "out", `${name}.d.ts`)]);

    it("as plain types with their docstrings, without unused ones", () => {
      assert.equal(
        published("Good").get(path.join(folder, "out", "module.d.ts")),
        `/** What it is. */
export type Good = {
    /** How many. */
    count: number;
    list: (string | null)[];
    map: Record<string, {
        deep: string;
    }>;
    frozen: {
        readonly a: string;
    };
    "with-dash"?: [1, boolean] | undefined;
};
export {};
`,
      );
    });

    for (const [name, problem] of Object.entries({
      Anything: /module\.ts: the declarations cannot say any \(Anything\.inner\)/,
      At: /module\.ts: the declarations cannot say Date \(At\.at\[\]\)/,
      Public: /module\.d\.ts: "Needs" is part of what the package declares, and needs zod/,
    })) {
      it(`not from ${name}, which they could not say: that is an error`, () => {
        assert.throws(() => published(name), problem);
      });
    }
  });
});
