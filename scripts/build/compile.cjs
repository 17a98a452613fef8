// node scripts/build/compile.cjs <root>: compiles tsconfig.build.json like tsc, with declarations that need no other
// package. Nothing is written when there is an error.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const esbuild = require("esbuild");
const ts = require("typescript");
const { publicDeclarations } = require("./declarations.cjs");
const { isDoor, lazyDoor } = require("./lazy-doors.cjs");

/**
 * @param {string} root the checkout
 * @throws an Error with the compiler's messages, or with the parts that a declaration cannot express
 */
function compile(root) {
  const { options, fileNames, errors } = ts.getParsedCommandLineOfConfigFile(
    path.join(root, "tsconfig.build.json"),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic) => refuse([diagnostic], root) },
  );
  refuse(errors, root);
  const program = ts.createProgram(fileNames, options);
  refuse(ts.getPreEmitDiagnostics(program), root);

  const files = new Map();
  emit(program, files, (name) => name.endsWith(".d.ts"), { removeComments: false });
  // Editors show the docstrings of the declarations; in the code they would be half of the package.
  emit(program, files, (name) => !name.endsWith(".d.ts"), { removeComments: true });
  const entries = declaredEntries(root);
  // Nobody can import declarations that no entry reaches.
  const kept = entries.length > 0 ? publicDeclarations(program, files, entries) : files;
  for (const [name, text] of files) {
    if (name.endsWith(".d.ts") && !kept.has(name)) fs.rmSync(name, { force: true });
    else write(name, kept.get(name) ?? (isDoor(name) ? lazyDoor(text) : text));
  }
  copyData(root, path.join("plugin", "generated"));
}

/** Copies the data that modules read at run time. */
function copyData(root, folder) {
  if (!fs.existsSync(path.join(root, folder))) return;
  for (const name of fs.readdirSync(path.join(root, folder))) {
    if (!name.endsWith(".json")) continue;
    write(path.join(root, "dist", folder, name), fs.readFileSync(path.join(root, folder, name), "utf8"));
  }
}

/** Adds the output of one kind, made with these settings. */
function emit(program, files, kind, settings) {
  // The program holds this object, and the emitter reads it each time.
  Object.assign(program.getCompilerOptions(), settings);
  const { diagnostics } = program.emit(undefined, (name, text) => {
    if (kind(name)) files.set(path.normalize(name), text);
  });
  refuse(diagnostics, "");
}

/** Returns the declarations that package.json names, for each way to import the package. */
function declaredEntries(root) {
  const manifest = path.join(root, "package.json");
  if (!fs.existsSync(manifest)) return [];
  const { exports = {} } = JSON.parse(fs.readFileSync(manifest, "utf8"));
  return Object.values(exports).flatMap(({ types }) => (types ? [path.join(root, types)] : []));
}

/** Characters after which a line of code ends: Node.js prints the line of an error, and nobody reads a whole file in it. */
const lineLimit = 1000;

/** Writes a file. Code and data lose the white space that only people need. */
function write(name, text) {
  fs.mkdirSync(path.dirname(name), { recursive: true });
  fs.writeFileSync(name, compact(name, text));
}

function compact(name, text) {
  if (name.endsWith(".json")) return JSON.stringify(JSON.parse(text));
  if (!name.endsWith(".js")) return text;
  return esbuild.transformSync(text, { minifyWhitespace: true, lineLimit, target: "node20" }).code;
}

function refuse(diagnostics, root) {
  const found = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  if (found.length === 0) return;
  throw new Error(
    ts.formatDiagnostics(found, {
      getCurrentDirectory: () => root,
      getCanonicalFileName: (name) => name,
      getNewLine: () => "\n",
    }),
  );
}

try {
  compile(path.resolve(process.argv[2] ?? "."));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
