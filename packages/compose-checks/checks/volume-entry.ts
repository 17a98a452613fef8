import { isOpen, type Node, settledAt, textAt } from "../yaml";
import { hasVariable } from "./interpolation";

/** An entry of `volumes` of a service, as far as it is known. */
export interface VolumeEntry {
  /** `bind` for a path of the server; undefined for a kind that is not known, or that has no source. */
  readonly type: "bind" | "volume" | undefined;
  /** Volume or path; undefined when there is none, or it is not known. */
  readonly source: string | undefined;
  readonly readOnly: boolean;
}

/** A mount of a path of the server. */
export interface BindMount {
  readonly source: string;
  readonly readOnly: boolean;
}

/** Reads an entry with a path of the server; undefined for others, and for a path that is not known. */
export function bindMount(item: Node): BindMount | undefined {
  const entry = readVolume(item);
  if (typeof entry !== "object" || entry.type !== "bind" || entry.source === undefined) return undefined;
  return { source: entry.source, readOnly: entry.readOnly };
}

/** Reads an entry of `volumes` as Compose does: undefined when it is neither text nor mapping; a reason when it is invalid. */
export function readVolume(item: Node): VolumeEntry | string | undefined {
  if (item.kind === "map") {
    const type = textAt(item, "type");
    return {
      type: type === "bind" || type === "volume" ? type : undefined,
      source: settledAt(item, "source"),
      readOnly: textAt(item, "read_only") === "true",
    };
  }
  if (item.kind !== "scalar" || item.value === null) return undefined;
  const { text } = item;
  if (text === "") return "is empty";
  const sections = sectionsOf(text);
  if (!isOpen(item)) {
    if (text.length > 2 && sections.includes(""))
      return "has nothing before or after a colon: it is written SOURCE:TARGET, such as data:/data";
    if (sections.length > 3)
      return "has too many colons: it is written SOURCE:TARGET:MODE, such as data:/data:ro";
  }
  const [source = "", target, mode = ""] = sections;
  if (target === undefined || isUnknown(item, source))
    return { type: undefined, source: undefined, readOnly: false };
  return {
    type: /^[./~]/.test(source) ? "bind" : "volume",
    source,
    readOnly: mode.split(",").includes("ro"),
  };
}

function isUnknown(item: Node, section: string): boolean {
  return isOpen(item) && hasVariable(section);
}

/** Splits an entry at its colons, except for those in braces and behind the letter of a Windows drive. */
function sectionsOf(text: string): string[] {
  const sections: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "{" && text[at - 1] === "$") depth += 1;
    else if (text[at] === "}" && depth > 0) depth -= 1;
    else if (text[at] === ":" && depth === 0 && !(at === start + 1 && /[a-z]/i.test(text[start] ?? ""))) {
      sections.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...sections, text.slice(start)];
}
