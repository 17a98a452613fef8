import { copies } from "./consistency";
import { entryAt, itemsOf, textAt } from "./document";
import { hasVariable } from "./interpolation";
import { type PortEntry, type Range, readPort, size } from "./port-entry";
import { quoted, type Service, type Subject } from "./subject";

/** Ports of the host that a service publishes. */
interface HostPorts extends PortEntry {
  host: Range;
  /** For messages; a value of a variable is not shown. */
  shown: string;
  at: { offset: number };
  service: Service;
}

/** Ports that Dokploy's own containers have on each server (Traefik), and on its main server (its user interface). */
const reserved: readonly { port: number; protocols: readonly string[]; by: string }[] = [
  { port: 80, protocols: ["tcp"], by: "Dokploy's Traefik" },
  { port: 443, protocols: ["tcp", "udp"], by: "Dokploy's Traefik" },
  { port: 3000, protocols: ["tcp"], by: "Dokploy's own user interface" },
];

export function checkPorts(subject: Subject): void {
  const { services, stack, variables, report } = subject;
  const taken = new Taken(stack);
  for (const service of services) {
    for (const [index, item] of itemsOf(entryAt(service.node, "ports")?.value).entries()) {
      const entry = readPort(item, variables);
      if (typeof entry === "string") {
        // Compose reads those of services that it does not start as well.
        const which = `service ${quoted(service.name)}, ports, entry ${index + 1}`;
        report("schema", item, `${which} ${entry}: it is written HOST:CONTAINER, such as 8080:80`);
        continue;
      }
      if (entry === undefined || !publishes(service, subject)) continue;
      const ports = hostPorts(entry, service, item);
      if (ports === undefined) continue;
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
        const { host, protocol, given } = ports;
        if (port < host.first || port > host.last || !protocols.includes(protocol)) continue;
        report(
          "reserved-port",
          ports.at,
          `service ${quoted(service.name)} publishes ${ports.shown}, and ${by} has ${hasVariable(given) ? "it" : `port ${port}`}: take another, or a ` +
            "domain in place of a port",
        );
      }
    }
  }
}

/** Whether it gets as far as having ports on the host. */
function publishes(service: Service, { stack, variables }: Subject): boolean {
  if (service.starts !== true || textAt(service.node, "network_mode") === "host") return false;
  // Swarm takes the ports of a service without containers all the same.
  return stack || (copies(service.node, variables) ?? 0) > 0;
}

/** What is published, by protocol and port: a file may have thousands. */
class Taken {
  private readonly byPort = new Map<string, HostPorts[]>();

  constructor(private readonly stack: boolean) {}

  /** Returns what had one of the ports before; else they are taken now. */
  add(ports: HostPorts): HostPorts | undefined {
    const { host, protocol } = ports;
    const keys = Array.from({ length: size(host) }, (_, index) => `${protocol}/${host.first + index}`);
    for (const key of keys) {
      const other = this.byPort.get(key)?.find((earlier) => this.clash(earlier, ports));
      if (other !== undefined) return other;
    }
    for (const key of keys) this.byPort.set(key, [...(this.byPort.get(key) ?? []), ports]);
    return undefined;
  }

  /** Whether two that have a port and the protocol in common are in each other's way. */
  private clash(a: HostPorts, b: HostPorts): boolean {
    // A stack publishes on all addresses of all nodes.
    if (this.stack) return a.service !== b.service || a.given !== b.given;
    // Compose takes the same twice for one.
    if (a.service === b.service && a.ip === b.ip && offset(a) === offset(b)) return false;
    return a.ip === b.ip || isAll(a.ip, b.ip) || isAll(b.ip, a.ip);
  }
}

/** How far the container's ports are from those of the host. */
function offset({ host, container }: HostPorts): number | undefined {
  return container && container.first - host.first;
}

function isAll(ip: string, other: string): boolean {
  return ip === "" || (ip === "0.0.0.0" && !other.includes(":")) || (ip === "::" && other.includes(":"));
}

/** Undefined when the host's port is left to Docker. */
function hostPorts(entry: PortEntry, service: Service, at: { offset: number }): HostPorts | undefined {
  const { host, container, given } = entry;
  if (host === undefined || host.first === 0) return undefined;
  // Of a range for one port of the container, Docker takes a free one.
  if (size(host) > 1 && (container === undefined || size(container) === 1)) return undefined;
  const numbers = size(host) === 1 ? `port ${host.first}` : `ports ${host.first}-${host.last}`;
  const shown = hasVariable(given) ? "a port of the host (from a variable)" : `${numbers} of the host`;
  return { ...entry, host, shown, at, service };
}
