import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";
import {
  type Command,
  listOption,
  optionsHelp,
  parseOptions,
  print,
  UsageError,
  valueOption,
} from "../terminal";
import { livePage } from "./live-page";

/** Options of the command. */
export const emulatorOptions = {
  port: { ...valueOption("N", "Port on 127.0.0.1; 0 for any free one"), default: "3030" },
  "api-key": valueOption("KEY", "API key that it accepts (default: a random one)"),
  dokploy: { ...valueOption("VERSION", "Version of Dokploy to emulate, e.g. 0.29.14"), default: "0.30.2" },
  "build-ms": { ...valueOption("N", "Duration of each deployment, in milliseconds"), default: "50" },
  "missing-image": listOption(
    "NAME",
    "Image that no registry has, e.g. acme/api:2, so its deployment fails; may be given several times",
  ),
  "failing-command": listOption(
    "TEXT",
    "Text of a command, e.g. of a release, that then ends with exit code 1; may be given several times",
  ),
};

export const emulatorCommand: Command = {
  summary: "Run a Dokploy in memory, to try programs without a server",
  options: emulatorOptions,
  help: [
    "Usage: pulumi-dokploy emulator [--port N] [--api-key KEY] [--dokploy VERSION] [--build-ms N]",
    "                               [--missing-image NAME] [--failing-command TEXT]",
    "",
    "Runs a Dokploy in memory until it is interrupted, and prints the settings that point a program at it. Its address in",
    "a browser shows its services, as `report` does.",
    "",
    ...optionsHelp(emulatorOptions, 16),
  ].join("\n"),

  async run(args) {
    const values = parseOptions(emulatorOptions, args);
    const emulator: Emulator = await start({
      page: (query) => livePage(emulator, query),
      port: wholeNumber("--port", values.port, 65_535),
      buildMs: wholeNumber("--build-ms", values["build-ms"], 3_600_000),
      ...(values["api-key"] === undefined ? {} : { apiKey: keyOf(values["api-key"]) }),
      version: dokployVersion(values.dokploy),
    });
    for (const image of values["missing-image"]) emulator.registry.missing.add(image);
    for (const text of values["failing-command"])
      emulator.setCommand(text, { kind: "crash-loop", exitCode: 1 });
    const stopped = interrupted();
    print(`export DOKPLOY_URL=${emulator.url}`);
    print(`export DOKPLOY_API_KEY=${emulator.apiKey}`);
    print("# Or, instead of these two, in the stack's configuration:");
    print(`#   pulumi config set dokploy:url ${emulator.url}`);
    print(`#   pulumi config set --secret dokploy:apiKey ${emulator.apiKey}`);
    print(`# A page shows its services: ${emulator.url}`);
    print("# A Dokploy in memory is listening. Press Ctrl+C to stop it; its data is then lost.");
    await stopped;
    await emulator.close();
  },
};

function wholeNumber(option: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max)
    throw new UsageError(`${option} needs a whole number from 0 to ${max}, not "${text}".`);
  return value;
}

function keyOf(text: string): string {
  // A key that a provider would refuse to send must not become the key.
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new UsageError("--api-key accepts letters, digits and signs, without spaces.");
}

/** Reads the version of Dokploy to emulate. `0.29` means its newest release, which may have what older ones lack. */
function dokployVersion(text: string): string {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)(?:\.(\d+|x))?$/.exec(text) ?? [];
  if (major === undefined || minor === undefined)
    throw new UsageError(`--dokploy needs a version such as 0.30.2, not "${text}".`);
  return `v${major}.${minor}.${patch === undefined || patch === "x" ? newestPatch(`${major}.${minor}`) : patch}`;
}

function newestPatch(minor: string): number {
  return { "0.28": 8, "0.29": 14, "0.30": 7 }[minor] ?? 0;
}

async function start(options: EmulatorOptions & { readonly port: number }): Promise<Emulator> {
  const { port } = options;
  try {
    return await startEmulator(options);
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
