import * as pulumi from "@pulumi/pulumi";

/** The kinds of resources; state names them, so they are for ever. */
export type Kind = "Project" | "Environment" | "Application" | "Compose" | "EnvironmentBlock" | "Deployment";

/**
 * The text through which Pulumi finds the handlers of a resource. It is part of every state, so it stays small and
 * never changes: no code travels with it, and refresh and destroy run the code that is installed.
 */
function handlersOf(kind: Kind): string {
  return `exports.handler=()=>require("node:module").createRequire(process.cwd()+"/")("pulumi-dokploy/runtime").provider("${kind}")`;
}

/** Options of a resource. `import` takes the id of something that exists in Dokploy and manages it from now on. */
export type ResourceOptions = pulumi.CustomResourceOptions;

/** A resource of Dokploy, kept by handlers of this package instead of a plugin. */
export abstract class DokployResource extends pulumi.CustomResource {
  /**
   * @param outputs names of what the resource has beside its inputs
   */
  protected constructor(
    kind: Kind,
    name: string,
    inputs: object,
    outputs: readonly string[],
    options: ResourceOptions | undefined,
  ) {
    warnOfPlainKey();
    const { import: adopted, ...rest } = options ?? {};
    const properties = {
      ...Object.fromEntries(outputs.map((output) => [output, undefined])),
      ...inputs,
      // Pulumi's own import needs a plugin; the handlers adopt by this input.
      ...(adopted === undefined ? {} : { import: adopted }),
      __provider: handlersOf(kind),
    };
    super(`pulumi-nodejs:dynamic/dokploy:${kind}`, name, properties, rest);
  }
}

const warned = new WeakSet<object>();

/** Once for each run of a program. */
function warnOfPlainKey(): void {
  const { getConfig, getStackResource } = pulumi.runtime;
  const stack = getStackResource();
  if (!stack || warned.has(stack)) return;
  warned.add(stack);
  // The names of secret settings, as the CLI hands them to a program; Pulumi has no public function for it.
  const secretKeys = process.env["PULUMI_CONFIG_SECRET_KEYS"];
  if (secretKeys === undefined || getConfig("dokploy:apiKey") === undefined) return;
  if (secretKeys.includes('"dokploy:apiKey"')) return;
  pulumi.log.warn(
    "dokploy:apiKey stands in the stack's configuration in clear. Set it with `pulumi config set --secret dokploy:apiKey`, " +
      "and make a new key, since this one may be in the repository's history.",
  );
}
