import { entriesOf, entryAt, itemsOf, type Node } from "../yaml";
import { readDocument } from "./document";
import { keyValues } from "./subject";

/** A value that a compose file itself gives to a container or a build. */
export interface Literal {
  /** Name of the variable; for lines of a file, the name before the equals sign or the colon. */
  readonly key: string;
  readonly value: string;
  /** Position in the text. */
  readonly offset: number;
  /** Path of the value, for messages: `services.api.environment.KEY`. */
  readonly path: string;
}

/**
 * Lists the values in a compose file that may be secret: of variables, build arguments, and the content of configs and
 * secrets. None for a file that cannot be read.
 */
export function literalsOf(composeFile: string): Literal[] {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  if ("problems" in document) return [];
  const { root } = document;
  const services = entriesOf(root.entries.get("services")?.value).flatMap(({ key: service, value }) =>
    [["environment"], ["build", "args"]].flatMap((path) =>
      keyValues(entryAt(value, ...path)?.value).flatMap(({ key, at, value: text }) =>
        text === undefined
          ? []
          : [{ key, value: text, offset: at.offset, path: `services.${service}.${path.join(".")}.${key}` }],
      ),
    ),
  );
  const contents = (["configs", "secrets"] as const).flatMap((kind) =>
    entriesOf(root.entries.get(kind)?.value).flatMap(({ key: name, value }) => {
      const content = entryAt(value, "content");
      return content === undefined ? [] : linesIn(content.value, content.offset, `${kind}.${name}.content`);
    }),
  );
  return [...services, ...contents];
}

/** A command that a compose file itself gives to a container. */
export interface Command {
  /** All of it, or its words. */
  readonly words: readonly string[];
  /** Position in the text. */
  readonly offset: number;
  /** Path of the command, for messages. */
  readonly path: string;
}

/** Lists the commands in a compose file. None for a file that cannot be read. */
export function commandsOf(composeFile: string): Command[] {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  if ("problems" in document) return [];
  return entriesOf(document.root.entries.get("services")?.value).flatMap(({ key: service, value }) =>
    [["command"], ["entrypoint"], ["healthcheck", "test"]].flatMap((path) => {
      const entry = entryAt(value, ...path);
      if (entry === undefined) return [];
      const nodes = entry.value.kind === "list" ? itemsOf(entry.value) : [entry.value];
      const words = nodes.flatMap((node) => (node.kind === "scalar" ? [node.text] : []));
      return [{ words, offset: entry.offset, path: `services.${service}.${path.join(".")}` }];
    }),
  );
}

function linesIn(content: Node, offset: number, path: string): Literal[] {
  if (content.kind !== "scalar") return [];
  return settingsIn(content.text).map((setting) => ({ ...setting, offset, path }));
}

/** Returns the `key = value` and `key: value` lines of a text in any common format. */
export function settingsIn(text: string): { readonly key: string; readonly value: string }[] {
  return text.split("\n").flatMap((line) => {
    const [, key, value] = /^[\s"'{]*([\w.-]{1,100})["']? ?[:=] ?(\S.*)$/.exec(line) ?? [];
    return key === undefined || value === undefined
      ? []
      : [{ key, value: value.replace(/^["']|["',;]+$/g, "") }];
  });
}
