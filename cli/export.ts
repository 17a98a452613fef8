import { dependencies } from "./dependencies";
import { exportOptions, readOptions } from "./export/options";
import { byVariables } from "./terminal/by-variables";
import type { Command } from "./terminal/command";
import { optionsHelp } from "./terminal/options";

export const exportCommand: Command = {
  summary: "Write a program for a server that exists, which adopts it without a change",
  help: [
    "Usage: pulumi-dokploy export --out DIR [options]",
    "",
    "Reads a server and writes a Pulumi project for it. It sends only GET requests, and counts them. The first",
    "`pulumi up` of the project adopts every object by the ids in dokploy-adopt.json, and changes nothing.",
    "",
    "No secret is in the files. Passwords, keys and all variables go into the encrypted configuration of the stack.",
    "",
    ...optionsHelp(exportOptions),
    "",
    "The server comes from DOKPLOY_URL and DOKPLOY_API_KEY.",
  ].join("\n"),

  async run(args) {
    const options = readOptions(args);
    // Loaded only now: reading a server needs all definitions.
    const { runExport } = require("./export/run") as typeof import("./export/run");
    await byVariables(() => runExport(options, dependencies));
  },
};
