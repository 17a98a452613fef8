import { entryAt, itemsOf, type Node, textAt } from "./document";
import { hasVariable } from "./interpolation";
import { quoted, type Service, type Subject, type Variables } from "./subject";

interface HostPorts {
  first: number;
  last: number;
  protocol: string;
  /** Empty for all addresses. */
  ip: string;
  /** For messages; a value of a variable is not shown. */
  shown: string;
  /** As the file has it. */
  given: string;
  at: { offset: number };
  service: Service;
}

/** Ports that Dokploy's own containers have on each server (Traefik), and on its main server (its user interface). */
const reserved: readonly { port: number; protocols: readonly string[]; by: string }[] = [
  { port: 80, protocols: ["tcp"], by: "Dokploy's Traefik" },
  { port: 443, protocols: ["tcp", "udp"], by: "Dokploy's Traefik" },
  { port: 3000, protocols: ["tcp"], by: "Dokploy's own user interface" },
];

export function checkPorts({ services, stack, variables, report }: Subject): void {
  const taken = new Taken();
  for (const service of services) {
    if (textAt(service.node, "network_mode") === "host") continue;
    for (const item of itemsOf(entryAt(service.node, "ports")?.value)) {
      const ports = hostPorts(item, service, variables);
      if (ports === undefined) continue;
      // A stack publishes on all addresses of all nodes.
      if (stack) ports.ip = "";
      const other = taken.add(ports);
      if (other !== undefined) {
        const whose =
          other.service === service ? "another entry of its own" : `service ${quoted(other.service.name)}`;
        report(
          "port-clash",
          ports.at,
          `service ${quoted(service.name)} publishes ${ports.shown}, and so does ${whose}: one of them cannot start`,
        );
      }
      for (const { port, protocols, by } of reserved) {
        if (port < ports.first || port > ports.last || !protocols.includes(ports.protocol)) continue;
        report(
          "reserved-port",
          ports.at,
          `service ${quoted(service.name)} publishes ${ports.shown}, and ${by} has ${hasVariable(ports.given) ? "it" : `port ${port}`}: take another, or a ` +
            "domain in place of a port",
        );
      }
    }
  }
}

/** What is published, by protocol and port: a file may have thousands. */
class Taken {
  private readonly byPort = new Map<string, HostPorts[]>();

  /** Returns what had one of the ports before; else they are taken now. */
  add(ports: HostPorts): HostPorts | undefined {
    const { first, last, protocol } = ports;
    const keys = Array.from({ length: last - first + 1 }, (_, index) => `${protocol}/${first + index}`);
    for (const key of keys) {
      const other = this.byPort.get(key)?.find((earlier) => clash(earlier, ports));
      if (other !== undefined) return other;
    }
    for (const key of keys) this.byPort.set(key, [...(this.byPort.get(key) ?? []), ports]);
    return undefined;
  }
}

/** Whether two that have a port and the protocol in common are in each other's way. */
function clash(a: HostPorts, b: HostPorts): boolean {
  if (neverTogether(a.service, b.service)) return false;
  // The same entry twice is what the schema tells.
  if (a.service === b.service && a.given === b.given) return false;
  return a.ip === b.ip || isAll(a.ip, b.ip) || isAll(b.ip, a.ip);
}

function isAll(ip: string, other: string): boolean {
  return ip === "" || (ip === "0.0.0.0" && !other.includes(":")) || (ip === "::" && other.includes(":"));
}

/** Services of different profiles may be meant as one or the other. */
function neverTogether(a: Service, b: Service): boolean {
  const profiles = (service: Service) =>
    itemsOf(entryAt(service.node, "profiles")?.value).flatMap((item) =>
      item.kind === "scalar" ? [item.text] : [],
    );
  const [ofA, ofB] = [profiles(a), profiles(b)];
  return ofA.length > 0 && ofB.length > 0 && !ofA.some((profile) => ofB.includes(profile));
}

/** Undefined when the host's port is left to Docker, or not known. */
function hostPorts(item: Node, service: Service, variables: Variables): HostPorts | undefined {
  const known = (node: Node | undefined) =>
    node?.kind === "scalar" && node.value !== null ? variables.resolveText(node.text) : undefined;
  let published: string | undefined;
  let target: string | undefined;
  let ip = "";
  let protocol = "tcp";
  let given: string;
  if (item.kind === "map") {
    const publishedNode = entryAt(item, "published")?.value;
    published = known(publishedNode);
    target = known(entryAt(item, "target")?.value);
    ip = known(entryAt(item, "host_ip")?.value) ?? "";
    protocol = known(entryAt(item, "protocol")?.value) ?? "tcp";
    given = publishedNode?.kind === "scalar" ? publishedNode.text : "";
  } else if (item.kind === "scalar") {
    given = item.text;
    const text = plainOrKnown(given, variables);
    const parsed = /^(?:(?:\[?([^\]]*?)\]?:)?([\d-]*):)?([\d-]+)(?:\/(\w+))?$/.exec(text ?? "");
    if (!parsed) return undefined;
    [, ip = "", published, target, protocol = "tcp"] = parsed;
  } else return undefined;

  const host = range(published);
  if (host === undefined) return undefined;
  const container = range(target);
  // Of a range for one port of the container, Docker takes a free one.
  if (host.first !== host.last && container?.first === container?.last) return undefined;
  const numbers = host.first === host.last ? `port ${host.first}` : `ports ${host.first}-${host.last}`;
  const shown = hasVariable(given) ? "a port of the host (from a variable)" : `${numbers} of the host`;
  return { ...host, protocol: protocol.toLowerCase(), ip, shown, given, at: item, service };
}

function plainOrKnown(text: string, variables: Variables): string | undefined {
  return hasVariable(text) ? variables.resolveText(text) : text;
}

function range(text: string | undefined): { first: number; last: number } | undefined {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text ?? "") ?? [];
  const ports = { first: Number(first), last: Number(last) };
  return first === undefined || ports.last > 65_535 || ports.first > ports.last ? undefined : ports;
}
