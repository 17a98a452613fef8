import { someOf } from "../../text";
import { entriesOf, entryAt, isOpen, itemsOf, type MapNode, type Node, textAt } from "../yaml";
import { keyed, named, namesIn, type Reference } from "./names";
import { extended, withBases } from "./profiles";
import { checksHealth } from "./safeguards";
import { quoted, quotedFrom, type Subject } from "./subject";

/** Another service that a service requires. */
interface Need extends Reference {
  /** True when Compose continues without a service of an inactive profile, which must still be in the file. */
  optional: boolean;
}

/** Checks services that require, extend or wait for other services. */
export function checkNeeds(subject: Subject): void {
  // Swarm starts services separately, in any order.
  if (subject.stack) return;
  checkHealth(subject);
  // The definitions in an included file are not known here.
  if (subject.root.entries.has("include")) return;
  checkOthers(subject);
  checkBases(subject);
}

/** Checks services that must run before a service, or that share something with it. */
function checkOthers({ services, started, report }: Subject): void {
  const byName = new Map(services.map((service) => [service.name, service]));
  for (const { name, node } of started) {
    for (const { name: needed, shown, isKnown, at, optional } of needsOf(node)) {
      const target = byName.get(needed);
      if (!isKnown || (target !== undefined && (optional || target.starts !== false))) continue;
      const why =
        target === undefined
          ? "which is not in the file"
          : "whose profile is not requested: name the profile in env.COMPOSE_PROFILES, or remove it";
      report("undefined-name", at, `service ${quoted(name)} needs the service ${shown}, ${why}`);
    }
  }
  const circle = findCircle(
    new Map(started.map(({ name, node }) => [name, needsOf(node).map((need) => need.name)])),
  );
  const first = circle && byName.get(circle[0] ?? "");
  if (circle && first) {
    report("dependency-cycle", first, `services wait for each other: ${someOf(circle.map(quoted))}`);
  }
}

/** Checks services that extend others of the file: Compose merges them before it evaluates profiles. */
function checkBases({ services, report }: Subject): void {
  const byName = new Map(services.map((service) => [service.name, service]));
  const bases = new Map<string, string[]>();
  for (const { name, node } of services) {
    const base = extended(node);
    if (base?.service === undefined || base.file !== undefined) continue;
    const at = entryAt(node, "extends", "service") ?? entryAt(node, "extends");
    if (isOpen(at?.value)) continue;
    bases.set(name, [base.service]);
    if (byName.has(base.service)) continue;
    report(
      "undefined-name",
      at?.value,
      `service ${quoted(name)} extends the service ${at ? quotedFrom(at.value, base.service) : ""}, which is not in the file`,
    );
  }
  const circle = findCircle(bases);
  const first = circle && byName.get(circle[0] ?? "");
  if (circle && first) {
    report("dependency-cycle", first, `services extend each other: ${someOf(circle.map(quoted))}`);
  }
}

/** Checks conditions for health, which never become true, or fail, for a service without a health check. */
function checkHealth({ services, started, report }: Subject): void {
  const nodes = new Map(services.map(({ name, node }) => [name, node]));
  const byName = new Map(started.map((service) => [service.name, service]));
  for (const { name, node } of started) {
    for (const { name: needed, at, condition } of dependenciesOf(node)) {
      const target = byName.get(needed)?.node;
      if (condition !== "service_healthy" || target === undefined) continue;
      if (checksHealth(withBases(target, nodes).nodes)) continue;
      report(
        "missing-healthcheck",
        at,
        `service ${quoted(name)} waits until ${quoted(needed)} is healthy, but that has no healthcheck: unless its ` +
          "image has one, the deployment fails",
      );
    }
  }
}

/** Lists everything that Compose treats as a dependency. */
function needsOf(node: MapNode): Need[] {
  const firm = [
    ...beforeColons(entryAt(node, "links")?.value),
    ...beforeColons(entryAt(node, "volumes_from")?.value).filter(({ name }) => name !== "container"),
    ...["network_mode", "pid", "ipc"].flatMap((key) => sharedWith(entryAt(node, key)?.value)),
  ];
  return [...dependenciesOf(node), ...firm.map((reference) => ({ ...reference, optional: false }))];
}

function dependenciesOf(node: MapNode): (Need & { condition: string | undefined })[] {
  const dependencies = entryAt(node, "depends_on")?.value;
  if (dependencies?.kind !== "map") {
    return namesIn(dependencies).map((reference) => ({
      ...reference,
      optional: false,
      condition: undefined,
    }));
  }
  return entriesOf(dependencies).map((entry) => ({
    ...keyed(entry),
    optional: textAt(entry.value, "required") === "false",
    condition: textAt(entry.value, "condition"),
  }));
}

/** Reads `service:NAME`, which names the service whose network or processes are shared. */
function sharedWith(mode: Node | undefined): Reference[] {
  if (mode?.kind !== "scalar" || !mode.text.startsWith("service:")) return [];
  return [named(mode, mode.text.slice("service:".length))];
}

/** Reads a list of names, behind each of which something else may follow after a colon. */
function beforeColons(list: Node | undefined): Reference[] {
  return itemsOf(list).flatMap((item) =>
    item.kind === "scalar" ? [named(item, item.text.split(":")[0])] : [],
  );
}

/** Returns the first cycle of names, with its start repeated at the end. */
function findCircle(leadsTo: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  for (const start of leadsTo.keys()) {
    const path: string[] = [];
    const pending: { name: string; depth: number }[] = [{ name: start, depth: 0 }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const left of path.splice(next.depth)) done.add(left);
      const names = leadsTo.get(next.name);
      if (names === undefined || done.has(next.name)) continue;
      const first = path.indexOf(next.name);
      if (first !== -1) return [...path.slice(first), next.name];
      path.push(next.name);
      for (const name of names) pending.push({ name, depth: path.length });
    }
    for (const left of path) done.add(left);
  }
  return undefined;
}
