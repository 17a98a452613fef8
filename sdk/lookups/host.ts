import type { DatabaseDefinition } from "../../provider/databases/definition";
import type { ServiceName } from "../../provider/deploy/service";
import type { Output } from "../../provider/dokploy/endpoints";
import type { DatabaseKind } from "../../provider/dokploy/rows";
import type { EnvDialect } from "../../provider/env/codec";
import type { DatabaseClass } from "../classes/database";
import { checkTexts } from "./arguments";
import type * as Finding from "./find";
import type { Lookup, OutputWith } from "./lookup";
import type { Reader } from "./reader";
import { callerOf } from "./words";

/** A result that is known once the arguments are; its variables are secret. */
export type OutputWithEnv<Result> = OutputWith<Result, WithEnv>;
interface WithEnv {
  /** The variables with their values, as a secret. */
  readonly env: Record<string, string>;
}

/** What finds something by names: loaded with the first lookup. */
export const finding = (): typeof Finding => require("./find") as typeof Finding;

type HostKind = ServiceKind | "project" | "environment";
type Row<Kind extends HostKind> = Output<`${Kind}.one`>;
type Id<Kind extends HostKind> = `${Kind}Id`;
/** What the result of each has. */
type Common<Kind extends HostKind> = Id<Kind> | "name" | "description" | "envKeys";

interface HostSpec<Kind extends HostKind, Args, Result> {
  readonly kind: Kind;
  /** The name of the function. Default: of the kind. */
  readonly caller?: string;
  /** The sets of arguments beside the one that is the id. */
  readonly sets: readonly (readonly string[])[];
  /** The id, where the arguments do not give it. */
  idOf(args: Exclude<Args, { readonly [Name in Id<Kind>]: string }>, reader: Reader): Promise<string>;
  /** What the result tells beside id, name, description and names of variables. */
  tell(row: Row<Kind>): Omit<Result, Common<Kind>>;
  /** The rules that its variables follow. */
  dialect(row: Row<Kind>, reader: Reader): EnvDialect | Promise<EnvDialect>;
  /** What is secret beside the variables: the names, and what a row has of them. */
  readonly hidden?: readonly string[];
  hide?(row: Row<Kind>, reader: Reader): object;
}

/** What looks up something that has variables: by its id, or by names. */
export function hostLookup<
  Kind extends HostKind,
  Args extends object,
  Result,
  Secrets extends object = WithEnv,
>(spec: HostSpec<Kind, Args, Result>): Lookup<Args, Result, Secrets> {
  const { kind, hidden = [] } = spec;
  const idName: Id<Kind> = `${kind}Id`;
  return {
    caller: spec.caller ?? callerOf(kind),
    sets: [[idName], ...spec.sets],
    secrets: ["env", ...hidden] as (keyof Secrets & string)[],
    async find(args, reader) {
      checkTexts(args);
      const given = (args as Partial<Record<string, string>>)[idName];
      const id = given ?? (await spec.idOf(args as never, reader));
      const row = (await reader.read(
        `${kind}.one`,
        { [idName]: id } as never,
        finding().nouns[kind],
      )) as Row<Kind>;
      const { readEnv } = require("../../provider/env/codec") as typeof import("../../provider/env/codec");
      const env = readEnv(row.env, await spec.dialect(row, reader));
      const result = {
        [idName]: id,
        name: row.name,
        description: row.description || undefined,
        ...spec.tell(row),
        envKeys: Object.keys(env).sort(),
      };
      return {
        result: result as Result,
        secrets: { env, ...spec.hide?.(row, reader) } as unknown as Secrets,
      };
    },
  };
}

/** Which service: by its id, or by its name and where it is. */
export type ServiceBy<Kind extends "application" | "compose"> = Pick<ServiceIds, Id<Kind>> | ByName;
/** Which service: by its name and where it is. */
export type ByName = InEnvironment | InProject;
type ServiceKind = ServiceName["kind"];

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

/** Which environment: by its id, or by the name of its project. */
export type Place = Omit<InEnvironment, "name"> | Omit<InProject, "name">;

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
export function serviceLookup<
  Kind extends ServiceKind,
  Args extends object,
  Result extends ServiceResult,
  Secrets extends object = WithEnv,
>(
  kind: Kind,
  {
    tell,
    ...spec
  }: {
    /** What the result tells beside what it does of every service. */
    tell(row: Row<Kind>): Omit<Result, keyof ServiceResult | Id<Kind>> & Pick<Result, "status">;
  } & Pick<HostSpec<Kind, Args, Result>, "caller" | "dialect" | "hidden" | "hide">,
): Lookup<Args, Result, Secrets> {
  return hostLookup<Kind, Args, Result, Secrets>({
    ...spec,
    kind,
    sets: [
      ["name", "environmentId"],
      ["name", "project", "environment?"],
    ],
    idOf: (args, reader) => {
      const place = args as Finding.ServicePlace & { readonly name: string };
      return finding().findServiceId(kind, place.name, place, reader);
    },
    tell: (row) => {
      const { appName, environmentId, environment } = row;
      const { projectId, project } = environment;
      const told = { appName, environmentId, environmentName: environment.name, projectId };
      return { ...told, projectName: project.name, ...tell(row) } as never;
    },
  });
}

/** What is secret of every database. */
export interface DatabaseAddresses extends WithEnv {
  /** The address inside Docker, with the login. */
  readonly connectionUrl: string;
  /** The address of the published port, with the login; undefined without one. */
  readonly externalUrl: string | undefined;
}

/** What lists the databases of an environment. */
export function databasesLookup<Args extends object, Result>(): Lookup<Args, readonly Result[]> {
  return {
    caller: "getDatabases",
    sets: [["environmentId"], ["project", "environment?"]],
    secrets: [],
    async find(args, reader) {
      checkTexts(args);
      const databases = await finding().databasesOf(args as unknown as Finding.ServicePlace, reader);
      return { result: databases as unknown as Result[], secrets: {} };
    },
  };
}

/**
 * What looks up a database. All that it knows of the kind, it has from the definition, which is loaded with the first lookup.
 *
 * @param secrets the names of what its definition shows as a secret
 */
export function databaseLookup<Args extends object, Result extends ServiceResult, Secrets extends WithEnv>(
  kind: DatabaseClass,
  definition: () => Pick<DatabaseDefinition<never>, "shown">,
  secrets: readonly Exclude<keyof Secrets & string, "env">[],
): Lookup<Args, Result, Secrets> {
  return serviceLookup<DatabaseKind, Args, Result, Secrets>(kind.toLowerCase() as DatabaseKind, {
    caller: callerOf(kind),
    tell: (row) => {
      const { name: _, ...inputs } = definition().shown(row, undefined).inputs;
      return { ...inputs, status: row.applicationStatus } as never;
    },
    dialect: () => "application",
    hidden: secrets,
    hide: (row, reader) => definition().shown(row, reader.address).secrets,
  });
}
