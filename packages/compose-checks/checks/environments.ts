import { posix } from "node:path";
import { entryAt, type Node, oneOrMore, textAt } from "../yaml";
import { readDocument } from "./document";
import { parseTemplate } from "./interpolation";
import { ComposeVariables, keyValues, servicesOf } from "./subject";

/**
 * Returns the variables that the containers of a stack get, by service, as far as the compose file shows them. Values
 * with a Swarm template in the file and unknown values are omitted.
 *
 * @param variables as a container sees them; undefined for a value that is not known
 * @example environmentsOf("services:\n  web:\n    image: a\n    environment: {A: '${B}!'}", { B: "1" }, true)
 * // { web: { A: "1!" } }
 */
export function environmentsOf(
  file: string,
  variables: Readonly<Record<string, string | undefined>>,
  createEnvFile: boolean,
): Record<string, Record<string, string>> {
  const document = readDocument(file.replace(/^\uFEFF/, ""), true);
  if (!("root" in document)) return {};
  // Dokploy passes only variables with a value to docker.
  const exported = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const lookUp = new ComposeVariables(exported, new Set(["PATH", "HOME"]));
  const services = servicesOf(document.root, () => true).map(({ name, node }) => {
    const env: Record<string, string | undefined> =
      createEnvFile && takesDotEnv(node) ? { ...variables } : {};
    for (const { key, value } of keyValues(entryAt(node, "environment")?.value)) {
      if (value === undefined) env[key] = lookUp.isSet(key) ? lookUp.value(key) : env[key];
      else env[key] = value.includes("{{") ? undefined : lookUp.resolve(parseTemplate(value, true));
    }
    const known = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return [name, Object.fromEntries(known)] as const;
  });
  return Object.fromEntries(services.filter(([, env]) => Object.keys(env).length > 0));
}

function takesDotEnv(service: Node): boolean {
  return oneOrMore(entryAt(service, "env_file")?.value).some((item) => {
    const path = item.kind === "scalar" ? item.text : textAt(item, "path");
    return path !== undefined && posix.normalize(path) === ".env";
  });
}
