import { runSet, setOptions } from "../env";
import { type Command, exitCodesHelp, optionsHelp, print } from "../terminal";
import { dependencies } from "./dependencies";

export const setCommand: Command = {
  summary: "Set variables of a service in the files of a stage",
  options: setOptions,
  help: [
    "Usage: pulumi-dokploy env set KEY=value [KEY=value…] --stage STAGE [options]",
    "       pulumi-dokploy env set KEY --stage STAGE [options]    reads the value from stdin",
    "",
    "Writes into envs/STAGE/SERVICE.yaml, or into SERVICE.env if that exists. The rest of the file stays as it is.",
    "The file is created if it does not exist and the service is known from services/ or envs/base.",
    "",
    ...optionsHelp(setOptions),
    "",
    "Give secrets by stdin: a command line is kept in the history of the shell. One line break at the end is removed.",
    "A value that looks like a secret is refused without --secret or --plain, and so is one that the contract in",
    "envs/schema.yaml does not allow.",
    "",
    "With --secret, NAME is the setting that the file names already. Otherwise it is KEY; if the stack has another value",
    "under that name, or other services read it, it is SERVICE.KEY.",
    "",
    ...exitCodesHelp(
      {
        done: "the variables have these values",
        failed: "a value was refused, or a file or the stack cannot be written",
        wrong: "an argument is wrong",
      },
      112,
    ),
    "",
    "Examples:",
    "  pulumi-dokploy env set LOG_LEVEL=debug --stage test --service api",
    "  pulumi-dokploy env set API_TOKEN --stage prod --secret < token.txt",
  ].join("\n"),

  async run(args) {
    print(await runSet(args, dependencies));
  },
};
