export { byVariables } from "./by-variables";
export { type Command, type CommandGroup, type Commands, listOf, runCommand } from "./command";
export { UsageError } from "./errors";
export { exitCodes, exitCodesHelp } from "./exit-codes";
export { readInput, reasonOf } from "./input";
export {
  flag,
  help,
  json,
  list,
  optionsHelp,
  parseArguments,
  parseOptions,
  stagesFolder,
  text,
} from "./options";
export { ask, complain, print, relay, save, section } from "./output";
export { aligned } from "./table";
