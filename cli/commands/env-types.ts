import { runTypes, typesOptions } from "../env";
import { type Command, exitCodes, exitCodesHelp, optionsHelp, print } from "../terminal";

export const typesCommand: Command = {
  summary: "Write TypeScript types and a .env.example from the contract in envs/schema.yaml",
  options: typesOptions,
  help: [
    "Usage: pulumi-dokploy env types [options]",
    "",
    "Writes a declaration file with an interface for the variables of each service in envs/schema.yaml: ApiEnv for api.",
    "It also has the addresses that databaseUrls of the service gives. Variables that only some stages need are optional.",
    "Without --out and --example, it prints the declarations.",
    "",
    ...optionsHelp(typesOptions),
    "",
    "The files change only with the contract and with databaseUrls. They contain no values from files of variables.",
    "",
    ...exitCodesHelp({
      done: "written or up to date",
      failed: "out of date with --check, or a contract with mistakes",
      wrong: "there is no contract or service, or an option is wrong",
    }),
    "",
    "Examples:",
    "  pulumi-dokploy env types --out types/env.d.ts",
    "  pulumi-dokploy env types --service api --out ../api/src/env.d.ts --example ../api/.env.example",
  ].join("\n"),

  async run(args) {
    const { output, failed } = runTypes(args);
    print(output);
    if (failed) process.exitCode = exitCodes.failed;
  },
};
