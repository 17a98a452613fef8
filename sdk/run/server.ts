import * as pulumi from "@pulumi/pulumi";
import type { Api } from "../../provider/dokploy/endpoints";
import type * as Connection from "../../provider/settings/connection";
import type { ReadSetting } from "../../provider/settings/sources";
import { connection, stackSources } from "./connection";
import { currentRun } from "./current-run";
import { ProgramError } from "./program-error";
import { Provider } from "./provider";

/** The package of dynamic resources, by which Pulumi finds their provider. */
const dynamicPackage = "pulumi-nodejs";

/** The options that say which provider a resource or a function has. */
export interface ProviderOptions {
  readonly parent?: pulumi.Resource | undefined;
  readonly provider?: pulumi.ProviderResource | undefined;
}

/** Pulumi's own fields, of which its types say nothing. */
interface Inner {
  readonly pkg?: string;
  readonly __providers?: Readonly<Record<string, unknown>>;
}

/**
 * The provider that Pulumi takes for a resource with these options: its own, or that of a component around it.
 *
 * @throws ProgramError for one that a component was given in a way in which Pulumi does not pass it on
 */
export function providerOf(options: ProviderOptions | undefined): Provider | undefined {
  const { provider, parent = pulumi.runtime.getStackResource() } = options ?? {};
  if (provider instanceof Provider) return provider;
  const inner = provider as Inner | undefined;
  if (inner?.pkg === dynamicPackage) return undefined;
  for (const [name, other] of Object.entries((parent as Inner | undefined)?.__providers ?? {})) {
    if (name === dynamicPackage || !(other instanceof Provider)) continue;
    throw new ProgramError(
      `A component has a dokploy.Provider as \`providers: { ${name}: … }\`, a name under which Pulumi does not pass it on, so ` +
        "that what is inside would go to another server: give it as `providers: [ … ]`.",
    );
  }
  const around = parent?.getProvider(`${dynamicPackage}:dynamic:Resource`);
  return around instanceof Provider ? around : undefined;
}

/** What stands for the server of such a resource: ids say nothing of what is on another one. */
export function serverOf(options: ProviderOptions | undefined): object {
  return providerOf(options)?.server ?? currentRun();
}

/** A setting as it counts there, but for what the environment has. */
export function settingOf(options: ProviderOptions | undefined): ReadSetting {
  return providerOf(options)?.read ?? stackSources().stack;
}

/** The address of that server, as far as it is known and right. */
export function addressOf(options: ProviderOptions | undefined): string | undefined {
  const { readAddress } = require("../../provider/settings/connection") as typeof Connection;
  return readAddress({
    stack: settingOf(options),
    environment: providerOf(options) === undefined ? process.env : {},
  });
}

/**
 * What the program asks that server with.
 *
 * @returns undefined while a preview does not know the server
 * @throws SettingsError when a setting is missing or malformed
 */
export async function connectionOf(options: ProviderOptions | undefined): Promise<Api | undefined> {
  const provider = providerOf(options);
  return provider === undefined ? connection() : await provider.connect();
}
