export { byVariables } from "./by-variables";
export { type Command, type CommandGroup, type Commands, commandsHelp, runCommand } from "./command";
export { messageOf, UsageError, unknownService } from "./errors";
export { exitCodes, exitCodesHelp } from "./exit-codes";
export { readForeign, readInput, reasonOf } from "./input";
export {
  flagOption,
  help,
  json,
  listOption,
  longestLine,
  oneOf,
  optionsHelp,
  page,
  parseArguments,
  parseOptions,
  stagesFolder,
  valueOption,
} from "./options";
export {
  annotate,
  ask,
  columns,
  complain,
  endWithReader,
  isTerminal,
  pass,
  print,
  relay,
  save,
  section,
  withoutCommands,
} from "./output";
export { question } from "./question";
export { aligned, fitted, wrapped } from "./table";
