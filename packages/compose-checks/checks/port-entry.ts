import { entryAt, isOpen, type MapNode, type Node, textAt } from "../yaml";

/** An entry of `ports`, parsed as Compose parses it. */
export interface PortEntry {
  /** Undefined when Docker chooses the port of the host. */
  readonly host: Range | undefined;
  readonly container: Range | undefined;
  readonly protocol: string;
  /** Empty for all addresses. */
  readonly ip: string;
  /** The part for the host's port. */
  readonly given: string;
  /** True when it comes from a variable, whose value is not shown. */
  readonly hidden: boolean;
}

/** A range of ports, including both ends. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Reads an entry of `ports`: undefined when it is not known; a reason when the text is not a port. */
export function readPort(item: Node): PortEntry | string | undefined {
  if (item.kind === "map") return readMapping(item);
  if (item.kind !== "scalar" || item.value === null || isOpen(item)) return undefined;
  return readText(item.text, item.template !== undefined);
}

function readMapping(item: MapNode): PortEntry | undefined {
  const [published, target, protocol, ip] = ["published", "target", "protocol", "host_ip"].map((key) => {
    const node = entryAt(item, key)?.value;
    return isOpen(node) ? undefined : (textAt(item, key) ?? "");
  });
  const port = entryAt(item, "published")?.value;
  if (protocol === undefined || ip === undefined) return undefined;
  return {
    host: rangeOf(published),
    container: rangeOf(target),
    protocol: (protocol || "tcp").toLowerCase(),
    ip,
    given: published ?? "",
    hidden: port?.kind === "scalar" && port.template !== undefined,
  };
}

/** Reads `[[IP:]HOST:]CONTAINER[/PROTOCOL]`, where ports may be ranges. */
function readText(text: string, hidden: boolean): PortEntry | string {
  const { ip, host, target, protocol } = splitEntry(text);
  if (target === "") return "names no container port";
  const container = rangeOf(target);
  if (container === undefined) return "has an invalid container port";
  const published = host ? rangeOf(host) : undefined;
  if (host && published === undefined) return "has an invalid host port";
  if (protocol && !/^(?:tcp|udp|sctp)$/i.test(protocol)) return "has a protocol other than tcp, udp and sctp";
  // Some versions accept an IPv6 address without brackets.
  if (ip && /^[\w.-]+$/.test(ip) && !isAddress(ip)) return "has an invalid host address";
  if (published && size(published) !== size(container) && size(container) !== 1) {
    return "has ranges of different lengths";
  }
  return {
    host: published,
    container,
    protocol: (protocol || "tcp").toLowerCase(),
    ip: (ip ?? "").replace(/^\[(.*)\]$/, "$1"),
    given: text,
    hidden,
  };
}

/** Splits an entry from its end, because an IPv6 address contains colons. */
function splitEntry(text: string): { ip?: string; host?: string; target: string; protocol?: string } {
  const colon = text.lastIndexOf(":");
  const behind = text.slice(colon + 1);
  const slash = behind.indexOf("/");
  const container =
    slash === -1 ? { target: behind } : { target: behind.slice(0, slash), protocol: behind.slice(slash + 1) };
  if (colon === -1) return container;
  const before = colon === 0 ? -1 : text.lastIndexOf(":", colon - 1);
  const host = text.slice(before + 1, colon);
  if (before === -1) return { ...container, host };
  const ip = text.slice(0, before);
  const bare = ip.startsWith("[") && ip.endsWith("]") ? "" : ip;
  return /[[\]]/.test(bare) ? { target: "" } : { ...container, host, ip };
}

/** Number of ports in a range. */
export function size({ first, last }: Range): number {
  return last - first + 1;
}

function rangeOf(text: string | undefined): Range | undefined {
  const [, first, last = first] = /^\+?(\d{1,9})(?:-\+?(\d{1,9}))?$/.exec(text ?? "") ?? [];
  const range = { first: Number(first), last: Number(last) };
  return first === undefined || range.last > 65_535 || range.first > range.last ? undefined : range;
}

function isAddress(ip: string): boolean {
  const parts = ip.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}
