import { Resource } from "@pulumi/pulumi";
import { ProgramError } from "../run/program-error";
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

/** What has variables of its own, as a resource of the same program. */
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
 * A target by its id: where the program names a resource, the id of that.
 *
 * @param owner how messages call the resource that has the target, e.g. `EnvironmentBlock "api"`
 * @throws ProgramError for a resource that is no target
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
    `${owner}: target is a resource that has no variables of its own: give an Application, a Compose, a database, a Project, ` +
      "an Environment, or an id, such as { applicationId: … }.",
  );
}

/** `Application` of `pulumi-nodejs:dynamic/dokploy:Application`: a class may have another name in a bundle. */
function kindOf(resource: Resource): string {
  const { __pulumiType: type } = resource as unknown as { __pulumiType: string };
  return type.slice(type.lastIndexOf(":") + 1);
}
