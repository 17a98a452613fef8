import { readValue, runChild } from "../env";
import { connectToStack, type Dependencies, runGit, runPulumi, StackSetup } from "../stack";
import { columns, complain, print, question } from "../terminal";

/** The programs, the server and the terminal that commands use, loaded only when they do. */
export const dependencies: Dependencies = {
  env: process.env,
  pulumi: runPulumi,
  git: runGit,
  async start(...given) {
    return await runChild(...given);
  },
  async connect(stack) {
    return await connectToStack(stack, process.env);
  },
  async store(stack, name, value) {
    await new StackSetup(".", stack).store(name, value);
  },
  async readValue(key) {
    return await readValue(key);
  },
  question: process.stdin.isTTY ? question : undefined,
  print,
  warn: (message) => complain(`warning: ${message}`),
  progress: complain,
};

/** Dependencies of commands that look again and again, until Ctrl-C ends the process. */
export const serviceDependencies = {
  ...dependencies,
  width: columns(),
  pause: async (ms: number) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return true;
  },
};
