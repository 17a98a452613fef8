import { parse } from "yaml";
import type { TaskSpec } from "../instance/containers";
import type { ComputedOutcome } from "../instance/deployments";
import { type LookUp, substitute } from "../instance/env-file";
import { pullImage } from "../instance/images";
import type { Instance } from "../instance/instance";
import type { ComposeRow } from "../instance/rows";
import { simpleLists } from "../instance/services";
import { renderTemplate } from "../instance/swarm-template";
import type { SwarmConfig } from "../instance/swarm-updates";
import { goQuoted, scopeOf, templateContext } from "./application";
import {
  type ComposeService,
  type ComposeVariables,
  composeVariables,
  environmentOf,
  envPath,
  wantsDotEnv,
} from "./compose-variables";
import { Log } from "./log";
import { fetchSource } from "./source";

interface ComposeFile {
  readonly services?: Record<string, ComposeService | null>;
  readonly volumes?: Record<string, unknown>;
}

/* Dokploy writes the `.env` with a shell command that contains it in base64; Linux refuses an argument of more than 128 KiB.
The rest of the command needs the allowance. */
const maxArgument = 131_072;
const commandAllowance = 2_048;

/** Computes the outcome of a deployment of a compose service from its file and variables. */
export function buildCompose(
  instance: Instance,
  compose: ComposeRow,
  type: "deploy" | "redeploy",
): ComputedOutcome {
  const { appName, composeId } = compose;
  const log = new Log();
  let repository = instance.checkouts.get(composeId);
  if (compose.sourceType !== "raw" && type === "deploy") {
    const fetched = fetchSource(instance, compose, log);
    if ("failed" in fetched) return { status: "error", log: fetched.failed };
    repository = fetched.repository;
    if (repository) instance.checkouts.set(composeId, repository);
  }
  const commit = type === "deploy" && compose.sourceType !== "raw" ? repository : undefined;
  const failed = (text: string): ComputedOutcome => ({ status: "error", log: text, commit });
  if (compose.sourceType === "raw") log.add("File 'docker-compose.yml' created: ✅");
  writeCode(instance, compose);

  let variables: ComposeVariables;
  try {
    variables = composeVariables(instance, compose, scopeOf(instance, compose));
  } catch (error) {
    return failed(log.threw(error instanceof Error ? error.message : String(error)));
  }
  if (variables.bytes + commandAllowance > maxArgument) return failed(log.failedCommand(""));

  log.add(...box(compose, instance.mountCount(composeId)));
  let file: ComposeFile | null;
  try {
    file = compose.sourceType === "raw" ? (parse(compose.composeFile) as ComposeFile | null) : {};
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return failed(log.failedCommand(`❌ Has occurred an error: ${message}`));
  }
  if (!file) return failed(log.failedCommand("❌ Error: Compose file not found"));

  const services = Object.entries(file.services ?? {});
  // Domains become labels of the containers.
  const lists = simpleLists(instance, "compose", composeId);
  // The emulator does not know the contents of a repository.
  const unserved = compose.sourceType === "raw" ? unservedDomain(lists["domains"], file, compose) : undefined;
  if (unserved) return failed(log.failedCommand(`❌ Has occurred an error: ${unserved}`));
  if (compose.sourceType === "raw" && services.length === 0)
    return failed(log.add("no service selected").failedCommand("Error: ❌ Docker command failed"));
  const commandFailed = (...lines: string[]) =>
    failed(log.add(...lines).failedCommand("Error: ❌ Docker command failed"));
  const { lookUp } = variables;
  if (!compose.createEnvFile && services.some(([, service]) => wantsDotEnv(service?.env_file))) {
    const path = envPath(compose);
    return commandFailed(`env file ${path} not found: stat ${path}: no such file or directory`);
  }
  const reason =
    variables.failure ??
    missingVariable(file, lookUp) ??
    (compose.composeType === "stack" ? undefined : distinctLimit(services));
  if (reason) return commandFailed(reason);
  for (const [name, service] of services) {
    if (!service?.image) continue;
    const pulled = pullImage(instance.registry, substitute(service.image, lookUp));
    if (!("error" in pulled)) continue;
    const reason = pulled.error.replace("Error response from daemon: ", "");
    return commandFailed(` ${name} Pulling `, ` ${name} Error ${reason}`, pulled.error);
  }

  const isStack = compose.composeType === "stack";
  const names = services.length > 0 ? services.map(([name]) => name) : ["app"];
  const specs: TaskSpec[] = [];
  for (const name of names) {
    const service = file.services?.[name] ?? null;
    const env = services.length > 0 ? environmentOf(service, variables) : variables.file;
    const image = substitute(service?.image ?? `${appName}-${name}`, lookUp);
    try {
      specs.push({
        slot: 1,
        composeService: name,
        isStack,
        image,
        env: isStack ? expanded(env, composeId, `${appName}_${name}`) : env,
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return commandFailed(
        `Creating service ${appName}_${name}`,
        `failed to create service ${appName}_${name}: Error response from daemon: rpc error: code = InvalidArgument desc = ${message}`,
      );
    }
  }
  const { mounts: _, ...labels } = lists;
  const fingerprint = JSON.stringify([compose.composeFile, variables.file, specs, repository?.hash, labels]);
  const before = instance.containers.get(composeId);
  const running = before?.tasks.some((task) => task.desired === "running") ?? false;
  log.add(
    ...containerLines(
      appName,
      names,
      file,
      before ? before.fingerprint === fingerprint && running : undefined,
    ),
  );
  log.add("Docker Compose Deployed: ✅");
  return {
    status: "done",
    log: log.done(),
    commit,
    apply: () => {
      instance.takenUp.set(composeId, lists);
      const label = isStack ? "com.docker.stack.namespace" : "com.docker.compose.project";
      for (const name of Object.keys(file.volumes ?? {}))
        instance.volumes.use(`${appName}_${name}`, composeId, `${label}=${appName}`);
      if (!isStack && before && before.fingerprint === fingerprint && running) return;
      instance.containers.update(composeId, appName, specs, variables.file, {
        fingerprint,
        swarm: STACK_SWARM,
      });
    },
  };
}

/**
 * Describes the first enabled domain whose service the file lacks: Dokploy writes the labels before it starts any
 * service.
 */
function unservedDomain(domains: unknown, file: ComposeFile, compose: ComposeRow): string | undefined {
  const suffix =
    compose.randomize && !compose.isolatedDeployment && compose.suffix ? `-${compose.suffix}` : "";
  const names = Object.keys(file.services ?? {}).map((name) => `${name}${suffix}`);
  for (const { host, serviceName, enabled } of domains as Record<string, unknown>[]) {
    if (enabled === false) continue;
    if (!serviceName) return `Domain "${host}" is missing a service name`;
    if (names.includes(String(serviceName))) continue;
    return `Domain "${host}" is attached to service "${serviceName}" which does not exist in the compose`;
  }
  return undefined;
}

/** Writes the folder of the code as a deployment leaves it; files outside of it stay. */
function writeCode(instance: Instance, { composeId, composeFile, sourceType }: ComposeRow): void {
  const folder = instance.folders.get(composeId) ?? new Map<string, string>();
  for (const path of [...folder.keys()]) if (path.startsWith("code/")) folder.delete(path);
  if (sourceType === "raw") folder.set("code/docker-compose.yml", composeFile);
  instance.folders.set(composeId, folder);
}

/** Defaults of `docker stack deploy` for settings that a file lacks. */
const STACK_SWARM: SwarmConfig = { updateOrder: "stop-first", failureAction: "pause", restartDelayMs: 5_000 };

/** Expands Swarm's templates in the variables of a stack's services. */
function expanded(
  env: Readonly<Record<string, string>>,
  composeId: string,
  serviceName: string,
): Record<string, string> {
  const context = templateContext(`${composeId}/${serviceName}`, serviceName);
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      try {
        return [name, renderTemplate(value, context)];
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new Error(`expanding env failed: expanding env ${goQuoted(`${name}=${value}`)}: ${message}`);
      }
    }),
  );
}

/** Returns the error of the first `${NAME:?message}` in the file whose variable is missing. */
function missingVariable(value: unknown, lookUp: LookUp, path: string[] = []): string | undefined {
  if (typeof value === "string") {
    for (const [, name = "", colon, message] of value.matchAll(/\$\{([A-Za-z_]\w*)(:)?\?([^}]*)\}/g)) {
      const given = lookUp(name);
      const set = colon ? given : given !== undefined;
      if (!set)
        return `error while interpolating ${path.join(".")}: required variable ${name} is missing a value: ${message}`;
    }
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = missingVariable(item, lookUp, [...path, Array.isArray(value) ? "[]" : key]);
    if (found) return found;
  }
  return undefined;
}

/** Returns why Docker Compose refuses a service: its limit is not among those of `deploy`, which are then all of them. */
function distinctLimit(services: readonly [string, ComposeService | null][]): string | undefined {
  for (const [name, service] of services) {
    const limits = service?.deploy?.resources?.limits;
    if (!limits) continue;
    for (const [own, among] of [
      ["cpus", "cpus"],
      ["mem_limit", "memory"],
      ["pids_limit", "pids"],
    ] as const)
      if (service[own] !== undefined && limits[among] === undefined)
        return `services.${name}: can't set distinct values on '${own}' and 'deploy.resources.limits.${among}': invalid compose project`;
  }
  return undefined;
}

/** Returns the output of `docker compose up`; `unchanged` is undefined on a first deployment. */
function containerLines(
  appName: string,
  services: readonly string[],
  file: ComposeFile,
  unchanged: boolean | undefined,
): string[] {
  const containers = services.map((name) => `Container ${appName}-${name}-1`);
  if (unchanged) return containers.map((container) => ` ${container}  Running`);
  const steps = (what: string, names: readonly string[]) => names.map((step) => ` ${what}  ${step}`);
  if (unchanged === false)
    return containers.flatMap((container) =>
      steps(container, ["Recreate", "Recreated", "Starting", "Started"]),
    );
  const volumes = Object.keys(file.volumes ?? {}).map((name) => `Volume "${appName}_${name}"`);
  return [
    ...[`Network ${appName}_default`, ...volumes].flatMap((what) => steps(what, ["Creating", "Created"])),
    ...containers.flatMap((container) => steps(container, ["Creating", "Created"])),
    ...containers.flatMap((container) => steps(container, ["Starting", "Started"])),
  ];
}

const boxWidth = 78;

/** Returns the box with the deployment's settings at the top of a compose log. */
function box(compose: ComposeRow, mounts: number): string[] {
  const lines = [
    `App Name: ${compose.appName}`,
    "Build Compose 🐳",
    `Detected: ${mounts} mounts 📂`,
    `Command: docker ${compose.command || defaultCommand(compose)}`,
    `Source Type: docker ${compose.sourceType} ✅`,
    `Compose Type: ${compose.composeType} ✅`,
  ];
  const rule = "═".repeat(boxWidth);
  const row = (line: string) => `║ ${line}${" ".repeat(Math.max(0, boxWidth - 2 - width(line)))} ║`;
  return [`╔${rule}╗`, row(""), ...lines.flatMap((line) => wrap(line).map(row)), row(""), `╚${rule}╝`];
}

function defaultCommand(compose: ComposeRow): string {
  const path = compose.sourceType === "raw" ? "docker-compose.yml" : compose.composePath;
  return compose.composeType === "stack"
    ? `stack deploy -c ${path} ${compose.appName} --prune --with-registry-auth`
    : `compose -p ${compose.appName} -f ${path} up -d --build --remove-orphans`;
}

function wrap(line: string): string[] {
  const rows: string[] = [];
  for (const word of line.split(" ")) {
    const last = rows.at(-1);
    if (last !== undefined && width(last) + 1 + width(word) <= boxWidth - 2)
      rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word);
  }
  return rows;
}

/** Returns the width in columns of a terminal: an emoji takes two. */
function width(line: string): number {
  return [...line].reduce((sum, character) => sum + (/\p{Emoji_Presentation}/u.test(character) ? 2 : 1), 0);
}
