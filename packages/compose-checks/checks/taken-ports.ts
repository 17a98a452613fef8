import type { PortEntry, Range } from "./port-entry";

/** Ports of the host that a service publishes. */
export interface HostPorts extends PortEntry {
  readonly host: Range;
  /** The name of the service. */
  readonly by: string;
}

/**
 * What is published, by protocol and address. Ranges are compared as such: a file may have thousands of entries, and each
 * of them all ports there are.
 *
 * Entries that have a port in common and are not in each other's way are of one kind: of the same service, and one that
 * Docker takes for the same. Others are not added, so that an address has each port for entries of one kind alone.
 */
export class TakenPorts {
  private readonly ranges = new Map<string, Ranges>();

  /** @param stack a stack publishes on all addresses of all nodes */
  constructor(private readonly stack: boolean) {}

  /** Returns the service that had one of the ports before, of the lowest one; else they are taken now. */
  add(ports: HostPorts): string | undefined {
    const { host, protocol, by } = ports;
    const kind = JSON.stringify(this.stack ? [by, ports.given] : [by, ports.ip, offset(ports)]);
    const ip = this.stack ? "" : ports.ip;
    const others = inTheWay(ip).flatMap((scope) => this.of(protocol, scope).firstOther(host, kind) ?? []);
    const [first] = others.sort((a, b) => a.port - b.port);
    if (first !== undefined) return first.by;
    for (const scope of scopesOf(ip)) this.of(protocol, scope).add({ ...host, kind, by });
    return undefined;
  }

  private of(protocol: string, scope: string): Ranges {
    const key = `${protocol} ${scope}`;
    let ranges = this.ranges.get(key);
    if (ranges === undefined) {
      ranges = new Ranges();
      this.ranges.set(key, ranges);
    }
    return ranges;
  }
}

/** Compose takes the same twice for one: if the container's ports are as far from those of the host. */
function offset({ host, container }: HostPorts): number | undefined {
  return container && container.first - host.first;
}

const ANY = "any address";
const ANY_V4 = "any but those of IPv6";
const ANY_V6 = "any of IPv6";

/** Under what an entry is kept. */
function scopesOf(ip: string): string[] {
  return [`address ${ip}`, ANY, ip.includes(":") ? ANY_V6 : ANY_V4];
}

/** Where entries are kept that are in the way of one with this address. */
function inTheWay(ip: string): string[] {
  if (ip === "") return [ANY];
  if (ip === "0.0.0.0") return [ANY_V4];
  if (ip === "::") return [ANY_V6, "address "];
  return [`address ${ip}`, "address ", `address ${ip.includes(":") ? "::" : "0.0.0.0"}`];
}

interface Taken extends Range {
  readonly kind: string;
  readonly by: string;
}

/** Ranges that have no port in common, in order. */
class Ranges {
  private readonly sorted: Taken[] = [];

  /** The lowest port of the range that one of another kind has. */
  firstOther({ first, last }: Range, kind: string): { port: number; by: string } | undefined {
    for (let at = this.indexFrom(first); at < this.sorted.length; at++) {
      const taken = this.sorted[at];
      if (taken === undefined || taken.first > last) return undefined;
      if (taken.kind !== kind) return { port: Math.max(first, taken.first), by: taken.by };
    }
    return undefined;
  }

  /** Takes what is free of it, and joins that with those of its kind. */
  add(added: Taken): void {
    const from = this.indexFrom(added.first);
    const pieces: Taken[] = [];
    let { first, last } = added;
    let hasFree = false;
    let next = first;
    let to = from;
    for (; to < this.sorted.length; to++) {
      const taken = this.sorted[to];
      if (taken === undefined || taken.first > added.last) break;
      hasFree ||= taken.first > next;
      next = taken.last + 1;
      if (taken.kind === added.kind) {
        first = Math.min(first, taken.first);
        last = Math.max(last, taken.last);
      } else {
        if (first < taken.first) pieces.push({ ...added, first, last: taken.first - 1 });
        pieces.push(taken);
        first = taken.last + 1;
      }
    }
    if (!hasFree && next > added.last) return;
    if (first <= last) pieces.push({ ...added, first, last });
    this.sorted.splice(from, to - from, ...pieces);
  }

  /** The index of the first that reaches to this port or beyond. */
  private indexFrom(port: number): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sorted[middle]?.last ?? 0) < port) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
