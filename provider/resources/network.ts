import { z } from "zod";
import { field, simple } from "../engine";
import { id, nonEmptyText } from "../schema";
import { isWithin, overlap } from "./network/ranges";
import { networkWire } from "./network/wire";

const reserved = ["bridge", "host", "none", "ingress", "docker_gwbridge", "dokploy-network"];
const range = z.union([z.cidrv4(), z.cidrv6()], {
  error: "is not a range of addresses such as 10.88.0.0/24",
});
const address = z.union([z.ipv4(), z.ipv6()], { error: "is not an IP address" });
/** Facts about inputs whose change replaces the network, since no call changes one. */
const fixed = { replace: true } as const;

/**
 * A Docker network in addition to the one that all services share, for services that reach each other and no others.
 * Services name it in `networkIds`, services of a compose file in `serviceNetworks`.
 *
 * Docker cannot change a network, so every change replaces it. With a new name, the new network is created first, the
 * services join it, and the old one is deleted last. With the same name, or with overlapping addresses, the old one
 * would have to be deleted first, which is refused while services name it.
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
  ...networkWire,
  inputs: {
    /** Name in Docker; unique among the networks of the machine. */
    name: field(
      z
        .string()
        .max(63)
        // Dokploy accepts any name, but never responds to the deletion of one with a space or a slash.
        .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, "is not a name of a network: only letters, digits, _ . and -")
        .refine((name) => !reserved.includes(name), "is a built-in network of Docker or Dokploy"),
      fixed,
    ),
    /**
     * Driver: `overlay` spans a swarm and is the one that applications and databases can join, `bridge` is for one
     * machine. Default: `overlay`.
     */
    driver: field(z.enum(["overlay", "bridge"]), { ...fixed, default: "overlay" }),
    /**
     * True for a network without access to the outside, which is reached only through a service that is in another
     * network too. Default: false.
     */
    internal: field(z.boolean(), { ...fixed, default: false }),
    /** True when containers that are not swarm services may join, such as those of compose files. Default: true. */
    attachable: field(z.boolean(), { ...fixed, default: true }),
    /** True to assign IPv4 addresses. Default: true. */
    enableIPv4: field(z.boolean(), { ...fixed, default: true }),
    /** True to assign IPv6 addresses. Default: false. */
    enableIPv6: field(z.boolean(), { ...fixed, default: false }),
    /** Size of the largest packet (MTU), in bytes. Default: Docker's. */
    mtu: field(z.number().int().min(68).max(65_535), { ...fixed, default: null }),
    /** Address ranges. Default: Docker chooses them. */
    subnets: field(
      z
        .array(
          z.strictObject({
            /** Address range: `10.88.0.0/24`. */
            subnet: range,
            /** Address of the gateway, within the range. */
            gateway: address.optional(),
            /** Part of the range from which containers get their addresses. */
            ipRange: range.optional(),
          }),
        )
        .min(1),
      {
        ...fixed,
        column: "ipam",
        default: null,
        write: (config: object[]) => ({ config }),
        read: ({ config = [] }: { config?: object[] }) => (config.length > 0 ? config : undefined),
      },
    ),
    /** Id of the server that the network is on. Default: Dokploy's own machine. */
    serverId: field(id, { ...fixed, default: null }),
  },
  rules: {
    enableIPv4: ({ enableIPv4, enableIPv6 }) =>
      enableIPv4 === false &&
      enableIPv6 !== true &&
      "is false, and enableIPv6 is not true: a network needs one of the two",
    subnets: ({ subnets, enableIPv6 }) =>
      (enableIPv6 !== true &&
        Array.isArray(subnets) &&
        subnets.some(({ subnet }) => nonEmptyText.safeParse(subnet).success && subnet.includes(":")) &&
        "has an IPv6 range: set enableIPv6") ||
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

/** Returns the mistake in an address range whose parts are not within it. */
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
