import { isRecord } from "../../../packages/values";
import { UserError } from "../../../provider/errors";
import { firstErrorIn, noPulumi, parsed, type RunPulumi } from "../../stack";

/** One `pulumi up` of a stack. */
export interface Update {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly succeeded: boolean;
  /** Commit that was checked out; undefined outside of a repository. */
  readonly commit: string | undefined;
  /** True when files had changes that were not committed. */
  readonly isDirty: boolean;
  /** CI run, or author of the commit. */
  readonly by: string | undefined;
}

/** Most updates that are read: Dokploy keeps 11 deployments of a service, and not every update deploys it. */
const most = 200;

/** Pulumi leaves out the part of a second, and a deployment may end with its update. */
const restOfSecond = 999;

/** Clocks of the machines that deploy and of the server may differ by this, in milliseconds. */
const skew = 60_000;

/**
 * Reads the latest updates of a stack, newest first.
 *
 * @throws UserError when the CLI cannot read them
 */
export async function readUpdates(stack: string, pulumi: RunPulumi): Promise<Update[]> {
  const options = ["--json", "--page-size", String(most), "--page", "1", "--non-interactive"];
  const result = await pulumi(["stack", "history", "--stack", stack, ...options]);
  if (result?.code !== 0) {
    const why = result === undefined ? noPulumi : firstErrorIn(result.stderr);
    throw new UserError(
      `The history of stack ${stack} cannot be read: ${why}. It says from which commit a deployment was made.`,
    );
  }
  const entries = parsed<unknown>(result.stdout);
  return Array.isArray(entries) ? entries.flatMap(updateFrom) : [];
}

function updateFrom(entry: unknown): Update[] {
  if (!isRecord(entry) || entry["kind"] !== "update") return [];
  const facts = isRecord(entry["environment"]) ? entry["environment"] : {};
  const fact = (name: string) => {
    const value = facts[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const run = [fact("ci.system"), fact("ci.build.url") ?? fact("ci.build.number")].filter(Boolean).join(" ");
  return [
    {
      startedAt: Date.parse(String(entry["startTime"])),
      endedAt: Date.parse(String(entry["endTime"])) + restOfSecond,
      succeeded: entry["result"] === "succeeded",
      commit: fact("git.head"),
      isDirty: fact("git.dirty") === "true",
      by: run === "" ? fact("git.author") : run,
    },
  ];
}

/**
 * Returns the update that made a deployment.
 *
 * @param at time of the deployment on the server
 * @param commit commit that the deployment names, which the update must have too
 */
export function updateAt(
  updates: readonly Update[],
  at: number,
  commit: string | undefined,
): Update | undefined {
  const distance = ({ startedAt, endedAt }: Update) => Math.max(startedAt - at, at - endedAt, 0);
  const [nearest] = updates
    .filter((update) => distance(update) <= skew && (commit === undefined || update.commit === commit))
    .sort((a, b) => distance(a) - distance(b) || a.startedAt - b.startedAt);
  return nearest;
}
