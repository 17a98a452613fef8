import { CheckFailedError, type Problem } from "../../errors";
import type { Context, Planned } from "../../lifecycle";

const features = {
  gotify: "notification.createGotify.serverThreshold",
  ntfy: "notification.createNtfy.serverThreshold",
} as const;

/** @throws CheckFailedError for an event that this version of Dokploy does not report through this channel */
export async function refuseLaterEvents(
  {
    channel,
    serverThreshold,
  }: { readonly channel?: { readonly type: string }; readonly serverThreshold?: boolean | undefined },
  { api }: Pick<Context, "api">,
  { changes }: Planned,
): Promise<Problem[]> {
  const type = channel?.type;
  if (serverThreshold !== true || (type !== "gotify" && type !== "ntfy") || changes.length === 0) return [];
  if (await api.supports?.(features[type])) return [];
  const reason = `is not sent through ${type} by this server: update Dokploy to 0.30.5, or choose another channel`;
  throw new CheckFailedError([{ property: "serverThreshold", reason }]);
}
