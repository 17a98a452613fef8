import { z } from "zod";
import type * as Reachable from "../deploy/reachable";
import type { Context } from "../lifecycle/context";
import { isUnknown } from "../pulumi/unknown";
import { field, text } from "../schema/fields";
import type { Values } from "./model";

const DEFAULT_SECONDS = 120;

/** The input of what has an address that can be asked. */
export const untilReached = {
  /**
   * Wait, after what has changed is in effect, until the host answers through Traefik. An error of Traefik itself (no route,
   * nothing behind it) is not yet an answer. Fails when the time is up, and the next update looks again. The machine that
   * Pulumi runs on asks: it has to reach the server. A service that was never deployed, or is saved without that, is not
   * waited for. Default: false.
   */
  reachable: field(
    z
      .union([
        z.boolean(),
        z.strictObject({
          /** How long to wait, in seconds. Default: 120. */
          timeoutSeconds: z.number().int().positive().max(86_400).optional(),
          /** The path that is asked for. Default: that of the domain. */
          path: z.string().regex(/^\//, "must begin with /").optional(),
          /** Host, or host and port, to connect to instead of what DNS says: of a server whose name is not known yet. */
          address: text.optional(),
        }),
      ])
      .optional(),
    { apply: "none" },
  ),
};

type Option = z.infer<(typeof untilReached)["reachable"]>;

/** What a domain answers to, and no other of the same server should; undefined while that is not known, or is not served. */
export function servedPlace({
  host,
  path = "/",
  customEntrypoint = "",
  enabled,
}: Values): string | undefined {
  const isOpen = [host, path, customEntrypoint, enabled].some(isUnknown);
  return isOpen || enabled === false ? undefined : `${customEntrypoint} ${host}${path}`;
}

/** Whether the program asks to wait for it, and it is served at all. */
export function isWaitedFor({ reachable, enabled }: Values): boolean {
  return reachable !== undefined && reachable !== false && enabled !== false;
}

/**
 * Waits until a host answers, where the inputs ask for that.
 *
 * @throws UserError when it does not in time
 */
export async function waitUntilReached(inputs: Values, label: string, context: Context): Promise<void> {
  if (!isWaitedFor(inputs)) return;
  const { host, path = "/", https = false, certificateType, port = 3000 } = inputs;
  const reachable = inputs["reachable"] as Exclude<Option, undefined>;
  const option = typeof reachable === "boolean" ? {} : reachable;
  const { waitUntilReached: wait } = require("../deploy/reachable") as typeof Reachable;
  const reach = {
    host: String(host),
    path: option.path ?? String(path),
    https: https === true,
    address: option.address,
    // What others than a public authority have signed, this machine may not know.
    trusted: certificateType === "letsencrypt",
    port: Number(port),
    timeoutSeconds: option.timeoutSeconds ?? DEFAULT_SECONDS,
  };
  const { progress, timers } = context;
  await wait(reach, label, { progress, ...(timers ? { timers } : {}) });
}
