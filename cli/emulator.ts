import { parseArgs } from "node:util";
import { type Emulator, startEmulator } from "../tests/emulator";
import type { Command } from "./command";
import { UsageError, usageError } from "./errors";

export const emulatorCommand: Command = {
  summary: "Run a Dokploy in memory, to try programs without a server",
  help: [
    "Usage: pulumi-dokploy emulator [--port N] [--build-ms N] [--missing-image NAME]",
    "",
    "Runs a Dokploy in memory until it is interrupted, and prints the settings that point a program at it.",
    "",
    "Options:",
    "  --port N      Port on 127.0.0.1 (default: any free one)",
    "  --build-ms N  How long each deployment takes, in milliseconds (default: 50)",
    "  --missing-image NAME",
    "                An image that no registry has, e.g. acme/api:2: its deployment fails; may be given several times",
    "  --help, -h    Show this text",
  ].join("\n"),

  async run(args) {
    const options = {
      port: { type: "string" },
      "build-ms": { type: "string" },
      "missing-image": { type: "string", multiple: true },
    } as const;
    const { values } = usageError(() => parseArgs({ args: [...args], options }));
    const port = wholeNumber("--port", values.port, 65_535) ?? 0;
    const buildMs = wholeNumber("--build-ms", values["build-ms"], 3_600_000) ?? 50;
    const emulator = await start(port, buildMs);
    for (const image of values["missing-image"] ?? []) emulator.registry.missing.add(image);
    const stopped = interrupted();
    console.log(`export DOKPLOY_URL=${emulator.url}`);
    console.log(`export DOKPLOY_API_KEY=${emulator.apiKey}`);
    console.log("# A Dokploy in memory is listening. Press Ctrl+C to stop it; what it holds is lost then.");
    await stopped;
    await emulator.close();
  },
};

function wholeNumber(option: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max)
    throw new UsageError(`${option} takes a whole number from 0 to ${max}, not "${text}".`);
  return value;
}

async function start(port: number, buildMs: number): Promise<Emulator> {
  try {
    return await startEmulator({ port, buildMs });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw new UsageError(`Port ${port} is in use. Choose another with --port.`);
    if (code === "EACCES") throw new UsageError(`Port ${port} is not allowed. Choose another with --port.`);
    throw error;
  }
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
