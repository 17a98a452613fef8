import { entriesOf, entryAt, itemsOf, type Node, oneOrMore, textAt } from "./document";
import { hasVariable } from "./interpolation";
import { quoted, type Service, type Subject } from "./subject";

interface Reference {
  name: string;
  at: { offset: number };
}

interface Dependency extends Reference {
  condition: string | undefined;
}

/** Names that one part of the file uses and another has to define; Compose refuses a file where one is missing. */
export function checkNames({ root, services, report }: Subject): void {
  // What an included file defines is not known here.
  if (root.entries.has("include")) return;
  const defined = (kind: string) => new Set(entriesOf(entryAt(root, kind)?.value).map(({ key }) => key));
  const kinds = [
    { kind: "volume", names: defined("volumes"), used: volumesOf },
    { kind: "network", names: defined("networks").add("default").add(dokploysNetwork), used: networksOf },
    { kind: "secret", names: defined("secrets"), used: (node: Service["node"]) => grants(node, "secrets") },
    { kind: "config", names: defined("configs"), used: (node: Service["node"]) => grants(node, "configs") },
  ];
  const byName = new Map(services.map((service) => [service.name, service]));
  for (const { name, node } of services) {
    for (const { kind, names, used } of kinds) {
      for (const reference of used(node)) {
        if (names.has(reference.name) || hasVariable(reference.name)) continue;
        report(
          "undefined-name",
          reference.at,
          `service ${quoted(name)} uses the ${kind} ${quoted(reference.name)}, which ${kind}s: at the end of the file ` +
            "must define",
        );
      }
    }
    const needed = [...dependenciesOf(node, true), ...sharedNetworks(node), ...linksOf(node)];
    for (const reference of needed) {
      if (byName.has(reference.name) || hasVariable(reference.name)) continue;
      report(
        "undefined-name",
        reference.at,
        `service ${quoted(name)} needs the service ${quoted(reference.name)}, which is not in the file`,
      );
    }
  }
  reportCycle(byName, report);
}

/** A condition that waits for health waits for ever, or fails, where nothing tells of health. */
export function checkHealth({ services, stack, report }: Subject): void {
  if (stack) return;
  const byName = new Map(services.map((service) => [service.name, service]));
  for (const { name, node } of services) {
    for (const { name: needed, at, condition } of dependenciesOf(node)) {
      const target = byName.get(needed)?.node;
      if (condition !== "service_healthy" || target === undefined || tellsHealth(target)) continue;
      report(
        "missing-healthcheck",
        at,
        `service ${quoted(name)} waits until ${quoted(needed)} is healthy, but that has no healthcheck: unless its ` +
          "image brings one, the deployment fails",
      );
    }
  }
}

/** Dokploy puts this network into the file where a domain needs it. */
const dokploysNetwork = "dokploy-network";

function tellsHealth(node: Service["node"]): boolean {
  // What is inherited from another service is not looked up.
  if (node.entries.has("extends")) return true;
  const check = node.entries.get("healthcheck")?.value;
  if (check === undefined || textAt(check, "disable") === "true") return false;
  const test = entryAt(check, "test")?.value;
  const [first] = oneOrMore(test);
  return first?.kind !== "scalar" || first.text !== "NONE";
}

function volumesOf(node: Service["node"]): Reference[] {
  return itemsOf(entryAt(node, "volumes")?.value).flatMap((item): Reference[] => {
    if (item.kind === "map") {
      const source = textAt(item, "source");
      return textAt(item, "type") === "volume" && source !== undefined ? [{ name: source, at: item }] : [];
    }
    if (item.kind !== "scalar") return [];
    const [source, target] = item.text.split(":");
    const isName = source !== undefined && target !== undefined && /^[a-zA-Z0-9][\w.-]*$/.test(source);
    return isName ? [{ name: source, at: item }] : [];
  });
}

function networksOf(node: Service["node"]): Reference[] {
  return namesIn(entryAt(node, "networks")?.value);
}

function grants(node: Service["node"], kind: "secrets" | "configs"): Reference[] {
  return itemsOf(entryAt(node, kind)?.value).flatMap((item): Reference[] => {
    if (item.kind === "scalar") return [{ name: item.text, at: item }];
    const source = textAt(item, "source");
    return source === undefined ? [] : [{ name: source, at: item }];
  });
}

/** A list of names, or a mapping with names as keys. */
function namesIn(node: Node | undefined): Reference[] {
  if (node?.kind === "map") return entriesOf(node).map(({ key, offset }) => ({ name: key, at: { offset } }));
  return itemsOf(node).flatMap((item) => (item.kind === "scalar" ? [{ name: item.text, at: item }] : []));
}

function dependenciesOf(node: Service["node"], requiredOnly = false): Dependency[] {
  const dependencies = entryAt(node, "depends_on")?.value;
  if (dependencies?.kind !== "map") {
    return namesIn(dependencies).map((reference) => ({ ...reference, condition: undefined }));
  }
  return entriesOf(dependencies).flatMap(({ key, offset, value }) => {
    if (requiredOnly && textAt(value, "required") === "false") return [];
    return [{ name: key, at: { offset }, condition: textAt(value, "condition") }];
  });
}

function sharedNetworks(node: Service["node"]): Reference[] {
  const mode = entryAt(node, "network_mode")?.value;
  if (mode?.kind !== "scalar" || !mode.text.startsWith("service:")) return [];
  return [{ name: mode.text.slice("service:".length), at: mode }];
}

function linksOf(node: Service["node"]): Reference[] {
  return namesIn(entryAt(node, "links")?.value).map(({ name, at }) => ({
    name: name.split(":")[0] ?? "",
    at,
  }));
}

/** Tells of the first circle of services that wait for each other. */
function reportCycle(byName: ReadonlyMap<string, Service>, report: Subject["report"]): void {
  const done = new Set<string>();
  for (const start of byName.keys()) {
    const path: string[] = [];
    const pending: { name: string; depth: number }[] = [{ name: start, depth: 0 }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const left of path.splice(next.depth)) done.add(left);
      const service = byName.get(next.name);
      if (service === undefined || done.has(next.name)) continue;
      const first = path.indexOf(next.name);
      if (first !== -1) {
        const circle = [...path.slice(first), next.name].map(quoted).join(", ");
        report("dependency-cycle", service, `services wait for each other: ${circle}`);
        return;
      }
      path.push(next.name);
      for (const { name } of dependenciesOf(service.node)) pending.push({ name, depth: path.length });
    }
    for (const left of path) done.add(left);
  }
}
