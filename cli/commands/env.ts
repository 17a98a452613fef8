import type { CommandGroup } from "../terminal";
import { checkCommand } from "./env-check";
import { contractCommand } from "./env-contract";
import { diffCommand } from "./env-diff";
import { historyCommand } from "./env-history";
import { runCommandWithVariables } from "./env-run";
import { setCommand } from "./env-set";
import { typesCommand } from "./env-types";

export const envCommands: CommandGroup = {
  summary: "Work with environment variables: check, compare and set them, run a command, show their history",
  commands: {
    check: checkCommand,
    contract: contractCommand,
    diff: diffCommand,
    history: historyCommand,
    run: runCommandWithVariables,
    set: setCommand,
    types: typesCommand,
  },
};
