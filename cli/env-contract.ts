import type { Command } from "./terminal/command";
import { print } from "./terminal/output";

export const contractCommand: Command = {
  summary: "Write a first contract for variables from the files of all stages",
  help: [
    "Usage: pulumi-dokploy env contract --infer [options]",
    "",
    "Prints a contract that the files of variables in envs meet: the variables of each service, the type that all values",
    "of a variable have, the stages that have it, and which ones come from !secret. Add descriptions, allowed values and",
    "patterns by hand. No value is in it.",
    "",
    "Options:",
    "  --write     Write it to schema.yaml in the folder of the stages, if there is none",
    "  --force     Overwrite that file, with --write",
    "  --dir DIR   Folder of the stages (default: envs)",
    "  --help, -h  Show this text",
    "",
    "Exit codes: 0 printed or written; 1 a file of variables cannot be read; 2 there are no stages, the file exists, or an",
    "option is wrong.",
    "",
    "Example:",
    "  pulumi-dokploy env contract --infer --write",
  ].join("\n"),

  async run(args) {
    // Loaded only now: reading files needs more modules than showing help.
    const { runContract } = require("./env-contract/contract") as typeof import("./env-contract/contract");
    print(runContract(args));
  },
};
