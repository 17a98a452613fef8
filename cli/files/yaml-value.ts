import type * as Yaml from "yaml";
import { yamlLibrary } from "../../packages/compose-checks/yaml";
import { parseYaml, type Source } from "../../sdk/files";

/** Returns the node at keys of a YAML file; undefined where there is none. */
export function nodeAt(source: Source, keys: readonly string[]): Yaml.Node | undefined {
  const { isMap, isNode } = yamlLibrary();
  let node: unknown = parseYaml(source, "core");
  for (const key of keys) node = isMap(node) ? node.get(key, true) : undefined;
  return isNode(node) ? node : undefined;
}

/** Returns the text of a value, as it is written; undefined where there is none, or `null`. */
export function valueAt(source: Source, keys: readonly string[]): string | undefined {
  const node = nodeAt(source, keys);
  return yamlLibrary().isScalar(node) && node.value !== null
    ? (node.source ?? String(node.value))
    : undefined;
}
