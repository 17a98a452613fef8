import type { InputsOf, OneOf } from "./arguments";
import { findServiceId } from "./find";
import { type Lookup, later, now, type OutputWithEnv, withEnv } from "./result";

interface ById {
  /** Id of the compose service. It stands in the address of its page in Dokploy. */
  readonly composeId: string;
}
interface InEnvironment {
  /** Name of the compose service, exactly as Dokploy shows it. */
  readonly name: string;
  /** Id of its environment. */
  readonly environmentId: string;
}
interface InProject {
  /** Name of the compose service, exactly as Dokploy shows it. */
  readonly name: string;
  /** Name of its project, exactly as Dokploy shows it. */
  readonly project: string;
  /** Name of its environment. Default: the project's default environment. */
  readonly environment?: string;
}

/** Which compose service: by its id, or by its name and where it is. */
export type GetComposeArgs = OneOf<ById | InEnvironment | InProject>;
/** The same with outputs. */
export type GetComposeOutputArgs = OneOf<InputsOf<ById | InEnvironment | InProject>>;

/** A compose service. */
export interface GetComposeResult {
  readonly composeId: string;
  readonly name: string;
  /** Name inside Docker: the host name under which other services reach it. */
  readonly appName: string;
  /** Undefined when it has none. */
  readonly description: string | undefined;
  /** Status in Dokploy, of its last deployment or of what was done to it since. */
  readonly status: "idle" | "running" | "done" | "error";
  readonly sourceType: "git" | "github" | "gitlab" | "bitbucket" | "gitea" | "raw";
  /** `stack` for a Swarm stack. */
  readonly composeType: "docker-compose" | "stack";
  readonly environmentId: string;
  readonly environmentName: string;
  readonly projectId: string;
  readonly projectName: string;
  /** Names of its variables, sorted. */
  readonly envKeys: readonly string[];
}

const lookup: Lookup<GetComposeArgs, GetComposeResult> = {
  caller: "getCompose",
  sets: [["composeId"], ["name", "environmentId"], ["name", "project", "environment?"]],
  async find(args, reader) {
    const composeId = args.composeId ?? (await findServiceId("compose", args.name, args, reader));
    const row = await reader.read("compose.one", { composeId }, "compose service");
    const { environment } = row;
    return withEnv(
      {
        composeId,
        name: row.name,
        appName: row.appName,
        description: row.description || undefined,
        status: row.composeStatus,
        sourceType: row.sourceType,
        composeType: row.composeType,
        environmentId: row.environmentId,
        environmentName: environment.name,
        projectId: environment.projectId,
        projectName: environment.project.name,
      },
      row.env,
      await reader.rulesOf(row),
    );
  },
};

/**
 * A compose service that exists in Dokploy: by its id, by its name and its environment, or by its name and its
 * project, there in the default environment unless another is named.
 *
 * It is read in every run, also at preview. For a compose service that the same program makes, use the outputs of that
 * resource. With outputs as arguments use `getComposeOutput`, whose result also has the variables, as the secret `env`.
 *
 * @throws LookupError when there is no such compose service, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * export = async () => {
 *   const { composeId } = await dokploy.getCompose({ name: "cache", project: "shop" });
 *   new dokploy.EnvironmentBlock("cache", { target: { composeId }, env: dokploy.loadEnv("envs/prod/cache.yaml") });
 * };
 * ```
 */
export function getCompose(args: GetComposeArgs): Promise<GetComposeResult> {
  return now(lookup, args);
}

/**
 * A compose service that exists in Dokploy, by its id or by its name, each argument of which may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such compose service, or several of the name; the message lists the candidates
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
export function getComposeOutput(args: GetComposeOutputArgs): OutputWithEnv<GetComposeResult> {
  return later(lookup, args);
}
