import { z } from "zod";
import { SERVICE_NOUNS, type ServiceName } from "../deploy/service";
import { databaseKinds } from "../dokploy/rows";
import type { EnvDialect } from "../env/codec";
import { isRecord } from "../pulumi/unknown";
import { type Apply, id } from "./fields";

/** The texts of variables that something may have. */
export const textFields = ["env", "buildArgs", "buildSecrets"] as const;
export type Field = (typeof textFields)[number];
export type Texts = Partial<Record<Field, string>>;

export type ServiceKind = ServiceName["kind"];
export type TargetKind = ServiceKind | "project" | "environment";

/** What a kind of target has, and what can be asked of it. */
export interface Traits {
  /** In the words of a person: `compose service`. */
  readonly noun: string;
  readonly texts: readonly Field[];
  /** The rules that its variables at run time follow. */
  readonly rules: EnvDialect;
  /** Ways to make a change effective; none where that is up to others. */
  readonly methods: readonly Exclude<Apply, "none">[];
  /** Whether its deployments have a title and a description. */
  readonly hasRecords: boolean;
}

const shared = { texts: ["env"], rules: "shared", methods: [], hasRecords: false } as const;
/** Its reload starts the container again with the variables of the last deployment. */
const database = { texts: ["env"], rules: "application", methods: ["deploy"], hasRecords: false } as const;

export const traits: Readonly<Record<TargetKind, Traits>> = {
  application: {
    noun: SERVICE_NOUNS.application,
    texts: textFields,
    rules: "application",
    methods: ["deploy", "redeploy", "reload"],
    hasRecords: true,
  },
  compose: {
    noun: SERVICE_NOUNS.compose,
    texts: ["env"],
    rules: "compose",
    methods: ["deploy", "redeploy"],
    hasRecords: true,
  },
  project: { noun: "project", ...shared },
  environment: { noun: "environment", ...shared },
  postgres: { noun: SERVICE_NOUNS.postgres, ...database },
  mysql: { noun: SERVICE_NOUNS.mysql, ...database },
  mariadb: { noun: SERVICE_NOUNS.mariadb, ...database },
  mongo: { noun: SERVICE_NOUNS.mongo, ...database },
  redis: { noun: SERVICE_NOUNS.redis, ...database },
  libsql: { noun: SERVICE_NOUNS.libsql, ...database },
};

export const kinds = Object.keys(traits) as TargetKind[];

const application = z.strictObject({
  /** Id of the application. */
  applicationId: id,
});
const compose = z.strictObject({
  /** Id of the compose service. */
  composeId: id,
});

/** A service with deployments, named by its id: what a `Deployment` works on. */
export const deployedTarget = z.union([application, compose], {
  error: "needs exactly one of applicationId and composeId",
});
export type DeployedTarget = z.infer<typeof deployedTarget>;

/** Something that has variables, named by its id: what an `EnvironmentBlock` works on. */
export const target = z.union(
  [
    application,
    compose,
    z.strictObject({
      /** Id of the project: these are its shared variables, `${{project.NAME}}`. */
      projectId: id,
    }),
    z.strictObject({
      /** Id of the environment: these are its shared variables, `${{environment.NAME}}`. */
      environmentId: id,
    }),
    z.strictObject({
      /** Id of the Postgres database. */
      postgresId: id,
    }),
    z.strictObject({
      /** Id of the MySQL database. */
      mysqlId: id,
    }),
    z.strictObject({
      /** Id of the MariaDB database. */
      mariadbId: id,
    }),
    z.strictObject({
      /** Id of the MongoDB database. */
      mongoId: id,
    }),
    z.strictObject({
      /** Id of the Redis database. */
      redisId: id,
    }),
    z.strictObject({
      /** Id of the libSQL database. */
      libsqlId: id,
    }),
  ],
  { error: `needs exactly one of ${kinds.map((kind) => `${kind}Id`).join(", ")}` },
);
export type Target = z.infer<typeof target>;
/** A service, named by its id. */
export type NamedService = Exclude<Target, { projectId: string } | { environmentId: string }>;

/** `{ composeId: "abc" }` is the kind `compose` and the id `abc`. */
export function kindAndId(of: Target): { kind: TargetKind; id: string } {
  const kind = kindOf(of);
  if (kind === undefined) throw new TypeError("The target names nothing.");
  return { kind, id: (of as Record<string, string>)[`${kind}Id`] ?? "" };
}

/** The kind of what inputs name as their target; undefined where that is not known yet, or not one. */
export function kindOf(of: unknown): TargetKind | undefined {
  if (!isRecord(of)) return undefined;
  const [kind, other] = kinds.filter((candidate) => `${candidate}Id` in of);
  return other === undefined ? kind : undefined;
}

export function isDatabase(kind: TargetKind): kind is (typeof databaseKinds)[number] {
  return (databaseKinds as readonly string[]).includes(kind);
}

export function isShared(kind: TargetKind): kind is "project" | "environment" {
  return kind === "project" || kind === "environment";
}

/** `application/<applicationId>`: the id of what is kept about a target. */
export function pathOf(of: Target): string {
  const { kind, id } = kindAndId(of);
  return `${kind}/${id}`;
}

/** `a compose service`, `an environment` */
export function aOrAn(kind: TargetKind): string {
  const { noun } = traits[kind];
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
