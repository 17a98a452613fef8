import { z } from "zod";
import { reloadApplication } from "../builds/application";
import { type Endpoints, mutation, query } from "../instance/endpoint";
import { ApiError, badRequest } from "../instance/errors";
import { buildAppName, newId } from "../instance/ids";
import type { ConnectionKind, Instance } from "../instance/instance";
import { type ApplicationRow, applicationColumns, type Row } from "../instance/rows";
import {
  appName,
  boolean,
  branch,
  buildTypes,
  each,
  icon,
  nullableText,
  number,
  required,
  serviceStatus,
  since,
  someText,
  swarmFields,
  tail,
  text,
  texts,
  triggerType,
} from "../instance/schema";
import {
  assertServer,
  assign,
  environmentWithProject,
  removeService,
  simpleLists,
  withoutUndefined,
} from "../instance/services";
import { failedUpdate } from "../instance/sql";
import { registryOf } from "./registry";

const one = z.object({ applicationId: someText });
const deployInput = z.object({
  applicationId: someText,
  title: text.optional(),
  description: text.optional(),
});

const sourceType = z.enum(["github", "docker", "git", "gitlab", "bitbucket", "gitea", "drop"]);
const watchPaths = texts.nullable();

// Every column except the server; a value without a column is silently ignored.
const updateInput = z
  .object({
    name: someText,
    appName,
    ...each(
      [
        "description",
        "env",
        "previewEnv",
        "previewBuildArgs",
        "previewBuildSecrets",
        "previewWildcard",
        "previewPath",
        "previewCustomCertResolver",
        "buildArgs",
        "buildSecrets",
        "memoryReservation",
        "memoryLimit",
        "cpuReservation",
        "cpuLimit",
        "title",
        "subtitle",
        "command",
        "refreshToken",
        "repository",
        "owner",
        "branch",
        "buildPath",
        "gitlabRepository",
        "gitlabOwner",
        "gitlabBranch",
        "gitlabBuildPath",
        "gitlabPathNamespace",
        "giteaRepository",
        "giteaOwner",
        "giteaBranch",
        "giteaBuildPath",
        "bitbucketRepository",
        "bitbucketRepositorySlug",
        "bitbucketOwner",
        "bitbucketBranch",
        "bitbucketBuildPath",
        "username",
        "password",
        "dockerImage",
        "registryUrl",
        "customGitUrl",
        "customGitBranch",
        "customGitBuildPath",
        "customGitSSHKeyId",
        "dockerfile",
        "dockerContextPath",
        "dockerBuildStage",
        "dropBuildPath",
        "railpackVersion",
        "herokuVersion",
        "publishDirectory",
        "registryId",
        "rollbackRegistryId",
        "githubId",
        "gitlabId",
        "giteaId",
        "bitbucketId",
        "buildServerId",
        "buildRegistryId",
      ],
      nullableText,
    ),
    ...each(["watchPaths", "previewLabels", "args", "networkIds"], texts.nullable()),
    ...each(["previewPort", "previewLimit", "gitlabProjectId"], number.nullable()),
    ...each(
      [
        "isPreviewDeploymentsActive",
        "previewRequireCollaboratorPermissions",
        "rollbackActive",
        "enabled",
        "cleanCache",
        "autoDeploy",
        "isStaticSpa",
      ],
      boolean.nullable(),
    ),
    ...each(["previewHttps", "enableSubmodules", "createEnvFile", "detachDokployNetwork"], boolean),
    ...each(["createdAt", "environmentId"], text),
    previewCertificateType: z.enum(["letsencrypt", "none", "custom"]),
    icon,
    sourceType,
    triggerType: triggerType.nullable(),
    ...swarmFields,
    replicas: number,
    applicationStatus: serviceStatus,
    buildType: buildTypes,
  })
  .partial()
  .extend({ applicationId: someText });

export const applicationEndpoints: Endpoints = {
  "application.create": mutation(
    z.object({
      name: someText,
      environmentId: text,
      appName: appName.optional(),
      description: nullableText.optional(),
      serverId: nullableText.optional(),
      sourceType: sourceType.optional(),
    }),
    (instance, input) => {
      instance.environment(input.environmentId);
      assertServer(instance, input.serverId || null);
      const row: ApplicationRow = {
        ...structuredClone(applicationColumns),
        applicationId: newId(),
        name: input.name,
        appName: buildAppName("app", input.appName),
        description: input.description ?? null,
        refreshToken: newId(),
        sourceType: input.sourceType ?? "github",
        applicationStatus: "idle",
        createdAt: instance.timestamp(),
        environmentId: input.environmentId,
        serverId: input.serverId ?? null,
      };
      instance.tables.application.set(row.applicationId, row);
      return row;
    },
  ),

  "application.one": query(one, (instance, { applicationId }) => ({
    ...detailed(instance, applicationId),
    hasGitProviderAccess: true,
    unauthorizedProvider: null,
  })),

  "application.update": mutation(updateInput, (instance, { applicationId, appName: _ignored, ...given }) => {
    const values = withoutUndefined(given);
    if (Object.keys(values).length === 0) throw new ApiError("INTERNAL_SERVER_ERROR", "No values to set");
    if (isRefused(instance, values))
      throw failedUpdate(
        "application",
        "applicationId",
        applicationId,
        Object.keys(applicationColumns),
        values,
      );
    const row = instance.tables.application.get(applicationId);
    if (!row) throw badRequest("Error updating application");
    assign(row, values);
    return true;
  }),

  "application.saveEnvironment": mutation(
    required({
      applicationId: text,
      env: nullableText,
      buildArgs: nullableText,
      buildSecrets: nullableText,
      createEnvFile: boolean,
    }),
    (instance, { applicationId, ...values }) => save(instance, applicationId, values),
  ),

  "application.saveBuildType": mutation(
    required({
      applicationId: text,
      buildType: buildTypes,
      dockerfile: nullableText,
      dockerContextPath: nullableText,
      dockerBuildStage: nullableText,
      herokuVersion: nullableText,
      railpackVersion: nullableText,
    }).extend({ publishDirectory: nullableText.optional(), isStaticSpa: boolean.nullable().optional() }),
    (instance, { applicationId, ...values }) => save(instance, applicationId, values),
  ),

  "application.saveDockerProvider": mutation(
    required({
      dockerImage: nullableText,
      applicationId: text,
      username: nullableText,
      password: nullableText,
      registryUrl: nullableText,
    }),
    (instance, { applicationId, ...values }) =>
      save(instance, applicationId, { ...values, sourceType: "docker", applicationStatus: "idle" }),
  ),

  "application.saveGitProvider": mutation(
    required({
      customGitBranch: branch,
      applicationId: text,
      customGitBuildPath: nullableText,
      customGitUrl: nullableText,
      watchPaths,
    }).extend({ enableSubmodules: boolean.optional(), customGitSSHKeyId: nullableText.optional() }),
    (instance, { applicationId, ...values }) =>
      save(instance, applicationId, { ...values, sourceType: "git", applicationStatus: "idle" }),
  ),

  "application.move": mutation(
    z.object({ applicationId: text, targetEnvironmentId: text }),
    (instance, { applicationId, targetEnvironmentId }) => {
      const row = instance.application(applicationId);
      instance.environment(targetEnvironmentId);
      row.environmentId = targetEnvironmentId;
      return row;
    },
  ),

  "application.delete": mutation(one, (instance, { applicationId }) => {
    const row = detailed(instance, applicationId);
    removeService(instance, "application", applicationId, true);
    return row;
  }),

  "application.deploy": mutation(deployInput, (instance, input) => {
    enqueue(instance, input, "deploy", input.title || "Manual deployment");
  }),

  "application.redeploy": mutation(deployInput, (instance, input) => {
    enqueue(instance, input, "redeploy", input.title || "Rebuild deployment");
  }),

  "application.reload": mutation(
    z.object({ appName, applicationId: text }),
    (instance, { applicationId }) => {
      reloadApplication(instance, instance.application(applicationId));
      return true;
    },
  ),

  // The responses of start and stop are the row before the change.
  "application.start": mutation(one, (instance, { applicationId }) => {
    const before = detailed(instance, applicationId);
    const row = instance.application(applicationId);
    if (!instance.containers.get(applicationId))
      throw new ApiError(
        "INTERNAL_SERVER_ERROR",
        `Command execution failed: Command failed: docker service scale ${row.appName}=1 \n${row.appName}: Error response from daemon: service ${row.appName} not found\n`,
      );
    instance.containers.scale(applicationId, 1);
    row.applicationStatus = "done";
    return before;
  }),

  "application.stop": mutation(one, (instance, { applicationId }) => {
    const before = detailed(instance, applicationId);
    instance.containers.scale(applicationId, 0);
    instance.application(applicationId).applicationStatus = "idle";
    return before;
  }),

  "application.markRunning": mutation(one, (instance, { applicationId }) => {
    instance.application(applicationId).applicationStatus = "running";
  }),

  "application.cleanQueues": mutation(one, (instance, { applicationId }) => {
    instance.application(applicationId);
    instance.queue.removeWaiting(applicationId);
  }),

  "application.cancelDeployment": mutation(one, (instance, { applicationId }) => {
    instance.application(applicationId);
    throw badRequest("Deployment cancellation only available in cloud version");
  }),

  "application.readLogs": query(
    z.object({
      applicationId: someText,
      tail,
      since,
      search: text.regex(/^[a-zA-Z0-9 ._-]{0,500}$/).optional(),
    }),
    (instance, { applicationId, since, tail }) => {
      const row = instance.application(applicationId);
      const service = instance.containers.get(applicationId);
      if (!service)
        throw new ApiError("INTERNAL_SERVER_ERROR", `No container or service found for: ${row.appName}`);
      return instance.containers.output(service, since, tail);
    },
  ),
};

function detailed(instance: Instance, applicationId: string): Row {
  const row = instance.application(applicationId);
  return {
    ...row,
    environment: environmentWithProject(instance, row.environmentId),
    deployments: instance.deployments.of(applicationId).map((record) => ({ ...record })),
    ...simpleLists(instance, "application", applicationId),
    gitlab: null,
    github: null,
    bitbucket: null,
    gitea: null,
    server: null,
    previewDeployments: [],
    registry: registryOf(instance, row["registryId"]),
    buildRegistry: registryOf(instance, row["buildRegistryId"]),
    rollbackRegistry: registryOf(instance, row["rollbackRegistryId"]),
  };
}

function save(instance: Instance, applicationId: string, values: Row): true {
  assign(instance.application(applicationId), values);
  return true;
}

function enqueue(
  instance: Instance,
  { applicationId, description }: { applicationId: string; description?: string | undefined },
  type: "deploy" | "redeploy",
  title: string,
): void {
  const { serverId } = instance.application(applicationId);
  instance.queue.add({
    kind: "application",
    serviceId: applicationId,
    type,
    title,
    description: description || "",
    serverId,
  });
}

const integers = ["replicas", "previewPort", "previewLimit", "gitlabProjectId", "stopGracePeriodSwarm"];
const foreignKeys: Readonly<Record<string, ConnectionKind>> = {
  registryId: "registry",
  rollbackRegistryId: "registry",
  buildRegistryId: "registry",
  buildServerId: "server",
  githubId: "github",
  gitlabId: "gitlab",
  giteaId: "gitea",
  bitbucketId: "bitbucket",
  customGitSSHKeyId: "sshKey",
};

/** True when Postgres would refuse: a fraction in an integer column, or a key that refers to nothing. */
function isRefused(instance: Instance, values: Row): boolean {
  const environmentId = values["environmentId"];
  return (
    integers.some((name) => typeof values[name] === "number" && !Number.isInteger(values[name])) ||
    Object.entries(foreignKeys).some(
      ([name, kind]) => typeof values[name] === "string" && !instance.isConnected(kind, values[name]),
    ) ||
    (typeof environmentId === "string" && !instance.tables.environment.has(environmentId))
  );
}
