import { type Api, callDatabase } from "../dokploy/endpoints";
import { DokployError } from "../dokploy/errors";
import type { DatabaseKind, ServiceStatus } from "../dokploy/rows";
import { findCause } from "./causes";
import { DeploymentError, duration, type FailureFacts } from "./error";
import { maskSecrets } from "./log";
import { interval, REAL_TIMERS, type Timers } from "./pace";
import type { ServiceName } from "./service";

/** A database to deploy. */
export interface DatabaseTarget extends ServiceName {
  readonly kind: DatabaseKind;
  /** Its status just before. */
  readonly status: ServiceStatus;
}

export interface DatabaseDeployOptions {
  /** Default: 900. */
  readonly timeoutSeconds?: number;
  /** Whether the caller looks at its containers afterwards, so that a doubt may be left to that. */
  readonly isProvenLater: boolean;
  /** Values that no message may show. */
  readonly secrets: Iterable<string>;
  readonly progress?: (line: string) => void;
  readonly timers?: Timers;
}

const DEFAULT_TIMEOUT_SECONDS = 900;
const PROGRESS_EVERY_MS = 10_000;

/**
 * Deploys a database and waits until Dokploy has. Its data stays; its container is replaced.
 *
 * Dokploy pulls the image and updates the service before it answers, without a queue or a record. When the answer is
 * lost, only the status tells: it is `running` meanwhile, then `done` or `error`.
 *
 * @throws DeploymentError when it fails, takes too long, or cannot be told
 */
export async function deployDatabase(
  api: Api,
  target: DatabaseTarget,
  options: DatabaseDeployOptions,
): Promise<void> {
  const { timers = REAL_TIMERS, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = options;
  const deadline = timers.now() + timeoutSeconds * 1000;
  try {
    await callDatabase(api, target.kind, target.id, "deploy", {});
  } catch (error) {
    if (!(error instanceof DokployError) || error.outcome !== "unknown") throw error;
    await settle(api, target, options, error, timers, deadline);
  }
}

/** What became of a deployment whose call failed, and may go on. */
async function settle(
  api: Api,
  target: DatabaseTarget,
  options: DatabaseDeployOptions,
  lost: DokployError,
  timers: Timers,
  deadline: number,
): Promise<void> {
  const failure = (facts: Omit<FailureFacts, "target">) => new DeploymentError({ target, ...facts });
  const startedAt = timers.now();
  let toldAt = startedAt;
  let wasRunning = false;
  for (;;) {
    const { applicationStatus: status } = await callDatabase(api, target.kind, target.id, "one", {});
    const reason = reasonOf(lost);
    if (status === "error" && (reason !== undefined || wasRunning || target.status !== "error")) {
      const said = maskSecrets(reason ?? "the answer, which says why, was lost", options.secrets);
      const cause = findCause([said]);
      const hint = cause?.hint ?? "Look at the database and the server's log in Dokploy.";
      throw failure({ outcome: "error", what: "failed", why: cause?.reason ?? said, hint });
    }
    if (status === "done" && (wasRunning || target.status !== "done" || options.isProvenLater)) return;
    if (status !== "running") {
      throw failure({
        outcome: "ambiguous",
        what: "may or may not have happened",
        why: `the answer was lost, and its status is ${status} as before`,
        hint: "Run `pulumi up` again: it deploys once more.",
        notes: [lost.message],
      });
    }
    wasRunning = true;
    const now = timers.now();
    if (now >= deadline) {
      throw failure({
        outcome: "timeout",
        what: `has not ended within ${duration((now - startedAt) / 1000)}`,
        hint: "It may still end. Raise deploy.timeoutSeconds if it needs longer, and run `pulumi up` again.",
        notes: [lost.message],
      });
    }
    if (now - toldAt >= PROGRESS_EVERY_MS) {
      toldAt = now;
      options.progress?.(`${target.name}: is being deployed, ${duration((now - startedAt) / 1000)}`);
    }
    await new Promise<void>((resolve) => {
      timers.after(interval(now - startedAt), resolve);
    });
  }
}

/** Of `Error on deploy postgresError: …` what comes after it: Dokploy's answer when its deployment failed. */
function reasonOf({ said }: DokployError): string | undefined {
  return /^Error on deploy [a-z]+(?:Error: )?(.+?)\.?$/s.exec(said ?? "")?.[1];
}
