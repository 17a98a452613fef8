import type * as pulumi from "@pulumi/pulumi";
import { visibleLines } from "../packages/text";
import { isCommon, MaskedPieces, maskSecrets } from "../provider/env";
import { UserError } from "../provider/errors";
import { inNamespace } from "../provider/pulumi";
import { notedSecrets, withoutSecrets } from "../sdk/run";
import type * as ConfigurationModule from "./configuration";
import { type Pieces, passThrough } from "./masked-stream";

/**
 * The texts that leave this process: errors for Pulumi, and the output, which Pulumi prints after a crash. They have no
 * secrets of the stack, and nothing but texts leaves the process.
 */

/**
 * Returns the text of an error. Only a bug of this package shows its stack trace, which a report of it needs. Its
 * text may quote anything, so all of the stack's configuration is hidden in it.
 */
export function textOf(error: unknown): string {
  try {
    return readText(error);
  } catch {
    // A getter of the object throws, and what it throws may be such an object again.
    return "an error whose text cannot be read";
  }
}

function readText(error: unknown): string {
  if (typeof error !== "object" || error === null) return masked(String(error));
  const { message, stack } = error as { message?: unknown; stack?: unknown };
  const { RunError } = require("@pulumi/pulumi") as typeof pulumi;
  if (error instanceof UserError || RunError.isInstance(error)) return shown(String(message));
  return masked(
    String((error instanceof Error ? stack : undefined) ?? message ?? "an error without a message"),
  );
}

/** Makes a text of this package visible, and hides the secrets that the process has read. */
export function shown(text: string): string {
  return inNamespace(visibleLines(withoutSecrets(text)));
}

/** Prints the text of an error, and then calls back. */
export function printError(error: unknown, printed?: () => void): void {
  process.stderr.write(`${textOf(error)}\n`, () => printed?.());
}

/** Makes all output of this process pass the masks, and the console write texts instead of objects. */
export function maskOutput(): void {
  for (const stream of [process.stdout, process.stderr]) process.on("exit", passThrough(stream, output()));
  const printing =
    (stream: NodeJS.WriteStream) =>
    (...parts: unknown[]) => {
      stream.write(`${parts.map(textOf).join(" ")}\n`);
    };
  for (const name of ["log", "info", "debug"] as const) console[name] = printing(process.stdout);
  for (const name of ["error", "warn", "trace", "dir"] as const) console[name] = printing(process.stderr);
}

/** Returns an output, whose masks are loaded when something is printed. */
function output(): Pieces {
  let made: MaskedPieces | undefined;
  const pieces = () => {
    made ??= new MaskedPieces(hiddenTexts);
    return made;
  };
  const readable = (text: string) => inNamespace(visibleLines(text));
  return {
    add: (piece) => readable(pieces().add(piece).text),
    end: () => (made ? readable(made.rest().text) : ""),
  };
}

function masked(text: string): string {
  return inNamespace(visibleLines(maskSecrets(text, hiddenTexts())));
}

/**
 * Returns the secrets that the process has read, and every text of the stack's configuration, since the process does not
 * know which of them are secret.
 */
function hiddenTexts(): string[] {
  return [...configuredTexts().filter((value) => !isCommon(value)), ...notedSecrets()];
}

function configuredTexts(): string[] {
  const { configurationOfStack } = require("./configuration") as typeof ConfigurationModule;
  try {
    return Object.values(configurationOfStack()).map((value) =>
      typeof value === "string" ? value : JSON.stringify(value),
    );
  } catch {
    return [process.env["PULUMI_CONFIG"] ?? ""];
  }
}
