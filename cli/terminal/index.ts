export { byVariables } from "./by-variables";
export { type Command, type CommandGroup, type Commands, commandsHelp, runCommand } from "./command";
export { UsageError } from "./errors";
export { exitCodes, exitCodesHelp } from "./exit-codes";
export { readInput, reasonOf } from "./input";
export {
  flagOption,
  help,
  json,
  listOption,
  optionsHelp,
  parseArguments,
  parseOptions,
  stagesFolder,
  valueOption,
} from "./options";
export { ask, complain, print, relay, save, section } from "./output";
export { aligned } from "./table";
