import type * as Yaml from "yaml";

/** Returns the library, loaded when the first text is read, so that a process without YAML does not pay for it. */
export function yamlLibrary(): typeof Yaml {
  return require("yaml") as typeof Yaml;
}
