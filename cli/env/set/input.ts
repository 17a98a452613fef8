import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { UserError } from "../../../provider/errors";
import { ask, relay } from "../../terminal";

/**
 * Reads the value of a variable from standard input, without one line break at its end. In a terminal it is one line,
 * which is not shown.
 *
 * @throws UserError when the input is not UTF-8, or ends without a value in a terminal
 */
export async function readValue(key: string): Promise<string> {
  return process.stdin.isTTY ? await readLine(key) : await readAll();
}

async function readLine(key: string): Promise<string> {
  ask(`Value of ${key} (not shown):`);
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  const line = await new Promise<string | undefined>((resolve) => {
    lines.once("line", resolve);
    lines.once("SIGINT", () => lines.close());
    lines.once("close", () => resolve(undefined));
  });
  lines.close();
  relay("\n");
  if (line === undefined) throw new UserError(`No value was given for ${key}: nothing was changed.`);
  return line;
}

async function readAll(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
    return text.replace(/\r?\n$/, "");
  } catch {
    throw new UserError("The value from stdin is not UTF-8: encode it, for example in base64.");
  }
}
