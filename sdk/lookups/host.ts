import type { ServiceName } from "../../provider/deploy";
import type { DatabaseKind, Output } from "../../provider/dokploy";
import { type EnvDialect, readEnv } from "../../provider/env";
import type { DatabaseDefinition } from "../../provider/resources";
import type { DatabaseClass } from "../classes";
import { checkTexts } from "./arguments";
import { databasesOf, findServiceId, nouns, type ServicePlace } from "./find";
import { type Lookup, type OutputWith, openLookup } from "./lookup";
import type { Reader } from "./reader";
import { callerOf } from "./words";

/** A result that is known once the arguments are, with its variables as a secret. */
export type OutputWithEnv<Result> = OutputWith<Result, WithEnv>;
export interface WithEnv {
  /** Variables with their values. Secret. */
  readonly env: Record<string, string>;
}

type HostKind = ServiceKind | "project" | "environment";
type Row<Kind extends HostKind> = Output<`${Kind}.one`>;
type Id<Kind extends HostKind> = `${Kind}Id`;
/** Properties that every result has. */
type Common<Kind extends HostKind> = Id<Kind> | "name" | "description" | "envKeys";

interface HostSpec<Kind extends HostKind, Args, Result> {
  readonly kind: Kind;
  /** Name of the function. Default: by the kind. */
  readonly caller?: string;
  /** Sets of arguments in addition to the one with the id. */
  readonly sets: readonly (readonly string[])[];
  /** Returns the id when the arguments do not give it. */
  idOf(args: Exclude<Args, { readonly [Name in Id<Kind>]: string }>, reader: Reader): Promise<string>;
  /** Returns the properties of the result other than id, name, description and names of variables. */
  report(row: Row<Kind>): Omit<Result, Common<Kind>>;
  /** Returns the rules that its variables follow. */
  dialect(row: Row<Kind>, reader: Reader): EnvDialect | Promise<EnvDialect>;
  /** Names of its secrets other than the variables. */
  readonly hidden?: readonly string[];
  /** Returns the values of these secrets. */
  hide?(row: Row<Kind>, reader: Reader): object;
}

/** Makes a lookup of an object that has variables, by its id or by names. */
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
      const row = (await reader.read(`${kind}.one`, { [idName]: id } as never, nouns[kind])) as Row<Kind>;
      const env = readEnv(row.env, await spec.dialect(row, reader));
      const result = {
        [idName]: id,
        name: row.name,
        description: row.description || undefined,
        ...spec.report(row),
        envKeys: Object.keys(env).sort(),
      };
      return {
        result: result as Result,
        secrets: { env, ...spec.hide?.(row, reader) } as unknown as Secrets,
      };
    },
  };
}

/** Arguments that name a service: its id, or its name and place. */
export type ServiceBy<Kind extends "application" | "compose"> = Pick<ServiceIds, Id<Kind>> | ByName;
/** Arguments that name a service: its name and place. */
export type ByName = InEnvironment | InProject;
type ServiceKind = ServiceName["kind"];

interface ServiceIds {
  /** Id of the application, which is part of the address of its page in Dokploy. */
  readonly applicationId: string;
  /** Id of the compose service, which is part of the address of its page in Dokploy. */
  readonly composeId: string;
}
interface InEnvironment {
  /** Name of the service, exactly as Dokploy shows it. */
  readonly name: string;
  /** Id of the environment. */
  readonly environmentId: string;
}
interface InProject {
  /** Name of the service, exactly as Dokploy shows it. */
  readonly name: string;
  /** Name of the project, exactly as Dokploy shows it. */
  readonly project: string;
  /** Name of the environment. Default: the project's default environment. */
  readonly environment?: string;
}

/** Arguments that name an environment: its id, or the name of its project. */
export type Place = Omit<InEnvironment, "name"> | Omit<InProject, "name">;

/** Properties that every service has. */
export interface ServiceResult {
  /** Name of the service. */
  readonly name: string;
  /** Name inside Docker: the host name under which other services reach it. */
  readonly appName: string;
  /** Description in Dokploy; undefined when it has none. */
  readonly description: string | undefined;
  /** Status in Dokploy, of the last deployment or of a later action. */
  readonly status: "idle" | "running" | "done" | "error";
  /** Id of the environment. */
  readonly environmentId: string;
  /** Name of the environment. */
  readonly environmentName: string;
  /** Id of the project. */
  readonly projectId: string;
  /** Name of the project. */
  readonly projectName: string;
  /** Names of the variables, sorted. */
  readonly envKeys: readonly string[];
}

/** Makes a lookup of a service. */
export function serviceLookup<
  Kind extends ServiceKind,
  Args extends object,
  Result extends ServiceResult,
  Secrets extends object = WithEnv,
>(
  kind: Kind,
  {
    report,
    ...spec
  }: {
    /** Returns the properties of the result that not every service has. */
    report(row: Row<Kind>): Omit<Result, keyof ServiceResult | Id<Kind>> & Pick<Result, "status">;
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
      const place = args as ServicePlace & { readonly name: string };
      return findServiceId(kind, place.name, place, reader);
    },
    report: (row) => {
      const { appName, environmentId, environment } = row;
      const { projectId, project } = environment;
      const reported = { appName, environmentId, environmentName: environment.name, projectId };
      return { ...reported, projectName: project.name, ...report(row) } as never;
    },
  });
}

/** Secrets that every database has. */
export interface DatabaseAddresses extends WithEnv {
  /** Address inside Docker, with the login. */
  readonly connectionUrl: string;
  /** Address of the published port, with the login; undefined when no port is published. */
  readonly externalUrl: string | undefined;
}

/** Makes a lookup that lists the databases of an environment. */
export function databasesLookup<Args extends object, Result>(): Lookup<Args, readonly Result[]> {
  return openLookup(
    "getDatabases",
    [["environmentId"], ["project", "environment?"]],
    async (args, reader) => {
      checkTexts(args);
      const databases = await databasesOf(args as unknown as ServicePlace, reader);
      return databases as unknown as Result[];
    },
  );
}

/**
 * Makes a lookup of a database. Everything about its kind comes from the definition, which is loaded with the first
 * lookup.
 *
 * @param secrets names of the properties that its definition shows as secrets
 */
export function databaseLookup<Args extends object, Result extends ServiceResult, Secrets extends WithEnv>(
  kind: DatabaseClass,
  definition: () => Pick<DatabaseDefinition<never>, "shown">,
  secrets: readonly Exclude<keyof Secrets & string, "env">[],
): Lookup<Args, Result, Secrets> {
  return serviceLookup<DatabaseKind, Args, Result, Secrets>(kind.toLowerCase() as DatabaseKind, {
    caller: callerOf(kind),
    report: (row) => {
      const { name: _, ...inputs } = definition().shown(row, undefined).inputs;
      return { ...inputs, status: row.applicationStatus } as never;
    },
    dialect: () => "application",
    hidden: secrets,
    hide: (row, reader) => definition().shown(row, reader.address).secrets,
  });
}
