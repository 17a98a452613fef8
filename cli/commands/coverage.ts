import { coverageOptions, runCoverage } from "../server";
import { byVariables, type Command, exitCodes, optionsHelp, print } from "../terminal";
import { dependencies } from "./dependencies";

export const coverageCommand: Command = {
  summary:
    "Show which objects of a server each stack manages, which none manages, and which no backup covers",
  options: coverageOptions,
  help: [
    "Usage: pulumi-dokploy coverage --stack NAME [--stack NAME …] [options]",
    "",
    "Reads a server by GET requests, and the stacks through the Pulumi CLI. Shows every object with the stack and the",
    "resource that have it, and the databases and services with volumes that no backup covers.",
    "",
    ...optionsHelp(coverageOptions),
    "",
    `Exit code ${exitCodes.failed} with --unmanaged if it shows any object. The server comes from DOKPLOY_URL and DOKPLOY_API_KEY.`,
  ].join("\n"),

  async run(args) {
    const { output, found } = await byVariables(() => runCoverage(args, dependencies));
    print(output);
    if (found) process.exitCode = exitCodes.failed;
  },
};
