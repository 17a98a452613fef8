import {
  listOptions,
  removeOptions,
  runList,
  runRemove,
  runSweep,
  runUp,
  sweepOptions,
  upOptions,
} from "../preview";
import { type Command, type CommandGroup, exitCodes, exitCodesHelp, optionsHelp } from "../terminal";
import { dependencies } from "./dependencies";

const about = [
  "",
  "A preview is the stack pr-<number>. It has the configuration and the secrets of the stack `preview`, and the rules in",
  "dokploy-previews.yaml say which services take part.",
  "",
];
/** Column at which the descriptions of options begin. */
const column = 17;

const up: Command = {
  summary: "Deploy the preview of a pull request, and create it if it is new",
  options: upOptions,
  help: [
    "Usage: pulumi-dokploy preview-env up <number> [options]",
    ...about,
    "Prints a comment for the pull request: what runs and since when, the addresses, when it is removed, and the cause of",
    "a failure.",
    "",
    ...optionsHelp(upOptions, column),
    "",
    ...exitCodesHelp({ done: "it is deployed", failed: "it failed, or the rules allow no more previews" }),
  ].join("\n"),
  async run(args) {
    if (!(await runUp(args, dependencies))) process.exitCode = exitCodes.failed;
  },
};

const remove: Command = {
  summary: "Remove the preview of a pull request, and anything that a killed run left",
  options: removeOptions,
  help: [
    "Usage: pulumi-dokploy preview-env remove <number> [options]",
    ...about,
    ...optionsHelp(removeOptions, column),
    "",
    ...exitCodesHelp({ done: "it is removed, or did not exist", failed: "something is still there" }),
  ].join("\n"),
  run: (args) => runRemove(args, dependencies),
};

const list: Command = {
  summary: "List the previews, with the time at which each is removed",
  options: listOptions,
  help: [
    "Usage: pulumi-dokploy preview-env list [options]",
    ...about,
    ...optionsHelp(listOptions, column),
  ].join("\n"),
  run: (args) => runList(args, dependencies),
};

const sweep: Command = {
  summary: "Remove the previews of closed pull requests, and those whose lifetime is over",
  options: sweepOptions,
  help: [
    "Usage: pulumi-dokploy preview-env sweep [options]",
    ...about,
    ...optionsHelp(sweepOptions, column),
    "",
    ...exitCodesHelp({ done: "all of them are removed", failed: "at least one is still there" }),
  ].join("\n"),
  async run(args) {
    if (!(await runSweep(args, dependencies))) process.exitCode = exitCodes.failed;
  },
};

export const previewEnvCommands: CommandGroup = {
  summary: "Deploy, list and remove previews of pull requests: `preview-env up` …",
  commands: { up, list, remove, sweep },
};
