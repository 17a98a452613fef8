import * as pulumi from "@pulumi/pulumi";

/**
 * Every use of Pulumi's SDK that its types and its documentation do not describe. Each has a test in
 * tests/unit/sdk/run/pulumi.test.ts, which `npm run test:compat` runs on the lowest and the newest SDK.
 */

interface InnerOutput<T> {
  readonly isKnown: Promise<boolean>;
  promise(withUnknowns?: true): Promise<T>;
  apply<U>(read: (value: T) => pulumi.Input<U>, runWithUnknowns: true): pulumi.Output<U>;
}

function inner<T>(output: pulumi.Output<T>): InnerOutput<T> {
  return output as unknown as InnerOutput<T>;
}

/** Value of an output. Unknown values of a preview are `pulumi.unknown`, at any depth. */
export async function outputValue<T>(output: pulumi.Output<T>): Promise<T> {
  return await inner(output).promise(true);
}

/** True when the value of the output is known. */
export async function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return await inner(output).isKnown;
}

/** Returns the output of a function that also runs for an unknown value, which it gets as `pulumi.unknown`. */
export function applyWithUnknowns<T, U>(
  output: pulumi.Output<T>,
  read: (value: T) => pulumi.Input<U>,
): pulumi.Output<U> {
  return inner(output).apply(read, true);
}

/** Providers of a component by package, as it passes them on to its children. */
export function providersOf(component: pulumi.Resource | undefined): Readonly<Record<string, unknown>> {
  const { __providers = {} } = (component ?? {}) as { __providers?: Readonly<Record<string, unknown>> };
  return __providers;
}

/** The package of a provider. */
export function packageOf(provider: pulumi.ProviderResource | undefined): string | undefined {
  return (provider as { pkg?: string } | undefined)?.pkg;
}

/** Returns a name for a provider that no plan shows or counts, as that of the providers that the engine makes itself. */
export function hiddenProvider(name: string): string {
  return `default_${name}`;
}

/** The type of a resource, e.g. `pulumi-nodejs:dynamic/dokploy:Application`. */
export function typeOf(resource: pulumi.Resource): string {
  return (resource as unknown as { __pulumiType: string }).__pulumiType;
}

/** True when Pulumi does not delete the resource, because of its own option or that of a parent. */
export function isProtected(resource: pulumi.Resource): boolean {
  return (resource as { __protect?: boolean }).__protect === true;
}

/** True when the program has registered a transform for all its resources, or when this is not known. */
export function hasTransforms(): boolean {
  try {
    const { getStore } = require("@pulumi/pulumi/runtime/state") as { getStore(): { callbacks?: unknown } };
    // It exists once a transform is registered, and every other way to ask would create it.
    return getStore().callbacks !== undefined;
  } catch {
    return true;
  }
}

/** True in a test with mocks, in which no engine runs. */
export function isMocked(): boolean {
  return "mocks" in (monitor() ?? {});
}

/**
 * True when Pulumi started this process for the program alone, and the process ends with it. It does not in a test, in a plugin,
 * or for a program inside one of the Automation API.
 */
export function endsWithProgram(): boolean {
  const { getLocalStore } = require("@pulumi/pulumi/runtime/state") as { getLocalStore(): unknown };
  return monitor() !== undefined && !isMocked() && getLocalStore() === undefined;
}

/** Returns the connection of a program to its engine, or its mocks; undefined outside of a run. */
function monitor(): object | undefined {
  return (pulumi.runtime as unknown as { getMonitor?: () => object | undefined }).getMonitor?.();
}

/** Resolves when the program of a stack has ended, with all outputs of it. */
export async function programEnded(stack: pulumi.Resource): Promise<void> {
  const { outputs } = stack as { outputs?: pulumi.Output<unknown> };
  // The stack has no outputs before its constructor has ended.
  if (outputs === undefined) await Promise.resolve();
  await inner((stack as unknown as { outputs: pulumi.Output<unknown> }).outputs).promise(true);
}

/** Resolves when Pulumi has responded to all requests of the program so far. */
export async function answered(): Promise<void> {
  const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs?: () => Promise<void> };
  await waitForRPCs?.();
}

/** The outputs of each resource in the last state of a stack, by URN, as the engine reads it from its backend. */
export async function readOutputs(
  stackName: string,
): Promise<Readonly<Record<string, { outputs?: Record<string, unknown> }>>> {
  // Pulumi's own `StackReference` uses a similar call, which returns only the outputs of the stack.
  const answer = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName });
  return (answer as { outputs?: Record<string, { outputs?: Record<string, unknown> }> }).outputs ?? {};
}
