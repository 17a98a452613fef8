import { entryAt } from "./document";
import { quoted, type Subject } from "./subject";

/** Keys of a service that `docker stack deploy` passes over. */
const ignored = new Set([
  "build",
  "cgroup_parent",
  "cgroupns_mode",
  "container_name",
  "depends_on",
  "devices",
  "external_links",
  "ipc",
  "links",
  "mac_address",
  "network_mode",
  "pid",
  "privileged",
  "restart",
  "security_opt",
  "shm_size",
  "userns_mode",
]);

/** Keys of a service with which it refuses the file. */
const refused: Readonly<Record<string, string>> = {
  extends: "write the service out",
  volumes_from: "name a volume in both services",
  cpus: "use deploy.resources.limits",
  cpu_quota: "use deploy.resources.limits",
  cpu_shares: "use deploy.resources.limits",
  cpuset: "use deploy.resources.limits",
  mem_limit: "use deploy.resources.limits",
  mem_reservation: "use deploy.resources.reservations",
  memswap_limit: "use deploy.resources.limits",
  scale: "use deploy.replicas",
  profiles: "take the service out",
  develop: "take it out",
  provider: "take the service out",
  pull_policy: "take it out",
  platform: "use deploy.placement.constraints",
  label_file: "use labels",
};

/** What a Swarm stack cannot do, though a compose file may ask for it. */
export function checkStack({ root, services, stack, report }: Subject): void {
  if (!stack) return;
  const include = root.entries.get("include");
  if (include) report("stack-refused", include, "a stack takes no include: write the services out");
  for (const { name, offset, node } of services) {
    const what = (key: string) => `${key} of service ${quoted(name)}`;
    for (const entry of node.entries.values()) {
      const instead = Object.hasOwn(refused, entry.key) ? refused[entry.key] : undefined;
      if (instead !== undefined) {
        report("stack-refused", entry, `a stack is refused with ${what(entry.key)}: ${instead}`);
      } else if (entry.key === "depends_on" && entry.value.kind === "map") {
        report(
          "stack-refused",
          entry,
          `a stack is refused with conditions in ${what("depends_on")}: Swarm starts services in any order`,
        );
      } else if (ignored.has(entry.key)) {
        report("stack-ignored", entry, `a stack ignores ${what(entry.key)}`);
      }
    }
    if (entryAt(node, "image") === undefined && entryAt(node, "build") !== undefined) {
      report(
        "stack-refused",
        { offset },
        `service ${quoted(name)} needs an image, since a stack builds none`,
      );
    }
  }
}
