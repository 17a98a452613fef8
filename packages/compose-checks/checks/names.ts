import { type Entry, entriesOf, entryAt, isOpen, itemsOf, type MapNode, type Node } from "../yaml";
import { quoted, quotedFrom, type Subject } from "./subject";
import { readVolume } from "./volume-entry";

/** A name, and where the file uses it. */
export interface Reference {
  readonly name: string;
  /** The name for messages. */
  readonly shown: string;
  /** False when it has a variable whose value is not known. */
  readonly isKnown: boolean;
  readonly at: { readonly offset: number };
}

/** Returns the name that a node contains, or a part of it. */
export function named(at: Node, name = at.kind === "scalar" ? at.text : ""): Reference {
  return { name, shown: quotedFrom(at, name), isKnown: !isOpen(at), at };
}

/** Returns the name that a key is. Compose replaces no variables in keys. */
export function keyed({ key, offset }: Entry): Reference {
  return { name: key, shown: quoted(key), isKnown: true, at: { offset } };
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
        if (!reference.isKnown || names.has(reference.name)) continue;
        const uses = reference.name.includes("/")
          ? `mounts a path that begins with neither . nor /, so Compose treats it as a ${kind}: put ../files/ before it`
          : `uses the ${kind} ${reference.shown}, which is not defined under ${kind}s: at the end of the file`;
        report("undefined-name", reference.at, `service ${quoted(name)} ${uses}`);
      }
    }
  }
}

/** Dokploy adds this network to the file where a domain needs it. */
const dokploysNetwork = "dokploy-network";

function volumesOf(node: MapNode): Reference[] {
  return itemsOf(entryAt(node, "volumes")?.value).flatMap((item): Reference[] => {
    const entry = readVolume(item);
    if (typeof entry !== "object" || entry.type !== "volume" || entry.source === undefined) return [];
    const { source } = entry;
    if (item.kind === "map") return [{ ...named(entryAt(item, "source")?.value ?? item, source), at: item }];
    return /^[a-zA-Z0-9][\w./-]+$/.test(source) ? [{ ...named(item, source), isKnown: true }] : [];
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
      if (item.kind === "scalar") return [named(item)];
      const source = entryAt(item, "source")?.value;
      return source?.kind === "scalar" ? [{ ...named(source), at: item }] : [];
    });
}

/** Reads a list of names, or the keys of a mapping. */
export function namesIn(node: Node | undefined): Reference[] {
  if (node?.kind === "map") return entriesOf(node).map(keyed);
  return itemsOf(node).flatMap((item) => (item.kind === "scalar" ? [named(item)] : []));
}
