import { entryAt, LineIndex, type MapNode, type Node, oneOrMore, textAt } from "../yaml";
import { copies } from "./consistency";
import { readDocument } from "./document";
import { startsWith, withBases } from "./profiles";
import { ComposeVariables, servicesOf } from "./subject";

/** Service of a compose file: what it offers to others, and what protects them and its server. */
export interface Safeguards {
  readonly name: string;
  /** Position of its name, from 1. */
  readonly line: number;
  readonly column: number;
  /** True when it publishes or exposes a port. */
  readonly hasPort: boolean;
  readonly hasHealthCheck: boolean;
  readonly hasMemoryLimit: boolean;
}

/** Returns the services that a compose file certainly starts. None for a file that cannot be read. */
export function safeguardsOf(composeFile: string, stack: boolean): Safeguards[] {
  const text = composeFile.replace(/^\uFEFF/, "");
  const document = readDocument(text, stack);
  if ("problems" in document) return [];
  const places = new LineIndex(text);
  const variables = new ComposeVariables(undefined);
  const services = servicesOf(document.root, stack ? () => true : startsWith(undefined, variables));
  const byName = new Map(services.map(({ name, node }) => [name, node]));
  return services
    .filter(({ starts, node }) => starts === true && copies(node) !== 0)
    .map(({ name, offset, node }) => {
      const { nodes } = withBases(node, byName);
      return {
        ...{ name, ...places.at(offset) },
        hasPort: ["ports", "expose"].some((key) => oneOrMore(first(nodes, key)).length > 0),
        hasHealthCheck: checksHealth(nodes),
        hasMemoryLimit: limitsMemory(nodes, stack),
      };
    });
}

/**
 * True for a service with a health check, which its image may define.
 *
 * @param nodes the service and those that it extends, nearest first
 */
export function checksHealth(nodes: readonly MapNode[]): boolean {
  if (first(nodes, "healthcheck") === undefined) return false;
  const disable = first(nodes, "healthcheck", "disable");
  if (disable?.kind === "scalar" && disable.text === "true") return false;
  const [word] = oneOrMore(first(nodes, "healthcheck", "test"));
  return word?.kind !== "scalar" || word.text !== "NONE";
}

function limitsMemory(nodes: readonly MapNode[], stack: boolean): boolean {
  const limits = [["deploy", "resources", "limits", "memory"], ...(stack ? [] : [["mem_limit"]])];
  // 0 is no limit.
  return limits.some((path) => nodes.some((node) => !/^0*[a-z]*$/i.test(textAt(node, ...path) ?? "")));
}

/** Returns the value at a path in the first of some services that has it. */
function first(nodes: readonly MapNode[], ...path: string[]): Node | undefined {
  for (const node of nodes) {
    const value = entryAt(node, ...path)?.value;
    if (value !== undefined) return value;
  }
  return undefined;
}
