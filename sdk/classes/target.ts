import { Resource } from "@pulumi/pulumi";
import { refuseNothing } from "../program-checks";
import { type Kind, ProgramError, typeOf } from "../run";
import { Scope } from "./scope";
import { Service } from "./service";

/**
 * Returns the arguments with the target as an id, even if the program gives a resource.
 *
 * @param kind kind of the resource that has the target
 * @throws ProgramError for a resource that cannot be a target
 */
export function byId<Args extends { readonly target: unknown }>(kind: Kind, name: string, args: Args): Args {
  refuseNothing(kind, name, args);
  const { target } = args;
  return Resource.isInstance(target) ? { ...args, target: idOf(`${kind} "${name}"`, target) } : args;
}

function idOf(owner: string, target: Resource): object {
  if (target instanceof Service || target instanceof Scope) {
    // `Postgres` is `postgres` for Dokploy.
    return { [`${kindOf(target).toLowerCase()}Id`]: target.id };
  }
  throw new ProgramError(
    `${owner}: target is a resource without variables: give an Application, a Compose, a database, a Project, an ` +
      "Environment, or an id, such as { applicationId: … }.",
  );
}

/** Returns `Application` for `…:dynamic/dokploy:Application`, since a class may have another name in a bundle. */
function kindOf(resource: Resource): string {
  const type = typeOf(resource);
  return type.slice(type.lastIndexOf(":") + 1);
}
