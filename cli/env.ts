import { diffCommand } from "./env-diff";
import type { CommandGroup } from "./terminal/command";

export const envCommands: CommandGroup = {
  summary: "Work with environment variables: `env diff` …",
  commands: { diff: diffCommand },
};
