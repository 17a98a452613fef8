import { checkCommand } from "./env-check";
import { diffCommand } from "./env-diff";
import type { CommandGroup } from "./terminal/command";

export const envCommands: CommandGroup = {
  summary: "Work with environment variables: `env check`, `env diff` …",
  commands: { check: checkCommand, diff: diffCommand },
};
