import type { ExitLog } from "./exit-log";
import type { Failure } from "./health-model";
import { fullNetworkHint } from "./start-causes";

/** Remedy for a process that used more memory than allowed. */
export const OUT_OF_MEMORY =
  "Raise its memory limit (bytes), give the server more memory, or let the process use less. Then run the update again.";
/** Returns the last sentence of a hint; `isKept` when the saved changes stay in Dokploy after the failure. */
export function again(isKept: boolean): string {
  return isKept
    ? "The new configuration stays saved. Correct it and run the update again."
    : "Correct it and run the update again.";
}

/** Explains why no output is shown, in the place where the user would look for it. */
export function outputNotes({ reason }: Failure, { of }: ExitLog): string[] {
  if (of !== "nobody") return [];
  return reason === "rolled-back"
    ? ["Dokploy's API does not show the output of the new version while the old one runs."]
    : ["Its output cannot be distinguished from that of other containers of the service."];
}

/** Returns the remedy for a version that does not run, as a sentence. */
export function hintFor(
  { reason, itself, detail, hint }: Failure,
  log: readonly string[],
  { isTooLate, isKept }: { readonly isTooLate: boolean; readonly isKept: boolean },
): string {
  const { reason: cause } = itself ?? { reason };
  if (hint !== undefined) return `${hint} ${again(isKept)}`;
  if (log.some((line) => /argument list too long/i.test(line))) {
    return `Its variables are too large for its command: one variable may have 131,071 bytes. ${again(isKept)}`;
  }
  const where = log.length > 0 ? "Read its output below" : "Look at the service's Logs tab in Dokploy";
  switch (cause) {
    case "crashed":
    case "rolled-back":
      if (/\bexit code 12[67]\b/.test(detail)) {
        return `${where}; 126 and 127 mean that a command is not in the image, or cannot be executed. ${again(isKept)}`;
      }
      if (/\b137\b/.test(detail)) return `${where}; 137 means that something killed it. ${again(isKept)}`;
      return `${where}; a missing or wrong variable is the usual reason. ${again(isKept)}`;
    case "exited":
      return `${where}. If it is meant to end, wait for "deployed" instead of "running", or run it as a job.`;
    case "unhealthy":
      return (
        `${where}, and check the settings of its health check: command, port, and how long it may take to start. A ` +
        `\`path\` needs wget, curl, node, python3 or bash in the image; for another image, give a \`command\`. ${again(isKept)}`
      );
    case "rejected":
      if (!/image/i.test(detail)) return `Correct the problem that Docker names. ${again(isKept)}`;
      return `Check the name and tag of the image, that it was built or pushed, and that the server may pull it. ${again(isKept)}`;
    case "not-started":
      return `Check the command, that the image contains it, and that it may be executed. ${again(isKept)}`;
    case "never-placed":
      if (/host-mode port/i.test(detail)) {
        return (
          "Another container uses that port of the server. If it is the old version, that must stop first: `Order: " +
          '"stop-first"` in `swarm.updateConfig` of an application, `order: stop-first` in ' +
          `\`deploy.update_config\` of a stack. ${again(isKept)}`
        );
      }
      return `Check its placement constraints and reservations, and the servers of the Swarm. ${again(isKept)}`;
    case "no-address":
      return `${fullNetworkHint} ${again(isKept)}`;
    case "unfinished":
      return isTooLate
        ? `${where}. Raise the timeout if it needs longer to start.`
        : `${where}. ${again(isKept)}`;
  }
}
