import { APPLICATION_SWARM, type TaskSpec } from "../instance/containers";
import type { ComputedOutcome } from "../instance/deployments";
import { ApiError } from "../instance/errors";
import type { Repository } from "../instance/git";
import { sha } from "../instance/ids";
import { missingNames, pullImage } from "../instance/images";
import type { Instance } from "../instance/instance";
import type { ApplicationRow } from "../instance/rows";
import { simpleLists, takeUp } from "../instance/services";
import { renderTemplate, type TemplateContext } from "../instance/swarm-template";
import type { SwarmConfig } from "../instance/swarm-updates";
import { checkVaults, resolveVariables, type Scope } from "../instance/variables";
import { vaultFor } from "../instance/vault-references";
import { traitsOf } from "../instance/versions";
import { Log } from "./log";
import { fetchSource } from "./source";

/** Computes the outcome of a deployment of an application from its source, image and variables. */
export function buildApplication(
  instance: Instance,
  application: ApplicationRow,
  type: "deploy" | "redeploy",
): ComputedOutcome {
  const log = new Log();
  const scope = scopeOf(instance, application);
  const checkout = instance.checkouts.get(application.applicationId);
  const failed = (text: string, commit: Repository | undefined): ComputedOutcome => ({
    status: "error",
    log: text,
    commit: type === "deploy" ? commit : undefined,
  });

  try {
    const built =
      application.sourceType !== "docker" ? [application.buildArgs, application.buildSecrets] : [];
    checkVaults(scope, application.env, ...built);
  } catch (error) {
    return failed(log.threw(messageOf(error)), checkout);
  }
  if (application.sourceType === "docker") return buildFromImage(instance, application, type, scope, log);

  try {
    // The build command, with all variables in it, is composed before the clone starts.
    for (const text of [application.env, application.buildArgs, application.buildSecrets])
      resolveVariables(text, scope);
  } catch (error) {
    return failed(log.threw(messageOf(error)), checkout);
  }

  let repository = checkout;
  if (type === "deploy") {
    const fetched = fetchSource(instance, application, log);
    if ("failed" in fetched) return failed(fetched.failed, undefined);
    repository = fetched.repository;
    if (repository) instance.checkouts.set(application.applicationId, repository);
  } else if (!repository) {
    const path = `/etc/dokploy/applications/${application.appName}/code/.env`;
    return failed(log.failedCommand(`/bin/sh: 1: cannot create ${path}: Directory nonexistent`), undefined);
  }
  const buildError = buildImage(application, repository, log);
  if (buildError) return failed(buildError, repository);
  instance.builtImages.add(application.applicationId);
  instance.volumes.built(`${application.appName}:latest`, application.applicationId);
  return runInSwarm(instance, application, scope, log, type === "deploy" ? repository : undefined);
}

function buildFromImage(
  instance: Instance,
  application: ApplicationRow,
  type: "deploy" | "redeploy",
  scope: Scope,
  log: Log,
): ComputedOutcome {
  const image = application.dockerImage;
  if (!image) return { status: "error", log: log.threw("Docker image not found") };
  if (type === "deploy") {
    log.add(`Pulling ${image}`);
    const pulled = pullImage(instance.registry, image);
    if ("error" in pulled)
      return { status: "error", log: log.add(pulled.error).failedCommand("❌ Pulling image failed") };
    log.add(
      `${pulled.tag}: Pulling from ${pulled.repository}`,
      `Digest: sha256:${sha("sha256", image)}`,
      `Status: Image is up to date for ${image}`,
      image,
      "✅ Pulling image completed.",
    );
  }
  return runInSwarm(instance, application, scope, log, undefined);
}

const legacyBuilder = [
  "DEPRECATED: The legacy builder is deprecated and will be removed in a future release.",
  "            Install the buildx component to build images with BuildKit:",
  "            https://docs.docker.com/go/buildx/",
  "",
];

/** Builds the image, or returns the log of the failure. */
function buildImage(
  application: ApplicationRow,
  repository: Repository | undefined,
  log: Log,
): string | undefined {
  const { appName, buildType } = application;
  log.add(`Building ${appName}`);
  if (buildType !== "dockerfile") {
    if (repository?.buildError)
      return log.add(repository.buildError).failedCommand(`❌ ${buildType} build failed`);
    log.add(`✅ ${buildType} build completed.`);
    return undefined;
  }
  log.add(...legacyBuilder);
  const dockerfile = application.dockerfile ?? "Dockerfile";
  if (missingNames.includes((dockerfile.split("/").at(-1) ?? "").toLowerCase()))
    return log
      .add(
        `unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat /etc/dokploy/applications/${appName}/code/${dockerfile}: no such file or directory`,
      )
      .failedCommand("❌ Docker build failed");
  log.add("Sending build context to Docker daemon   59.9kB\r\r");
  if (repository?.buildError) return log.add(repository.buildError).failedCommand("❌ Docker build failed");
  log.add(
    `Successfully built ${sha("sha1", repository?.hash ?? appName).slice(0, 12)}`,
    `Successfully tagged ${appName}:latest`,
    "✅ Docker build completed.",
  );
  return undefined;
}

function runInSwarm(
  instance: Instance,
  application: ApplicationRow,
  scope: Scope,
  log: Log,
  commit: Repository | undefined,
): ComputedOutcome {
  try {
    const env = swarmVariables(application.applicationId, application.appName, application.env, scope);
    if (isJob(application)) throw new Error(JOB_REFUSED);
    refuseHealthCheck(application.healthCheckSwarm);
    const text = log.done();
    const replicas = application.replicas;
    const lists = simpleLists(instance, "application", application.applicationId);
    return {
      status: "done",
      log: text,
      commit,
      apply: () => {
        takeUp(instance, application.applicationId, lists);
        instance.containers.update(
          application.applicationId,
          application.appName,
          taskSpecs(application, replicas),
          env,
          { swarm: swarmConfig(application), command: commandOf(application) },
        );
      },
    };
  } catch (error) {
    return { status: "error", log: log.threw(messageOf(error)), commit };
  }
}

/**
 * Emulates `application.reload`: a service update without a build or a record. A tag that does not exist is no error
 * here: Swarm rejects the new task and the old one stays.
 */
export function reloadApplication(instance: Instance, application: ApplicationRow): void {
  const { applicationId, appName } = application;
  let env: Record<string, string>;
  try {
    const scope = scopeOf(instance, application);
    checkVaults(scope, application.env);
    refuseHealthCheck(application.healthCheckSwarm);
    env = swarmVariables(applicationId, appName, application.env, scope);
  } catch {
    application.applicationStatus = "error";
    throw new ApiError("INTERNAL_SERVER_ERROR", "Error reloading application");
  }
  const specs = taskSpecs(application, application.replicas);
  const image = specs[0]?.image ?? `${appName}:latest`;
  const exists =
    application.sourceType === "docker"
      ? !("error" in pullImage(instance.registry, image))
      : instance.builtImages.has(applicationId);
  takeUp(instance, applicationId, simpleLists(instance, "application", applicationId));
  const options = { swarm: swarmConfig(application), command: commandOf(application) };
  if (exists) instance.containers.update(applicationId, appName, specs, env, options);
  else instance.containers.reject(applicationId, appName, specs, `No such image: ${image}`);
  application.applicationStatus = "done";
}

/** Refuses a health check as Docker does when a Swarm service is created or updated. */
export function refuseHealthCheck(check: unknown): void {
  const values = (check ?? {}) as Readonly<Record<string, unknown>>;
  const refuse = (reason: string): never => {
    throw new Error(
      `(HTTP code 400) unexpected - rpc error: code = InvalidArgument desc = ContainerSpec: ${reason} `,
    );
  };
  for (const name of ["Interval", "Timeout", "StartPeriod"]) {
    const { [name]: duration = 0 } = values;
    if (duration !== 0 && Number(duration) < 1e6) refuse(`${name} in HealthConfig cannot be less than 1ms`);
  }
  if (Number(values["Retries"] ?? 0) < 0) refuse("Retries in HealthConfig cannot be negative");
}

/** Returns a service's variables as its containers get them, with expanded templates of Swarm. */
export function swarmVariables(
  serviceId: string,
  appName: string,
  envText: string | null,
  scope: Scope,
): Record<string, string> {
  const env = resolveVariables(envText, scope);
  const context = templateContext(serviceId, appName);
  return Object.fromEntries(
    Object.entries(env).map(([key, value]) => {
      try {
        return [key, renderTemplate(value, context)];
      } catch (error) {
        throw new Error(
          `(HTTP code 400) unexpected - rpc error: code = InvalidArgument desc = expanding env failed: expanding env ${goQuoted(`${key}=${value}`)}: ${messageOf(error)} `,
        );
      }
    }),
  );
}

/** Returns the values that templates in the variables of a Swarm service may use. */
export function templateContext(serviceId: string, serviceName: string): TemplateContext {
  return {
    ".Service.ID": sha("sha1", serviceId).slice(0, 25),
    ".Service.Name": serviceName,
    ".Node.ID": sha("sha1", "node").slice(0, 25),
    ".Node.Hostname": "emulator",
    ".Task.Name": `${serviceName}.1`,
    ".Task.Slot": "1",
  };
}

/** Quotes a text like Go's `%q`. */
export function goQuoted(text: string): string {
  return JSON.stringify(text).replace(/\\u00([0-9a-f]{2})/g, "\\x$1");
}

function taskSpecs(application: ApplicationRow, replicas: number): TaskSpec[] {
  const image =
    application.sourceType === "docker" ? (application.dockerImage ?? "") : `${application.appName}:latest`;
  return Array.from({ length: Math.max(0, replicas) }, (_, index) => ({
    slot: index + 1,
    composeService: undefined,
    image,
  }));
}

/**
 * Returns the application's settings for updates and restarts; missing ones have Docker's default, not Dokploy's.
 */
function swarmConfig({ updateConfigSwarm, restartPolicySwarm }: ApplicationRow): SwarmConfig {
  const update = updateConfigSwarm as { Order?: string; FailureAction?: string } | null;
  const restart = restartPolicySwarm as { Condition?: string; Delay?: number } | null;
  const { updateOrder, failureAction, restartDelayMs } = APPLICATION_SWARM;
  const action = update?.FailureAction;
  return {
    updateOrder: update ? (update.Order === "start-first" ? "start-first" : "stop-first") : updateOrder,
    failureAction: update
      ? action === "rollback" || action === "continue"
        ? action
        : "pause"
      : failureAction,
    restartDelayMs: restart?.Delay === undefined ? restartDelayMs : restart.Delay / 1e6,
    restarts: restart?.Condition !== "none",
  };
}

/** Docker's refusal of a job: Dokploy gives every service an update config. */
const JOB_REFUSED =
  "(HTTP code 400) unexpected - rpc error: code = InvalidArgument desc = Jobs may not have an update config ";

function isJob({ modeSwarm }: ApplicationRow): boolean {
  const mode = modeSwarm as { ReplicatedJob?: object; GlobalJob?: object } | null;
  return mode?.ReplicatedJob !== undefined || mode?.GlobalJob !== undefined;
}

/** Returns the command that replaces the image's own, with its arguments. */
function commandOf({ command, args }: ApplicationRow): string | undefined {
  return command ? [command, ...((args as readonly string[] | null) ?? [])].join(" ") : undefined;
}

/** Returns the texts that a service's variables may refer to. */
export function scopeOf(instance: Instance, service: { readonly environmentId: string }): Scope {
  const environment = instance.environment(service.environmentId);
  return {
    environment: environment.env,
    project: instance.project(environment.projectId).env,
    ...(traitsOf(instance.version).hasVaults ? { vault: vaultFor(instance, environment) } : {}),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
