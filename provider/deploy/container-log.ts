import { type Api, callDatabase } from "../dokploy/endpoints";
import { LINES_TO_READ, logTail } from "./log";
import { containerOf, type WatchTarget } from "./watch-target";

/** Dokploy puts Docker's timestamps before each line, and leaves the lines of several containers in no order. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ?/;

/**
 * The end of what the service's container printed in the last `seconds`, secrets masked. Empty when it printed
 * nothing, or Dokploy cannot give it.
 *
 * @param id the task or container that failed; of an application or a database Dokploy itself chooses
 */
export async function readContainerLog(
  api: Api,
  target: WatchTarget,
  id: string | undefined,
  seconds: number,
  secrets: Iterable<string>,
): Promise<string[]> {
  const range = { tail: LINES_TO_READ, since: `${Math.ceil(seconds)}s` };
  try {
    if (target.kind === "application") {
      return tail(await api.call("application.readLogs", { applicationId: target.id, ...range }), secrets);
    }
    if (target.kind !== "compose") {
      return tail(await callDatabase(api, target.kind, target.id, "readLogs", range), secrets);
    }
    const containerId = id === undefined ? undefined : await containerOf(api, target, id);
    if (containerId === undefined) return [];
    return tail(await api.call("compose.readLogs", { composeId: target.id, containerId, ...range }), secrets);
  } catch {
    // What the log would add is not worth losing the verdict for.
    return [];
  }
}

function tail(log: string, secrets: Iterable<string>): string[] {
  const lines = log.split("\n").map((line) => ({
    at: TIMESTAMP.exec(line)?.[1] ?? "",
    text: line.replace(TIMESTAMP, ""),
  }));
  const isStamped = lines.every(({ at, text }) => at !== "" || text === "");
  if (isStamped) lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return logTail(lines.map(({ text }) => text).join("\n"), secrets);
}
