import {
  type Api,
  callDatabase,
  type DatabaseKind,
  DokployError,
  hideIn,
  type ServiceStatus,
} from "../dokploy";
import { maskSecrets } from "../env";
import { findCause } from "./causes";
import { DeploymentError, type FailureFacts } from "./error";
import type { Timers } from "./pace";
import type { ServiceName } from "./service";
import { PROGRESS_EVERY_MS, Wait } from "./wait";

/** A database to deploy. */
export interface DatabaseTarget extends ServiceName {
  readonly kind: DatabaseKind;
  /** Status just before the deployment. */
  readonly status: ServiceStatus;
}

export interface DatabaseDeployOptions {
  /** Limit of the deployment in seconds. Default: 900. */
  readonly timeoutSeconds?: number;
  /** True when the caller looks at the containers afterwards, so that this check can settle a doubt. */
  readonly isProvenLater: boolean;
  /**
   * Called when the check of the containers must decide if there was a deployment at all, with the error for containers
   * that are as before.
   */
  readonly onDoubt?: ((doubt: { readonly ifUntouched: () => DeploymentError }) => void) | undefined;
  /** Values that must not appear in messages. */
  readonly secrets: Iterable<string>;
  readonly progress?: (line: string) => void;
  readonly timers?: Timers;
}

const DEFAULT_TIMEOUT_SECONDS = 900;
/** Time for a status to end after Dokploy could not be reached: a mere loss of the connection stops no deployment. */
const GRACE_SECONDS = 60;

/**
 * Deploys a database and waits until Dokploy has finished. Its data stays; its container is replaced.
 *
 * Dokploy pulls the image and updates the service before it responds, without a queue or a record. When the response is
 * lost, only the status shows the outcome: it is `running` at first, then `done` or `error`. After a restart, Dokploy
 * does not continue the deployment, and its status stays `running`.
 *
 * @throws DeploymentError when it fails, takes too long, or its outcome cannot be determined
 * @throws DokployError when Dokploy refuses it, or does not report the outcome
 */
export async function deployDatabase(
  api: Api,
  target: DatabaseTarget,
  options: DatabaseDeployOptions,
): Promise<void> {
  await new DatabaseDeployment(api, target, options).run();
}

class DatabaseDeployment {
  private readonly wait: Wait;
  /** Tries that had not reached Dokploy until the last look. */
  private outages: number | undefined;
  /** Time when Dokploy could be reached again, if it could not for a time. */
  private backAt: number | undefined;

  constructor(
    private readonly api: Api,
    private readonly target: DatabaseTarget,
    private readonly options: DatabaseDeployOptions,
  ) {
    const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, progress, timers } = options;
    this.wait = new Wait(timeoutSeconds, progress, timers);
  }

  async run(): Promise<void> {
    const { kind, id } = this.target;
    try {
      await this.inTime(callDatabase(this.api, kind, id, "deploy", {}));
    } catch (error) {
      hideIn(error, this.options.secrets);
      if (!(error instanceof DokployError) || error.outcome !== "unknown") throw error;
      await this.inTime(this.settle(error));
    }
  }

  /** Finds the outcome of a deployment whose call failed, and which may still be running. */
  private async settle(lost: DokployError): Promise<void> {
    const { wait } = this;
    const before = this.target.status;
    const lostAt = wait.now;
    this.outages = this.api.outages?.();
    let wasRunning = false;
    for (;;) {
      const status = await this.status();
      const isNews = wasRunning || status !== before;
      const reason = reasonOf(lost);
      if (status === "error" && (isNews || reason !== undefined)) throw this.failed(reason);
      if (status === "done" && isNews) return;
      if (status === "done" && this.options.isProvenLater) {
        return this.options.onDoubt?.({ ifUntouched: () => neverSeen(this.target, lost) });
      }
      if (status !== "running") {
        throw this.failure({
          outcome: "ambiguous",
          what: "may or may not have happened",
          why: `the response was lost, and its status is ${status} as before`,
          hint: "Run `pulumi up` again: it deploys once more.",
          notes: [lost.message],
        });
      }
      wasRunning = true;
      if (wait.isOver) throw this.late();
      if (this.backAt !== undefined && wait.now - this.backAt >= GRACE_SECONDS * 1000)
        throw this.cut(this.backAt);
      await wait.pauseSince(lostAt);
    }
  }

  /** Reads the status, and tries again when that fails: a restart of Dokploy may have cut the call. */
  private async status(): Promise<ServiceStatus> {
    const { wait } = this;
    const { kind, id } = this.target;
    for (;;) {
      try {
        const { applicationStatus } = await callDatabase(this.api, kind, id, "one", {});
        wait.noteSuccess();
        const outages = this.api.outages?.();
        if (outages !== this.outages) this.backAt = wait.now;
        this.outages = outages;
        return applicationStatus;
      } catch (error) {
        if (!(error instanceof Error) || !wait.noteFailure(error)) throw error;
        if (wait.isOver) throw this.late();
        await wait.sleep(wait.pauseAfterFailure ?? 0);
      }
    }
  }

  /** Reports every 10 s that it still runs, and ends the wait when time is up. */
  private async inTime(work: Promise<unknown>): Promise<void> {
    const { wait, target } = this;
    while (!(await wait.endsWithin(Math.min(wait.remaining, PROGRESS_EVERY_MS), work))) {
      if (wait.isOver) throw this.late();
      wait.report(`${target.name}: is being deployed, ${wait.elapsed()}`);
    }
    await work;
  }

  private failed(reason = "the response with the reason was lost"): DeploymentError {
    const said = maskSecrets(reason, this.options.secrets);
    const cause = findCause([said]);
    const hint = cause?.hint ?? "Look at the database and the server's log in Dokploy.";
    return this.failure({ outcome: "error", what: "failed", why: cause?.reason ?? said, hint });
  }

  private cut(backAt: number): DeploymentError {
    return this.failure({
      outcome: "cancelled",
      what: "has probably been ended by a restart of Dokploy",
      why:
        "it could not be reached for a time after the response was lost, and the database's status has stayed running " +
        `for ${this.wait.elapsed(backAt)} since`,
      hint:
        "Run `pulumi up` again: it deploys once more. If Dokploy was not restarted, and still pulls the image, wait until " +
        "the database is done there.",
      notes: this.wait.failureNotes("look"),
    });
  }

  private late(): DeploymentError {
    return this.failure({
      outcome: "timeout",
      what: `has not ended within ${this.wait.elapsed()}`,
      hint:
        "It may still end, unless Dokploy was restarted meanwhile. Raise deploy.timeoutSeconds if it needs longer, and run " +
        "`pulumi up` again.",
      notes: this.wait.failureNotes("look"),
    });
  }

  private failure(facts: Omit<FailureFacts, "target">): DeploymentError {
    return new DeploymentError({ target: this.target, ...facts });
  }
}

/** Error for a deployment whose response was lost and that left no trace in the containers. */
function neverSeen(target: DatabaseTarget, lost: DokployError): DeploymentError {
  return new DeploymentError({
    target,
    outcome: "lost",
    what: "did not take place",
    why: "the response was lost, its status is as before, and so are its containers",
    hint: "Run `pulumi up` again: it deploys once more.",
    notes: [lost.message],
  });
}

/** Extracts the reason from `Error on deploy postgresError: …`, Dokploy's response when a deployment failed. */
function reasonOf({ said }: DokployError): string | undefined {
  return /^Error on deploy [a-z]+(?:Error: )?(.+?)\.?$/s.exec(said ?? "")?.[1];
}
