import { entriesOf, entryAt, itemsOf, type MapNode, type Node, textAt } from "../yaml";
import { hasVariable } from "./interpolation";
import { quoted, type Subject } from "./subject";

/** A name, and where the file uses it. */
export interface Reference {
  name: string;
  at: { offset: number };
}

/** Checks volumes, networks, secrets and configs: Compose refuses a file that uses one without defining it. */
export function checkNames({ root, started, stack, report }: Subject): void {
  // The definitions in an included file are not known here.
  if (root.entries.has("include")) return;
  const defined = (kind: string) => new Set(entriesOf(entryAt(root, kind)?.value).map(({ key }) => key));
  const kinds = [
    { kind: "volume", names: defined("volumes"), used: volumesOf },
    { kind: "network", names: defined("networks").add("default").add(dokploysNetwork), used: networksOf },
    { kind: "secret", names: defined("secrets"), used: (node: MapNode) => grants(node, "secrets", stack) },
    { kind: "config", names: defined("configs"), used: (node: MapNode) => grants(node, "configs", stack) },
    {
      kind: "model",
      names: defined("models"),
      used: (node: MapNode) => namesIn(entryAt(node, "models")?.value),
    },
  ];
  for (const { name, node } of started) {
    for (const { kind, names, used } of kinds) {
      for (const reference of used(node)) {
        if (names.has(reference.name) || hasVariable(reference.name)) continue;
        const uses = reference.name.includes("/")
          ? `mounts a path that begins with neither . nor /, so Compose treats it as a ${kind}: put ../files/ before it`
          : `uses the ${kind} ${quoted(reference.name)}, which is not defined under ${kind}s: at the end of the file`;
        report("undefined-name", reference.at, `service ${quoted(name)} ${uses}`);
      }
    }
  }
}

/** Dokploy adds this network to the file where a domain needs it. */
const dokploysNetwork = "dokploy-network";

function volumesOf(node: MapNode): Reference[] {
  return itemsOf(entryAt(node, "volumes")?.value).flatMap((item): Reference[] => {
    if (item.kind === "map") {
      const source = textAt(item, "source");
      return textAt(item, "type") === "volume" && source !== undefined ? [{ name: source, at: item }] : [];
    }
    if (item.kind !== "scalar") return [];
    const [source, target] = item.text.split(":");
    // A single letter would be a Windows drive.
    const isName = source !== undefined && target !== undefined && /^[a-zA-Z0-9][\w./-]+$/.test(source);
    return isName ? [{ name: source, at: item }] : [];
  });
}

function networksOf(node: MapNode): Reference[] {
  return namesIn(entryAt(node, "networks")?.value);
}

/** Lists the secrets or configs that a service gets, while it is built or run. */
export function grants(node: MapNode, kind: "secrets" | "configs", stack: boolean): Reference[] {
  const lists = [entryAt(node, kind), stack ? undefined : entryAt(node, "build", kind)];
  return lists
    .flatMap((list) => itemsOf(list?.value))
    .flatMap((item): Reference[] => {
      if (item.kind === "scalar") return [{ name: item.text, at: item }];
      const source = textAt(item, "source");
      return source === undefined ? [] : [{ name: source, at: item }];
    });
}

/** Reads a list of names, or the keys of a mapping. */
export function namesIn(node: Node | undefined): Reference[] {
  if (node?.kind === "map") return entriesOf(node).map(({ key, offset }) => ({ name: key, at: { offset } }));
  return itemsOf(node).flatMap((item) => (item.kind === "scalar" ? [{ name: item.text, at: item }] : []));
}
