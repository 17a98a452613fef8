#!/usr/bin/env node
import { approveCheckCommand } from "./approve-check";
import { coverageCommand } from "./coverage";
import { emulatorCommand } from "./emulator";
import { envCommands } from "./env";
import { exportCommand } from "./export";
import { planSummaryCommand } from "./plan-summary";
import { previewEnvCommands } from "./preview-env";
import { promoteCommand } from "./promote";
import { rollbackCommand } from "./rollback";
import { type Commands, listOf, runCommand } from "./terminal/command";
import { UsageError } from "./terminal/errors";
import { exitCodes } from "./terminal/exit-codes";
import { flag, help, parseOptions } from "./terminal/options";
import { complain, print } from "./terminal/output";

/** All commands by name. A new one is a file here and a line below. */
const commands: Commands = {
  "approve-check": approveCheckCommand,
  coverage: coverageCommand,
  emulator: emulatorCommand,
  env: envCommands,
  export: exportCommand,
  "plan-summary": planSummaryCommand,
  "preview-env": previewEnvCommands,
  promote: promoteCommand,
  rollback: rollbackCommand,
};
const words = "pulumi-dokploy";

async function main(args: readonly string[]): Promise<void> {
  if (args[0]?.startsWith("-") !== true) return await runCommand(commands, words, args);
  const own = { version: { ...flag("Show the version"), short: "v" } };
  const { version } = parseOptions({ help, ...own }, args);
  if (version) print((require("pulumi-dokploy/package.json") as { version: string }).version);
  else print(listOf(commands, words, own));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? exitCodes.wrong : exitCodes.failed;
});
