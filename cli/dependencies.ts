import type { Dependencies } from "./stack/dependencies";
import { runGit, runPulumi } from "./stack/process";
import { complain, print } from "./terminal/output";

/** The programs, the server and the terminal that commands use, loaded only when they do. */
export const dependencies: Dependencies = {
  env: process.env,
  pulumi: runPulumi,
  git: runGit,
  async start(...given) {
    const { runChild } = require("./env-run/child") as typeof import("./env-run/child");
    return await runChild(...given);
  },
  async connect(stack) {
    const { connect } = require("./stack/connection") as typeof import("./stack/connection");
    return await connect(stack, process.env);
  },
  async store(stack, name, value) {
    const { StackSetup } = require("./stack/setup") as typeof import("./stack/setup");
    await new StackSetup(".", stack).store(name, value);
  },
  async readValue(key) {
    const { readValue } = require("./env-set/input") as typeof import("./env-set/input");
    return await readValue(key);
  },
  print,
  warn: (message) => complain(`warning: ${message}`),
  progress: complain,
};
