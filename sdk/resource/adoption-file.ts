import { visible } from "../../packages/text";
import { isRecord } from "../../packages/values";
import { find } from "../../provider/dokploy";
import { FileError, readSource } from "../files";
import { currentRun, type Kind, type ProviderOptions, rememberedBy, settingOf, stackSources } from "../run";

/** Ids by the name of the resource, by kind. */
export type Adoptions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** True for a kind without an object in Dokploy: the file gives the variable whose value it takes, as the input `adopts`. */
export function adoptsValue(kind: Kind): boolean {
  return kind === "GeneratedSecret";
}

/**
 * Returns the id of the object that a resource adopts while it is new, by the file in the setting `adopt`.
 *
 * @throws FileError when the file cannot be read, or has another form
 */
export function adoptedByFile(
  kind: Kind,
  name: string,
  options: ProviderOptions | undefined,
): string | undefined {
  const { environment } = stackSources();
  const path = find({ stack: settingOf(options), environment }, "adopt")?.value;
  return path === undefined || path === "" ? undefined : idIn(path, kind, name);
}

/**
 * Returns the id that the file has for a resource, and reads the file once in a run.
 *
 * @throws FileError when the file cannot be read, or has another form
 */
export function idIn(path: string, kind: Kind, name: string): string | undefined {
  const files = filesOf(currentRun());
  const adoptions = files.get(path) ?? readAdoptions(path);
  files.set(path, adoptions);
  const ids = Object.hasOwn(adoptions, kind) ? adoptions[kind] : undefined;
  return ids !== undefined && Object.hasOwn(ids, name) ? ids[name] : undefined;
}

const filesOf = rememberedBy(() => new Map<string, Adoptions>());

/** @throws FileError when the file cannot be read, or has another form */
export function readAdoptions(path: string): Adoptions {
  const { text } = readSource(path);
  let contents: unknown;
  try {
    contents = JSON.parse(text);
  } catch {
    throw new FileError(`${visible(path)}: is not JSON; write it again with \`pulumi-dokploy export\``);
  }
  const isOfIds = (ids: unknown) =>
    isRecord(ids) && Object.values(ids).every((id) => typeof id === "string" && id !== "");
  if (isRecord(contents) && Object.values(contents).every(isOfIds)) return contents as Adoptions;
  throw new FileError(
    `${visible(path)}: has another form than { "Application": { "<name of the resource>": "<id>" } }`,
  );
}
