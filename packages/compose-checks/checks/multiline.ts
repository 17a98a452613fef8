import { entriesOf, type Node } from "../yaml/nodes";
import { mountsEnvFile } from "./files";
import { parseTemplate, type Segment } from "./interpolation";
import type { Subject } from "./subject";

/**
 * Values that reach a stack as templates of Swarm, such as those of several lines: Swarm fills in the templates of
 * `environment` and of the files that `env_file` names. Whatever else the file says stays as it is.
 */
export function checkMultiline(subject: Subject): void {
  const { root, stack, variables, report } = subject;
  if (!stack) return;
  const written = variables.names.filter((name) => isWrittenAsTemplate(variables.value(name) ?? ""));
  if (written.length === 0) return;
  const elsewhere = new Set<string>();
  for (const { key, value } of root.entries.values()) {
    if (key !== "services") namesIn(value, elsewhere);
  }
  for (const { value: service } of entriesOf(root.entries.get("services")?.value)) {
    for (const { key, value } of entriesOf(service)) {
      if (key !== "environment") namesIn(value, elsewhere);
    }
  }
  const isMounted = subject.createEnvFile && mountsEnvFile(subject);
  for (const name of written) {
    if (!isMounted && !elsewhere.has(name)) continue;
    report(
      "multiline-variable",
      undefined,
      "has several lines, braces or quotes that a stack carries as templates of Swarm, which only environment and " +
        "env_file fill in, and the file uses it elsewhere. Use another variable there, or write the value into the file",
      name,
    );
  }
}

/** Whether the text of a stack's variables has templates for this value. */
function isWrittenAsTemplate(value: string): boolean {
  return /[\r\n]|\{\{|^~/.test(value) || (value.includes("'") && value.includes("!"));
}

function namesIn(node: Node, names: Set<string>): void {
  switch (node.kind) {
    case "map":
      for (const { value } of node.entries.values()) namesIn(value, names);
      return;
    case "list":
      for (const item of node.items) namesIn(item, names);
      return;
    case "scalar":
      if (node.text.includes("$")) addNames(parseTemplate(node.text, true), names);
  }
}

function addNames(segments: readonly Segment[], names: Set<string>): void {
  for (const segment of segments) {
    if (segment.kind !== "variable") continue;
    names.add(segment.name);
    addNames(segment.operand, names);
  }
}
