import { Resource } from "@pulumi/pulumi";
import { Application } from "./application";
import { Compose } from "./compose";
import { Environment } from "./environment";
import { ProgramError } from "./program-error";
import { Project } from "./project";

/** What has variables of its own, as a resource of the same program. */
export type Holder = Application | Compose | Project | Environment;

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
  if (target instanceof Application) return { applicationId: target.id };
  if (target instanceof Compose) return { composeId: target.id };
  if (target instanceof Project) return { projectId: target.id };
  if (target instanceof Environment) return { environmentId: target.id };
  throw new ProgramError(
    `${owner}: target is a resource that has no variables of its own: give an Application, a Compose, a Project, an ` +
      "Environment, or an id, such as { applicationId: … }.",
  );
}
