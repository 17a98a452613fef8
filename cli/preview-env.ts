import { dependencies } from "./dependencies";
import { listOptions, removeOptions, sweepOptions, upOptions } from "./preview-env/options";
import type { Command, CommandGroup } from "./terminal/command";
import { optionsHelp } from "./terminal/options";

const about = [
  "",
  "A preview is the stack pr-<number>. It has the configuration and the secrets of the stack `preview`, and the rules in",
  "dokploy-previews.yaml say which services take part.",
  "",
];
/** Column at which the words of the helps begin. */
const column = 17;

/** Loaded only when a command runs. */
const work = () => require("./preview-env/run") as typeof import("./preview-env/run");

const up: Command = {
  summary: "Deploy the preview of a pull request, and create it if it is new",
  help: [
    "Usage: pulumi-dokploy preview-env up <number> [options]",
    ...about,
    "Prints a comment for the pull request: what runs and since when, the addresses, when it is removed, and the cause of",
    "a failure.",
    "",
    ...optionsHelp(upOptions, column),
    "",
    'JSON: { version: 1, number, status: "deployed" | "failed" | "refused", services: [{ name, kind, addresses,',
    '  running: { runs: "all" | "some" | "none" | "unknown", since?, failed } }], deployed, until, reason? }.',
    "",
    "Exit codes: 0 it is deployed; 1 it failed, or the rules allow no more previews; 2 an option is wrong.",
  ].join("\n"),
  async run(args) {
    if (!(await work().runUp(args, dependencies))) process.exitCode = 1;
  },
};

const remove: Command = {
  summary: "Remove the preview of a pull request, also what a killed run left",
  help: [
    "Usage: pulumi-dokploy preview-env remove <number> [options]",
    ...about,
    ...optionsHelp(removeOptions, column),
    "",
    "JSON: { version: 1, number, removed, stays? }; stays: volumes and images that Dokploy could not delete.",
    "",
    "Exit codes: 0 it is removed, or did not exist; 1 something is still there; 2 an option is wrong.",
  ].join("\n"),
  run: (args) => work().runRemove(args, dependencies),
};

const list: Command = {
  summary: "List the previews, with the time at which each is removed",
  help: [
    "Usage: pulumi-dokploy preview-env list [options]",
    ...about,
    ...optionsHelp(listOptions, column),
    "",
    "JSON: { version: 1, previews: [{ number, deployed? or failed?, until? }] }.",
  ].join("\n"),
  run: (args) => work().runList(args, dependencies),
};

const sweep: Command = {
  summary: "Remove the previews of closed pull requests, and those whose lifetime is over",
  help: [
    "Usage: pulumi-dokploy preview-env sweep [options]",
    ...about,
    ...optionsHelp(sweepOptions, column),
    "",
    'JSON: { version: 1, removed: [{ number, why: "closed" | "expired", stays? }], failed: [{ number, why, error }], kept }.',
    "",
    "Exit codes: 0 all of them are removed; 1 at least one is still there; 2 an option is wrong.",
  ].join("\n"),
  async run(args) {
    if (!(await work().runSweep(args, dependencies))) process.exitCode = 1;
  },
};

export const previewEnvCommands: CommandGroup = {
  summary: "Deploy, list and remove previews of pull requests: `preview-env up` …",
  commands: { up, list, remove, sweep },
};
