import { readdirSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { join, sep } from "node:path";
import { insteadOf, isThisMachine, visible } from "../../../../packages/text";
import { UserError } from "../../../../provider/errors";
import { UsageError } from "../../../terminal";

/** Address of Dokploy's own templates. */
export const ownTemplates = "https://templates.dokploy.com";

/** The two files of a template. */
export interface TemplateTexts {
  readonly config: string;
  readonly compose: string;
}

const files = { config: "template.toml", compose: "docker-compose.yml" } as const;
const maxBytes = 1024 * 1024;
const deadlineMs = 30_000;

/** True for an id of a template, which is the name of its folder. */
export function isTemplateId(id: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,99}$/.test(id);
}

/** True for an address from which templates may be read: https, or http of this machine. */
export function isTemplatesAddress(from: string): boolean {
  if (!/^https?:\/\/[^?#]+$/i.test(from) || !URL.canParse(from)) return false;
  const url = new URL(from);
  // A login would be printed with the address.
  if (url.username !== "" || url.password !== "") return false;
  return url.protocol === "https:" || isThisMachine(url.hostname);
}

/**
 * Reads a template as the repository Dokploy/templates has it: `blueprints/<id>` below a folder or an address.
 *
 * @param from a checkout, or an address: {@link isTemplatesAddress}
 * @throws UsageError for a folder without the template, or one that cannot be read
 * @throws UserError when the address does not respond, or has no such template
 */
export async function readTemplate(id: string, from: string): Promise<TemplateTexts> {
  const read = isTemplatesAddress(from) ? fromAddress : fromFolder;
  const [config, compose] = await Promise.all([read(id, files.config, from), read(id, files.compose, from)]);
  return { config, compose };
}

async function fromFolder(id: string, file: string, from: string): Promise<string> {
  const path = join(from, "blueprints", id, file);
  try {
    return textIn(id, file, from);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof UsageError || code === undefined) throw error;
    throw new UsageError(
      `--templates: ${visible(path)} cannot be read (${code}); look at its rights and links, or give an https address.`,
    );
  }
}

function textIn(id: string, file: string, from: string): string {
  const blueprints = join(from, "blueprints");
  const path = join(blueprints, id, file);
  const stats = statsOf(path);
  // A link in somebody's checkout may lead to any file of this machine.
  const isInside = stats !== undefined && realpathSync(path).startsWith(realpathSync(blueprints) + sep);
  if (isInside && stats.isFile() && stats.size <= maxBytes) return readFileSync(path, "utf8");
  if (stats !== undefined)
    throw new UsageError(`${visible(path)} is not a file of at most 1 MiB inside ${visible(blueprints)}.`);
  const ids = statsOf(blueprints)?.isDirectory() ? readdirSync(blueprints) : [];
  throw new UsageError(
    ids.length === 0
      ? `--templates: ${visible(from)} has no folder blueprints; give a checkout of the templates, or an https address.`
      : `--template: ${visible(blueprints)} has no ${visible(id)}/${file}; ${insteadOf(
          id,
          ids.filter((other) => other !== id),
        )}.`,
  );
}

/** Returns undefined for a path that does not exist, such as one below a file. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (!["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return undefined;
  }
}

async function fromAddress(id: string, file: string, from: string): Promise<string> {
  const address = `${from.replace(/(?<!\/)\/+$/, "")}/blueprints/${id}/${file}`;
  let response: Response;
  let text = "";
  try {
    // Another address was not chosen by the person at the terminal.
    response = await fetch(address, { redirect: "error", signal: AbortSignal.timeout(deadlineMs) });
    if (response.ok) text = await limited(response);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${visible(address)} cannot be read: it did not respond, or named another address. Give a checkout of the templates ` +
        "with --templates, or try again.",
    );
  }
  if (response.ok) return text;
  throw new UserError(
    response.status === 404
      ? `${visible(from)} has no template ${visible(id)}: ${visible(address)} does not exist.`
      : `${visible(address)} responded with status ${response.status}. Try again, or give a checkout of the templates with --templates.`,
  );
}

async function limited(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    const bytes = piece as Uint8Array;
    length += bytes.length;
    if (length > maxBytes) throw new UserError(`${visible(response.url)} is longer than 1 MiB.`);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString("utf8");
}
