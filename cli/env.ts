import { checkCommand } from "./env-check";
import { contractCommand } from "./env-contract";
import { diffCommand } from "./env-diff";
import { runCommandWithVariables } from "./env-run";
import { setCommand } from "./env-set";
import { typesCommand } from "./env-types";
import type { CommandGroup } from "./terminal/command";

export const envCommands: CommandGroup = {
  summary: "Work with environment variables: check, compare and set them, run a command with them",
  commands: {
    check: checkCommand,
    contract: contractCommand,
    diff: diffCommand,
    run: runCommandWithVariables,
    set: setCommand,
    types: typesCommand,
  },
};
