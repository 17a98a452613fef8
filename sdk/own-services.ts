import * as pulumi from "@pulumi/pulumi";

/** The arguments of a resource that may deploy other services, with what it has to know for that. */
export function withStackServices<Args extends { redeployReferrers?: unknown }>(args: Args): object {
  return args.redeployReferrers ? { ...args, stackServices: servicesOfStack() } : args;
}

/**
 * The services that the stack has, as `application <environmentId>/<name>`, and those that a block of the stack deploys,
 * as `application/<id>`: so that a change of shared variables leaves their deployment to their own resources.
 */
function servicesOfStack(): Promise<string[]> {
  const run = pulumi.runtime.getStackResource() ?? withoutStack;
  const known = runs.get(run) ?? read();
  runs.set(run, known);
  return known;
}

const runs = new WeakMap<object, Promise<string[]>>();
const withoutStack = {};

async function read(): Promise<string[]> {
  try {
    const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
    const { outputs = {} } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
      stackName,
    })) as { outputs?: Record<string, { outputs?: Record<string, unknown> }> };
    return Object.entries(outputs)
      .flatMap(([urn, { outputs: state = {} }]) => nameOf(urn, state) ?? [])
      .sort();
  } catch (error) {
    // Without it each change deploys the services itself, at worst once more than needed.
    await pulumi.log.debug(
      `The stack's services stay unknown: ${error instanceof Error ? error.message : error}`,
    );
    return [];
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
