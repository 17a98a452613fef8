import { type Node, textAt } from "../yaml";
import { hasVariable } from "./interpolation";

/** A mount of a path of the server. */
export interface BindMount {
  source: string;
  readOnly: boolean;
}

/** Reads an entry of `volumes` with a path of the server; undefined for others, and for a path with a variable. */
export function bindMount(item: Node): BindMount | undefined {
  if (item.kind === "map") {
    const source = textAt(item, "source");
    if (textAt(item, "type") !== "bind" || source === undefined || hasVariable(source)) return undefined;
    return { source, readOnly: textAt(item, "read_only") === "true" };
  }
  if (item.kind !== "scalar" || !/^[./~]/.test(item.text)) return undefined;
  const [source = "", target, mode = ""] = item.text.split(":");
  if (target === undefined || hasVariable(source)) return undefined;
  return { source, readOnly: mode.split(",").includes("ro") };
}
