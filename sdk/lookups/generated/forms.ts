// Written by `npm run docs` from the lookups in sdk/lookups. Do not edit

import type { InputsOf } from "../arguments";
import { outputForm, plainForm } from "../lookup";
import type { GetApplicationArgs } from "../application";
import type { GetBackupFilesArgs } from "../backup-files";
import type { GetComposeArgs } from "../compose";
import type { GetEnvironmentArgs } from "../environment";
import type { GetGithubProviderArgs } from "../github";
import type { GetDeploymentsArgs, GetSwarmNodesArgs, GetContainersArgs } from "../look-around";
import type { GetTraefikFilesArgs, GetTraefikFileArgs } from "../look-at-web-server";
import type { GetProjectArgs } from "../project";

export type { GetApplicationArgs, GetApplicationResult } from "../application";
export type { GetBackupFilesArgs, BackupFile } from "../backup-files";
export type { GetComposeArgs, GetComposeResult } from "../compose";
export type { GetEnvironmentArgs, GetEnvironmentResult } from "../environment";
export type { GetGithubProviderArgs, GetGithubProviderResult } from "../github";
export type { GetDeploymentsArgs, GetDeploymentsResult, GetSwarmNodesArgs, GetSwarmNodesResult, GetContainersArgs, GetContainersResult, GetMembersResult, GetApiKeysResult } from "../look-around";
export type { GetWebServerSettingsResult, GetTraefikFilesArgs, GetTraefikFileArgs, GetTraefikFileResult } from "../look-at-web-server";
export type { GetProjectArgs, GetProjectResult } from "../project";

const application = () => require("../application") as typeof import("../application");

/**
 * Returns an existing application, found by its id, by its name and its environment, or by its name and
 * its project. In a project, the default environment is searched unless `environment` names another.
 *
 * It is read in every run, including previews. For an application that the same program creates, use the outputs of
 * that resource. To pass outputs as arguments use `getApplicationOutput`, whose result also has the variables, as the
 * secret `env`.
 *
 * @throws LookupError when no such application exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * export = async () => {
 *   const { applicationId } = await dokploy.getApplication({ name: "api", project: "shop" });
 *   new dokploy.EnvironmentBlock("api", { target: { applicationId }, env: dokploy.loadEnv("envs/prod/api.yaml") });
 * };
 * ```
 */
export const getApplication = plainForm(() => application().application);

/**
 * Returns the result of {@link getApplication} as an output, with the secret `env`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 *
 * @example
 * ```ts
 * const api = dokploy.getApplicationOutput({ name: "api", project: "shop", environment: "staging" });
 * new dokploy.EnvironmentBlock("api", {
 *   target: { applicationId: api.applicationId },
 *   mode: "additive",
 *   env: { FEATURE_CHECKOUT: "on" },
 * });
 * ```
 *
 * @example One secret of another service
 * ```ts
 * const password = dokploy.getApplicationOutput({ applicationId: "PQqzqTGCVtx0St2SA3vCi" }).env.apply((env) => env.PASSWORD ?? "");
 * ```
 */
export const getApplicationOutput = outputForm(() => application().application);
/** Arguments, each of which may be an output. */
export type GetApplicationOutputArgs = InputsOf<GetApplicationArgs>;

const backupFiles = () => require("../backup-files") as typeof import("../backup-files");

/**
 * Returns the files that backups have written to a destination, sorted by path: the files and folders of one folder.
 * Dokploy lists at most 100, so give the beginning of their names when there are more. A folder that does not exist has none.
 *
 * They are read in every run, including previews.
 *
 * @throws LookupError when the bucket cannot be listed
 *
 * @example
 * ```ts
 * const files = await dokploy.getBackupFiles({ destinationId, path: `${appName}/nightly/` });
 * ```
 */
export const getBackupFiles = plainForm(() => backupFiles().backupFiles);

/**
 * Returns the result of {@link getBackupFiles} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getBackupFilesOutput = outputForm(() => backupFiles().backupFiles);
/** Arguments, each of which may be an output. */
export type GetBackupFilesOutputArgs = InputsOf<GetBackupFilesArgs>;

const compose = () => require("../compose") as typeof import("../compose");

/**
 * Returns an existing compose service, found by its id, by its name and its environment, or by its name
 * and its project. In a project, the default environment is searched unless `environment` names another.
 *
 * It is read in every run, including previews. For a compose service that the same program creates, use the outputs of
 * that resource. To pass outputs as arguments use `getComposeOutput`, whose result also has the variables, as the
 * secret `env`.
 *
 * @throws LookupError when no such compose service exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * export = async () => {
 *   const { composeId } = await dokploy.getCompose({ name: "cache", project: "shop" });
 *   new dokploy.EnvironmentBlock("cache", { target: { composeId }, env: dokploy.loadEnv("envs/prod/cache.yaml") });
 * };
 * ```
 */
export const getCompose = plainForm(() => compose().compose);

/**
 * Returns the result of {@link getCompose} as an output, with the secret `env`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 *
 * @example
 * ```ts
 * const cache = dokploy.getComposeOutput({ name: "cache", project: "shop", environment: "staging" });
 * new dokploy.EnvironmentBlock("cache", {
 *   target: { composeId: cache.composeId },
 *   mode: "additive",
 *   env: { FEATURE_CHECKOUT: "on" },
 * });
 * ```
 *
 * @example One secret of another service
 * ```ts
 * const password = dokploy.getComposeOutput({ composeId: "PQqzqTGCVtx0St2SA3vCi" }).env.apply((env) => env.PASSWORD ?? "");
 * ```
 */
export const getComposeOutput = outputForm(() => compose().compose);
/** Arguments, each of which may be an output. */
export type GetComposeOutputArgs = InputsOf<GetComposeArgs>;

const environment = () => require("../environment") as typeof import("../environment");

/**
 * Returns an existing environment, found by its id, or by its project and its name. Without a name it is
 * the default environment of the project.
 *
 * It is read in every run, including previews. For an environment that the same program creates, use the outputs of
 * that resource. To pass outputs as arguments use `getEnvironmentOutput`, whose result also has the shared variables,
 * as the secret `env`.
 *
 * @throws LookupError when no such environment exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * export = async () => {
 *   const staging = await dokploy.getEnvironment({ project: "shop", name: "staging" });
 *   new dokploy.Application("api", { environmentId: staging.environmentId, name: "api", source });
 * };
 * ```
 */
export const getEnvironment = plainForm(() => environment().environment);

/**
 * Returns the result of {@link getEnvironment} as an output, with the secret `env`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 *
 * @example
 * ```ts
 * const staging = dokploy.getEnvironmentOutput({ projectId: shop.id, name: "staging" });
 * ```
 */
export const getEnvironmentOutput = outputForm(() => environment().environment);
/** Arguments, each of which may be an output. */
export type GetEnvironmentOutputArgs = InputsOf<GetEnvironmentArgs>;

const github = () => require("../github") as typeof import("../github");

/**
 * Returns an existing GitHub provider, found by its id or its name. No resource exists for it, since
 * its App is created and installed on GitHub's own pages in a browser.
 *
 * It is read in every run, including previews. To pass outputs as arguments use `getGithubProviderOutput`.
 *
 * @throws LookupError when no such provider exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id: githubId, isConfigured } = await dokploy.getGithubProvider({ name: "acme" });
 * ```
 */
export const getGithubProvider = plainForm(() => github().provider);

/**
 * Returns the result of {@link getGithubProvider} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getGithubProviderOutput = outputForm(() => github().provider);
/** Arguments, each of which may be an output. */
export type GetGithubProviderOutputArgs = InputsOf<GetGithubProviderArgs>;

/**
 * Returns all GitHub providers in Dokploy, sorted by name, including those whose App is not installed yet.
 *
 * They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const ready = (await dokploy.getGithubProviders()).filter(({ isConfigured }) => isConfigured);
 * ```
 */
export const getGithubProviders = plainForm(() => github().providers);

/** Returns the result of {@link getGithubProviders} as an output. */
export const getGithubProvidersOutput = outputForm(() => github().providers);

const lookAround = () => require("../look-around") as typeof import("../look-around");

/**
 * Returns the last deployments of an application, a compose service or a server, the newest first. Dokploy keeps ten
 * for each, and none for databases.
 *
 * They are read in every run, including previews.
 *
 * @throws LookupError when no such service or server exists
 *
 * @example
 * ```ts
 * const [last] = await dokploy.getDeployments({ applicationId });
 * ```
 */
export const getDeployments = plainForm(() => lookAround().deployments);

/**
 * Returns the result of {@link getDeployments} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getDeploymentsOutput = outputForm(() => lookAround().deployments);
/** Arguments, each of which may be an output. */
export type GetDeploymentsOutputArgs = InputsOf<GetDeploymentsArgs>;

/**
 * Returns the nodes of the Docker Swarm in which services run, sorted by host name.
 *
 * They are read in every run, including previews. The API key needs access to Docker.
 *
 * @throws LookupError when no such server exists, or Docker does not respond
 *
 * @example
 * ```ts
 * const nodes = await dokploy.getSwarmNodes();
 * const replicas = nodes.filter(({ availability }) => availability === "active").length;
 * ```
 */
export const getSwarmNodes = plainForm(() => lookAround().nodes);

/**
 * Returns the result of {@link getSwarmNodes} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getSwarmNodesOutput = outputForm(() => lookAround().nodes);
/** Arguments, each of which may be an output. */
export type GetSwarmNodesOutputArgs = InputsOf<GetSwarmNodesArgs>;

/**
 * Returns all containers of a machine except those of Dokploy itself, sorted by name, including stopped ones.
 *
 * They are read in every run, including previews. The API key needs access to Docker.
 *
 * @throws LookupError when no such server exists, or Docker does not respond
 *
 * @example
 * ```ts
 * const containers = await dokploy.getContainers();
 * const failed = containers.filter(({ state }) => state === "restarting");
 * ```
 */
export const getContainers = plainForm(() => lookAround().containers);

/**
 * Returns the result of {@link getContainers} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getContainersOutput = outputForm(() => lookAround().containers);
/** Arguments, each of which may be an output. */
export type GetContainersOutputArgs = InputsOf<GetContainersArgs>;

/**
 * Returns the people in the organization of the API key, sorted by email.
 *
 * They are read in every run, including previews. The API key must be that of an owner or admin.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const admins = (await dokploy.getMembers()).filter(({ role }) => role === "admin");
 * ```
 */
export const getMembers = plainForm(() => lookAround().members);

/** Returns the result of {@link getMembers} as an output. */
export const getMembersOutput = outputForm(() => lookAround().members);

/**
 * Returns the API keys of the user whose key is in the settings, sorted by name, without their texts, including those
 * that have expired. Dokploy shows the keys of a user to nobody else.
 *
 * They are read in every run, including previews.
 *
 * @throws LookupError when Dokploy cannot be reached
 *
 * @example
 * ```ts
 * const soon = new Date(Date.now() + 14 * 86_400_000).toISOString();
 * const ending = (await dokploy.getApiKeys()).filter(({ expiresAt }) => expiresAt !== undefined && expiresAt < soon);
 * ```
 */
export const getApiKeys = plainForm(() => lookAround().apiKeys);

/** Returns the result of {@link getApiKeys} as an output. */
export const getApiKeysOutput = outputForm(() => lookAround().apiKeys);

/**
 * Returns the version of Dokploy, such as `0.30.2`.
 *
 * It is read in every run, including previews.
 *
 * @throws LookupError when Dokploy does not return it
 *
 * @example
 * ```ts
 * export const version = dokploy.getVersion();
 * ```
 */
export const getVersion = plainForm(() => lookAround().version);

/** Returns the result of {@link getVersion} as an output. */
export const getVersionOutput = outputForm(() => lookAround().version);

const lookAtWebServer = () => require("../look-at-web-server") as typeof import("../look-at-web-server");

/**
 * Returns the settings of Dokploy's own web server: host name, certificate, cleanup and the number of builds at the
 * same time.
 *
 * They are read in every run, including previews. For settings that the same program sets, use the outputs of that
 * resource.
 *
 * @throws LookupError when Dokploy has no own web server, as in Dokploy Cloud
 *
 * @example
 * ```ts
 * const { host, https } = await dokploy.getWebServerSettings();
 * ```
 */
export const getWebServerSettings = plainForm(() => lookAtWebServer().settings);

/** Returns the result of {@link getWebServerSettings} as an output. */
export const getWebServerSettingsOutput = outputForm(() => lookAtWebServer().settings);

/**
 * Returns all files in Traefik's folder, sorted by path, including Dokploy's own files and the remains of deleted ones.
 *
 * They are read in every run, including previews. The API key needs access to Traefik's files.
 *
 * @throws LookupError when no such server exists, or the key cannot see them
 *
 * @example
 * ```ts
 * const byHand = (await dokploy.getTraefikFiles()).filter(({ canBeManaged }) => canBeManaged);
 * ```
 */
export const getTraefikFiles = plainForm(() => lookAtWebServer().files);

/**
 * Returns the result of {@link getTraefikFiles} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getTraefikFilesOutput = outputForm(() => lookAtWebServer().files);
/** Arguments, each of which may be an output. */
export type GetTraefikFilesOutputArgs = InputsOf<GetTraefikFilesArgs>;

/**
 * Returns a file in Traefik's folder, found by its id or its path. Without `serverId`, a path is on Dokploy's own
 * machine.
 *
 * It is read in every run, including previews. For a file that the same program creates, use the outputs of that
 * resource. To pass outputs as arguments use `getTraefikFileOutput`. Only its result has the `content`, which may hold
 * secrets. The API key needs access to Traefik's files.
 *
 * @throws LookupError when no such file exists (the message lists the others), or it is empty
 *
 * @example
 * ```ts
 * const { content } = dokploy.getTraefikFileOutput({ path: "dynamic/headers.yml" });
 * ```
 */
export const getTraefikFile = plainForm(() => lookAtWebServer().file);

/**
 * Returns the result of {@link getTraefikFile} as an output, with the secret `content`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getTraefikFileOutput = outputForm(() => lookAtWebServer().file);
/** Arguments, each of which may be an output. */
export type GetTraefikFileOutputArgs = InputsOf<GetTraefikFileArgs>;

const project = () => require("../project") as typeof import("../project");

/**
 * Returns an existing project, found by its id or its name.
 *
 * It is read in every run, including previews. For a project that the same program creates, use the outputs of that
 * resource. To pass outputs as arguments use `getProjectOutput`, whose result also has the shared variables, as the
 * secret `env`.
 *
 * @throws LookupError when no such project exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * export = async () => {
 *   const shop = await dokploy.getProject({ name: "shop" });
 *   new dokploy.Environment("staging", { projectId: shop.projectId, name: "staging" });
 * };
 * ```
 */
export const getProject = plainForm(() => project().project);

/**
 * Returns the result of {@link getProject} as an output, with the secret `env`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 *
 * @example
 * ```ts
 * const shop = dokploy.getProjectOutput({ name: "shop" });
 * new dokploy.Application("api", { environmentId: shop.defaultEnvironmentId, name: "api", source });
 * ```
 */
export const getProjectOutput = outputForm(() => project().project);
/** Arguments, each of which may be an output. */
export type GetProjectOutputArgs = InputsOf<GetProjectArgs>;
