import { checkOptions, runCheck } from "../env";
import { type Command, exitCodes, exitCodesHelp, optionsHelp, print } from "../terminal";
import { dependencies } from "./dependencies";

export const checkCommand: Command = {
  summary: "Check the variables of all stages against the contract in envs/schema.yaml",
  options: checkOptions,
  help: [
    "Usage: pulumi-dokploy env check [<stage>…] [options]",
    "",
    "Checks the files of variables in envs/base and envs/<stage> against the contract envs/schema.yaml: types, allowed",
    "values, patterns, missing and unknown variables, secrets that are in a file, deprecated names. Without a stage, it",
    "checks all. Values are never shown.",
    "",
    ...optionsHelp(checkOptions, 14),
    "",
    "!secret is read with `pulumi config --show-secrets` of the stage's stack if a rule needs the value, and !env from the",
    "environment; where that is not possible, the value is not checked, and the output says why.",
    "",
    ...exitCodesHelp({
      done: "no problems, perhaps warnings",
      failed: "problems",
      wrong: "there is no contract or stage, or an option is wrong",
    }),
    "",
    "Examples:",
    "  pulumi-dokploy env check            in a pull request: everything that can be checked without secrets",
    "  pulumi-dokploy env check prod       one stage",
  ].join("\n"),

  async run(args) {
    const { output, failed } = await runCheck(args, dependencies);
    print(output);
    if (failed) process.exitCode = exitCodes.failed;
  },
};
