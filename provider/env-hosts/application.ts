import { visible } from "../../packages/text/visible";
import type { Api } from "../dokploy/endpoints";
import type { Service } from "./host";
import { dockerfileOf, expectedOf, scaleOf } from "./running";
import { pendingApply, valuesAround } from "./services";

/** Reads the current state of an application. */
export async function observeApplication(applicationId: string, api: Api): Promise<Service> {
  const row = await api.call("application.one", { applicationId });
  const { name, appName, serverId, env, buildArgs, buildSecrets, createEnvFile } = row;
  const itself = { kind: "application" as const, id: applicationId, name, appName };
  const texts = { env, buildArgs, buildSecrets };
  return {
    ...itself,
    rules: "application",
    label: `application "${visible(name)}" (${applicationId})`,
    status: row.applicationStatus,
    deployments: row.deployments,
    environment: row.environment,
    pendingApply: pendingApply(row.deployments),
    texts,
    values: valuesAround("application", texts, row.environment),
    read: (text) => text,
    withTexts: (changed) => ({
      ...itself,
      serverId,
      dockerfile: dockerfileOf(row),
      expected: expectedOf(scaleOf(row), changed.env ?? env, row.environment),
    }),
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
