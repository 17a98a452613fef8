import type { Api, DeploymentRow, QueueJob, ServiceKind } from "../dokploy";

/** A service, which runs in containers. */
export interface ServiceName {
  readonly kind: ServiceKind;
  /** `applicationId`, `composeId`, `postgresId` … */
  readonly id: string;
  /** Name that people know; used only in messages. */
  readonly name: string;
}

/** A service that is deployed through the queue, with a record: an application or a compose service. */
export interface DeployTarget extends ServiceName {
  readonly kind: "application" | "compose";
  /** Path of its Dockerfile in the repository, for messages; undefined for other builds. */
  readonly dockerfile?: string | undefined;
}

/** A job as the API returns it. Jobs of one server run one after the other. */
export type Job = QueueJob & { readonly data: { readonly serverId?: string | null } };

/** Queues a deployment. Dokploy responds at once, without the id of the job. */
export async function post(
  api: Api,
  { kind, id }: DeployTarget,
  method: "deploy" | "redeploy",
  texts: { title: string; description: string },
): Promise<void> {
  if (kind === "application") await api.call(`application.${method}`, { applicationId: id, ...texts });
  else await api.call(`compose.${method}`, { composeId: id, ...texts });
}

/** Reads the records of a service: at most 11, newest first. */
export function readRecords(api: Api, { kind, id }: DeployTarget): Promise<DeploymentRow[]> {
  return kind === "application"
    ? api.call("deployment.all", { applicationId: id })
    : api.call("deployment.allByCompose", { composeId: id });
}

/** Reads all waiting and running jobs of the server, newest first. */
export function readQueue(api: Api): Promise<Job[]> {
  return api.call("deployment.queueList", {});
}

/** Removes all waiting jobs of the service from the queue, whoever queued them. */
export async function emptyQueue(api: Api, { kind, id }: DeployTarget): Promise<void> {
  if (kind === "application") await api.call("application.cleanQueues", { applicationId: id });
  else await api.call("compose.cleanQueues", { composeId: id });
}

export function isJobOf(job: Job, { kind, id }: DeployTarget): boolean {
  return (kind === "application" ? job.data.applicationId : job.data.composeId) === id;
}

/** Returns the number of jobs that must end before this one starts: those before it in the same line. */
export function jobsAhead(queue: readonly Job[], job: Job): number {
  const line = queue.filter(({ data }) => (data.serverId ?? null) === (job.data.serverId ?? null));
  return line.length - 1 - line.indexOf(job);
}
