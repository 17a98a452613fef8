import { contractOptions, runContract } from "../env";
import { type Command, exitCodesHelp, optionsHelp, print } from "../terminal";

export const contractCommand: Command = {
  summary: "Write a first contract for variables from the files of all stages",
  options: contractOptions,
  help: [
    "Usage: pulumi-dokploy env contract --infer [options]",
    "",
    "Prints a contract that the files of variables in envs meet: the variables of each service, the type that all values",
    "of a variable have, the stages that have it, and which ones come from !secret. Add descriptions, allowed values and",
    "patterns by hand. It contains no values.",
    "",
    ...optionsHelp(contractOptions, 14),
    "",
    ...exitCodesHelp({
      done: "printed or written",
      failed: "a file of variables cannot be read",
      wrong: "there are no stages, the file exists, or an option is wrong",
    }),
    "",
    "Example:",
    "  pulumi-dokploy env contract --infer --write",
  ].join("\n"),

  async run(args) {
    print(runContract(args));
  },
};
