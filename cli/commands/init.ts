import { initOptions, runInit } from "../server";
import { byVariables, type Command, exitCodesHelp, optionsHelp, page } from "../terminal";
import { dependencies } from "./dependencies";

export const initCommand: Command = {
  summary: "Write the folder of a new project: stages, services, packages with their lock, workflows",
  options: initOptions,
  help: [
    "Usage: pulumi-dokploy init <folder> [options]",
    "",
    "Writes a project that is ready for a first pull request, and lists the remaining steps. Asks for the options that are",
    "left out, if there is a terminal. Files that exist are never overwritten.",
    "",
    ...optionsHelp(initOptions, 23),
    "",
    `The workflows are those of the example: ${page("start/ci")}`,
    ...exitCodesHelp({
      done: "the files are written",
      failed: "npm or the server failed",
      wrong: "a file exists, or an option is wrong",
    }),
    "",
    "Example:",
    "  pulumi-dokploy init shop --service api=ghcr.io/acme/api:1.4.2 --owner @acme/platform",
  ].join("\n"),

  async run(args) {
    await byVariables(() => runInit(args, dependencies));
  },
};
