import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { UsageError } from "./errors";

const maxMiB = 64;

/**
 * Reads a file, or stdin for `-`.
 *
 * @param what noun for messages, with its article: `The plan`
 * @throws UsageError when it cannot be read or is too large
 */
export async function readInput(file: string, what: string): Promise<string> {
  return await read(file, what, 0);
}

/**
 * Reads a file that others may have written, such as a job that runs code of a pull request. It follows no link, which could lead to
 * the secrets of this process.
 *
 * @param what noun for messages, with its article: `The plan`
 * @throws UsageError when it cannot be read, is a link or is too large
 */
export async function readForeign(file: string, what: string): Promise<string> {
  return await read(file, what, constants.O_NOFOLLOW);
}

async function read(file: string, what: string, flags: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const input =
      file === "-" ? process.stdin : (await open(file, constants.O_RDONLY | flags)).createReadStream();
    for await (const chunk of input) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > maxMiB * 2 ** 20) break;
    }
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${reasonOf(error)}`);
  }
  if (size > maxMiB * 2 ** 20) throw new UsageError(`${what} is larger than ${maxMiB} MiB.`);
  return decode(Buffer.concat(chunks));
}

/** Decodes UTF-8, or UTF-16 with a byte order mark, which `>` of Windows PowerShell writes. */
function decode(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes);
}

/** Returns the reason why a file cannot be read or written. */
export function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "no such file or folder",
    EISDIR: "it is a folder",
    EACCES: "access is denied",
    ELOOP: "it is a link",
  };
  return reasons[code ?? ""] ?? (error instanceof Error ? error.message : String(error));
}
