import { entryAt, itemsOf, textAt } from "../yaml";
import { copies } from "./consistency";
import { type PortEntry, readPort, size } from "./port-entry";
import { quoted, type Service, type Subject } from "./subject";
import { type HostPorts, TakenPorts } from "./taken-ports";

/** Ports that Dokploy's containers use on each server (Traefik), and on its main server (its user interface). */
const reserved: readonly { port: number; protocols: readonly string[]; by: string }[] = [
  { port: 80, protocols: ["tcp"], by: "Dokploy's Traefik" },
  { port: 443, protocols: ["tcp", "udp"], by: "Dokploy's Traefik" },
  { port: 3000, protocols: ["tcp"], by: "Dokploy's own user interface" },
];

/** Checks ports of the host: invalid ones, ones that Dokploy uses, and duplicates. */
export function checkPorts(subject: Subject): void {
  const { services, stack, report } = subject;
  const taken = new TakenPorts(stack);
  for (const service of services) {
    for (const [index, item] of itemsOf(entryAt(service.node, "ports")?.value).entries()) {
      const entry = readPort(item);
      if (typeof entry === "string") {
        // Compose also reads the ports of services that it does not start.
        const which = `service ${quoted(service.name)}, ports, entry ${index + 1}`;
        report("schema", item, `${which} ${entry}: it is written HOST:CONTAINER, such as 8080:80`);
        continue;
      }
      if (entry === undefined || !publishes(service, subject)) continue;
      const ports = hostPorts(entry, service);
      if (ports === undefined) continue;
      const other = taken.add(ports);
      if (other !== undefined) {
        const whose = other === service.name ? "another of its entries" : `service ${quoted(other)}`;
        report(
          "port-clash",
          item,
          `service ${quoted(service.name)} publishes ${ports.shown}, and so does ${whose}: one of them cannot start`,
        );
      }
      for (const { port, protocols, by } of reserved) {
        const { host, protocol, hidden } = ports;
        if (port < host.first || port > host.last || !protocols.includes(protocol)) continue;
        report(
          "reserved-port",
          item,
          `service ${quoted(service.name)} publishes ${ports.shown}, and ${by} has ` +
            `${hidden ? "it" : `port ${port}`}: use another port, or a domain instead of a port`,
        );
      }
    }
  }
}

/** True when the service starts and publishes ports on the host. */
function publishes(service: Service, { stack }: Subject): boolean {
  if (service.starts !== true || textAt(service.node, "network_mode") === "host") return false;
  // Swarm reserves the ports even of a service without containers.
  return stack || (copies(service.node) ?? 0) > 0;
}

/** Returns the ports on the host; undefined when Docker chooses them. */
function hostPorts(entry: PortEntry, service: Service): (HostPorts & { shown: string }) | undefined {
  const { host, container, hidden } = entry;
  if (host === undefined || host.first === 0) return undefined;
  // Docker picks a free port from a range for one port of the container.
  if (size(host) > 1 && (container === undefined || size(container) === 1)) return undefined;
  // For messages; a value of a variable is not shown.
  const numbers = size(host) === 1 ? `port ${host.first}` : `ports ${host.first}-${host.last}`;
  const shown = hidden ? "a port of the host (from a variable)" : `${numbers} of the host`;
  return { ...entry, host, by: service.name, shown };
}
