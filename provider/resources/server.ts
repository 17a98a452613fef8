import { z } from "zod";
import { PartialFailureError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import { type Machine, setUp } from "../platform/server-setup";
import { hostName, id, portNumber, text } from "../schema/fields";
import { simple } from "../simple/resource";
import { field } from "../simple/spec";

const seconds = z.number().int().positive().max(86_400);

/** What ends in a number is meant as an address of IPv4. */
const endsInName = /(?:^|\.)(?![0-9]+$)[^.]+$/;

const base = simple({
  kind: "Server",
  router: "server",
  key: ["name"],
  label: ({ name }) => name,
  inputs: {
    /** Name in Dokploy; no other server of the organisation may have it. */
    name: text,
    /** What it is for. */
    description: field(text, { default: null }),
    /** Address or host name under which Dokploy reaches it. */
    ipAddress: z.union([z.ipv4(), z.ipv6(), hostName.regex(endsInName)], {
      error: "is neither an IP address nor a host name",
    }),
    /** Port of SSH. Default: 22. */
    port: field(portNumber, { default: 22 }),
    /** User, who is root or may use sudo without a password. Default: `root`. */
    username: field(text, { default: "root" }),
    /** Id of the SSH key in Dokploy whose public part the user lets in. */
    sshKeyId: field(id, { default: null }),
    /** `deploy` runs services, `build` only builds images for others. Default: `deploy`. */
    serverType: field(z.enum(["deploy", "build"]), { default: "deploy" }),
    /** Remove every night what Docker no longer needs there. Default: true. */
    enableDockerCleanup: field(z.boolean(), { default: true }),
    /** How many deployments run on it at the same time, from 1 to 100. Default: 1. */
    buildsConcurrency: field(z.int().min(1).max(100), { default: 1 }),
    /** Script that sets the machine up, instead of Dokploy's own. */
    command: field(text, { default: "", secret: "maybe" }),
    /** Set the machine up where something is missing on it, and wait for that; `false` only saves it. Default: true. */
    setup: z
      .union([
        z.boolean(),
        z.strictObject({
          /** How long the machine may take until it answers SSH, in seconds. Default: 300. */
          reachableSeconds: seconds.optional(),
          /** How long the set-up may take, in seconds. Default: 1800. */
          timeoutSeconds: seconds.optional(),
          /**
           * Follow what it prints; Dokploy ends it then when the connection breaks. `false` lets it go on, unseen. Default: true.
           */
          log: z.boolean().optional(),
        }),
      ])
      .optional(),
  },
  columns: { setup: false, buildsConcurrency: "as:buildsConcurrency" },
  wire: {
    read: ({ buildsConcurrency, ...row }) => ({ ...row, "as:buildsConcurrency": buildsConcurrency }),
    apart: { "as:buildsConcurrency": "updateBuildsConcurrency" },
  },
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

/** Inputs that lead to another machine, or another way into it. */
const ways = new Set(["ipAddress", "port", "username", "sshKeyId", "serverType", "command", "setup"]);

/**
 * A further machine, which Dokploy reaches over SSH: from an empty one with a key to one that takes services, in one update.
 * The machine is waited for, looked at, set up where something is missing, and looked at again; a run that fails or ends in
 * between goes on with the next. Changed connections are looked at again.
 *
 * Deleted, it is taken out of Dokploy, which refuses that while services are on it; what was installed on it stays.
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

  adoption: {
    exists: async (adopted, context) => await base.adoption?.exists(adopted, context),
    preflight: async (adopted, inputs, context) => await base.adoption?.preflight(adopted, inputs, context),
    async adopt(adopted, inputs, context) {
      await base.adoption?.adopt(adopted, inputs, context);
      return await ready(adopted, inputs, context);
    },
  },

  async read(found, state, context) {
    const live = await base.read(found, state, context);
    return live && { ...live, outputs: { ...live.outputs, ...unready(state.outputs) } };
  },

  async update(changed, olds, news, changes, context) {
    await base.update(changed, olds, news, changes, context);
    const isDue = unready(olds.outputs).unready === true || changes.some(({ input }) => ways.has(input));
    return isDue ? await ready(changed, news, context) : {};
  },

  unfinished: (outputs, news) => unready(outputs).unready === true && news.setup !== false,
};

function unready(outputs: Outputs): Pick<Outputs, "unready"> {
  return outputs.unready === true ? { unready: true } : {};
}

/** @throws PartialFailureError when it is in Dokploy, and does not take services yet */
async function ready(id: string, inputs: Inputs, context: Context): Promise<Outputs> {
  if (inputs.setup === false) return { unready: true };
  try {
    await setUp(id, inputs as Machine, context);
    return {};
  } catch (error) {
    throw new PartialFailureError(id, { unready: true }, error);
  }
}
