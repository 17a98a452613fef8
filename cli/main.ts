#!/usr/bin/env node
import { parseArgs } from "node:util";
import { coverageCommand } from "./coverage";
import { emulatorCommand } from "./emulator";
import { envCommand } from "./env";
import { exportCommand } from "./export";
import { planSummaryCommand } from "./plan-summary";
import type { Command } from "./terminal/command";
import { UsageError, usageError } from "./terminal/errors";
import { complain, print } from "./terminal/output";

/** All commands by name. A new one is a file here and a line below. */
const commands: Readonly<Record<string, Command>> = {
  coverage: coverageCommand,
  emulator: emulatorCommand,
  env: envCommand,
  export: exportCommand,
  "plan-summary": planSummaryCommand,
};

function help(): string {
  const names = Object.keys(commands);
  const width = Math.max(...names.map((name) => name.length));
  return [
    "Usage: pulumi-dokploy <command> [options]",
    "",
    "Commands:",
    ...names.map((name) => `  ${name.padEnd(width)}  ${commands[name]?.summary}`),
    "",
    "Options:",
    "  --help, -h     Show this text, or the help of a command",
    "  --version, -v  Show the version",
  ].join("\n");
}

async function main(args: readonly string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === undefined || name.startsWith("-")) {
    const options = {
      help: { type: "boolean", short: "h" },
      version: { type: "boolean", short: "v" },
    } as const;
    const { values } = usageError(() => parseArgs({ args: [...args], options }));
    if (values.version) print((require("pulumi-dokploy/package.json") as { version: string }).version);
    else if (values.help) print(help());
    else throw new UsageError(`No command given.\n\n${help()}`);
    return;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command)
    throw new UsageError(`Unknown command "${name}". Known: ${Object.keys(commands).join(", ")}.`);
  if (rest.includes("--help") || rest.includes("-h")) print(command.help);
  else await command.run(rest);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
