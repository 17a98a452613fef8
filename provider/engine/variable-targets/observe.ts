import { visible } from "../../../packages/text";
import { type Api, callDatabase, type DatabaseKind, dialectOf } from "../../dokploy";
import type { EnvDialect } from "../../env";
import { UserError } from "../../errors";
import { type ServiceKind, type TargetKind, traits } from "../../schema";
import type { Service, SharedVariables, VariableTarget } from "./host";
import { ownVariables, targetToWatch } from "./running";
import { pendingApply, valuesInRow } from "./services";

/** Reads the current state of an object. */
export async function observeKind(kind: ServiceKind, id: string, api: Api): Promise<Service>;
export async function observeKind(kind: TargetKind, id: string, api: Api): Promise<VariableTarget>;
export async function observeKind(kind: TargetKind, id: string, api: Api): Promise<VariableTarget> {
  switch (kind) {
    case "application":
      return await observeApplication(id, api);
    case "compose":
      return await observeCompose(id, api);
    case "project": {
      const row = await api.call("project.one", { projectId: id });
      const write = (env: string) => api.call("project.update", { projectId: id, env });
      return sharedVariables(kind, id, row, `project "${visible(row.name)}"`, write);
    }
    case "environment": {
      const row = await api.call("environment.one", { environmentId: id });
      const label = `environment "${visible(row.name)}" of project "${visible(row.project.name)}"`;
      // Nothing else: Dokploy refuses the name of a default environment, changed or not.
      const write = (env: string) => api.call("environment.update", { environmentId: id, env });
      return sharedVariables(kind, id, row, label, write);
    }
    default:
      return await observeDatabase(kind, id, api);
  }
}

async function observeApplication(applicationId: string, api: Api): Promise<Service> {
  const row = await api.call("application.one", { applicationId });
  const { name, appName, env, buildArgs, buildSecrets, createEnvFile } = row;
  const itself = { kind: "application" as const, id: applicationId, name, appName };
  const texts = { env, buildArgs, buildSecrets };
  return {
    ...itself,
    rules: rulesOf("application"),
    label: `application "${visible(name)}" (${applicationId})`,
    status: row.applicationStatus,
    deployments: row.deployments,
    environment: row.environment,
    pendingApply: pendingApply(row.deployments),
    texts,
    values: valuesInRow("application", row),
    read: (text) => text,
    withTexts: (changed) => targetToWatch("application", applicationId, { ...row, ...changed }),
    async save(changed) {
      if (Object.keys(changed).length === 0) return;
      // Dokploy requires all five: texts that the block does not own are sent back unchanged.
      await api.call("application.saveEnvironment", {
        applicationId,
        env,
        buildArgs,
        buildSecrets,
        createEnvFile,
        ...changed,
      });
    },
  };
}

async function observeCompose(composeId: string, api: Api): Promise<Service> {
  const row = await api.call("compose.one", { composeId });
  const { name, appName, composeType, env } = row;
  const dialect = await dialectOf(api);
  const isStack = composeType === "stack";
  const stackFile = row.sourceType === "raw" ? row.composeFile : undefined;
  const itself = { kind: "compose" as const, id: composeId, name, appName };
  return {
    ...itself,
    rules: rulesOf(dialect(isStack ? "stack" : "compose")),
    stackFile,
    label: `compose service "${visible(name)}" (${composeId})`,
    status: row.composeStatus,
    deployments: row.deployments,
    environment: row.environment,
    pendingApply: pendingApply(row.deployments),
    texts: onlyEnv(env),
    values: valuesInRow("compose", row),
    read: (text) => text,
    withTexts: (texts) => targetToWatch("compose", composeId, { ...row, ...texts }),
    async save(texts) {
      if (texts.env === undefined) return;
      // An unknown id gives an empty 200, which must not count as a saved text.
      const saved = await api.call("compose.update", { composeId, env: texts.env });
      if (!saved)
        throw new UserError(`The compose service "${visible(name)}" (${composeId}) was deleted meanwhile.`);
    },
  };
}

async function observeDatabase(kind: DatabaseKind, id: string, api: Api): Promise<Service> {
  const row = await callDatabase(api, kind, id, "one", {});
  const { name, appName, env, applicationStatus: status } = row;
  const itself = { kind, id, name, appName };
  return {
    ...itself,
    rules: rulesOf(traits[kind].rules),
    label: `${traits[kind].noun} "${visible(name)}" (${id})`,
    status,
    deployments: [],
    environment: row.environment,
    // A stopped database is idle, like one that was never deployed.
    pendingApply: status === "error" || status === "running" ? "deploy" : "none",
    texts: onlyEnv(env),
    values: valuesInRow(kind, row),
    read: (text) => ownVariables(kind, row, text),
    withTexts: (texts) => targetToWatch(kind, id, { ...row, ...texts }),
    async save(texts) {
      if (texts.env !== undefined) await callDatabase(api, kind, id, "saveEnvironment", { env: texts.env });
    },
  };
}

function sharedVariables(
  kind: SharedVariables["kind"],
  id: string,
  { name, env }: { name: string; env: string | null },
  label: string,
  write: (env: string) => Promise<unknown>,
): SharedVariables {
  return {
    kind,
    id,
    name,
    label: `${label} (${id})`,
    rules: rulesOf("shared"),
    texts: onlyEnv(env),
    async save(texts) {
      if (texts.env !== undefined) await write(texts.env);
    },
  };
}

function onlyEnv(env: string | null): Service["texts"] {
  return { env, buildArgs: undefined, buildSecrets: undefined };
}

/** Returns the dialects of the texts of an object. */
function rulesOf(env: EnvDialect): VariableTarget["rules"] {
  return { env, buildArgs: "build", buildSecrets: "secret" };
}
