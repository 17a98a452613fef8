import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";
import { visible } from "../../packages/text";
import {
  type Command,
  listOption,
  optionsHelp,
  parseArguments,
  print,
  UsageError,
  valueOption,
} from "../terminal";
import {
  changeFailures,
  type FailureChanges,
  Failures,
  failureOptions,
  handleChange,
  serviceFailureOptions,
} from "./failures";
import { livePage } from "./live-page";

/** Options of the command. */
export const emulatorOptions = {
  port: { ...valueOption("N", "Port on 127.0.0.1; 0 for any free one"), default: "3030" },
  "api-key": valueOption("KEY", "API key that it accepts (default: a random one)"),
  dokploy: { ...valueOption("VERSION", "Version of Dokploy to emulate, e.g. 0.29.14"), default: "0.30.2" },
  "build-ms": { ...valueOption("N", "Duration of each deployment, in milliseconds"), default: "50" },
  ...failureOptions,
  ...serviceFailureOptions,
  end: listOption("NAME", "With change: the failure of this name is over; all for each"),
};

export const emulatorCommand: Command = {
  summary: "Run a Dokploy in memory, to try programs without a server",
  options: emulatorOptions,
  help: [
    "Usage: pulumi-dokploy emulator [change] [options]",
    "",
    "Runs a Dokploy in memory until it is interrupted, and prints the settings that point a program at it. Its address in",
    "a browser shows its services, as `report` does.",
    "",
    "`emulator change` begins and ends failures of a running emulator, at DOKPLOY_URL and with DOKPLOY_API_KEY, and lists",
    "those that apply. Options of failures may be given several times.",
    "",
    ...optionsHelp(emulatorOptions, 27),
    "",
    "Example:",
    "  pulumi-dokploy emulator change --end acme/api:2 --crashing api",
  ].join("\n"),

  async run(args) {
    const { values, positionals } = parseArguments(emulatorOptions, args);
    if (positionals.length > 0) return await change(positionals, values);
    const misplaced = [...Object.keys(serviceFailureOptions), "end"].find(
      (name) => values[name as "end"].length > 0,
    );
    if (misplaced !== undefined)
      throw new UsageError(
        `--${misplaced} is for a running emulator: pulumi-dokploy emulator change --${misplaced} …`,
      );
    const emulator: Emulator = await start({
      page: (query) => livePage(emulator, query),
      failures: (body) => handleChange(failures, body),
      port: wholeNumber("--port", values.port, 65_535),
      buildMs: wholeNumber("--build-ms", values["build-ms"], 3_600_000),
      ...(values["api-key"] === undefined ? {} : { apiKey: keyOf(values["api-key"]) }),
      version: dokployVersion(values.dokploy),
    });
    const failures = new Failures(emulator);
    failures.change(values);
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

async function change(
  [word, ...more]: readonly string[],
  values: FailureChanges & { readonly port: string },
): Promise<void> {
  if (word !== "change" || more.length > 0)
    throw new UsageError("emulator takes no operand, or the word change. See emulator --help.");
  const failures = await changeFailures(values, process.env);
  const lines = failures.map(({ failure, name }) => `--${failure} ${visible(name)}`);
  print(
    lines.length === 0
      ? "No failure applies."
      : ["Failures that apply:", ...lines.map((line) => `  ${line}`)].join("\n"),
  );
}

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
