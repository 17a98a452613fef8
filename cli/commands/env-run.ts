import { runOptions, runWith } from "../env";
import { type Command, exitCodes, optionsHelp } from "../terminal";
import { dependencies } from "./dependencies";

export const runCommandWithVariables: Command = {
  summary: "Run a command with the variables of a service",
  options: runOptions,
  help: [
    "Usage: pulumi-dokploy env run --stage STAGE [options] -- command [arguments]",
    "",
    "Runs a command with the variables of a service: those of envs/base, overridden by those of envs/STAGE, on top of the",
    "process environment without its keys and secrets. Nothing is written to a file, and no value is on a command line.",
    "",
    ...optionsHelp(runOptions),
    "",
    "!secret is read with `pulumi config --show-secrets` of the stack, which needs its passphrase; !env is read from the",
    "process environment. ${{environment.NAME}} and ${{NAME}} are resolved from the files as Dokploy resolves them. A",
    "variable without a value is an error, and the command does not run; nor does it when the variables break the",
    "contract in envs/schema.yaml.",
    "",
    `Exit codes: that of the command; ${exitCodes.signal} and the number of the signal if one ended it; ` +
      `${exitCodes.unknownCommand} there is no such command; ${exitCodes.notStarted}`,
    `it cannot be started; ${exitCodes.failed} the stage is production, or a variable has no value; ${exitCodes.wrong} an argument is wrong.`,
    "",
    "Examples:",
    "  pulumi-dokploy env run --stage test -- npm start",
    "  pulumi-dokploy env run --stage test --service api --skip DATABASE_URL -- npm run migrate",
  ].join("\n"),

  async run(args) {
    process.exitCode = await runWith(args, dependencies);
  },
};
