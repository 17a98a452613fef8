import { AsyncResource } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import { shorten, visible } from "../../packages/text";
import { type Api, type DeploymentRow, DokployError, hideIn, type Span } from "../dokploy";
import { begin, isFinal, next, type Observation } from "./attribution";
import { Conclusions, LOOK_IN_DOKPLOY } from "./conclusion";
import { duration } from "./error";
import { type DeploymentResult, dueAt, type Followed, isDue, isSame, recordOf } from "./followed";
import { onInterruption } from "./interruption";
import { interval, PollBudget, REAL_TIMERS, type Timers } from "./pace";
import { phasesIn } from "./phases";
import {
  type DeployTarget,
  emptyQueue,
  isJobOf,
  type Job,
  jobsAhead,
  post,
  readQueue,
  readRecords,
} from "./service";
import { REFUSED_SECONDS, Wait } from "./wait";

export type { DeploymentResult } from "./followed";

export interface DeployOptions {
  /** `deploy` fetches the code or image and builds; `redeploy` builds the present code. Default: `deploy`. */
  readonly method?: "deploy" | "redeploy";
  /** Title in Dokploy, also in its emails; never secret. Default: `Pulumi`. */
  readonly title?: string;
  /** Description in Dokploy; never secret. When a deployment from git ends, Dokploy replaces it. */
  readonly description?: string;
  /** Limit for queue and build together, in seconds. Default: 900. */
  readonly timeoutSeconds?: number;
}

export interface DeploymentsOptions {
  /** Receives lines of progress, such as `web: deployment queued behind 2`. */
  readonly progress?: (line: string, target: DeployTarget) => void;
  /** Adds the phases of a deployment to the trace of the run. */
  readonly span?: Span;
  /** True when the server has `deployment.readLogs` (Dokploy 0.29.5). Default: it is tried. */
  readonly supportsLogs?: () => Promise<boolean>;
  readonly timers?: Timers;
}

const DEFAULT_TIMEOUT_SECONDS = 900;
const DEFAULT_TITLE = "Pulumi";
const MAX_TITLE_LENGTH = 200;
const PROGRESS_LOG_LENGTH = 120;

/**
 * Deploys services and follows exactly those deployments to their end. Use one instance for each server: all waiting
 * deployments share one poller, so the number of calls does not grow with the number of services in Dokploy's queue.
 *
 * @example
 * const deployments = new Deployments(api, { progress: (line) => console.log(line) });
 * const web = { kind: "application", id: "PQqzqTGCVtx0St2SA3vCi", name: "web" } as const;
 * const { deploymentId } = await deployments.run(web, undefined, { title: "Pulumi shop/prod: +NEW" });
 */
export class Deployments {
  private readonly timers: Timers;
  private readonly runs = new Set<Followed>();
  /** Nonces of deployments that passed their deadline in the queue, so that nobody waits for them. */
  private readonly abandoned = new Set<string>();
  private readonly budget = new PollBudget();
  private readonly conclusions: Conclusions;
  private isPolling = false;
  private wake: () => void = () => {};

  constructor(
    private readonly api: Api,
    private readonly options: DeploymentsOptions = {},
  ) {
    this.timers = options.timers ?? REAL_TIMERS;
    this.conclusions = new Conclusions(api, options.supportsLogs ?? (async () => true));
  }

  /**
   * Deploys a service and waits for the end of that deployment. The call is made once and never repeated: when its
   * response is lost, the queue and the records show if it took effect.
   *
   * @param before the service's records as the caller has just read them; undefined reads them here
   * @param secrets values that must not appear in messages
   * @throws DeploymentError when it did not end in `done`, or when its end is unknown
   * @throws DokployError when the deploy call was refused or never reached the server
   */
  async run(
    target: DeployTarget,
    before: readonly DeploymentRow[] | undefined,
    options: DeployOptions,
    secrets: Iterable<string> = [],
  ): Promise<DeploymentResult> {
    const startedAt = this.timers.now();
    const known = before ?? (await readRecords(this.api, target));
    const nonce = newNonce();
    const title = shorten(options.title ?? DEFAULT_TITLE, MAX_TITLE_LENGTH);
    const method = options.method ?? "deploy";
    const said = { title: `${title} [${nonce}]`, description: options.description ?? "" };
    const unanswered = await this.post(target, method, said, secrets);
    const now = this.timers.now();
    const sent = {
      nonce,
      method,
      before: new Set(known.map(({ deploymentId }) => deploymentId)),
      accepted: unanswered === undefined,
      at: now,
    };
    return new Promise((resolve, reject) => {
      const { progress } = this.options;
      // All deployments share the loop that reports; each line belongs to the resource that asked for its deployment.
      const report = progress && AsyncResource.bind((line: string) => progress(line, target));
      const wait = new Wait(
        options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
        report,
        this.timers,
        startedAt,
      );
      let forget = () => {};
      const run: Followed = {
        target,
        nonce,
        title,
        secrets: [...secrets],
        wait,
        unanswered,
        state: begin(sent),
        phases: phasesIn(this.options.span),
        changedAt: now,
        recordsReadAt: Number.NEGATIVE_INFINITY,
        ahead: 0,
        reported: undefined,
        settled: false,
        settle: (outcome) => {
          if (run.settled) return;
          run.settled = true;
          callOffDeadline();
          forget();
          run.phases(undefined, outcome instanceof Error ? outcome : undefined);
          if (outcome instanceof Error) reject(outcome);
          else resolve(outcome);
        },
      };
      const callOffDeadline = this.timers.after(Math.max(0, wait.remaining), () => {
        this.expire(run).catch((error: unknown) => run.settle(asError(error)));
      });
      this.runs.add(run);
      run.phases(run.state.verdict);
      forget = onInterruption(() => {
        this.giveUp(run, "Pulumi was interrupted", "Run the update again.");
      });
      this.wake();
      if (!this.isPolling) void this.poll();
    });
  }

  /** @returns the error of a call whose response is lost, undefined when the server accepted the call */
  private async post(
    target: DeployTarget,
    method: "deploy" | "redeploy",
    said: { title: string; description: string },
    secrets: Iterable<string>,
  ): Promise<DokployError | undefined> {
    try {
      await post(this.api, target, method, said);
      return undefined;
    } catch (error) {
      hideIn(error, secrets);
      if (error instanceof DokployError && error.outcome === "unknown") return error;
      throw error;
    }
  }

  private async poll(): Promise<void> {
    this.isPolling = true;
    try {
      await this.pause(interval(0));
      while (this.runs.size > 0) {
        await this.look([...this.runs]);
        if (this.runs.size > 0) await this.pause(this.nextWait());
      }
    } catch (error) {
      // A bug here or in the progress callback: nobody may wait for a poller that has stopped.
      for (const run of this.runs) run.settle(asError(error));
      this.runs.clear();
    } finally {
      this.isPolling = false;
    }
  }

  private nextWait(): number {
    const now = this.timers.now();
    const allWanted = [...this.runs].map((run) => {
      const afterFailure = run.wait.pauseAfterFailure;
      if (afterFailure !== undefined) return afterFailure;
      return recordOf(run.state.verdict) === undefined ? interval(now - run.changedAt) : dueAt(run) - now;
    });
    return Math.max(this.budget.wait(now), Math.min(...allWanted));
  }

  /** Sleeps, but no longer than the budget requires when another deployment joins. */
  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const started = this.timers.now();
      let callOff = this.timers.after(ms, resolve);
      this.wake = () => {
        const rest = Math.max(this.budget.wait(this.timers.now()), interval(0));
        if (this.timers.now() + rest >= started + ms) return;
        callOff();
        callOff = this.timers.after(rest, resolve);
      };
    });
  }

  /** Looks once at the queue, and at the records of those services where something may have happened. */
  private async look(runs: readonly Followed[]): Promise<void> {
    let polls = 0;
    const failed = new Map<Followed, Error>();
    const attempt = async <T>(
      call: () => Promise<T>,
      concerned: readonly Followed[],
    ): Promise<T | undefined> => {
      polls += 1;
      try {
        return await call();
      } catch (error) {
        for (const run of concerned) failed.set(run, asError(error));
        return undefined;
      }
    };

    const unknown = runs.filter((run) => recordOf(run.state.verdict) === undefined);
    const queue = unknown.length === 0 ? undefined : await attempt(() => readQueue(this.api), unknown);
    const at = this.timers.now();
    const due = runs.filter((run) => isDue(run, queue, at));
    const services = new Map(due.map((run) => [`${run.target.kind} ${run.target.id}`, run.target]));
    const records = new Map<string, DeploymentRow[] | undefined>();
    await Promise.all(
      [...services].map(async ([key, target]) => {
        const concerned = due.filter((run) => isSame(run.target, target));
        records.set(key, await attempt(() => readRecords(this.api, target), concerned));
      }),
    );
    const running = runs.filter((run) => recordOf(run.state.verdict) !== undefined).length;
    this.budget.spend(polls, running, this.timers.now());

    await Promise.all(
      runs.map(async (run) => {
        const failure = failed.get(run);
        if (failure === undefined) run.wait.noteSuccess();
        else run.wait.noteFailure(failure);
        if (run.wait.isRefused) {
          const why = `Dokploy has refused the API key for ${duration(REFUSED_SECONDS)}`;
          return this.giveUp(
            run,
            why,
            "Give a key that is valid and has no rate limit, and run the update again.",
          );
        }
        await this.observe(run, at, queue, records.get(`${run.target.kind} ${run.target.id}`));
      }),
    );
  }

  private giveUp(run: Followed, why: string, advice: string): void {
    this.runs.delete(run);
    run.settle(
      this.conclusions.error(run, {
        outcome: "timeout",
        what: "continues in Dokploy, but cannot be followed to its end",
        why,
        hint: `${LOOK_IN_DOKPLOY} for how it ends. ${advice}`,
        deploymentId: recordOf(run.state.verdict)?.deploymentId,
      }),
    );
  }

  private async observe(
    run: Followed,
    at: number,
    queue: readonly Job[] | undefined,
    records: readonly DeploymentRow[] | undefined,
  ): Promise<void> {
    if (run.settled) return;
    const observation: Observation = {
      at,
      ...(queue === undefined ? {} : { queue: queue.filter((job) => isJobOf(job, run.target)) }),
      ...(records === undefined ? {} : { records }),
    };
    const { phase } = run.state.verdict;
    run.state = next(run.state, observation);
    if (!isFinal(run.state.verdict)) run.phases(run.state.verdict);
    if (run.state.verdict.phase !== phase) run.changedAt = this.timers.now();
    if (records !== undefined) run.recordsReadAt = at;
    const job = queue?.find(({ data }) => data.titleLog.includes(run.nonce));
    if (queue !== undefined && job !== undefined) run.ahead = jobsAhead(queue, job);

    if (isFinal(run.state.verdict)) {
      this.runs.delete(run);
      run.settle(await this.conclusions.conclude(run));
    } else {
      await this.report(run);
    }
  }

  /** Handles the deadline: looks once more, takes a waiting job out of the queue, and gives up. */
  private async expire(run: Followed): Promise<void> {
    if (run.settled) return;
    this.runs.delete(run);
    this.wake();
    run.recordsReadAt = Number.NEGATIVE_INFINITY;
    await this.look([run]);
    if (run.settled) return;
    const { verdict } = run.state;
    const record = recordOf(verdict);
    const isRunning = record !== undefined || verdict.phase === "starting";
    const why = isRunning
      ? "it still runs, and Dokploy cannot stop a build safely, so it was left alone"
      : await this.withdraw(run);
    const where = isRunning ? " for how it ends" : ", and at the other deployments that it runs";
    run.settle(
      this.conclusions.error(run, {
        outcome: "timeout",
        what: `did not end within ${duration(run.wait.timeoutSeconds)}`,
        why,
        hint: `${LOOK_IN_DOKPLOY}${where}. Raise the timeout if it needs longer.`,
        deploymentId: record?.deploymentId,
      }),
    );
  }

  /**
   * Takes our job out of the queue, and returns the outcome. Dokploy can only remove all waiting jobs of a service.
   * So this happens only when nobody waits for any of them: all are ours and past their deadline.
   */
  private async withdraw(run: Followed): Promise<string> {
    this.abandoned.add(run.nonce);
    const isAbandoned = (job: Job) => [...this.abandoned].some((nonce) => job.data.titleLog.includes(nonce));
    const ownJob = (queue: readonly Job[]) => queue.find(({ data }) => data.titleLog.includes(run.nonce));
    try {
      const queue = await readQueue(this.api);
      const own = ownJob(queue);
      if (own === undefined) return "it was not found in Dokploy's queue";
      if (own.processedOn !== undefined) return "it has just started, and was left alone";
      const waiting = queue.filter((job) => isJobOf(job, run.target) && job.processedOn === undefined);
      const place = `it still waits in Dokploy's queue (${behind(jobsAhead(queue, own))})`;
      if (!waiting.every(isAbandoned)) {
        return `${place}, and was left there: removing it would also remove other deployments of this service`;
      }
      await emptyQueue(this.api, run.target);
      const remaining = ownJob(await readQueue(this.api));
      if (remaining === undefined) return `it still waited in Dokploy's queue, and was removed`;
      return remaining.processedOn === undefined
        ? `${place}, and could not be removed`
        : "it has just started, and was left alone";
    } catch {
      return "Dokploy's queue cannot be read, so it may still wait there and run later";
    }
  }

  /** Reports the progress of the deployment: when it changes, and every 10 s. */
  private async report(run: Followed): Promise<void> {
    const { wait } = run;
    const { verdict } = run.state;
    if (verdict.phase === "unseen") return;
    const phase = verdict.phase === "waiting" ? "queued" : "deploying";
    if (!wait.isDue(phase)) return;
    const isNews = phase !== run.reported;
    run.reported = phase;
    const name = visible(run.target.name);
    if (phase === "queued") wait.report(`${name}: deployment queued ${behind(run.ahead)}`);
    else if (isNews) wait.report(`${name}: deploying`);
    else {
      const record = recordOf(verdict);
      const log = record === undefined ? undefined : await this.conclusions.readLog(run, record.deploymentId);
      const line = log?.at(-1);
      const detail = line === undefined ? "" : `: ${shorten(line.trim(), PROGRESS_LOG_LENGTH)}`;
      if (!run.settled) wait.report(`${name}: deploying, ${wait.elapsed(run.changedAt)}${detail}`);
    }
  }
}

function behind(ahead: number): string {
  return ahead === 0 ? "as the next" : `behind ${ahead}`;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function newNonce(): string {
  return randomBytes(6).toString("hex");
}
