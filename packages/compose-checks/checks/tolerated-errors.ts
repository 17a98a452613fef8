import type { ErrorObject } from "ajv";
import type { Path, Problem } from "./schema-problems";

/** Lists from which Compose removes duplicate entries before it validates the schema. */
const withoutDuplicates = [
  ...[
    "annotations",
    "cap_add",
    "cap_drop",
    "dns",
    "dns_opt",
    "dns_search",
    "environment",
    "expose",
    "labels",
  ],
  ...["links", "ports", "profiles", "sysctls", "tmpfs", "volumes", "deploy.labels"],
  ...["build.additional_contexts", "build.args", "build.labels"],
  ...["networks.*.aliases", "networks.*.link_local_ips"],
].map((list) => `services.*.${list}`);
const lists = [...withoutDuplicates, "networks.*.labels"].map((pattern) => pattern.split("."));

/** True for a value that Compose accepts although its schema forbids it. */
export function composeTolerates({ at }: Problem, { keyword, data }: ErrorObject): boolean {
  // The last part is the entry.
  if (keyword === "uniqueItems") return lists.some((list) => matches(at.slice(0, -1), list));
  if (keyword !== "type") return false;
  if (data === null) return matches(at, ["services", "*", "models", "*"]);
  return (
    (data === "true" || data === "false") && matches(at, ["services", "*", "depends_on", "*", "required"])
  );
}

function matches(path: Path, pattern: readonly string[]): boolean {
  return (
    path.length === pattern.length && pattern.every((part, index) => part === "*" || part === path[index])
  );
}
