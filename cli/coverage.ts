import { coverageOptions } from "./coverage/options";
import { dependencies } from "./dependencies";
import { byVariables } from "./terminal/by-variables";
import type { Command } from "./terminal/command";
import { exitCodes } from "./terminal/exit-codes";
import { optionsHelp } from "./terminal/options";
import { print } from "./terminal/output";

export const coverageCommand: Command = {
  summary: "Show what of a server each stack manages, what none does, and what no backup covers",
  help: [
    "Usage: pulumi-dokploy coverage --stack NAME [--stack NAME …] [options]",
    "",
    "Reads a server by GET requests, and the stacks through the Pulumi CLI. Shows every object with the stack and the",
    "resource that have it, and the databases and services with volumes that no backup covers.",
    "",
    ...optionsHelp(coverageOptions),
    "",
    "JSON: { version: 1, requests, objects: [{ kind, name, id, project?, stack?, resource? }], withoutBackup: [{ kind,",
    "name, id, project? }], unread: [{ kind, reason }] }.",
    "",
    `Exit code ${exitCodes.failed} with --unmanaged when it shows anything. The server comes from DOKPLOY_URL and DOKPLOY_API_KEY.`,
  ].join("\n"),

  async run(args) {
    // Loaded only now: reading a server needs all definitions.
    const { runCoverage } = require("./coverage/run") as typeof import("./coverage/run");
    const { output, found } = await byVariables(() => runCoverage(args, dependencies));
    print(output);
    if (found) process.exitCode = exitCodes.failed;
  },
};
