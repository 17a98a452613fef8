import { byVariables } from "./terminal/by-variables";
import type { Command } from "./terminal/command";
import { complain, print } from "./terminal/output";

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
    "Options:",
    "  --out DIR        Folder to write to; files that exist are never overwritten",
    "  --force          Overwrite files that exist",
    "  --project NAME   Only this project, with everything that it refers to; may be given several times",
    "  --stack NAME     Stack that gets the secrets (default: prod)",
    "  --name NAME      Name of the Pulumi project (default: that of the project, or dokploy-server)",
    "  --layout LAYOUT  program: index.ts with a class for each object (default);",
    "                   repository: a deployment repository",
    "  --secrets PLACE  config: in the configuration of the stack (default); env: in variables that CI has to set;",
    "                   none: nowhere, so that somebody sets them later",
    "  --plain KEYS     Variables that the files show, separated by commas; may be given several times",
    "  --plain-unless-secret-looking",
    "                   Show all variables in the files, but those that look like a secret",
    "  --missing        In the folder of a project: write a module with what the stack lacks, such as a service that",
    '                   somebody made by hand; `import "./DIR"` in the program adopts it',
    "  --verify         Prove by a preview that nothing would change; exit code 1 if something would",
    "  --help, -h       Show this text",
    "",
    "The server comes from DOKPLOY_URL and DOKPLOY_API_KEY.",
  ].join("\n"),

  async run(args) {
    const { readOptions } = require("./export/options") as typeof import("./export/options");
    const options = readOptions(args);
    // Loaded only now: reading a server needs all definitions.
    const { runExport } = require("./export/run") as typeof import("./export/run");
    await byVariables(() => runExport(options, print, complain));
  },
};
