import * as assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import * as ts from "typescript";
import { parse } from "yaml";
import { isRecord } from "../../../../packages/values";
import { isMarked, parseUrn, unmarked } from "../../../../provider/pulumi";
import * as dokploy from "../../../../sdk";
import type { Kind } from "../../../../sdk/run";
import { analyze, type Given } from "./analysis";

/** Pulumi's own, which its types leave out: ends when all that is registered so far has been. */
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };
const folder = join(__dirname, "..", "..", "..", "..", "examples");

describe("the policies in the examples", () => {
  const before = process.cwd();
  afterEach(() => {
    process.chdir(before);
    pulumi.runtime.setAllConfig({});
  });

  for (const example of readdirSync(folder)) {
    it(`find nothing in ${example}`, async () => {
      for (const stack of example === "whole-server" ? ["test"] : ["test", "prod"]) {
        const program = await registeredBy(join(folder, example), stack);
        assert.ok(program.length > 0, "the program makes resources");
        assert.deepEqual(await analyze(program, { stack }), [], stack);
      }
    });
  }
});

/** Runs a program, and returns the resources of Dokploy that it registers. */
async function registeredBy(path: string, stack: string): Promise<Given[]> {
  const found: Given[] = [];
  const mocks: pulumi.runtime.Mocks = {
    newResource({ type, name, inputs }) {
      const { kind } = parseUrn(`urn:pulumi:s::p::${type}::${name}`) ?? {};
      const id = `id of ${kind} ${name}`;
      if (kind !== undefined)
        found.push({
          kind: kind as Kind,
          name,
          inputs: marked(inputs) as Given["inputs"],
          from: fromOf(inputs),
        });
      return { id, state: { appName: name, ...inputs } };
    },
    call: ({ inputs }) => inputs,
  };
  process.chdir(path);
  const { outputText } = ts.transpileModule(readFileSync("index.ts", "utf8"), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const project = String(/^name: (.*)$/m.exec(readFileSync("Pulumi.yaml", "utf8"))?.[1]);
  await pulumi.runtime.setMocks(mocks, project, stack, false);
  const files = readdirSync(".", { recursive: true, encoding: "utf8" }).filter((name) =>
    /^(?:envs|services)\b/.test(name),
  );
  const texts = [
    outputText,
    ...files.filter((name) => name.endsWith(".yaml")).map((name) => readFileSync(name, "utf8")),
  ];
  const needed = texts.flatMap((text) => [...text.matchAll(/(?:config\.require\w*\("|!secret )(\w+)/g)]);
  pulumi.runtime.setAllConfig({
    ...Object.fromEntries(needed.map(([, name]) => [`${project}:${name}`, "acme.example.com"])),
    ...tagsOf(stack),
  });
  const packages: Readonly<Record<string, unknown>> = { "pulumi-dokploy": dokploy, "@pulumi/pulumi": pulumi };
  const protectedOnes = new Set<string>();
  await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
      if (opts.protect) protectedOnes.add(`${parseUrn(`urn:pulumi:s::p::${type}::${name}`)?.kind} ${name}`);
      return undefined;
    });
    new Function("require", "exports", outputText)((name: string) => packages[name], {});
    await waitForRPCs();
  });
  return found.map((given) => ({ ...given, protect: protectedOnes.has(`${given.kind} ${given.name}`) }));
}

/** Returns the versions of images in the configuration of a stack. */
function tagsOf(stack: string): Record<string, string> {
  const file = `Pulumi.${stack}.yaml`;
  const { config = {} } = existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
  const tags = (config as Record<string, unknown>)["dokploy:imageTags"];
  return tags === undefined ? {} : { "dokploy:imageTags": JSON.stringify(tags) };
}

/** Returns the names of the resources whose ids are among the inputs. */
function fromOf(inputs: object): Record<string, string> {
  const ids = Object.entries(inputs).flatMap(([input, value]) => {
    const [, name] = /^id of \w+ (.*)$/.exec(String(unmarked(value))) ?? [];
    return name === undefined ? [] : [[input, name]];
  });
  return Object.fromEntries(ids);
}

function marked(value: unknown): unknown {
  if (isMarked(value)) return new Secret(marked(unmarked(value)));
  if (Array.isArray(value)) return value.map(marked);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, marked(inner)]));
}
