import * as pulumi from "@pulumi/pulumi";
import { type Api, type ReadSetting, readAddress } from "../../provider/dokploy";
import { connection, stackSources } from "./connection";
import { currentRun } from "./current-run";
import { providerPackage } from "./plugin";
import { ProgramError } from "./program-error";
import { Provider } from "./provider";
import { isMocked, packageOf, providersOf } from "./pulumi";

/** Options that name the provider of a resource or a function. */
export interface ProviderOptions {
  readonly parent?: pulumi.Resource | undefined;
  readonly provider?: pulumi.ProviderResource | undefined;
}

/**
 * Returns the provider that Pulumi uses for a resource with these options: its own, or that of a surrounding
 * component.
 *
 * @throws ProgramError when a component got the provider in a way in which Pulumi does not pass it on
 */
export function providerOf(options: ProviderOptions | undefined): Provider | undefined {
  const { provider, parent = pulumi.runtime.getStackResource() } = options ?? {};
  const ours = providerPackage();
  if (provider instanceof Provider) return provider;
  if (packageOf(provider) === ours) return undefined;
  for (const [name, other] of Object.entries(providersOf(parent))) {
    if (name === ours || !(other instanceof Provider)) continue;
    throw new ProgramError(
      `A component gets a dokploy.Provider by \`providers: { ${name}: … }\`. Pulumi does not pass it on under that ` +
        "name, so the resources inside would go to another server: give it as `providers: [ … ]`.",
    );
  }
  const around = providerAround(parent);
  return around instanceof Provider ? around : undefined;
}

/** True when Pulumi has a provider for a resource with these options, whether or not it is of this package's class. */
export function hasProvider({ provider, parent }: ProviderOptions): boolean {
  return provider !== undefined || providerAround(parent) !== undefined;
}

function providerAround(
  parent: pulumi.Resource | undefined = pulumi.runtime.getStackResource(),
): pulumi.ProviderResource | undefined {
  return parent?.getProvider(`${providerPackage()}:dynamic:Resource`);
}

/** Returns the key of such a resource's server. Ids have no meaning on another one. */
export function serverOf(options: ProviderOptions | undefined): object {
  return providerOf(options)?.server ?? currentRun();
}

/** Returns a function that reads a setting for that server, without the process environment. */
export function settingOf(options: ProviderOptions | undefined): ReadSetting {
  return providerOf(options)?.read ?? stackSources().stack;
}

/** Returns the address of that server if it is known and valid. */
export function addressOf(options: ProviderOptions | undefined): string | undefined {
  return readAddress({
    stack: settingOf(options),
    environment: providerOf(options) === undefined ? process.env : {},
  });
}

/**
 * True in a test with mocks that names no server itself. Settings in its environment, or in the program, may be those of
 * a real one.
 */
export function isServerMocked(): boolean {
  return isMocked() && pulumi.runtime.getConfig("dokploy:url") === undefined;
}

/**
 * Returns the program's connection to that server.
 *
 * @returns undefined while a preview does not know the server
 * @throws SettingsError when a setting is missing or malformed
 * @throws ProgramError in a test with mocks
 */
export async function connectionOf(options: ProviderOptions | undefined): Promise<Api | undefined> {
  if (isServerMocked()) throw new ProgramError("Under pulumi.runtime.setMocks no server is called.");
  const provider = providerOf(options);
  return provider === undefined ? connection() : await provider.connect();
}
