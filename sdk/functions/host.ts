import type { Output } from "../../provider/dokploy/endpoints";
import type { EnvDialect } from "../../provider/env/codec";
import { checkTexts } from "./arguments";
import { findServiceId, nouns, type ServicePlace } from "./find";
import type { Lookup, OutputWith } from "./lookup";
import type { Reader } from "./reader";
import { callerOf } from "./words";

/** A result that is known once the arguments are; its variables are secret. */
export type OutputWithEnv<Result> = OutputWith<
  Result,
  {
    /** The variables with their values, as a secret. */
    env: Record<string, string>;
  }
>;

type HostKind = keyof typeof nouns;
type Row<Kind extends HostKind> = Output<`${Kind}.one`>;
type Id<Kind extends HostKind> = `${Kind}Id`;
/** What the result of each has. */
type Common<Kind extends HostKind> = Id<Kind> | "name" | "description" | "envKeys";

interface HostSpec<Kind extends HostKind, Args, Result> {
  readonly kind: Kind;
  /** The sets of arguments beside the one that is the id. */
  readonly sets: readonly (readonly string[])[];
  /** The id, where the arguments do not give it. */
  idOf(args: Exclude<Args, { readonly [Name in Id<Kind>]: string }>, reader: Reader): Promise<string>;
  /** What the result tells beside id, name, description and names of variables. */
  tell(row: Row<Kind>): Omit<Result, Common<Kind>>;
  /** The rules that its variables follow. */
  dialect(row: Row<Kind>, reader: Reader): EnvDialect | Promise<EnvDialect>;
}

/** What looks up something that has variables: by its id, or by names. */
export function hostLookup<Kind extends HostKind, Args extends object, Result>(
  spec: HostSpec<Kind, Args, Result>,
): Lookup<Args, Result, { env: Record<string, string> }> {
  const { kind } = spec;
  const idName: Id<Kind> = `${kind}Id`;
  return {
    caller: callerOf(kind),
    sets: [[idName], ...spec.sets],
    secrets: ["env"],
    async find(args, reader) {
      checkTexts(args);
      const given = (args as Partial<Record<string, string>>)[idName];
      const id = given ?? (await spec.idOf(args as never, reader));
      const row = (await reader.read(`${kind}.one`, { [idName]: id } as never, nouns[kind])) as Row<Kind>;
      const { readEnv } = require("../../provider/env/codec") as typeof import("../../provider/env/codec");
      const env = readEnv(row.env, await spec.dialect(row, reader));
      const result = {
        [idName]: id,
        name: row.name,
        description: row.description || undefined,
        ...spec.tell(row),
        envKeys: Object.keys(env).sort(),
      };
      return { result: result as Result, secrets: { env } };
    },
  };
}

/** Which service: by its id, or by its name and where it is. */
export type ServiceBy<Kind extends ServiceKind> = Pick<ServiceIds, Id<Kind>> | InEnvironment | InProject;
type ServiceKind = "application" | "compose";

interface ServiceIds {
  /** Id of the application. It stands in the address of its page in Dokploy. */
  readonly applicationId: string;
  /** Id of the compose service. It stands in the address of its page in Dokploy. */
  readonly composeId: string;
}
interface InEnvironment {
  /** Name of the service, exactly as Dokploy shows it. */
  readonly name: string;
  /** Id of its environment. */
  readonly environmentId: string;
}
interface InProject {
  /** Name of the service, exactly as Dokploy shows it. */
  readonly name: string;
  /** Name of its project, exactly as Dokploy shows it. */
  readonly project: string;
  /** Name of its environment. Default: the project's default environment. */
  readonly environment?: string;
}

/** What is told of every service. */
export interface ServiceResult {
  readonly name: string;
  /** Name inside Docker: the host name under which other services reach it. */
  readonly appName: string;
  /** Undefined when it has none. */
  readonly description: string | undefined;
  /** Status in Dokploy, of its last deployment or of what was done to it since. */
  readonly status: "idle" | "running" | "done" | "error";
  readonly environmentId: string;
  readonly environmentName: string;
  readonly projectId: string;
  readonly projectName: string;
  /** Names of its variables, sorted. */
  readonly envKeys: readonly string[];
}

/** What looks up a service. */
export function serviceLookup<Kind extends ServiceKind, Args extends object, Result extends ServiceResult>(
  kind: Kind,
  {
    tell,
    dialect,
  }: {
    /** What the result tells beside what it does of every service. */
    tell(row: Row<Kind>): Omit<Result, keyof ServiceResult | Id<Kind>> & Pick<Result, "status">;
    dialect: HostSpec<Kind, Args, Result>["dialect"];
  },
): Lookup<Args, Result, { env: Record<string, string> }> {
  return hostLookup<Kind, Args, Result>({
    kind,
    sets: [
      ["name", "environmentId"],
      ["name", "project", "environment?"],
    ],
    idOf: (args, reader) => {
      const place = args as ServicePlace & { readonly name: string };
      return findServiceId(kind, place.name, place, reader);
    },
    tell: (row) => {
      const { appName, environmentId, environment } = row;
      const { projectId, project } = environment;
      const told = { appName, environmentId, environmentName: environment.name, projectId };
      return { ...told, projectName: project.name, ...tell(row) } as never;
    },
    dialect,
  });
}
