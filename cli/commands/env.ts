import type { CommandGroup } from "../terminal";
import { checkCommand } from "./env-check";
import { contractCommand } from "./env-contract";
import { diffCommand } from "./env-diff";
import { historyCommand } from "./env-history";
import { rotateCommand } from "./env-rotate";
import { runCommandWithVariables } from "./env-run";
import { setCommand } from "./env-set";
import { typesCommand } from "./env-types";

export const envCommands: CommandGroup = {
  summary:
    "Work with environment variables: check, compare, set and rotate them, run a command, show their history",
  commands: {
    check: checkCommand,
    contract: contractCommand,
    diff: diffCommand,
    history: historyCommand,
    rotate: rotateCommand,
    run: runCommandWithVariables,
    set: setCommand,
    types: typesCommand,
  },
};
