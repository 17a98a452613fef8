import { visible } from "../../packages/text/visible";
import { dialectOf } from "../dokploy/dialect";
import type { Api } from "../dokploy/endpoints";
import { UserError } from "../errors/problem";
import type { Service } from "./host";
import { expectedOfStack } from "./running";
import { pendingApply, valuesAround } from "./services";

/** Reads the current state of a compose service. */
export async function observeCompose(composeId: string, api: Api): Promise<Service> {
  const row = await api.call("compose.one", { composeId });
  const { name, appName, serverId, composeType, env } = row;
  const dialect = await dialectOf(api);
  const isStack = composeType === "stack";
  const stackFile = row.sourceType === "raw" ? row.composeFile : undefined;
  const itself = { kind: "compose" as const, id: composeId, name, appName };
  return {
    ...itself,
    rules: dialect(isStack ? "stack" : "compose"),
    stackFile,
    label: `compose service "${visible(name)}" (${composeId})`,
    status: row.composeStatus,
    deployments: row.deployments,
    environment: row.environment,
    pendingApply: pendingApply(row.deployments),
    texts: { env, buildArgs: undefined, buildSecrets: undefined },
    values: valuesAround("compose", { env }, row.environment),
    read: (text) => text,
    withTexts: (texts) => ({
      ...itself,
      serverId,
      composeType,
      ...(isStack && stackFile !== undefined
        ? { expected: expectedOfStack(stackFile, row.createEnvFile, texts.env ?? env, row.environment) }
        : {}),
    }),
    async save(texts) {
      if (texts.env === undefined) return;
      // An unknown id gives an empty 200, which must not count as a saved text.
      const saved = await api.call("compose.update", { composeId, env: texts.env });
      if (!saved)
        throw new UserError(`The compose service "${visible(name)}" (${composeId}) was deleted meanwhile.`);
    },
  };
}
