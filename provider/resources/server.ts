import { z } from "zod";
import { field, simple } from "../engine";
import { PartialFailureError } from "../errors";
import type { Context } from "../lifecycle";
import { id, nonEmptyText } from "../schema";
import { type Machine, setUp } from "./server/setup";
import { hostName, portNumber } from "./types/addresses";

const seconds = z.number().int().positive().max(86_400);

/** Pattern of a name; a text that ends in a number is meant as an IPv4 address. */
const endsInName = /(?:^|\.)(?![0-9]+$)[^.]+$/;

const base = simple({
  kind: "Server",
  router: "server",
  key: ["name"],
  label: ({ name }) => name,
  inputs: {
    /** Name in Dokploy; unique among the servers of the organization. */
    name: nonEmptyText,
    /** Description shown in Dokploy. */
    description: field(nonEmptyText, { default: null }),
    /** IP address or host name at which Dokploy reaches the machine. */
    ipAddress: z.union([z.ipv4(), z.ipv6(), hostName.regex(endsInName)], {
      error: "is neither an IP address nor a host name",
    }),
    /** Port of SSH. Default: 22. */
    port: field(portNumber, { default: 22 }),
    /** User for SSH: root, or one that may use sudo without a password. Default: `root`. */
    username: field(nonEmptyText, { default: "root" }),
    /** Id of the SSH key in Dokploy whose public key the user accepts. Required unless `setup` is false. */
    sshKeyId: field(id, { default: null }),
    /** Role: `deploy` runs services, `build` only builds images for other servers. Default: `deploy`. */
    serverType: field(z.enum(["deploy", "build"]), { default: "deploy" }),
    /** True to remove unused Docker data every night. Default: true. */
    enableDockerCleanup: field(z.boolean(), { default: true }),
    /** Number of deployments that run on the server at the same time, from 1 to 100. Default: 1. */
    buildsConcurrency: field(z.int().min(1).max(100), { column: "as:buildsConcurrency", default: 1 }),
    /** Script that sets the machine up, instead of Dokploy's own. */
    command: field(nonEmptyText, { default: "", secret: "maybe" }),
    /**
     * True, or options, to install missing software on the machine and wait for that; `false` only saves the server.
     * Default: true.
     */
    setup: field(
      z
        .union([
          z.boolean(),
          z.strictObject({
            /** Time within which the machine must accept SSH connections, in seconds. Default: 300. */
            reachableSeconds: seconds.optional(),
            /** Time limit for the setup, in seconds. Default: 1800. */
            timeoutSeconds: seconds.optional(),
            /**
             * True to follow the output of the setup; Dokploy then ends the setup if the connection breaks. With
             * `false` it continues, without output. Default: true.
             */
            log: z.boolean().optional(),
          }),
        ])
        .optional(),
      { column: false },
    ),
  },
  read: ({ buildsConcurrency, ...row }) => ({ ...row, "as:buildsConcurrency": buildsConcurrency }),
  rules: {
    sshKeyId: ({ sshKeyId, setup }) =>
      sshKeyId === undefined &&
      setup !== false &&
      "is missing: without it Dokploy cannot set the machine up (or give setup: false)",
  },
});

type Inputs = Parameters<typeof base.create>[0];
type Outputs = Awaited<ReturnType<typeof base.create>>["outputs"] & {
  /** Set while the machine is not known to be set up. */
  unready?: true;
};

/** Inputs that lead to another machine, or to another connection with it. */
const ways = new Set(["ipAddress", "port", "username", "sshKeyId", "serverType", "command", "setup"]);

/**
 * Another machine, which Dokploy reaches over SSH. One update turns an empty machine with an SSH key into one that
 * runs services. It waits for the machine, checks it, installs missing software, and checks it again. If a run fails or
 * ends early, the next one continues where it stopped. A change of the connection triggers a new check.
 *
 * Deleting it removes the server from Dokploy, which refuses that while services are on it. Installed software stays on
 * the machine.
 *
 * @example
 * ```ts
 * const worker = new dokploy.Server("worker", { name: "worker", ipAddress: "203.0.113.7", sshKeyId: key.id });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   serverId: worker.id,
 * });
 * ```
 */
export const server: typeof base = {
  ...base,

  async create(inputs, context) {
    const { id: made } = await base.create(inputs, context);
    return { id: made, outputs: await ready(made, inputs, context) };
  },

  async read(found, state, context) {
    const live = await base.read(found, state, context);
    if (live === undefined || !("inputs" in live)) return live;
    return { ...live, outputs: { ...live.outputs, ...unready(state.outputs) } };
  },

  async update(changed, olds, news, changes, context) {
    await base.update(changed, olds, news, changes, context);
    const isDue =
      (olds === undefined && !context.adoptUnchanged) ||
      (olds !== undefined && unready(olds.outputs).unready === true) ||
      changes.some(({ input }) => ways.has(input));
    return isDue ? await ready(changed, news, context) : {};
  },

  unfinished: (outputs, news) => (unready(outputs).unready === true && news.setup !== false ? {} : undefined),
};

function unready(outputs: Outputs): Pick<Outputs, "unready"> {
  return outputs.unready === true ? { unready: true } : {};
}

/** @throws PartialFailureError when it is in Dokploy but not ready for services */
async function ready(id: string, inputs: Inputs, context: Context): Promise<Outputs> {
  if (inputs.setup === false) return { unready: true };
  try {
    await setUp(id, inputs as Machine, context);
    return {};
  } catch (error) {
    throw new PartialFailureError(id, { unready: true }, error);
  }
}
