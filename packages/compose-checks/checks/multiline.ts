import { entriesOf, type Node } from "../yaml";
import { mountsEnvFile } from "./files";
import { parseTemplate, type Segment } from "./interpolation";
import type { Subject } from "./subject";

/**
 * Checks values that reach a stack as Swarm templates, such as values of several lines. Swarm resolves templates only
 * in `environment` and in the files that `env_file` names, and copies them unchanged elsewhere.
 */
export function checkMultiline(subject: Subject): void {
  const { stack, variables, report } = subject;
  const { root } = subject.written;
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
      "has line breaks, braces or quotes, which reach a stack as Swarm templates. Swarm expands these only in " +
        "environment and env_file, and the file uses the variable elsewhere. Use another variable there, or " +
        "write the value into the file",
      name,
    );
  }
}

/** True for a value that is written as a template into the variables of a stack. */
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
