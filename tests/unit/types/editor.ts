import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as ts from "typescript";

const repository = path.join(__dirname, "..", "..", "..");

/** The tsconfig that `pulumi new typescript` writes, without what concerns its output. */
export const newProgram: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2020,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  experimentalDecorators: true,
  pretty: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  forceConsistentCasingInFileNames: true,
  noEmit: true,
};

/** An error as TypeScript reports it: `TS2322`, the text that it underlines, and the message in one line. */
export interface Complaint {
  code: number;
  at: string;
  message: string;
}

/** What an editor shows of one program that uses the package, as it is built. */
export interface Editor {
  /** What is wrong with a program of one file. */
  check(program: string): Complaint[];
  /** What is offered where the program has a `|`, apart from what every output has. */
  complete(program: string): string[];
  close(): void;
}

export function openEditor(options: ts.CompilerOptions): Editor {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "editor-")));
  const modules = path.join(folder, "node_modules");
  fs.mkdirSync(path.join(modules, "@types"), { recursive: true });
  fs.symlinkSync(repository, path.join(modules, "pulumi-dokploy"), "junction");
  for (const name of ["@pulumi", path.join("@types", "node")]) {
    fs.symlinkSync(path.join(repository, "node_modules", name), path.join(modules, name), "junction");
  }
  const file = path.join(folder, "index.ts");
  let text = "";
  let version = 0;
  const show = (program: string) => {
    text = program;
    version++;
  };
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    realpath: fs.realpathSync,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => (name === file ? String(version) : "1"),
    getScriptSnapshot: (name) => {
      const read = name === file ? text : ts.sys.readFile(name);
      return read === undefined ? undefined : ts.ScriptSnapshot.fromString(read);
    },
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
  return {
    check(program) {
      show(program);
      const found = [...service.getSyntacticDiagnostics(file), ...service.getSemanticDiagnostics(file)];
      return found.map(({ code, start = 0, length = 0, messageText }) => ({
        code,
        at: text.slice(start, start + length),
        message: ts.flattenDiagnosticMessageText(messageText, " "),
      }));
    },
    complete(program) {
      const position = program.indexOf("|");
      show(program.replace("|", ""));
      const offered = service.getCompletionsAtPosition(file, position, {})?.entries ?? [];
      return offered.map(({ name }) => name).filter((name) => name !== "apply" && name !== "get");
    },
    close: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}
