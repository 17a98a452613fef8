import { newId } from "./ids";
import type { Build, Job } from "./queue";
import type { DeploymentRow, ServiceRow, ServiceStatus } from "./rows";

/** End of a deployment. */
export interface Outcome {
  readonly status: "done" | "error";
  readonly log: string;
  readonly buildMs: number;
}

/** End of a deployment, computed from the service. */
export interface ComputedOutcome {
  readonly status: "done" | "error";
  readonly log: string;
  /** Commit whose message and hash overwrite the record's title and description. */
  readonly commit?: { readonly message: string; readonly hash: string } | undefined;
  /** Starts the new version in Docker. Missing when there is nothing to run. */
  readonly apply?: () => void;
}

/** Part of the server that deployments use. */
interface Server {
  readonly tables: {
    readonly application: ReadonlyMap<string, ServiceRow>;
    readonly compose: ReadonlyMap<string, ServiceRow>;
    readonly deployment: Map<string, DeploymentRow>;
  };
  readonly outcomes: ReadonlyMap<string, Partial<Outcome>>;
  readonly buildMs: number;
  timestamp(): string;
}

const firstLine = "Initializing deployment\n";

/** Deployment records and their logs. */
export class DeploymentLog {
  private readonly logs = new Map<string, string>();

  constructor(
    private readonly instance: Server,
    /** Computes the end of a deployment. */
    private readonly build: (job: Job) => ComputedOutcome,
  ) {}

  /** Returns the records of one service or schedule, newest first. */
  of(id: string): DeploymentRow[] {
    return [...this.instance.tables.deployment.values()]
      .filter(({ applicationId, composeId, scheduleId }) =>
        [applicationId, composeId, scheduleId].includes(id),
      )
      .reverse();
  }

  log(deploymentId: string): string {
    return this.logs.get(deploymentId) ?? "";
  }

  remove(deploymentId: string): void {
    this.instance.tables.deployment.delete(deploymentId);
    this.logs.delete(deploymentId);
  }

  /** Starts a job: the service runs, the record appears. The deployed configuration is read now, not at the end. */
  begin(job: Job): Build | undefined {
    const { instance } = this;
    const service = instance.tables[job.kind].get(job.serviceId);
    if (!service) return undefined;
    setStatus(service, "running");
    for (const surplus of this.of(job.serviceId).slice(10)) this.remove(surplus.deploymentId);
    const record = this.newRecord(job, service);
    this.logs.set(record.deploymentId, firstLine);
    const computed = this.build(job);
    const forced = instance.outcomes.get(job.serviceId);
    const status = forced?.status ?? computed.status;

    const finish = () => {
      if (!instance.tables.deployment.has(record.deploymentId)) return;
      if (status === "done") computed.apply?.();
      this.logs.set(record.deploymentId, forced?.log ?? logFor(status, computed));
      record.status = status;
      record.finishedAt = instance.timestamp();
      if (computed.commit) {
        record.title = computed.commit.message;
        record.description = `Commit: ${computed.commit.hash}`;
      }
      setStatus(service, status);
    };
    const cancel = () => {
      record.status = "cancelled";
      setStatus(service, "idle");
    };
    return { ms: forced?.buildMs ?? instance.buildMs, finish, cancel };
  }

  /** Adds the record of a command that a schedule ran. */
  addRun(
    schedule: { readonly id: string; readonly appName: string },
    { status, log }: Omit<Outcome, "buildMs">,
  ) {
    const now = this.instance.timestamp();
    const record = this.add({
      title: "Schedule",
      description: "Schedule",
      status,
      logPath: logPath(schedule.appName, now, "schedules"),
      scheduleId: schedule.id,
      finishedAt: now,
    });
    this.logs.set(record.deploymentId, log);
    return record;
  }

  private newRecord(job: Job, service: ServiceRow): DeploymentRow {
    return this.add({
      title: job.title,
      description: job.description,
      logPath: logPath(service.appName, this.instance.timestamp()),
      applicationId: job.kind === "application" ? job.serviceId : null,
      composeId: job.kind === "compose" ? job.serviceId : null,
      serverId: job.serverId,
    });
  }

  private add(columns: Partial<DeploymentRow> & Pick<DeploymentRow, "title" | "description" | "logPath">) {
    const now = this.instance.timestamp();
    const record: DeploymentRow = {
      deploymentId: newId(),
      status: "running",
      pid: null,
      applicationId: null,
      composeId: null,
      serverId: null,
      isPreviewDeployment: false,
      previewDeploymentId: null,
      createdAt: now,
      startedAt: now,
      finishedAt: null,
      errorMessage: null,
      scheduleId: null,
      backupId: null,
      rollbackId: null,
      volumeBackupId: null,
      buildServerId: null,
      ...columns,
    };
    this.instance.tables.deployment.set(record.deploymentId, record);
    return record;
  }
}

/** Returns the path of a log, such as `<app>-2026-11-24:22:56:34.log`, in the service's log folder. */
function logPath(appName: string, timestamp: string, folder = "logs"): string {
  return `/etc/dokploy/${folder}/${appName}/${appName}-${timestamp.slice(0, 19).replace("T", ":")}.log`;
}

function setStatus(service: ServiceRow, status: ServiceStatus): void {
  service["applicationId" in service ? "applicationStatus" : "composeStatus"] = status;
}

function logFor(status: "done" | "error", computed: ComputedOutcome): string {
  if (status === computed.status || status === "done") return computed.log;
  return `${computed.log}\nError occurred ❌, check the logs for details.\n`;
}
