import { checkCommand } from "./env-check";
import { diffCommand } from "./env-diff";
import { runCommandWithVariables } from "./env-run";
import { setCommand } from "./env-set";
import type { CommandGroup } from "./terminal/command";

export const envCommands: CommandGroup = {
  summary: "Work with environment variables: check, compare and set them, run a command with them",
  commands: { check: checkCommand, diff: diffCommand, run: runCommandWithVariables, set: setCommand },
};
