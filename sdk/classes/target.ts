import { Resource } from "@pulumi/pulumi";
import { ProgramError } from "../run/program-error";
import { typeOf } from "../run/pulumi";
import type { Application } from "./application";
import type { Compose } from "./compose";
import { Environment } from "./environment";
import type { LibSql } from "./lib-sql";
import type { MariaDb } from "./maria-db";
import type { Mongo } from "./mongo";
import type { MySql } from "./my-sql";
import type { Postgres } from "./postgres";
import { Project } from "./project";
import type { Redis } from "./redis";
import { Service } from "./service";

/** A resource of the same program that has variables. */
export type Holder =
  | Application
  | Compose
  | Postgres
  | MySql
  | MariaDb
  | Mongo
  | Redis
  | LibSql
  | Project
  | Environment;

/**
 * Returns the arguments with the target as an id, even if the program gives a resource.
 *
 * @param owner name in messages of the resource that has the target, e.g. `EnvironmentBlock "api"`
 * @throws ProgramError for a resource that cannot be a target
 */
export function byId<Args extends { target: unknown }>(owner: string, args: Args): Args {
  const { target } = args;
  if (!Resource.isInstance(target)) return args;
  return { ...args, target: idOf(owner, target) };
}

function idOf(owner: string, target: Resource): object {
  if (target instanceof Service || target instanceof Project || target instanceof Environment) {
    // `Postgres` is `postgres` for Dokploy.
    return { [`${kindOf(target).toLowerCase()}Id`]: target.id };
  }
  throw new ProgramError(
    `${owner}: target is a resource without variables: give an Application, a Compose, a database, a Project, an ` +
      "Environment, or an id, such as { applicationId: … }.",
  );
}

/**
 * Returns `Application` for `pulumi-nodejs:dynamic/dokploy:Application`, since a class may have another name in a
 * bundle.
 */
function kindOf(resource: Resource): string {
  const type = typeOf(resource);
  return type.slice(type.lastIndexOf(":") + 1);
}
