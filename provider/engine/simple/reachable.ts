import { z } from "zod";
import { waitUntilReached as wait } from "../../deploy";
import type { Context } from "../../lifecycle";
import { isUnknown } from "../../pulumi";
import { nonEmptyText } from "../../schema";
import type { Values } from "./model";
import { field, type Occupy, type RuleFinding } from "./spec";

const DEFAULT_SECONDS = 120;

/** Input of an object with an address that can be requested. */
export const untilReached = {
  /**
   * True, or options, to wait until the host responds through Traefik once the change is in effect. An error from
   * Traefik itself (no route, no backend) does not count. On timeout, the update fails, and the next update
   * checks again. The machine that runs Pulumi sends the requests, so it must be able to reach the server. A service
   * that was never deployed, or whose change is only saved, is not waited for. Default: false.
   */
  reachable: field(
    z
      .union([
        z.boolean(),
        z.strictObject({
          /** Time limit of the wait, in seconds. Default: 120. */
          timeoutSeconds: z.number().int().positive().max(86_400).optional(),
          /** Path to request. Default: the path of the domain. */
          path: z.string().regex(/^\//, "must begin with /").optional(),
          /**
           * Host, or host and port, to connect to instead of the address in DNS, for a server whose name does not
           * resolve yet.
           */
          address: nonEmptyText.optional(),
        }),
      ])
      .optional(),
    { column: false, apply: "none" },
  ),
};

type Option = z.infer<(typeof untilReached)["reachable"]>;

/** Advises on a place that another domain of the program serves too. */
export function servedAlone(inputs: Values, occupy: Occupy): RuleFinding {
  const effect = "if both run on one server, Traefik sends every request to only one of them";
  return { advice: occupy(servedPlace(inputs), effect) };
}

/** Returns the place that a domain serves; undefined while it is unknown or not served. */
function servedPlace({ host, path = "/", customEntrypoint = "", enabled }: Values): string | undefined {
  const isOpen = [host, path, customEntrypoint, enabled].some(isUnknown);
  return isOpen || enabled === false ? undefined : `${customEntrypoint} ${host}${path}`;
}

/** Returns true if the program asks to wait for the domain and it is served. */
export function isWaitedFor({ reachable, enabled }: Values): boolean {
  return reachable !== undefined && reachable !== false && enabled !== false;
}

/**
 * Waits until a host responds, if the inputs ask for that.
 *
 * @throws UserError when it does not respond in time
 */
export async function waitForDomain(inputs: Values, label: string, context: Context): Promise<void> {
  if (!isWaitedFor(inputs)) return;
  const { host, path = "/", https = false, certificateType, port = 3000 } = inputs;
  const reachable = inputs["reachable"] as Exclude<Option, undefined>;
  const option = typeof reachable === "boolean" ? {} : reachable;
  const reach = {
    host: String(host),
    path: option.path ?? String(path),
    https: https === true,
    address: option.address,
    // This machine may not trust a certificate that no public authority has signed.
    trusted: certificateType === "letsencrypt",
    port: Number(port),
    timeoutSeconds: option.timeoutSeconds ?? DEFAULT_SECONDS,
  };
  const { progress, timers } = context;
  await wait(reach, label, { progress, ...(timers ? { timers } : {}) });
}
