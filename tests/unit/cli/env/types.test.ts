import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import * as ts from "typescript";
import { runTypes } from "../../../../cli/env";
import { declarationsOf } from "../../../../cli/env/types/declarations";
import { exampleOf } from "../../../../cli/env/types/example";
import { UsageError } from "../../../../cli/terminal";
import { readEnv } from "../../../../provider/env";
import type { Rule } from "../../../../sdk/env-files";
import { variableTypes } from "../../../../sdk/env-files/contract-types";
import { EnvFolder } from "../../sdk/env-files/env-folder";

/** What the compiler says of files under `strict`. */
function complaints(files: Readonly<Record<string, string>>): string[] {
  const options: ts.CompilerOptions = { strict: true, noEmit: true, noLib: true, types: [] };
  const host = ts.createCompilerHost(options);
  const texts = new Map(Object.entries(files));
  host.getSourceFile = (name, version) => {
    const text = texts.get(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, version);
  };
  host.fileExists = (name) => texts.has(name);
  host.readFile = (name) => texts.get(name);
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()].map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, "\n"),
  );
}

const text = fc.string({ unit: "binary", maxLength: 12 });
const rule: fc.Arbitrary<Rule> = fc
  .record(
    {
      key: fc.stringMatching(/^[A-Za-z0-9_.-]{1,10}$/),
      type: fc.constantFrom(...(Object.keys(variableTypes) as (keyof typeof variableTypes)[])),
      required: fc.oneof(fc.boolean(), fc.array(text, { maxLength: 3 })),
      offset: fc.constant(0),
      values: fc.array(text, { minLength: 1, maxLength: 3 }),
      description: fc.oneof(text, fc.constantFrom("a */ b", "a\n\nb")),
      deprecated: text,
      pattern: text,
      secret: fc.boolean(),
    },
    { requiredKeys: ["key", "type", "required", "offset"] },
  )
  .map((made) => made as Rule);
const unwritable: Rule = { key: "A", type: "string", required: true, offset: 0, values: ["\0", ""] };
const rules = fc.uniqueArray(rule, { selector: ({ key }) => key, maxLength: 6 });

describe("env types", () => {
  let folder: EnvFolder;
  beforeEach(() => {
    folder = new EnvFolder();
    folder.write(
      "envs/schema.yaml",
      "services:\n  '*': { TZ: { description: Time zone } }\n  my-api:\n    LEVEL: { values: [debug, info] }\n" +
        "    ON: { type: boolean, required: [prod] }\n    a.b: { secret: true }\n    OLD: { deprecated: use LEVEL }\n" +
        "  web: {}\nshared: { REGION: }\n",
    );
    folder.write("envs/prod/web.yaml", "TZ: UTC\n");
  });
  afterEach(() => folder.remove());

  const declarations = [
    "// Written by `pulumi-dokploy env types` from envs/schema.yaml.",
    "",
    "/** Variables of the service my-api. */",
    "export interface MyApiEnv {",
    '  LEVEL: "debug" | "info";',
    "  /** @deprecated use LEVEL */",
    "  OLD?: string;",
    "  /** Needed in stage prod. */",
    '  ON?: "true" | "false";',
    "  /** Time zone */",
    "  TZ?: string;",
    '  "a.b": string;',
    "}",
    "",
    "/** Variables of the service web. */",
    "export interface WebEnv {",
    "  /** Time zone */",
    "  TZ?: string;",
    "}",
    "",
  ].join("\n");

  it("prints an interface for each service, which a program can use under strict", () => {
    const { output } = runTypes([]);
    assert.equal(output, declarations);
    const use = (code: string) => complaints({ "use.ts": `${output}\n${code}` });
    const noLib = /Cannot find global type/;
    assert.deepEqual(
      use(
        'declare const env: MyApiEnv;\nconst level: "debug" | "info" = env.LEVEL;\nexport { level };',
      ).filter((line) => !noLib.test(line)),
      [],
    );
    assert.match(
      use("declare const env: MyApiEnv;\nconst zone: string = env.TZ;\nexport { zone };").join("\n"),
      /'string \| undefined' is not assignable to type 'string'/,
    );
  });

  it("writes files, leaves them while they are up to date, and reports with --check that they are not", () => {
    const args = ["--service", "my-api", "--out", "types/env.d.ts", "--example", "api/.env.example"];
    const of = (result: { output: string; failed: boolean }) => [result.output, result.failed];
    const stale = "out of date; run env types without --check";
    assert.deepEqual(of(runTypes([...args, "--check"])), [
      `types/env.d.ts: ${stale}\napi/.env.example: ${stale}`,
      true,
    ]);
    assert.equal(existsSync("types"), false);
    assert.deepEqual(of(runTypes(args)), ["types/env.d.ts: written\napi/.env.example: written", false]);
    assert.deepEqual(of(runTypes([...args, "--check"])), [
      "types/env.d.ts: up to date\napi/.env.example: up to date",
      false,
    ]);
    assert.equal(
      readFileSync("api/.env.example", "utf8"),
      [
        "# Written by `pulumi-dokploy env types` from envs/schema.yaml.",
        "# One of debug or info.\nLEVEL=debug",
        "# Needed in stage prod.\n# Type boolean.\n# ON=",
        "# Time zone\n# TZ=",
        "# Secret.\na.b=\n",
      ].join("\n\n"),
    );
    folder.write("api/.env.example", "by hand");
    assert.deepEqual(of(runTypes(args)), ["types/env.d.ts: up to date\napi/.env.example: written", false]);
  });

  it("has the addresses that databaseUrls gives, and what the contract says of them", () => {
    folder.write("envs/test/web.yaml", "TZ: UTC\n");
    folder.write(
      "services/web/dokploy-app.yaml",
      "kind: application\nimage: acme/web:1\ndatabaseUrls: { DATABASE_URL: db, TZ: db }\n" +
        "stages: { prod: { databaseUrls: { CACHE_URL: cache } } }\n",
    );
    const { output } = runTypes(["--service", "web"]);
    const [, declared] = output.split("export interface ");
    assert.equal(
      declared,
      [
        "WebEnv {",
        "  /**",
        "   * Address of cache, which each deployment gives",
        "   * Needed in stage prod.",
        "   */",
        "  CACHE_URL?: string;",
        "  /** Address of db, which each deployment gives */",
        "  DATABASE_URL: string;",
        "  /** Time zone */",
        "  TZ?: string;",
        "}",
        "",
      ].join("\n"),
    );
    runTypes(["--service", "web", "--example", "web.env"]);
    assert.match(
      readFileSync("web.env", "utf8"),
      /\n\n# Address of db, which each deployment gives\n# Secret\.\n# Type url\.\nDATABASE_URL=\n/,
    );
  });

  it("refuses what it cannot know", () => {
    const refused: [args: string[], message: RegExp][] = [
      [
        ["--example", ".env.example"],
        /^An example has the variables of one service: name it with --service\.$/,
      ],
      [["--service", "ap"], /^envs\/schema\.yaml has no service ap; it has my-api, web\.$/],
      [["--check"], /^--check compares files/],
      [["--dir", "elsewhere"], /^There is no elsewhere\/schema\.yaml; /],
    ];
    for (const [args, message] of refused) {
      assert.throws(
        () => runTypes(args),
        (error) => error instanceof UsageError && message.test(error.message),
        args.join(" "),
      );
    }
  });

  it("gives code without mistakes, with every key, for any contract", () => {
    const service = fc.record({ name: fc.string({ minLength: 1, maxLength: 8 }), rules });
    fc.assert(
      fc.property(fc.uniqueArray(service, { selector: ({ name }) => name, maxLength: 3 }), (services) => {
        const code = declarationsOf(services, "head");
        const found = complaints({ "env.d.ts": code }).filter(
          (line) => !/Cannot find global type/.test(line),
        );
        assert.deepEqual(found, [], code);
        const interfaces = ts.createSourceFile("env.d.ts", code, ts.ScriptTarget.Latest).statements;
        const keys = interfaces.map((node) =>
          ts.isInterfaceDeclaration(node)
            ? node.members.map(({ name }) =>
                name && (ts.isStringLiteral(name) || ts.isIdentifier(name)) ? name.text : "",
              )
            : [],
        );
        assert.deepEqual(
          keys,
          services.map((one) => one.rules.map(({ key }) => key)),
        );
      }),
      { numRuns: 150 },
    );
  });

  it("gives an example that dotenv reads, in which only variables that all stages need are set", () => {
    fc.assert(
      fc.property(rules, (made) => {
        const example = exampleOf({ name: "api", rules: made }, "head");
        const needed = made.filter(
          ({ required, deprecated }) => required === true && deprecated === undefined,
        );
        assert.deepEqual(
          Object.keys(readEnv(example, "application")).sort(),
          needed.map(({ key }) => key).sort(),
        );
      }),
      { examples: [[[unwritable]]] },
    );
  });
});
