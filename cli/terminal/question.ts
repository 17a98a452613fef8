import { createInterface } from "node:readline";
import { UserError } from "../../provider/errors";
import { ask } from "./output";

/**
 * Asks a person for one line.
 *
 * @throws UserError when the terminal ends without a line
 */
export async function question(text: string): Promise<string> {
  ask(text);
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return line;
  } finally {
    lines.close();
  }
  throw new UserError("No reply came, and nothing was written.");
}
