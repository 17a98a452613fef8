import type { Api, Endpoint, Input, Output } from "../../../provider/dokploy/endpoints";
import { DokployError } from "../../../provider/dokploy/errors";
import type { DeploymentRow, QueueJob } from "../../../provider/dokploy/rows";
import type { VirtualClock } from "./virtual-clock";

export interface Build {
  /** From the record's creation to its end. */
  readonly ms: number;
  readonly status: "done" | "error";
  readonly log: string;
}

interface Active {
  readonly job: QueueJob;
  row: DeploymentRow | undefined;
  readonly callOff: (() => void)[];
}

/** Milliseconds from the start of a job to its record, and from the record's end to its new title. */
const RECORD_MS = 30;
const RENAME_MS = 10;

/**
 * Dokploy's queue and deployment records as a 0.30.2 server keeps them, in virtual time, with the truth about which
 * record belongs to which title.
 */
export class DokployModel implements Api {
  readonly calls: { readonly at: number; readonly endpoint: Endpoint; readonly input: object }[] = [];
  /** Title that was sent -> record that its job made. */
  readonly truth = new Map<string, string>();
  /** Titles of jobs that were taken out of the queue by `cleanQueues` or lost in a restart. */
  readonly removed = new Set<string>();
  /** Ids of services whose source is git. */
  readonly git = new Set<string>();
  latencyMs = 20;
  build: (title: string) => Build = () => ({ ms: 1_000, status: "done", log: "Initializing deployment\n" });
  /** Makes a call fail: before it acts, or after. */
  fault: (endpoint: Endpoint) => { error: DokployError; acts: boolean } | undefined = () => undefined;

  private waiting: QueueJob[] = [];
  private active: Active[] = [];
  private rows = new Map<string, DeploymentRow[]>();
  private logs = new Map<string, string>();
  private jobCount = 0;
  private recordCount = 0;
  private downUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: VirtualClock,
    private readonly concurrency = 1,
  ) {}

  get isDown(): boolean {
    return this.clock.now() < this.downUntil;
  }

  async call<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>> {
    this.calls.push({ at: this.clock.now(), endpoint, input });
    await this.clock.sleep(this.latencyMs);
    if (this.isDown) {
      throw new DokployError("Dokploy does not answer", {
        kind: "unreachable",
        endpoint,
        outcome: "not-sent",
      });
    }
    const fault = this.fault(endpoint);
    if (fault !== undefined && !fault.acts) throw fault.error;
    const output = this.answer(endpoint, input as Record<string, unknown>);
    if (fault !== undefined) throw fault.error;
    return structuredClone(output) as Output<E>;
  }

  private answer(endpoint: Endpoint, input: Record<string, unknown>): unknown {
    const id = String(input["applicationId"] ?? input["composeId"]);
    switch (endpoint) {
      case "deployment.queueList":
        return this.queue();
      case "deployment.all":
      case "deployment.allByCompose":
        return this.records(id);
      case "deployment.readLogs":
        return this.logs.get(String(input["deploymentId"])) ?? "";
      case "application.cleanQueues":
      case "compose.cleanQueues":
        return this.clean(id);
      case "application.deploy":
      case "compose.deploy":
        return this.post(endpoint, id, String(input["title"]), "deploy", String(input["description"]));
      case "application.redeploy":
      case "compose.redeploy":
        return this.post(endpoint, id, String(input["title"]), "redeploy", String(input["description"]));
      default:
        throw new Error(`the model has no ${endpoint}`);
    }
  }

  post(endpoint: string, id: string, title: string, type: "deploy" | "redeploy", description = ""): void {
    this.jobCount += 1;
    const key = endpoint.startsWith("compose") ? "composeId" : "applicationId";
    this.waiting.push({
      id: `job-${this.jobCount}`,
      data: { [key]: id, titleLog: title, descriptionLog: description, type },
      timestamp: this.clock.now(),
      state: "waiting",
    });
    this.startNext();
  }

  queue(): QueueJob[] {
    return structuredClone([...this.active.map(({ job }) => job), ...this.waiting].reverse());
  }

  records(id: string): DeploymentRow[] {
    return structuredClone(this.rows.get(id) ?? []);
  }

  /** Records of earlier days. */
  addHistory(id: string, count: number): void {
    for (let i = count; i > 0; i--) {
      this.insert(id, "long ago", "Commit: 0a1b2c3", this.clock.now() - i * 60_000).status = "done";
    }
  }

  clean(id: string): void {
    for (const job of this.waiting.filter((job) => idOf(job) === id)) this.removed.add(job.data.titleLog);
    this.waiting = this.waiting.filter((job) => idOf(job) !== id);
  }

  restart(downMs: number): void {
    for (const { job, row, callOff } of this.active) {
      for (const cancel of callOff) cancel();
      if (row?.status === "running") row.status = "cancelled";
      if (row === undefined) this.removed.add(job.data.titleLog);
    }
    for (const job of this.waiting) this.removed.add(job.data.titleLog);
    this.active = [];
    this.waiting = [];
    this.jobCount = 0;
    this.downUntil = this.clock.now() + downMs;
  }

  /** Deletes a record as a person does. */
  removeRecord(id: string, deploymentId: string): void {
    this.rows.set(
      id,
      this.records(id).filter((row) => row.deploymentId !== deploymentId),
    );
  }

  private startNext(): void {
    const isFree = (job: QueueJob) => this.active.every((other) => idOf(other.job) !== idOf(job));
    while (this.active.length < this.concurrency) {
      const job = this.waiting.find(isFree);
      if (job === undefined) return;
      this.waiting = this.waiting.filter((other) => other !== job);
      job.state = "active";
      job.processedOn = this.clock.now();
      const active: Active = { job, row: undefined, callOff: [] };
      this.active.push(active);
      active.callOff.push(this.clock.after(RECORD_MS, () => this.start(active)));
    }
  }

  private start(active: Active): void {
    const { titleLog, descriptionLog, type } = active.job.data;
    const id = idOf(active.job);
    const build = this.build(titleLog);
    const row = this.insert(id, titleLog, descriptionLog, this.clock.now());
    active.row = row;
    this.truth.set(titleLog, row.deploymentId);
    this.logs.set(row.deploymentId, build.log);
    active.callOff.push(
      this.clock.after(build.ms, () => {
        row.status = build.status;
        row.finishedAt = new Date(this.clock.now()).toISOString();
      }),
      this.clock.after(build.ms + RENAME_MS, () => {
        if (this.git.has(id) && type === "deploy") {
          row.title = "a commit message";
          row.description = "Commit: 0a1b2c3";
        }
        this.active = this.active.filter((other) => other !== active);
        this.startNext();
      }),
    );
  }

  private insert(id: string, title: string, description: string, at: number): DeploymentRow {
    this.recordCount += 1;
    const time = new Date(at).toISOString();
    const row: DeploymentRow = {
      deploymentId: `record-${this.recordCount}`,
      title,
      description,
      status: "running",
      createdAt: time,
      startedAt: time,
      finishedAt: null,
      errorMessage: null,
    };
    this.rows.set(id, [row, ...(this.rows.get(id) ?? []).slice(0, 10)]);
    return row;
  }
}

function idOf(job: QueueJob): string {
  return job.data.applicationId ?? job.data.composeId ?? "";
}
