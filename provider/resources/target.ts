import { z } from "zod";
import type { Api } from "../dokploy/endpoints";
import { isGone } from "../dokploy/errors";
import type { DeploymentRow, ServiceStatus } from "../dokploy/rows";
import { readEnv } from "../env/codec";
import { ProblemError } from "../lifecycle";
import { ExpectedError } from "../problem";
import { id } from "../schema";
import type { ServiceTarget } from "./deployable";
import type { Shared } from "./foresight";
import { expectedOf, scaleOf } from "./running";

/** A service that exists already, named by its id: what an `EnvironmentBlock` and a `Deployment` work on. */
export const target = z.union(
  [
    z.strictObject({
      /** Id of the application. */
      applicationId: id,
    }),
    z.strictObject({
      /** Id of the compose service. */
      composeId: id,
    }),
  ],
  { error: "needs exactly one of applicationId and composeId" },
);
export type Target = z.infer<typeof target>;

/** The texts of variables that a service has; a compose service has only `env`. */
export const textFields = ["env", "buildArgs", "buildSecrets"] as const;
export type Texts = Partial<Record<(typeof textFields)[number], string>>;

/** The service as it is now: its texts, and how to write them. */
export interface Service extends ServiceTarget {
  /** `application "web" (id)`. */
  label: string;
  status: ServiceStatus;
  deployments: DeploymentRow[];
  environment: Shared;
  texts: Record<keyof Texts, string | null | undefined>;
  /** The same service, with what its containers should have once these texts are applied. */
  withTexts(texts: Texts): ServiceTarget;
  /** Writes those of the texts that are given; nothing when there are none. */
  save(texts: Texts): Promise<void>;
}

export function serviceOf(of: Target): { kind: "application" | "compose"; id: string } {
  return "applicationId" in of
    ? { kind: "application", id: of.applicationId }
    : { kind: "compose", id: of.composeId };
}

/** Every value that a build of the service may print, whoever owns it: of its own texts, and of the shared ones. */
export function valuesAround(
  kind: "application" | "compose",
  texts: Partial<Service["texts"]>,
  shared: Shared,
): string[] {
  const own = textFields.map((field) => readEnv(texts[field] ?? "", field === "env" ? kind : "build"));
  const around = [shared.env, shared.project.env].map((text) => readEnv(text ?? "", "shared"));
  return [...own, ...around].flatMap((env) => Object.values(env));
}

/** `application/<applicationId>`: the id of what is kept about a service. */
export function pathOf(of: Target): string {
  const { kind, id } = serviceOf(of);
  return `${kind}/${id}`;
}

/** @throws ProblemError when the service is not there */
export async function existing(of: Target, api: Api): Promise<Service> {
  const found = await observe(of, api);
  if (found) return found;
  const { kind, id } = serviceOf(of);
  const noun = kind === "application" ? "application" : "compose service";
  throw new ProblemError([
    { property: `target.${kind}Id`, reason: `Dokploy has no ${noun} ${id} (or this key may not see it)` },
  ]);
}

/** The service; undefined when it is not there. */
export async function observe(of: Target, api: Api): Promise<Service | undefined> {
  try {
    return "applicationId" in of
      ? await application(of.applicationId, api)
      : await compose(of.composeId, api);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

async function application(applicationId: string, api: Api): Promise<Service> {
  const row = await api.call("application.one", { applicationId });
  const { name, appName, serverId, env, buildArgs, buildSecrets, createEnvFile } = row;
  const itself = { kind: "application" as const, id: applicationId, name, appName, serverId };
  return {
    ...itself,
    label: `application "${name}" (${applicationId})`,
    status: row.applicationStatus,
    deployments: row.deployments,
    environment: row.environment,
    texts: { env, buildArgs, buildSecrets },
    withTexts: (texts) => ({
      ...itself,
      expected: expectedOf(scaleOf(row), texts.env ?? env, row.environment),
    }),
    async save(texts) {
      if (Object.keys(texts).length === 0) return;
      // All five or nothing: what the block does not own is sent back as it was read.
      await api.call("application.saveEnvironment", {
        applicationId,
        env,
        buildArgs,
        buildSecrets,
        createEnvFile,
        ...texts,
      });
    },
  };
}

async function compose(composeId: string, api: Api): Promise<Service> {
  const row = await api.call("compose.one", { composeId });
  const { name, appName, serverId, composeType, env } = row;
  const itself = { kind: "compose" as const, id: composeId, name, appName, serverId, composeType };
  return {
    ...itself,
    label: `compose service "${name}" (${composeId})`,
    status: row.composeStatus,
    deployments: row.deployments,
    environment: row.environment,
    texts: { env, buildArgs: undefined, buildSecrets: undefined },
    withTexts: () => itself,
    async save(texts) {
      if (texts.env === undefined) return;
      // An unknown id gives an empty 200, which must not pass for a saved text.
      const saved = await api.call("compose.update", { composeId, env: texts.env });
      if (!saved)
        throw new ExpectedError(`The compose service "${name}" (${composeId}) was deleted meanwhile.`);
    },
  };
}
