import * as pulumi from "@pulumi/pulumi";
import { pluginPackage, pluginPrefix, typePrefix } from "../../provider/pulumi/urn";
import { currentRun, rememberedBy } from "./current-run";
import type { Kind } from "./kind";
import { ProgramError } from "./program-error";

/** Setting of a stack that says who manages its resources. */
export const pluginSetting = "plugin";

/**
 * Returns who manages the resources of this run by the setting `dokploy:plugin`: `true` for the plugin, `false` for
 * dynamic providers that take over resources of the plugin. Undefined without the setting: dynamic providers.
 *
 * @throws ProgramError for any other value
 */
function throughPlugin(): boolean | undefined {
  const value = pulumi.runtime.getConfig(`dokploy:${pluginSetting}`)?.trim();
  if (value === undefined || value === "") return undefined;
  if (value === "true" || value === "false") return value === "true";
  throw new ProgramError(
    "dokploy:plugin in the stack's configuration must be true or false: set it with " +
      "`pulumi config set dokploy:plugin true`, or remove it with `pulumi config rm dokploy:plugin`.",
  );
}

const settingIn = rememberedBy(throughPlugin);

/** True when the plugin manages the resources of this run, instead of dynamic providers. */
export function usesPlugin(): boolean {
  return settingIn(currentRun()) === true;
}

/** Returns the package of the providers that manage the resources of this run. */
export function providerPackage(): string {
  return usesPlugin() ? pluginPackage : "pulumi-nodejs";
}

/** Returns the type of the resources of a kind in this run. */
export function typeOfKind(kind: Kind): string {
  return `${usesPlugin() ? pluginPrefix : typePrefix}${kind}`;
}

/** Returns options by which a resource of the other provider becomes this one, in a stack that has the setting. */
export function movedFromOther(
  kind: Kind,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const setting = settingIn(currentRun());
  if (setting === undefined) return options;
  const type = `${setting ? typePrefix : pluginPrefix}${kind}`;
  return { ...options, aliases: [...(options.aliases ?? []), { type }] };
}
