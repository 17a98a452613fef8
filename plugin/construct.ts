import * as pulumi from "@pulumi/pulumi";
import { type ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { UserError } from "../provider/errors";
import { engineAddress, pluginPackage, pluginPrefix } from "../provider/pulumi";
import { DeploymentRepository, type DeploymentRepositoryArgs } from "../sdk/repository";
import { answered, noteSecret, outputValue, workInside } from "../sdk/run";
import { type Configuration, stackConfiguration } from "./configuration";
import { connectRuntime, inOwnRuntime, inputsOf } from "./pulumi";
import { failingWithOthers } from "./rejections";

/**
 * Creates a component with its resources, as a Node.js program would, in this process.
 *
 * @param version version of this plugin, which manages the resources
 * @throws UserError for any other component than `DeploymentRepository`
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
  if (type !== `${pluginPrefix}DeploymentRepository`) {
    throw new UserError(`This version of pulumi-dokploy has no component ${type}: update the plugin.`);
  }
  const stack = Object.fromEntries(request.getConfigMap().entries());
  for (const key of request.getConfigsecretkeysList()) noteSecret(stack[key]);
  // The repository looks for the settings of this provider where a program has them.
  const config = { ...stack, ...stackConfiguration(configuration) };
  await connectRuntime(request, engineAddress() ?? "", config);
  workInside(version);
  const args = await argumentsOf(request);
  const component = new DeploymentRepository(request.getName(), args, optionsOf(request));
  const response = new ConstructResponse();
  response.setUrn(await outputValue(component.urn));
  const { environmentId } = component;
  const state = (await pulumi.runtime.serializeProperties("outputs", { environmentId })) as object;
  response.setState(Struct.fromJavaScript(state as never));
  await answered();
  return response;
}

/** @throws UserError for an input that the files depend on and a preview does not know */
async function argumentsOf(request: ConstructRequest): Promise<DeploymentRepositoryArgs> {
  const { environmentId, destinations, ...others } = await inputsOf(request);
  const known: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(others)) {
    const value = await outputValue(pulumi.output(input));
    if (pulumi.isUnknown(value)) {
      throw new UserError(
        `DeploymentRepository "${request.getName()}": ${name} is not known yet, and decides which resources there ` +
          "are: give a value that a preview knows.",
      );
    }
    known[name] = value;
  }
  return { ...known, environmentId, destinations } as DeploymentRepositoryArgs;
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
