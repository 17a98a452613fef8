import { asUsageError, runStatus, statusOptions } from "../services";
import { type Command, exitCodes, exitCodesHelp, optionsHelp } from "../terminal";
import { serviceDependencies } from "./dependencies";

export const statusCommand: Command = {
  summary: "Show what runs: health, image, last deployment and addresses of each service",
  options: statusOptions,
  help: [
    "Usage: pulumi-dokploy status [service…] [options]",
    "",
    "Shows the services of a stack as they are on the server now: if they run, with how many containers, since when, with",
    "which image, the last deployment with its commit, and the addresses of their domains. Below that it says what",
    "differs from the state of the stack: image, replicas, changes that are saved and not in effect, and a deployment",
    "that the stack did not make. `pulumi refresh` compares everything.",
    "",
    ...optionsHelp(statusOptions, 14),
    "",
    "The server comes from the settings of the stack (dokploy:url, dokploy:apiKey), or else from DOKPLOY_URL and",
    "DOKPLOY_API_KEY. Without the permission docker:read, the health of a service is unknown.",
    "",
    ...exitCodesHelp({
      done: "every service runs and nothing differs",
      failed: "a service does not run, or something differs",
      wrong: "an option, a service or the stack is wrong, or the state or the server cannot be read",
    }),
    "",
    "Examples:",
    "  pulumi-dokploy status --stage prod       all services of prod",
    "  pulumi-dokploy status api --watch        api of the selected stack, again with each change",
  ].join("\n"),

  async run(args) {
    const isFine = await runStatus(args, serviceDependencies).catch(asUsageError);
    if (!isFine) process.exitCode = exitCodes.failed;
  },
};
