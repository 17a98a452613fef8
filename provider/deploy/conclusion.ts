import type { Api, DeploymentRow } from "../dokploy";
import { findCause } from "./causes";
import { DeploymentError, duration, type FailureFacts } from "./error";
import type { DeploymentResult, Followed } from "./followed";
import { LINES_TO_READ, logTail } from "./log";

export const RUN_AGAIN = "Run the update again to deploy once more.";
export const LOOK_IN_DOKPLOY = "Look at the service's Deployments tab in Dokploy";

/** Turns the end of a deployment into a result or an error for the caller. */
export class Conclusions {
  constructor(
    private readonly api: Api,
    private readonly supportsLogs: () => Promise<boolean>,
  ) {}

  /** Converts a final verdict into the result or the error for the caller. */
  async conclude(run: Followed): Promise<DeploymentResult | Error> {
    const { verdict } = run.state;
    switch (verdict.phase) {
      case "ended":
        return verdict.record.status === "done"
          ? result(run, verdict.record)
          : this.failure(run, verdict.record);
      case "lost":
        return this.error(run, {
          outcome: "lost",
          ...LOST[verdict.reason],
          notes: verdict.reason === "never-started" && run.unanswered ? [run.unanswered.message] : [],
        });
      case "ambiguous":
        return this.error(run, {
          outcome: "ambiguous",
          what: "cannot be distinguished from other deployments of the same service",
          why: `its record may be ${verdict.candidates.join(" or ") || "one that Dokploy has dropped"}`,
          hint: `${LOOK_IN_DOKPLOY}. ${RUN_AGAIN}`,
        });
      default:
        throw new TypeError(`the verdict "${verdict.phase}" is not final`);
    }
  }

  private async failure(run: Followed, record: DeploymentRow): Promise<DeploymentError> {
    const { deploymentId } = record;
    const { seconds } = times(record, run.wait.now);
    if (record.status === "cancelled") {
      return this.error(run, {
        outcome: "cancelled",
        what: "was cancelled",
        why: "Dokploy restarted while it ran",
        hint: RUN_AGAIN,
        deploymentId,
      });
    }
    const log = await this.readLog(run, deploymentId);
    // Set only when the record could not be prepared; then there is no log.
    const lines = log ?? logTail(record.errorMessage ?? "", run.secrets);
    const cause = findCause(lines, run.target.dockerfile);
    const unknown =
      lines.length > 0 ? "the end of its log shows no known cause" : "its log is empty or could not be read";
    return this.error(run, {
      outcome: "error",
      what: `failed after ${duration(seconds)}`,
      why: cause?.reason ?? unknown,
      hint:
        cause?.hint ??
        `Read the log${lines.length > 0 ? " below" : ""}; Dokploy has all of it in the service's Deployments tab.`,
      deploymentId,
      log: lines,
    });
  }

  error(run: Followed, facts: Omit<FailureFacts, "target">): DeploymentError {
    const notes = run.wait.failureNotes("poll");
    return new DeploymentError({ ...facts, target: run.target, notes: [...(facts.notes ?? []), ...notes] });
  }

  /** Reads the end of the log; undefined when the server cannot give it. */
  async readLog(run: Followed, deploymentId: string): Promise<string[] | undefined> {
    try {
      if (!(await this.supportsLogs())) return undefined;
      const log = await this.api.call("deployment.readLogs", { deploymentId, tail: LINES_TO_READ });
      return log === "" ? undefined : logTail(log, run.secrets);
    } catch {
      // The verdict matters more than the log.
      return undefined;
    }
  }
}

/** Reasons why a deployment is lost, by the verdict. */
const LOST = {
  "never-started": {
    what: "did not start",
    why: "the response to the deploy call was lost, and Dokploy shows no such deployment",
    hint: RUN_AGAIN,
  },
  "left-queue": {
    what: "was lost",
    why: "it is no longer in Dokploy's queue and left no record; Dokploy restarted, or somebody emptied the queue",
    hint: RUN_AGAIN,
  },
  "record-removed": {
    what: "was lost",
    why: "its record was removed, by hand or after ten newer deployments, before the provider saw it finish",
    hint: `${LOOK_IN_DOKPLOY}. ${RUN_AGAIN}`,
  },
};

function result(run: Followed, record: DeploymentRow): DeploymentResult {
  const { startedAt, finishedAt, seconds } = times(record, Date.parse(record.createdAt));
  return {
    deploymentId: record.deploymentId,
    status: "done",
    title: run.title,
    startedAt,
    finishedAt,
    durationSeconds: seconds,
  };
}

function times(
  record: DeploymentRow,
  now: number,
): { startedAt: string; finishedAt: string; seconds: number } {
  const startedAt = record.startedAt ?? record.createdAt;
  const finishedAt = record.finishedAt ?? new Date(now).toISOString();
  const seconds = Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return { startedAt, finishedAt, seconds };
}
