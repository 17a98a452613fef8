import * as pulumi from "@pulumi/pulumi";
import { readStackState } from "./stack-state";

/** The arguments of a resource that may deploy other services, with what it has to know for that. */
export function withStackServices<Args extends { redeployReferrers?: unknown }>(args: Args): object {
  return args.redeployReferrers ? { ...args, stackServices: servicesOfStack() } : args;
}

/**
 * The services that the stack has, as `application <environmentId>/<name>`, and those that a block of the stack deploys,
 * as `application/<id>`: so that a change of shared variables leaves their deployment to their own resources.
 */
async function servicesOfStack(): Promise<string[] | undefined> {
  try {
    const services = Object.entries(await readStackState())
      .flatMap(([urn, { outputs = {} }]) => nameOf(urn, outputs) ?? [])
      .sort();
    return services.length > 0 ? services : undefined;
  } catch (error) {
    // Without it each change deploys the services itself, at worst once more than needed.
    await pulumi.log.debug(
      `The stack's services stay unknown: ${error instanceof Error ? error.message : error}`,
    );
    return undefined;
  }
}

function nameOf(urn: string, state: Record<string, unknown>): string | undefined {
  const [, kind] = /pulumi-nodejs:dynamic\/dokploy:(Application|Compose|EnvironmentBlock)::/.exec(urn) ?? [];
  if (kind === "EnvironmentBlock") {
    const [field, id] = Object.entries(Object(state["target"]))[0] ?? [];
    return typeof id === "string" ? `${field?.replace(/Id$/, "")}/${id}` : undefined;
  }
  const { environmentId, name } = state;
  return kind === undefined ? undefined : `${kind.toLowerCase()} ${environmentId}/${name}`;
}
