// Doors (`index.ts` of a folder) that load a module when one of its names is first used, instead of all modules at once:
// a program that needs one function of a folder would otherwise wait for the whole folder.
"use strict";

/** The compiler's helpers come before this line, and the code of the module after it. */
const mark = 'Object.defineProperty(exports, "__esModule", { value: true });\n';
const loading = /^(?:var|const) (\w+) = require\("(\.[^"]+)"\);$/;
const exporting =
  /^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.(\w+); \} \}\);$/;
const exportingAll = /^__exportStar\(require\("\.[^"]+"\), exports\);$/;
const empty = /^(?:exports\..*= void 0;|\/\/.*|)$/;

/** Defines a name that is loaded at its first use, and is an ordinary property from then on. */
const helper = `function lazily(name, load) {
  const define = (how) => Object.defineProperty(exports, name, { configurable: true, enumerable: true, ...how });
  define({ get: () => { const value = load(); define({ value }); return value; } });
}`;

/**
 * Returns the code of a module that only passes names on, so that it loads the others at the first use of a name. Other
 * code comes back as it is.
 *
 * @param {string} code the compiler's output for a CommonJS module
 */
function lazyDoor(code) {
  const at = code.indexOf(mark) + mark.length;
  const modules = new Map();
  const lines = [];
  for (const line of code.slice(at).split("\n")) {
    const [, variable, path] = loading.exec(line) ?? [];
    const [, name, from, original] = exporting.exec(line) ?? [];
    if (variable !== undefined) modules.set(variable, JSON.stringify(path));
    else if (name !== undefined)
      lines.push(`lazily("${name}", () => require(${modules.get(from)}).${original});`);
    else if (exportingAll.test(line)) lines.push(line);
    else if (!empty.test(line)) return code;
  }
  return lines.length === 0 ? code : `${code.slice(0, at)}${helper}\n${lines.join("\n")}\n`;
}

/** True for a module that may be a lazy door. Node.js reads the names of a package's entries out of their code. */
function isDoor(file) {
  return /[\\/](?:provider|sdk|cli|emulator|packages)(?:[\\/][\w-]+)+[\\/](?:index|kinds)\.[jt]s$/.test(file);
}

module.exports = { isDoor, lazyDoor };
