import { z } from "zod";
import type { Values } from "../../../packages/values";
import { waitUntilReached as wait } from "../../deploy";
import { field } from "../../engine";
import type { Context } from "../../lifecycle";
import { nonEmptyText } from "../../schema";

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

/**
 * Returns a wait until a host responds; undefined if the inputs ask for none, or it is not served.
 *
 * @throws UserError when it does not respond in time
 */
export function waitForDomain(
  inputs: Values,
  label: string,
  context: Context,
): (() => Promise<void>) | undefined {
  const { host, path = "/", https = false, certificateType, port = 3000, enabled } = inputs;
  const reachable = inputs["reachable"] as Option;
  if (reachable === undefined || reachable === false || enabled === false) return undefined;
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
  return () => wait(reach, label, { progress, ...(timers ? { timers } : {}) });
}
