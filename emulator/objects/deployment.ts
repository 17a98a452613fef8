import { z } from "zod";
import { type Endpoints, query } from "../instance/endpoint";
import { notFound } from "../instance/errors";
import type { Instance } from "../instance/instance";
import type { Job } from "../instance/queue";
import { someText, tail } from "../instance/schema";

const types = z.enum([
  "application",
  "compose",
  "server",
  "schedule",
  "previewDeployment",
  "backup",
  "volumeBackup",
]);

export const deploymentEndpoints: Endpoints = {
  "deployment.all": query(z.object({ applicationId: someText }), (instance, { applicationId }) =>
    instance.deployments.of(applicationId),
  ),

  "deployment.allByCompose": query(z.object({ composeId: someText }), (instance, { composeId }) =>
    instance.deployments.of(composeId),
  ),

  "deployment.allByType": query(z.object({ id: someText, type: types }), (instance, { id, type }) =>
    instance.deployments
      .of(id)
      .filter((record) => record[`${type}Id`] === id)
      .map((record) => ({ ...record, rollback: null })),
  ),

  "deployment.queueList": query(undefined, (instance) =>
    instance.queue.list().map((job) => entry(instance, job)),
  ),

  "deployment.readLogs": query(z.object({ deploymentId: someText, tail }), (instance, input) => {
    if (!instance.tables.deployment.has(input.deploymentId)) throw notFound("Deployment");
    const lines = instance.deployments.log(input.deploymentId).split(/(?<=\n)/);
    return lines.slice(-input.tail).join("");
  }),
};

function entry(instance: Instance, job: Job) {
  return {
    id: job.id,
    name: "deployments",
    data: {
      [job.kind === "application" ? "applicationId" : "composeId"]: job.serviceId,
      titleLog: job.title,
      descriptionLog: job.description,
      type: job.type,
      applicationType: job.kind,
      server: job.serverId !== null,
      ...(job.serverId === null ? {} : { serverId: job.serverId }),
    },
    timestamp: job.timestamp,
    ...(job.processedOn === undefined ? {} : { processedOn: job.processedOn }),
    state: job.processedOn === undefined ? "waiting" : "active",
    servicePath: servicePath(instance, job),
  };
}

function servicePath(instance: Instance, { kind, serviceId }: Job) {
  const service = instance.tables[kind].get(serviceId);
  if (!service) return { href: null, label: "—" };
  const { projectId, environmentId } = instance.environment(service.environmentId);
  return {
    href: `/dashboard/project/${projectId}/environment/${environmentId}/services/${kind}/${serviceId}`,
    label: kind === "application" ? "Application" : "Compose",
  };
}
