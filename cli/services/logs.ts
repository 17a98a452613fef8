import { someOf, visible } from "../../packages/text";
import { containersOf, isStack, type ServiceTarget } from "../../provider/deploy";
import { type Api, callDatabase } from "../../provider/dokploy";
import { targetToWatch } from "../../provider/engine";
import { StackSecrets } from "../stack";
import { parseArguments, UsageError } from "../terminal";
import { MaskedLog } from "./masked-log";
import { logsOptions } from "./options";
import { rowOf } from "./read";
import { servicesOf, theService } from "./stack-services";
import type { ServiceDependencies } from "./status";

const FOLLOW_MS = 2_000;
/** Seconds by which a look goes back before the one before it, as lines may arrive late. */
const OVERLAP_SECONDS = 10;
/** Most lines that Dokploy returns. */
const MAX_LINES = 10_000;

/** Lines to request. */
interface Range {
  readonly tail: number;
  readonly since: string;
}

/** A log of a service: its own, or that of a container of a compose service. */
interface Source {
  /** Id of the container; empty for the log of the service. */
  readonly container: string;
  /** Name before each line, where there are several. A new container may have that of the one before. */
  readonly label: string;
  readonly read: (range: Range) => Promise<string>;
}

/**
 * Prints the log of a service, with masked secrets, and new lines as they come.
 *
 * @throws UsageError for a wrong option, and a container that the service does not have
 */
export async function runLogs(args: readonly string[], dependencies: ServiceDependencies): Promise<void> {
  const { values, positionals } = parseArguments(logsOptions, args);
  const { follow, since = "all", container, timestamps } = values;
  const tail = Number(values.tail);
  if (!Number.isInteger(tail) || tail < 1 || tail > MAX_LINES)
    throw new UsageError(`--tail takes a number from 1 to ${MAX_LINES}, not "${visible(values.tail)}".`);
  if (since !== "all" && !/^\d{1,6}[smhd]$/.test(since))
    throw new UsageError(`--since takes a time like 30s, 10m, 2h or 1d, not "${visible(since)}".`);
  const all = await servicesOf(values.stage, dependencies);
  const service = theService(all, positionals, "logs");
  if (container !== undefined && service.kind !== "compose")
    throw new UsageError(`--container is for compose services; ${visible(service.name)} has one log.`);
  const api = await dependencies.connect(all.stack);
  try {
    const row = await rowOf(service, api);
    if (row === undefined)
      throw new UsageError(`Dokploy no longer has the service ${visible(service.name)}.`);
    const target = targetToWatch(service.kind, service.id, row);
    const known = await StackSecrets.of(all.stack, all.resources, api);
    await known.renewed();
    if (known.gap !== undefined) dependencies.warn(known.gap);
    let secrets: Iterable<string> = [];
    /** Logs by container. */
    const logs = new Map<string, { readonly label: string; readonly log: MaskedLog }>();
    const printAll = (lines: { readonly time: string; readonly label: string; readonly text: string }[]) => {
      if (logs.size > 1) lines.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
      const labels = new Set([...logs.values()].map(({ label }) => label));
      const shown = lines.map(({ time, label, text }) => {
        const prefix = labels.size > 1 ? `${visible(label)} | ` : "";
        return prefix + (timestamps && time !== "" ? `${time} ` : "") + text;
      });
      if (shown.length > 0) dependencies.print(shown.join("\n"));
    };
    const waiting = () =>
      [...logs.values()].flatMap(({ label, log }) => log.show([]).map((line) => ({ ...line, label })));

    /** Returns false if there was nothing new. */
    const printNew = async (range: Range): Promise<boolean> => {
      const sources = await sourcesOf(target, container, api);
      const parts = await Promise.all(
        sources.map(async ({ read, ...source }) => ({ ...source, part: await read(range) })),
      );
      const fresh = new Map(
        parts.map(({ container: id, label, part }) => {
          if (part.split("\n").length > MAX_LINES)
            dependencies.warn(
              `${visible(service.name)} printed more than ${MAX_LINES} lines: some are missing here.`,
            );
          const { log } = logs.get(id) ?? { log: new MaskedLog(() => secrets) };
          logs.set(id, { label, log });
          return [id, log.read(part)];
        }),
      );
      const isNew = [...fresh.values()].some((lines) => lines.length > 0);
      // After the lines: they may have a value that was saved since the last look.
      if (isNew) secrets = await known.renewed();
      const lines = [...logs].flatMap(([id, { label, log }]) =>
        log.show(fresh.get(id) ?? []).map((line) => ({ ...line, label })),
      );
      printAll(follow ? lines : [...lines, ...waiting()]);
      return isNew;
    };

    let lookedAt = Date.now();
    if (!(await printNew({ tail, since }))) {
      const period = since === "all" ? "" : ` in the last ${since}`;
      const what = container === undefined ? "" : `The container ${visible(container)} of `;
      dependencies.warn(`${what}${visible(service.name)} has printed nothing${period}.`);
    }
    let failed = "";
    while (follow && (await dependencies.pause(FOLLOW_MS))) {
      const now = Date.now();
      const seconds = Math.ceil((now - lookedAt) / 1000) + OVERLAP_SECONDS;
      try {
        await printNew({ tail: MAX_LINES, since: `${seconds}s` });
        lookedAt = now;
        failed = "";
      } catch (error) {
        // There may be no container while a new version starts. A reason is reported once.
        const why = error instanceof Error ? error.message : String(error);
        if (why !== failed) dependencies.warn(why);
        failed = why;
      }
    }
    printAll(waiting());
  } finally {
    api.close();
  }
}

/** @throws UsageError when the service has no such container */
async function sourcesOf(target: ServiceTarget, wanted: string | undefined, api: Api): Promise<Source[]> {
  const { kind, id } = target;
  const own = { container: "", label: "" };
  if (kind === "application")
    return [{ ...own, read: (range) => api.call("application.readLogs", { applicationId: id, ...range }) }];
  if (kind !== "compose")
    return [{ ...own, read: (range) => callDatabase(api, kind, id, "readLogs", range) }];
  const all = (await containersIn(target, api)).map(({ containerId, label }) => ({
    container: containerId,
    label,
    read: (range: Range) => api.call("compose.readLogs", { composeId: id, containerId, ...range }),
  }));
  const isWanted = ({ label }: Source) =>
    wanted === undefined || label === wanted || label.replace(/[-.]\d+$/, "") === wanted;
  const chosen = all.filter(isWanted);
  if (chosen.length > 0) return chosen;
  const names = someOf([...new Set(all.map(({ label }) => visible(label)))]);
  throw new UsageError(
    `${visible(target.name)} has no container${wanted === undefined ? "" : ` ${visible(wanted)}; it has ${names || "none"}`}.`,
  );
}

/** Lists the containers of a compose service, by the name of their service in the compose file and their number. */
async function containersIn(
  target: ServiceTarget,
  api: Api,
): Promise<{ readonly containerId: string; readonly label: string }[]> {
  const { appName } = target;
  if (isStack(target)) {
    const rows = await containersOf(api, target);
    return rows
      .filter(({ name }) => name.startsWith(`${appName}_`))
      .map(({ containerId, name }) => ({
        containerId,
        label: name.slice(appName.length + 1).replace(/\.\w+$/, ""),
      }));
  }
  return (await containersOf(api, target)).map(({ containerId, name }) => ({
    containerId,
    label: name.startsWith(`${appName}-`) ? name.slice(appName.length + 1) : name,
  }));
}
