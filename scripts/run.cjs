// Runs a program as a child process: asynchronous, bounded in time, and never leaving grandchildren behind.
const { spawn } = require("node:child_process");

/**
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env] default: this process's
 * @param {number} [options.timeoutSeconds] time after which the child and its children are killed; default: no limit
 * @param {boolean} [options.inherit] show the output instead of collecting it
 * @returns {Promise<{code: number, output: string}>} `code` is -1 when the program could not be started, was killed,
 * or ran out of time; `output` (stdout and stderr in order) then ends with the reason
 */
function run(command, args, options = {}) {
  const { cwd, env = process.env, timeoutSeconds, inherit = false } = options;
  const posix = process.platform !== "win32";
  return new Promise((resolve) => {
    // A separate process group makes it possible to kill grandchildren too.
    const grouped = posix && timeoutSeconds !== undefined;
    const child = spawn(command, args, {
      cwd,
      env,
      detached: grouped,
      stdio: inherit ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
      // Node refuses to start .cmd files (npm, yarn, dynamic providers on Windows) without a shell.
      shell: !posix && /\.(cmd|bat)$/i.test(command),
    });
    let output = "";
    child.stdout?.on("data", (data) => {
      output += data;
    });
    child.stderr?.on("data", (data) => {
      output += data;
    });
    const signalGroup = (signal) => {
      try {
        if (grouped) process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // It has ended in the meantime.
      }
    };
    const kill = () => signalGroup("SIGKILL");
    process.once("exit", kill);
    // Ctrl-C does not reach a separate group: pass it on, and end after the child.
    let interrupted = false;
    const interrupt = (signal) => {
      interrupted = true;
      signalGroup(signal);
    };
    if (grouped) for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, interrupt);
    let timedOut = false;
    const timer =
      timeoutSeconds === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            kill();
          }, timeoutSeconds * 1000);
    const settle = (code, reason) => {
      clearTimeout(timer);
      process.removeListener("exit", kill);
      for (const signal of ["SIGINT", "SIGTERM"]) process.removeListener(signal, interrupt);
      if (interrupted) process.exit(130);
      resolve({ code, output: reason === undefined ? output : `${output}${output ? "\n" : ""}${reason}` });
    };
    child.once("error", (error) => settle(-1, error.message));
    child.once("close", (code, signal) => {
      if (timedOut) settle(-1, `${command} did not end within ${timeoutSeconds} s`);
      else if (code === null) settle(-1, `${command} was ended by ${signal}`);
      else settle(code);
    });
  });
}

/** Returns the end of what a program printed: often the reason why it failed. */
function lastLines(text, count) {
  return text.trim().split("\n").slice(-count).join("\n").trim();
}

module.exports = { lastLines, run };
