import { z } from "zod";
import { type Endpoints, mutation, query } from "../instance/endpoint";
import { badRequest } from "../instance/errors";
import { buildAppName, newId } from "../instance/ids";
import type { Instance } from "../instance/instance";
import { type ComposeRow, composeColumns, type Row } from "../instance/rows";
import {
  appName,
  boolean,
  dockerName,
  each,
  icon,
  nullableText,
  number,
  serviceStatus,
  since,
  someText,
  tail,
  text,
  texts,
  triggerType,
} from "../instance/schema";
import {
  assertServer,
  assign,
  backupsOf,
  environmentWithProject,
  removeService,
  simpleLists,
} from "../instance/services";

const one = z.object({ composeId: someText });
const deployInput = z.object({ composeId: someText, title: text.optional(), description: text.optional() });
const sourceType = z.enum(["git", "github", "gitlab", "bitbucket", "gitea", "raw"]);
const composeType = z.enum(["docker-compose", "stack"]);

const updateInput = z
  .object({
    name: someText,
    appName,
    ...each(
      [
        "description",
        "env",
        "refreshToken",
        "repository",
        "owner",
        "branch",
        "gitlabRepository",
        "gitlabOwner",
        "gitlabBranch",
        "gitlabPathNamespace",
        "bitbucketRepository",
        "bitbucketRepositorySlug",
        "bitbucketOwner",
        "bitbucketBranch",
        "giteaRepository",
        "giteaOwner",
        "giteaBranch",
        "customGitUrl",
        "customGitBranch",
        "customGitSSHKeyId",
        "githubId",
        "gitlabId",
        "bitbucketId",
        "giteaId",
      ],
      nullableText,
    ),
    ...each(["composeFile", "command", "suffix", "createdAt", "environmentId"], text),
    ...each(
      ["createEnvFile", "enableSubmodules", "randomize", "isolatedDeployment", "isolatedDeploymentsVolume"],
      boolean,
    ),
    sourceType,
    composeType,
    autoDeploy: boolean.nullable(),
    gitlabProjectId: number.nullable(),
    composePath: someText,
    triggerType: triggerType.nullable(),
    composeStatus: serviceStatus,
    icon,
    watchPaths: texts.nullable(),
    serviceNetworks: z
      .array(z.object({ serviceName: z.string(), networkIds: texts, detachDokployNetwork: z.boolean() }))
      .nullable(),
  })
  .partial()
  .extend({ composeId: text });

export const composeEndpoints: Endpoints = {
  "compose.create": mutation(
    z.object({
      name: someText,
      description: nullableText.optional(),
      environmentId: text,
      composeType: composeType.optional(),
      appName: appName.optional(),
      serverId: nullableText.optional(),
      composeFile: text.optional(),
      sourceType: sourceType.optional(),
    }),
    (instance, input) => {
      instance.environment(input.environmentId);
      assertServer(instance, input.serverId || null);
      const row: ComposeRow = {
        ...structuredClone(composeColumns),
        composeId: newId(),
        name: input.name,
        appName: buildAppName("compose", input.appName),
        description: input.description ?? null,
        composeFile: input.composeFile ?? "",
        refreshToken: newId(),
        sourceType: input.sourceType ?? "github",
        composeType: input.composeType ?? "docker-compose",
        composeStatus: "idle",
        environmentId: input.environmentId,
        serverId: input.serverId ?? null,
        createdAt: instance.timestamp(),
      };
      instance.tables.compose.set(row.composeId, row);
      return row;
    },
  ),

  "compose.one": query(one, (instance, { composeId }) => ({
    ...detailed(instance, composeId),
    hasGitProviderAccess: true,
    unauthorizedProvider: null,
  })),

  // An unknown id is no error: the response is empty.
  "compose.update": mutation(updateInput, (instance, { composeId, appName: _ignored, ...values }) => {
    const row = instance.tables.compose.get(composeId);
    if (row) assign(row, values);
    return row;
  }),

  "compose.saveEnvironment": mutation(
    z.object({ composeId: text, env: nullableText, createEnvFile: boolean.optional() }),
    (instance, { composeId, ...values }) => {
      assign(instance.compose(composeId), values);
      return true;
    },
  ),

  "compose.move": mutation(
    z.object({ composeId: text, targetEnvironmentId: text }),
    (instance, { composeId, targetEnvironmentId }) => {
      const row = instance.compose(composeId);
      instance.environment(targetEnvironmentId);
      row.environmentId = targetEnvironmentId;
      return row;
    },
  ),

  "compose.delete": mutation(
    z.object({ composeId: someText, deleteVolumes: boolean.default(false) }),
    (instance, { composeId, deleteVolumes }) => {
      const row = detailed(instance, composeId);
      // `docker stack rm` has no such option.
      const deletes = deleteVolumes && row["composeType"] !== "stack";
      removeService(instance, "compose", composeId, true, deletes);
      return row;
    },
  ),

  "compose.deploy": mutation(deployInput, (instance, input) => {
    enqueue(instance, input, "deploy", input.title || "Manual deployment");
    return { success: true, message: "Deployment queued", composeId: input.composeId };
  }),

  "compose.redeploy": mutation(deployInput, (instance, input) => {
    enqueue(instance, input, "redeploy", input.title || "Rebuild deployment");
    return { success: true, message: "Redeployment queued", composeId: input.composeId };
  }),

  "compose.start": mutation(one, (instance, { composeId }) => {
    const row = instance.compose(composeId);
    instance.containers.setRunning(composeId, true);
    row.composeStatus = "done";
    return true;
  }),

  "compose.stop": mutation(one, (instance, { composeId }) => {
    const row = instance.compose(composeId);
    instance.containers.setRunning(composeId, false);
    row.composeStatus = "idle";
    return true;
  }),

  "compose.cleanQueues": mutation(one, (instance, { composeId }) => {
    instance.compose(composeId);
    instance.queue.removeWaiting(composeId);
    return { success: true, message: "Queues cleaned successfully" };
  }),

  "compose.readLogs": query(
    z.object({
      composeId: someText,
      containerId: dockerName("Invalid container id."),
      tail,
      since,
    }),
    (instance, { composeId, containerId, since, tail }) => {
      instance.compose(composeId);
      const found = instance.containers.findContainer(containerId);
      return found ? instance.containers.outputOf(found.task, since, tail) : "";
    },
  ),

  "compose.cancelDeployment": mutation(one, (instance, { composeId }) => {
    instance.compose(composeId);
    throw badRequest("Deployment cancellation only available in cloud version");
  }),
};

function detailed(instance: Instance, composeId: string): Row {
  const row = instance.compose(composeId);
  return {
    ...row,
    environment: environmentWithProject(instance, row.environmentId),
    deployments: instance.deployments.of(composeId).map((record) => ({ ...record })),
    ...simpleLists(instance, "compose", composeId),
    github: null,
    gitlab: null,
    bitbucket: null,
    gitea: null,
    server: null,
    backups: backupsOf(instance, composeId),
  };
}

function enqueue(
  instance: Instance,
  { composeId, description }: { composeId: string; description?: string | undefined },
  type: "deploy" | "redeploy",
  title: string,
): void {
  const { serverId } = instance.compose(composeId);
  instance.queue.add({
    kind: "compose",
    serviceId: composeId,
    type,
    title,
    description: description || "",
    serverId,
  });
}
