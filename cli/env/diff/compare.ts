import { byText } from "../../../packages/text";
import { UsageError } from "../../terminal";
import type { ComparedHost, Comparison, Host, Side, Status, Value, Variable } from "./model";

/** Choice of services and keys to compare. */
export interface CompareOptions {
  /** Names of services to compare; empty means all. */
  readonly services: readonly string[];
  readonly keysOnly: boolean;
  /** True for keys that are compared. */
  takes(key: string): boolean;
  /** True for keys whose values are never shown. */
  hides(key: string): boolean;
}

/** @throws UsageError when a service that was asked for does not exist */
export function compareSides(a: Side, b: Side, options: CompareOptions): Comparison {
  const hosts = selected(pairsOf(a, b, options.services), a, b, options.services)
    .map((pair) => compareHosts(pair, options))
    .sort((x, y) => byText(x.name, y.name));
  const counts: Record<Status, number> = { different: 0, missing: 0, extra: 0, "not-compared": 0, same: 0 };
  for (const { variables } of hosts) for (const { status } of variables) counts[status]++;
  return { a: a.label, b: b.label, keysOnly: options.keysOnly, hosts, counts };
}

interface Pair {
  readonly name: string;
  readonly names: readonly string[];
  readonly a: Host | undefined;
  readonly b: Host | undefined;
}

function pairsOf(a: Side, b: Side, services: readonly string[]): Pair[] {
  const [onlyA, onlyB] = [single(a), single(b)];
  if (onlyA && onlyB) return [pair(onlyA, onlyB, services)];
  if (onlyA) {
    const other = find(b.hosts, onlyA, services) ?? notThere(onlyA, a, b);
    return [pair(onlyA, other, services)];
  }
  if (onlyB) {
    const other = find(a.hosts, onlyB, services) ?? notThere(onlyB, b, a);
    return [pair(other, onlyB, services)];
  }
  const [restA, restB] = [new Set(a.hosts), new Set(b.hosts)];
  const pairs: Pair[] = [];
  for (const fits of waysToFit) {
    for (const host of restA) {
      const other = [...restB].find((candidate) => fits(host, candidate));
      if (other === undefined) continue;
      pairs.push(pair(host, other, []));
      restA.delete(host);
      restB.delete(other);
    }
  }
  for (const host of restA) if (!host.unmanaged) pairs.push(pair(host, undefined, []));
  for (const host of restB) if (!host.unmanaged) pairs.push(pair(undefined, host, []));
  return pairs;
}

const sameName = (a: Host, b: Host) => a.name === b.name;
const otherName = (a: Host, b: Host) => namesOf(a).some((name) => namesOf(b).includes(name));
const managed = (a: Host, b: Host) => !a.unmanaged && !b.unmanaged;

/** Ways to pair services of the two sides, the surest first: the same name on both, with variables of the program. */
const waysToFit: readonly ((a: Host, b: Host) => boolean)[] = [
  (a, b) => managed(a, b) && sameName(a, b),
  (a, b) => managed(a, b) && otherName(a, b),
  sameName,
  otherName,
];

function single({ isSingle, hosts: [host] }: Side): Host | undefined {
  return isSingle ? host : undefined;
}

/** Finds the counterpart of a single target among many; `--service` may name it. */
function find(hosts: readonly Host[], wanted: Host, services: readonly string[]): Host | undefined {
  const named = services.length === 1 ? { ...wanted, name: services[0] ?? "", aliases: [] } : wanted;
  for (const fits of waysToFit) {
    const found = hosts.find((host) => fits(named, host));
    if (found) return found;
  }
  return undefined;
}

function namesOf(host: Host): string[] {
  return [host.name, ...host.aliases];
}

function pair(a: Host | undefined, b: Host | undefined, services: readonly string[]): Pair {
  const [namesA, namesB] = [a ? namesOf(a) : [], b ? namesOf(b) : []];
  const names = [...namesA, ...namesB, ...services];
  // A name that both sides know, regardless of the side that lists it first.
  const both = [a?.name, b?.name].find(
    (name) => name !== undefined && namesA.includes(name) && namesB.includes(name),
  );
  return { name: both ?? names[0] ?? "", names, a, b };
}

function notThere(host: Host, side: Side, other: Side): never {
  throw new UsageError(
    `${other.label} has no service ${host.name} to compare with ${side.label}; it has ${list(other.hosts)}. ` +
      "Name one of them with --service.",
  );
}

function selected(pairs: readonly Pair[], a: Side, b: Side, services: readonly string[]): readonly Pair[] {
  if (services.length === 0) return pairs;
  const unknown = services.filter((service) => !pairs.some(({ names }) => names.includes(service)));
  if (unknown.length > 0) {
    throw new UsageError(
      `Neither ${a.label} nor ${b.label} has a service ${unknown.join(", ")}; the services are ` +
        `${list([...a.hosts, ...b.hosts])}.`,
    );
  }
  return pairs.filter(({ names }) => names.some((name) => services.includes(name)));
}

function list(hosts: readonly Host[]): string {
  return [...new Set(hosts.map(({ name }) => name))].sort(byText).join(", ") || "none";
}

function compareHosts({ name, a, b }: Pair, options: CompareOptions): ComparedHost {
  const keys = new Set([...keysOf(a, b), ...keysOf(b, a)]);
  const variables = [...keys]
    .filter((key) => options.takes(key))
    .sort(byText)
    .map((key) => compareValues(key, a?.variables.get(key), b?.variables.get(key), options));
  return { name, sides: a && b ? "both" : a ? "a" : "b", variables };
}

function keysOf(host: Host | undefined, other: Host | undefined): string[] {
  return [...(host?.variables.keys() ?? [])].filter(
    (key) => !host?.owned || host.owned.has(key) || other?.variables.has(key),
  );
}

function compareValues(
  key: string,
  a: Value | undefined,
  b: Value | undefined,
  { keysOnly, hides }: CompareOptions,
): Variable {
  const { status, why } = statusOf(a, b, keysOnly);
  const shownOf = (value: Value | undefined, other: Value | undefined) =>
    keysOnly || hides(key) ? undefined : shown(value, other, status);
  return { key, status, why, a: shownOf(a, b), b: shownOf(b, a) };
}

function statusOf(
  a: Value | undefined,
  b: Value | undefined,
  keysOnly: boolean,
): { status: Status; why: string | undefined } {
  const is = (status: Status, why?: string) => ({ status, why });
  if (a === undefined) return is("extra");
  if (b === undefined) return is("missing");
  if (keysOnly) return is("same");
  if (a.kind === "unknown") {
    // Each stage has an address of its own, and both are those of one service.
    const isSame = b.kind === "unknown" && a.addressOf !== undefined && a.addressOf === b.addressOf;
    return isSame ? is("same") : is("not-compared", a.why);
  }
  if (b.kind === "unknown") return is("not-compared", b.why);
  if (a.origin === "job" && b.origin === "job") {
    return is("not-compared", "both use !env, and the environment belongs to only one stage");
  }
  return is(a.text === b.text ? "same" : "different");
}

/** Returns the value if it may be shown. It is hidden where it would reveal the other one, which is a secret. */
function shown(value: Value | undefined, other: Value | undefined, status: Status): string | undefined {
  if (value?.kind !== "known") return undefined;
  const origin = other?.kind === "known" ? other.origin : undefined;
  // A value that is secret on one side is hardly meant to be read on the other.
  if (origin === "secret" || (status === "same" && origin === "job")) return undefined;
  if (value.origin === "plain" || (status === "same" && origin === "plain" && value.origin === "server")) {
    return value.text;
  }
  return undefined;
}
