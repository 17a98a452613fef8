import { existsSync } from "node:fs";
import { visibleLines } from "../../packages/text";
import { readForeign, UsageError } from "../terminal";
import type { Host } from "./host";

/** Returns the line by which the texts of one subject are found again. */
function markerOf(subject: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9 :._/-]{0,99}$/.test(subject)) return `<!-- ${subject} -->`;
  throw new UsageError("A subject is made of letters, digits, spaces and : . _ / -");
}

/**
 * Keeps one comment of a pull request up to date. Without the file there is nothing to say, and the comment stays.
 *
 * @returns false when the file does not exist
 */
export async function keepComment(
  host: Host,
  file: string,
  subject: string,
  { withCommit }: { readonly withCommit: boolean },
): Promise<boolean> {
  const marker = markerOf(subject);
  if (!existsSync(file)) return false;
  const text = visibleLines(await readForeign(file, "The text"));
  // If a later commit gets no plan, this one stays. So it names its commit.
  const end = withCommit && host.commit !== undefined ? `\nCommit ${host.commit}\n` : "";
  await host.writeComment(`${marker}\n${ended(text)}${end}`, await host.findComment(marker));
  return true;
}

/** Opens an issue with the text of a file, or writes it into the one that is open. */
export async function keepIssue(host: Host, file: string, subject: string, title: string): Promise<void> {
  const marker = markerOf(subject);
  const text = visibleLines(await readForeign(file, "The text"));
  const body = `${marker}\n${ended(text)}\nLast seen: ${host.run}\n`;
  await host.writeIssue(title, body, await host.findIssue(marker));
}

/** Closes the open issue of a subject. */
export async function closeIssue(host: Host, subject: string): Promise<void> {
  const open = await host.findIssue(markerOf(subject));
  if (open !== undefined) await host.closeIssue(open, `The difference is gone: ${host.run}`);
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
