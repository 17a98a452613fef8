import { exportOptions, readOptions, runExport } from "../server";
import { byVariables, type Command, optionsHelp } from "../terminal";
import { dependencies } from "./dependencies";

export const exportCommand: Command = {
  summary: "Write a program that adopts an existing server without a change",
  options: exportOptions,
  help: [
    "Usage: pulumi-dokploy export --out DIR [options]",
    "",
    "Reads a server and writes a Pulumi project for it. It sends only GET requests, and counts them. The first",
    "`pulumi up` of the project adopts every object by the ids in dokploy-adopt.json, and changes nothing.",
    "",
    "The files contain no secrets. Passwords, keys and all variables go into the encrypted configuration of the stack.",
    "",
    ...optionsHelp(exportOptions),
    "",
    "The server comes from DOKPLOY_URL and DOKPLOY_API_KEY.",
  ].join("\n"),

  async run(args) {
    const options = readOptions(args);
    await byVariables(() => runExport(options, dependencies));
  },
};
