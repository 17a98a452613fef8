import type { PortEntry, Range } from "./port-entry";

/** Ports of the host that a service publishes. */
export interface HostPorts extends PortEntry {
  readonly host: Range;
  /** Name of the service. */
  readonly by: string;
}

/**
 * Published ports by protocol and address. They are stored as ranges, because a file may have thousands of entries,
 * each with every port.
 *
 * Entries that share a port and don't conflict are of the same kind: they belong to the same service, and Docker
 * treats them as duplicates. Conflicting entries are not added, so each port of an address belongs to entries of one
 * kind.
 */
export class TakenPorts {
  private readonly ranges = new Map<string, Ranges>();

  /** @param stack true for a stack, which publishes on all addresses of all nodes */
  constructor(private readonly stack: boolean) {}

  /**
   * Reserves the ports. If another entry has one of them, reserves none and returns the service that has the lowest.
   */
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

/**
 * Returns the distance between the ports of container and host. Compose treats entries as duplicates if it is equal.
 */
function offset({ host, container }: HostPorts): number | undefined {
  return container && container.first - host.first;
}

const ANY = "any address";
const ANY_V4 = "any IPv4 address";
const ANY_V6 = "any IPv6 address";

/** Keys under which an entry is stored. */
function scopesOf(ip: string): string[] {
  return [`address ${ip}`, ANY, ip.includes(":") ? ANY_V6 : ANY_V4];
}

/** Keys of the entries that conflict with this address. */
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

/** Sorted ranges that have no port in common. */
class Ranges {
  private readonly sorted: Taken[] = [];

  /** Returns the lowest port of the range that belongs to another kind. */
  firstOther({ first, last }: Range, kind: string): { port: number; by: string } | undefined {
    for (let at = this.indexFrom(first); at < this.sorted.length; at++) {
      const taken = this.sorted[at];
      if (taken === undefined || taken.first > last) return undefined;
      if (taken.kind !== kind) return { port: Math.max(first, taken.first), by: taken.by };
    }
    return undefined;
  }

  /** Adds the free parts of a range, and merges them with ranges of its kind. */
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

  /** Returns the index of the first range that ends at this port or above it. */
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
