/** What GitHub's own parser of workflows and actions says of a file. */
import * as path from "node:path";
import { build } from "esbuild";

interface File {
  name: string;
  content: string;
}

interface Parsed {
  context: { errors: { getErrors(): { message: string }[] } };
  value?: unknown;
}

interface Library {
  NoOperationTraceWriter: new () => object;
  parseWorkflow(file: File, trace: object): Parsed;
  convertWorkflowTemplate(
    context: object,
    value: unknown,
    fetcher: undefined,
    options: object,
  ): Promise<unknown>;
  parseAction(file: File, trace: object): Parsed;
}

let loaded: Promise<Library> | undefined;

/** The library imports JSON as bundlers take it, and Node.js does not. */
async function load(): Promise<Library> {
  const contents = `
    export * from "@actions/workflow-parser";
    export * from "@actions/workflow-parser/actions/index";`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: path.join(__dirname, "..", "..") },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
  });
  const module = { exports: {} as Library };
  new Function("module", "exports", "require", outputFiles[0]?.text ?? "")(module, module.exports, require);
  return module.exports;
}

/** Problems of a workflow or of the `action.yml` of an action; none when GitHub accepts it. */
export async function problemsAtGithub(kind: "workflow" | "action", content: string): Promise<string[]> {
  loaded ??= load();
  const { parseWorkflow, parseAction, convertWorkflowTemplate, NoOperationTraceWriter } = await loaded;
  const parse = kind === "action" ? parseAction : parseWorkflow;
  const { context, value } = parse({ name: `${kind}.yml`, content }, new NoOperationTraceWriter());
  if (kind === "workflow" && value !== undefined)
    await convertWorkflowTemplate(context, value, undefined, {});
  return context.errors.getErrors().map(({ message }) => message);
}
