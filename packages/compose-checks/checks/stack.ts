import { closest } from "../../text";
import { entryAt } from "../yaml";
import type { ComposeRule } from "./rules";
import type { Problem } from "./schema-problems";
import { quoted, type Subject } from "./subject";

/** Keys of a service that `docker stack deploy` ignores. */
const ignored = new Set([
  "build",
  "cgroup_parent",
  "cgroupns_mode",
  "container_name",
  "depends_on",
  "devices",
  "domainname",
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

/** Advice on keys that make it refuse the file. */
const instead: Readonly<Record<string, string>> = {
  include: "write the services out",
  extends: "write the service out",
  volumes_from: "name a volume in both services",
  cpus: "use deploy.resources.limits",
  cpu_quota: "use deploy.resources.limits",
  cpu_shares: "use deploy.resources.limits",
  cpuset: "use deploy.resources.limits",
  mem_limit: "use deploy.resources.limits",
  mem_reservation: "use deploy.resources.reservations",
  memswap_limit: "use deploy.resources.limits",
  pids_limit: "use deploy.resources.limits.pids",
  scale: "use deploy.replicas",
  profiles: "remove the service",
  provider: "remove the service",
  platform: "use deploy.placement.constraints",
  label_file: "use labels",
  host_ip: "a stack publishes on all addresses",
  name: "take it out",
};

/** Describes a mistake in a stack that Compose would accept; undefined where both agree. */
export function stackRefuses({
  at,
  key,
  known,
  types,
}: Problem): { rule: ComposeRule; reason: string } | undefined {
  if (key !== undefined && known !== undefined) {
    const reason = `has a key ${quoted(key)}, which docker stack deploy refuses`;
    const help = Object.hasOwn(instead, key) ? instead[key] : undefined;
    if (help !== undefined) return { rule: "stack-refused", reason: `${reason}: ${help}` };
    const meant = closest(key, known);
    if (meant === undefined) return { rule: "stack-refused", reason };
    return { rule: "schema", reason: `${reason}: did you mean ${meant}?` };
  }
  const [first, , third] = at;
  if (types && first === "services" && third === "depends_on" && at.length === 3) {
    return { rule: "stack-refused", reason: "must be a list in a stack: Swarm starts services in any order" };
  }
  if (!types && first === "version")
    return { rule: "stack-refused", reason: "must be 3, or left out, in a stack" };
  return undefined;
}

/** Checks for features of a compose file that a Swarm stack does not have. */
export function checkStack({ services, stack, report }: Subject): void {
  if (!stack) return;
  for (const { name, offset, node } of services) {
    for (const entry of node.entries.values()) {
      if (!ignored.has(entry.key) || (entry.key === "depends_on" && entry.value.kind === "map")) continue;
      report("stack-ignored", entry, `a stack ignores ${entry.key} of service ${quoted(name)}`);
    }
    if (entryAt(node, "image") === undefined && entryAt(node, "build") !== undefined) {
      report(
        "stack-refused",
        { offset },
        `service ${quoted(name)} needs an image, since a stack does not build images`,
      );
    }
  }
}
