import * as pulumi from "@pulumi/pulumi";
import { type ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { UserError } from "../provider/errors";
import { engineAddress, pluginPackage, pluginPrefix } from "../provider/pulumi";
import { DeploymentRepository, type DeploymentRepositoryArgs } from "../sdk/repository";
import { answered, noteSecret, outputValue, workInside } from "../sdk/run";
import { WebApp, type WebAppArgs } from "../sdk/web-app";
import { type Configuration, stackConfiguration } from "./configuration";
import { connectRuntime, inOwnRuntime, inputsOf, membersOf } from "./pulumi";
import { failingWithOthers } from "./rejections";

/**
 * Creates a component with its resources, as a Node.js program would, in this process.
 *
 * @param version version of this plugin, which manages the resources
 * @throws UserError for a component that this version does not have
 */
export function construct(
  request: ConstructRequest,
  configuration: Configuration,
  version: string,
): Promise<ConstructResponse> {
  return inOwnRuntime(() => failingWithOthers(() => constructed(request, configuration, version)));
}

async function constructed(
  request: ConstructRequest,
  configuration: Configuration,
  version: string,
): Promise<ConstructResponse> {
  const type = request.getType();
  const make = type.startsWith(pluginPrefix) ? components.get(type.slice(pluginPrefix.length)) : undefined;
  if (make === undefined) {
    throw new UserError(`This version of pulumi-dokploy has no component ${type}: update the plugin.`);
  }
  const stack = Object.fromEntries(request.getConfigMap().entries());
  for (const key of request.getConfigsecretkeysList()) noteSecret(stack[key]);
  // The repository looks for the settings of this provider where a program has them.
  const config = { ...stack, ...stackConfiguration(configuration) };
  await connectRuntime(request, engineAddress() ?? "", config);
  workInside(version);
  const { urn, outputs } = await make(request);
  const response = new ConstructResponse();
  response.setUrn(await outputValue(urn));
  const state = (await pulumi.runtime.serializeProperties("outputs", outputs)) as object;
  response.setState(Struct.fromJavaScript(state as never));
  await answered();
  return response;
}

/** A component that was created, with the outputs that programs in other languages see. */
interface Made {
  readonly urn: pulumi.Output<string>;
  readonly outputs: Readonly<Record<string, pulumi.Output<string>>>;
}

const components = new Map<string, (request: ConstructRequest) => Promise<Made>>([
  [
    "DeploymentRepository",
    async (request) => {
      const { environmentId, destinations, ...others } = await inputsOf(request);
      const args = { ...(await known(others, request)), environmentId, destinations };
      const made = new DeploymentRepository(
        request.getName(),
        args as DeploymentRepositoryArgs,
        optionsOf(request),
      );
      return { urn: made.urn, outputs: { environmentId: made.environmentId } };
    },
  ],
  [
    "WebApp",
    async (request) => {
      const { database, mounts, backup, env, ...others } = await inputsOf(request);
      const deciding = { database, ...(backup === undefined ? {} : { mounts }) };
      const args = {
        ...{ mounts, env, backup, ...others },
        ...(await known(deciding, request)),
        // A plan shows each variable, and the backup, as plain as the program gives it.
        ...(await memberwise(["env", "backup"], request)),
      };
      const made = new WebApp(request.getName(), args as unknown as WebAppArgs, optionsOf(request));
      const { url, applicationId, appName } = made;
      return { urn: made.urn, outputs: { url, applicationId, appName } };
    },
  ],
]);

/**
 * Returns inputs as plain values.
 *
 * @throws UserError for one that a preview does not know: it decides which resources there are
 */
async function known(
  inputs: Readonly<Record<string, pulumi.Input<unknown>>>,
  request: ConstructRequest,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(inputs)) {
    if (input === undefined) continue;
    const value = await outputValue(pulumi.output(input));
    if (pulumi.isUnknown(value)) {
      throw new UserError(
        `${request.getType().slice(pluginPrefix.length)} "${request.getName()}": ${name} is not known yet, and decides ` +
          "which resources there are: give a value that a preview knows.",
      );
    }
    values[name] = value;
  }
  return values;
}

/** Returns the members of each of these inputs, unless it is secret or unknown as a whole. */
async function memberwise(
  inputs: readonly string[],
  request: ConstructRequest,
): Promise<Record<string, object>> {
  const found: Record<string, object> = {};
  for (const input of inputs) {
    const members = await membersOf(request, input);
    if (members !== undefined) found[input] = members;
  }
  return found;
}

function optionsOf(request: ConstructRequest): pulumi.ComponentResourceOptions {
  const parent = request.getParent();
  const protect = request.getProtect();
  const provider = request.getProvidersMap().get(pluginPackage);
  return {
    dependsOn: request.getDependenciesList().map((urn) => new pulumi.DependencyResource(urn)),
    providers: provider === undefined ? [] : [new pulumi.DependencyProviderResource(provider)],
    aliases: request.getAliasesList().flatMap((alias) => (alias.hasUrn() ? [alias.getUrn()] : [])),
    ...(protect === undefined ? {} : { protect }),
    ...(parent === "" ? {} : { parent: new pulumi.DependencyResource(parent) }),
  };
}
