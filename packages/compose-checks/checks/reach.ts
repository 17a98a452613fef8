import {
  type Entry,
  entriesOf,
  entryAt,
  itemsOf,
  type MapNode,
  type Node,
  oneOrMore,
  textAt,
} from "../yaml/nodes";
import { readDocument } from "./document";
import { hasVariable } from "./interpolation";

/** Something in a compose file that reaches beyond its own containers, networks and volumes. */
export interface Reach {
  /** Position in the text; undefined for the whole file. */
  readonly offset: number | undefined;
  /** Clause about the field, without values of the file that may be secret. */
  readonly reason: string;
}

/**
 * Lists what in a compose file reaches data or names that other services of the server have too: folders of the server,
 * volumes and networks with fixed names, published ports, names of containers. A copy of the service with this file would
 * share them. A file that cannot be read counts as one, and so does a part that is in another file.
 */
export function reachOf(composeFile: string): Reach[] {
  const text = composeFile.replace(/^\uFEFF/, "");
  const document = readDocument(text);
  if ("problems" in document) return document.problems;
  const { root } = document;
  const found: Reach[] = [];
  const report = (entry: { readonly offset: number }, reason: string) =>
    void found.push({ offset: entry.offset, reason });
  const include = root.entries.get("include");
  if (include) report(include, "include: another file, which is not checked");
  const project = root.entries.get("name");
  if (project) report(project, "name: a fixed name of the project, which its volumes and networks have too");
  for (const kind of ["volumes", "networks", "secrets", "configs"] as const) {
    for (const entry of entriesOf(root.entries.get(kind)?.value))
      for (const reason of ofDefinition(kind, entry)) report(entry, `${kind}.${entry.key}: ${reason}`);
  }
  for (const { key, value } of entriesOf(root.entries.get("services")?.value)) {
    if (value.kind !== "map") continue;
    for (const { entry, reason } of ofService(value)) report(entry, `services.${key}.${reason}`);
  }
  return found;
}

function ofDefinition(kind: string, { key, value }: Entry): string[] {
  if (kind === "networks" && (key === dokploysNetwork || textAt(value, "name") === dokploysNetwork))
    return [];
  const external = entryAt(value, "external");
  if (external !== undefined && textAt(value, "external") !== "false")
    return ["external: others have it too"];
  if (entryAt(value, "name") !== undefined) return ["name: a fixed name, which others may have too"];
  const driver = textAt(value, "driver");
  if (kind === "volumes" && driver !== undefined && driver !== "local")
    return ["driver: storage outside of the service"];
  if (kind === "networks" && driver !== undefined && !/^(?:bridge|overlay)$/.test(driver))
    return ["driver: the network of the server"];
  if (kind === "networks" && entryAt(value, "driver_opts") !== undefined)
    return ["driver_opts: may name a network of the server"];
  const device = textAt(value, "driver_opts", "device");
  if (device !== undefined) return ["driver_opts.device: a folder or share outside of the service"];
  const file = textAt(value, "file");
  return file !== undefined && !isOwnFile(file) ? ["file: a file of the server"] : [];
}

/** Network that every service with a domain joins. */
const dokploysNetwork = "dokploy-network";

/** Fields that name something of the server, with the values that do not. */
const fields: readonly (readonly [name: string, reason: string, harmless?: RegExp])[] = [
  ["container_name", "a fixed name, which only one container can have"],
  ["network_mode", "the network of the server or of another container", /^(?:bridge|none|service:.+)$/],
  ["pid", "the processes of the server or of another container", /^service:.+$/],
  ["ipc", "the memory of the server or of another container", /^(?:private|none|shareable|service:.+)$/],
  ["uts", "the name of the server"],
  ["userns_mode", "the users of the server"],
  ["privileged", "access to the whole server", /^false$/],
  ["cgroup", "the control groups of the server", /^private$/],
  ["cgroup_parent", "the control groups of the server"],
  ["volumes_from", "volumes of another container"],
  ["external_links", "other containers of the server"],
  ["devices", "devices of the server"],
  ["device_cgroup_rules", "devices of the server"],
  ["cap_add", "rights on the server"],
  ["security_opt", "rights on the server"],
  ["gpus", "devices of the server"],
  ["runtime", "a runtime of the server"],
  ["provider", "a program that runs on the server"],
  ["credential_spec", "a login of the server"],
  ["label_file", "labels in another file, which is not checked"],
  ["use_api_socket", "Docker itself, and so the whole server", /^false$/],
];

function ofService(service: MapNode): { entry: { readonly offset: number }; reason: string }[] {
  const found: { entry: { readonly offset: number }; reason: string }[] = [];
  const report = (entry: { readonly offset: number }, reason: string) => void found.push({ entry, reason });
  for (const [name, reason, harmless] of fields) {
    const entry = service.entries.get(name);
    if (entry !== undefined && harmless?.test(textAt(service, name) ?? "") !== true)
      report(entry, `${name}: ${reason}`);
  }
  const extended = service.entries.get("extends");
  if (entryAt(service, "extends", "file") !== undefined && extended !== undefined)
    report(extended, "extends.file: another file, which is not checked");
  for (const item of itemsOf(entryAt(service, "ports")?.value))
    if (publishesFixed(item)) report(item, "ports: a port of the server, which only one service can have");
  for (const item of itemsOf(entryAt(service, "volumes")?.value)) {
    const reason = ofMount(item);
    if (reason !== undefined) report(item, `volumes: ${reason}`);
  }
  for (const item of oneOrMore(entryAt(service, "env_file")?.value)) {
    const path = item.kind === "map" ? textAt(item, "path") : item.kind === "scalar" ? item.text : undefined;
    if (path !== undefined && !isOwnFile(path)) report(item, "env_file: a file of the server");
  }
  const context = textAt(service, "build", "context") ?? textAt(service, "build");
  const build = service.entries.get("build");
  if (build !== undefined && context !== undefined && !isOwnFile(context) && !isAddress(context))
    report(build, "build.context: a folder of the server");
  for (const { field, reason, isIn } of buildFields) {
    const entry = entryAt(service, "build", field);
    if (entry !== undefined && isIn(entry.value)) report(entry, `build.${field}: ${reason}`);
  }
  for (const path of [["labels"], ["deploy", "labels"]]) {
    const labels = entryAt(service, ...path);
    if (labels !== undefined && hasRoute(labels.value))
      report(
        labels,
        `${path.join(".")}: a route of Traefik, or a label of Docker; list the domain in dokploy-app.yaml instead`,
      );
  }
  for (const { key, value } of entriesOf(entryAt(service, "networks")?.value)) {
    const aliases = entryAt(value, "aliases");
    if (key === dokploysNetwork && aliases !== undefined)
      report(
        aliases,
        "networks.aliases: names in Dokploy's network, by which others look for their services",
      );
  }
  for (const hook of ["post_start", "pre_stop"])
    for (const item of itemsOf(entryAt(service, hook)?.value)) {
      const privileged = entryAt(item, "privileged");
      if (privileged !== undefined && textAt(item, "privileged") !== "false")
        report(privileged, `${hook}.privileged: access to the whole server`);
    }
  return found;
}

/** Fields of `build` that reach the server, with the values that do. */
const buildFields: readonly {
  readonly field: string;
  readonly reason: string;
  readonly isIn: (value: Node) => boolean;
}[] = [
  { field: "privileged", reason: "access to the whole server", isIn: (value) => !isText(value, /^false$/) },
  { field: "entitlements", reason: "rights on the server", isIn: () => true },
  {
    field: "network",
    reason: "the network of the server",
    isIn: (value) => !isText(value, /^(?:default|none)$/),
  },
  { field: "ssh", reason: "keys of the server", isIn: () => true },
  { field: "dockerfile", reason: "a file of the server", isIn: (value) => !isText(value, own) },
  { field: "additional_contexts", reason: "a folder of the server", isIn: hasForeignContext },
  { field: "cache_from", reason: "a folder of the server", isIn: isLocalCache },
  { field: "cache_to", reason: "a folder of the server", isIn: isLocalCache },
];

/** Matches a path in the folder that is built. */
const own = /^(?!.*(?:\.\.|\$))(?!\/)/;

function isText(value: Node, pattern: RegExp): boolean {
  return value.kind === "scalar" && pattern.test(value.text);
}

function hasForeignContext(contexts: Node): boolean {
  const sources =
    contexts.kind === "map"
      ? [...contexts.entries.values()].map(({ value }) => (value.kind === "scalar" ? value.text : ""))
      : itemsOf(contexts).map((item) =>
          item.kind === "scalar" ? item.text.slice(item.text.indexOf("=") + 1) : "",
        );
  return sources.some(
    (source) => !/^(?:docker-image:\/\/|service:)/.test(source) && !isOwnFile(source) && !isAddress(source),
  );
}

function isLocalCache(caches: Node): boolean {
  return oneOrMore(caches).some((item) => !isText(item, /^(?!.*\$)(?!.*type=local)/i));
}

function publishesFixed(item: Node): boolean {
  if (item.kind === "map") return (textAt(item, "published") ?? "") !== "";
  // The part before the last colon is the port of the server. Without it, Docker chooses a free one.
  return item.kind === "scalar" && item.text.includes(":");
}

function ofMount(item: Node): string | undefined {
  const source = item.kind === "map" ? textAt(item, "source") : sourceIn(item);
  if (source === undefined) return undefined;
  const type = item.kind === "map" ? textAt(item, "type") : undefined;
  if (type === "npipe" || type === "cluster") return "something of the server";
  if (hasVariable(source)) return "a source that a variable gives";
  const isPath = type === "bind" || (type === undefined && /^[./~\\]/.test(source));
  return isPath && !isOwnFile(source) ? "a folder or file of the server" : undefined;
}

function sourceIn(item: Node): string | undefined {
  if (item.kind !== "scalar") return undefined;
  // A default of a variable may contain a colon.
  if (hasVariable(item.text)) return item.text;
  const [source, target] = item.text.split(":");
  return target === undefined ? undefined : source;
}

/** True for a path in the folder of the service, relative to its compose file, or in Dokploy's `../files`. */
function isOwnFile(path: string): boolean {
  if (hasVariable(path) || !/^(?:\.\/|\.$|\.\.\/files(?:\/|$)|[\w-][^:]*$)/.test(path)) return false;
  const steps = path.replace(/^\.\.\/files/, ".").split("/");
  return !steps.includes("..");
}

/** True for code that is fetched: a URL, or a repository of git. */
function isAddress(context: string): boolean {
  return /^(?:[a-z]+:\/\/|git@|github\.com\/)/.test(context) && !hasVariable(context);
}

/** True for labels that Traefik reads from all containers, in any case, and for those by which Docker knows its projects. */
function hasRoute(labels: Node): boolean {
  const names =
    labels.kind === "map"
      ? [...labels.entries.keys()]
      : itemsOf(labels).map((item) => (item.kind === "scalar" ? item.text : ""));
  // Only the names in a list may have variables.
  return names.some(
    (name) =>
      /^(?:traefik\.(?:http|tcp|udp)\.|com\.docker\.)/i.test(name) ||
      (labels.kind === "list" && hasVariable(name.split("=", 1)[0] ?? "")),
  );
}
