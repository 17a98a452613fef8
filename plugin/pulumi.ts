import * as pulumi from "@pulumi/pulumi";
import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { isMarked } from "../provider/pulumi";

/**
 * Every use of Pulumi's SDK in the plugin that its types and its documentation do not describe. Each has a test in
 * tests/engine/plugin-repository.test.ts.
 */

type DeserializeInputs = (
  inputs: unknown,
  dependencies: unknown,
) => Promise<Readonly<Record<string, pulumi.Input<unknown>>>>;

/** Runs work with a stack, a configuration and connections of its own. */
export function inOwnRuntime<T>(work: () => Promise<T>): Promise<T> {
  const { withLocalStorage } = require("@pulumi/pulumi/runtime/state") as {
    withLocalStorage(work: () => Promise<T>): Promise<T>;
  };
  return withLocalStorage(work);
}

/** Connects this runtime to the stack of the request, as if its program ran here. */
export async function connectRuntime(
  request: ConstructRequest,
  engine: string,
  config: Readonly<Record<string, string>>,
): Promise<void> {
  pulumi.runtime.resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    engine,
    request.getMonitorendpoint(),
    request.getDryrun(),
    request.getOrganization(),
  );
  const { awaitFeatureSupport } = require("@pulumi/pulumi/runtime/settings") as {
    awaitFeatureSupport?(): Promise<void>;
  };
  await awaitFeatureSupport?.();
  pulumi.runtime.setAllConfig({ ...config });
}

/** Returns the inputs of a component; those that depend on resources or are secret are outputs. */
export async function inputsOf(
  request: ConstructRequest,
): Promise<Readonly<Record<string, pulumi.Input<unknown>>>> {
  return await deserialize(request.getInputs(), request.getInputdependenciesMap());
}

/**
 * Returns the members of a component's input, each as plain, secret or unknown as it is; undefined for an input that is missing,
 * or secret or unknown as a whole.
 */
export async function membersOf(
  request: ConstructRequest,
  input: string,
): Promise<Readonly<Record<string, pulumi.Input<unknown>>> | undefined> {
  const value = request.getInputs()?.getFieldsMap().get(input)?.getStructValue();
  if (!value || isMarked(value.toJavaScript())) return undefined;
  const dependencies = request.getInputdependenciesMap().get(input);
  return await deserialize(value, { get: () => dependencies });
}

async function deserialize(
  inputs: unknown,
  dependencies: unknown,
): Promise<Readonly<Record<string, pulumi.Input<unknown>>>> {
  const { deserializeInputs } = require("@pulumi/pulumi/provider/server") as {
    deserializeInputs: DeserializeInputs;
  };
  return await deserializeInputs(inputs, dependencies);
}
