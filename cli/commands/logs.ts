import { logsOptions, runLogs } from "../services";
import { type Command, exitCodesHelp, optionsHelp } from "../terminal";
import { serviceDependencies } from "./dependencies";

export const logsCommand: Command = {
  summary: "Print the log of a service, and follow it",
  options: logsOptions,
  help: [
    "Usage: pulumi-dokploy logs <service> [options]",
    "",
    "Prints what an application, a database or the containers of a compose service print. Secrets of the state, and values",
    "that look like secrets, are masked. Dokploy shows the newest container of an application that has several.",
    "",
    ...optionsHelp(logsOptions, 20),
    "",
    "The server comes from the settings of the stack (dokploy:url, dokploy:apiKey), or else from DOKPLOY_URL and",
    "DOKPLOY_API_KEY. It needs Dokploy 0.29.0, and for compose services the permission docker:read.",
    "",
    ...exitCodesHelp({
      done: "printed",
      failed: "Dokploy refuses, or the service has no container",
      wrong: "an option, the service or the stack is wrong",
    }),
    "",
    "Examples:",
    "  pulumi-dokploy logs api --stage prod --since 10m",
    "  pulumi-dokploy logs -f shop --container web",
  ].join("\n"),

  async run(args) {
    await runLogs(args, serviceDependencies);
  },
};
