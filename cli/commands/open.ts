import { openOptions, runOpen } from "../services";
import { type Command, exitCodesHelp, isTerminal, optionsHelp } from "../terminal";
import { dependencies } from "./dependencies";

export const openCommand: Command = {
  summary: "Print and open the address of a service, or its page in Dokploy",
  options: openOptions,
  help: [
    "Usage: pulumi-dokploy open <service> [options]",
    "",
    "Prints the address of a service by its domains, one with https first, and opens it in the browser. In CI, and where",
    "the output is no terminal, it only prints.",
    "",
    ...optionsHelp(openOptions, 14),
    "",
    "The server comes from the settings of the stack (dokploy:url, dokploy:apiKey), or else from DOKPLOY_URL and",
    "DOKPLOY_API_KEY.",
    "",
    ...exitCodesHelp({
      done: "printed",
      wrong: "an option, the service or the stack is wrong, or the service has no domain",
    }),
    "",
    "Examples:",
    "  pulumi-dokploy open api --stage prod",
    "  pulumi-dokploy open api --dashboard",
  ].join("\n"),

  async run(args) {
    await runOpen(args, { ...dependencies, isTerminal: isTerminal(), platform: process.platform });
  },
};
