import { entriesOf, entryAt, type Node, oneOrMore, textAt } from "../yaml";
import { readDocument } from "./document";

/** A service of a compose file, as other containers see it. */
export interface Container {
  /** True when the file gives it another name than Compose would. */
  readonly hasOwnName: boolean;
  /** Networks outside the file that it joins, by their names in Docker; undefined when the file does not say. */
  readonly networks: readonly string[] | undefined;
}

/**
 * Returns the services of a compose file by name; undefined for a file that is not readable, or that takes services from
 * other files.
 */
export function containersOf(file: string, stack: boolean): ReadonlyMap<string, Container> | undefined {
  const document = readDocument(file.replace(/^\uFEFF/, ""), stack);
  if (!("root" in document) || document.root.entries.has("include")) return undefined;
  const { root } = document;
  const defined = new Map(
    entriesOf(entryAt(root, "networks")?.value).map(({ key, value }) => [key, nameOutside(key, value)]),
  );
  return new Map(
    entriesOf(entryAt(root, "services")?.value).map(({ key, value }): [string, Container] => [
      key,
      {
        hasOwnName: !stack && entryAt(value, "container_name") !== undefined,
        networks: networksOf(value, defined),
      },
    ]),
  );
}

function networksOf(
  service: Node,
  defined: ReadonlyMap<string, string | undefined>,
): readonly string[] | undefined {
  if (["extends", "network_mode"].some((key) => entryAt(service, key) !== undefined)) return undefined;
  const networks = entryAt(service, "networks")?.value;
  const names =
    networks?.kind === "map"
      ? entriesOf(networks).map(({ key }) => key)
      : oneOrMore(networks).map((item) => (item.kind === "scalar" ? item.text : "$"));
  const joined = names.flatMap((name) => (defined.has(name) ? (defined.get(name) ?? []) : [name]));
  return joined.some((name) => name.includes("$")) ? undefined : joined;
}

/** Returns the name of a network in Docker; undefined for one that belongs to the file alone. */
function nameOutside(key: string, network: Node): string | undefined {
  const external = entryAt(network, "external")?.value;
  const named = textAt(network, "name") ?? (external && textAt(external, "name"));
  if (named !== undefined) return named;
  return external?.kind === "scalar" && external.text === "true" ? key : undefined;
}
