import { z } from "zod";
import { networkWire } from "../platform/network-wire";
import { isWithin, overlap } from "../platform/ranges";
import { id, text } from "../schema/fields";
import { simple } from "../simple/resource";
import { field } from "../simple/spec";

const reserved = ["bridge", "host", "none", "ingress", "docker_gwbridge", "dokploy-network"];
const range = z.union([z.cidrv4(), z.cidrv6()], {
  error: "is not a range of addresses such as 10.88.0.0/24",
});
const address = z.union([z.ipv4(), z.ipv6()], { error: "is not an IP address" });
/** No call changes a network. */
const fixed = { replace: true } as const;

/**
 * A network of Docker beside the one that all services share, for services that are to reach each other and no others.
 * Services name it in `networkIds`, those of a compose file in `serviceNetworks`. Docker changes none: every change makes a new
 * one. With another name that is made first, services are given it, and the old one goes last. With the same name, or with
 * addresses that both have, the old one would have to go first, which is refused while services name it.
 *
 * @example
 * ```ts
 * const inner = new dokploy.Network("inner", { name: "shop-inner", internal: true });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   networkIds: [inner.id],
 * });
 * ```
 */
export const network = simple({
  kind: "Network",
  router: "network",
  key: ["name", "serverId"],
  label: ({ name, serverId = "" }) => (serverId === "" ? name : `${name} of ${serverId}`),
  usedBy: ["networkIds", "serviceNetworks"],
  wire: networkWire,
  inputs: {
    /** Name in Docker; no other network of that machine may have it. */
    name: field(
      z
        .string()
        .max(63)
        // Dokploy takes any, and then never answers to the removal of one with a blank or a slash.
        .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, "is not a name of a network: letters, digits, _ . and - alone")
        .refine((name) => !reserved.includes(name), "is a network that Docker or Dokploy has by itself"),
      fixed,
    ),
    /** `overlay` spans a swarm, and is what applications and databases take; `bridge` is of one machine. Default: `overlay`. */
    driver: field(z.enum(["overlay", "bridge"]), { ...fixed, default: "overlay" }),
    /** Without a way out, and none in but through a service that is in another network too. Default: false. */
    internal: field(z.boolean(), { ...fixed, default: false }),
    /** Containers that are no services of the swarm may join, as those of compose files do. Default: true. */
    attachable: field(z.boolean(), { ...fixed, default: true }),
    /** Addresses of IPv4. Default: true. */
    enableIPv4: field(z.boolean(), { ...fixed, default: true }),
    /** Addresses of IPv6. Default: false. */
    enableIPv6: field(z.boolean(), { ...fixed, default: false }),
    /** Largest packet in bytes. Default: Docker's. */
    mtu: field(z.number().int().min(68).max(65_535), { ...fixed, default: null }),
    /** Ranges of addresses. Default: Docker chooses. */
    subnets: field(
      z
        .array(
          z.strictObject({
            /** The range: `10.88.0.0/24`. */
            subnet: range,
            /** Address of the gateway in it. */
            gateway: address.optional(),
            /** The part of it that containers get theirs from. */
            ipRange: range.optional(),
          }),
        )
        .min(1),
      {
        ...fixed,
        default: null,
        write: (config: object[]) => ({ config }),
        read: ({ config = [] }: { config?: object[] }) => (config.length > 0 ? config : undefined),
      },
    ),
    /** Id of the server that it is on. Default: Dokploy's own machine. */
    serverId: field(id, { ...fixed, default: null }),
  },
  columns: { subnets: "ipam" },
  rules: {
    enableIPv4: ({ enableIPv4, enableIPv6 }) =>
      enableIPv4 === false &&
      enableIPv6 !== true &&
      "is false, and enableIPv6 is not true: a network needs one of both",
    subnets: ({ subnets, enableIPv6 }) =>
      (enableIPv6 !== true &&
        Array.isArray(subnets) &&
        subnets.some(({ subnet }) => text.safeParse(subnet).success && subnet.includes(":")) &&
        "has a range of IPv6: set enableIPv6") ||
      outside(subnets),
  },
  clash: (inputs, other) => {
    const placeOf = ({ driver = "overlay", serverId = "" }) => `${driver} ${serverId}`;
    const shared = rangesIn(inputs).find((mine) => rangesIn(other).some((theirs) => overlap(mine, theirs)));
    return shared !== undefined && placeOf(inputs) === placeOf(other) && `both have addresses of ${shared}`;
  },
});

function rangesIn({ subnets }: { subnets?: readonly { subnet: string }[] | undefined }): string[] {
  return (subnets ?? []).map(({ subnet }) => subnet).filter((subnet) => range.safeParse(subnet).success);
}

/** What of a range of addresses does not lie in it. */
function outside(subnets: unknown): string | false {
  for (const given of Array.isArray(subnets) ? subnets : []) {
    const { subnet, gateway, ipRange } = Object(given) as Readonly<Record<string, unknown>>;
    if (!range.safeParse(subnet).success) continue;
    if (address.safeParse(gateway).success && !isWithin(String(gateway), String(subnet)))
      return `has the gateway ${gateway}, which is not in ${subnet}`;
    if (range.safeParse(ipRange).success && !isWithin(String(ipRange), String(subnet)))
      return `has the ipRange ${ipRange}, which is not in ${subnet}`;
  }
  return false;
}
