#!/usr/bin/env node
import { commands } from "./commands";
import {
  commandsHelp,
  complain,
  endWithReader,
  exitCodes,
  flagOption,
  help,
  messageOf,
  parseOptions,
  print,
  runCommand,
  UsageError,
} from "./terminal";

const words = "pulumi-dokploy";

async function main(args: readonly string[]): Promise<void> {
  if (args[0]?.startsWith("-") !== true) return await runCommand(commands, words, args);
  const own = { version: { ...flagOption("Show the version"), short: "v" } };
  const { version } = parseOptions({ help, ...own }, args);
  if (version) print((require("pulumi-dokploy/package.json") as { version: string }).version);
  else print(commandsHelp(commands, words, own));
}

endWithReader();
main(process.argv.slice(2)).catch((error: unknown) => {
  complain(messageOf(error));
  process.exitCode = error instanceof UsageError ? exitCodes.wrong : exitCodes.failed;
});
