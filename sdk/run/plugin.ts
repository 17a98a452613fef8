import * as pulumi from "@pulumi/pulumi";
import { pluginPackage, pluginPrefix, typePrefix } from "../../provider/pulumi";
import { currentRun, rememberedBy } from "./current-run";
import type { Kind } from "./kind";
import { ProgramError } from "./program-error";

/** Setting of a stack that says who manages its resources. */
export const pluginSetting = "plugin";

/**
 * Returns who manages the resources of this run by the setting `dokploy:plugin`: `true` for the plugin, `false` for
 * dynamic providers, which then manage the resources of the plugin too. Undefined without the setting: dynamic providers.
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

/** Provider of a run's resources. */
interface Management {
  readonly plugin: boolean | undefined;
  /** Version of the plugin whose process runs the program. */
  readonly inside?: string;
}

const managementIn = rememberedBy((): { value: Management } => ({ value: { plugin: throughPlugin() } }));

function management(): Management {
  return managementIn(currentRun()).value;
}

/** Makes the resources of this process, which is the plugin's own, resources of the plugin with this version. */
export function workInside(version: string): void {
  managementIn(currentRun()).value = { plugin: true, inside: version };
}

/** Returns the version of the plugin whose process this is; undefined in a program of its own. */
export function versionInside(): string | undefined {
  return management().inside;
}

/** True when the plugin manages the resources of this run, instead of dynamic providers. */
export function usesPlugin(): boolean {
  return management().plugin === true;
}

/** Returns the package of the providers that manage the resources of this run. */
export function providerPackage(): string {
  return usesPlugin() ? pluginPackage : "pulumi-nodejs";
}

/** Types of a resource or a component under each provider. */
export interface Types {
  readonly dynamic: string;
  readonly plugin: string;
}

/** Returns the types of the resources of a kind. */
export function typesOfKind(kind: Kind): Types {
  return { dynamic: `${typePrefix}${kind}`, plugin: `${pluginPrefix}${kind}` };
}

/**
 * True for an object of one of these types, behind either provider. Policies ask this of an object with nothing but a
 * type, and call it without its class.
 */
export function isOfTypes({ dynamic, plugin }: Types, value: unknown): boolean {
  const type = (value as { readonly __pulumiType?: unknown } | null | undefined)?.__pulumiType;
  return type === dynamic || type === plugin;
}

/** True for an object of a kind, behind either provider. */
export function isOfKind(kind: Kind, value: unknown): boolean {
  return isOfTypes(typesOfKind(kind), value);
}

/** Returns the types of a component. */
export function typesOfComponent(name: string): Types {
  return { dynamic: `dokploy:index:${name}`, plugin: `${pluginPrefix}${name}` };
}

/** Returns the type in this run. */
export function typeInRun({ dynamic, plugin }: Types): string {
  return usesPlugin() ? plugin : dynamic;
}

/** Returns options by which a resource of the other provider becomes this one, in a stack that has the setting. */
export function movedFromOther<Options extends pulumi.ResourceOptions>(
  { dynamic, plugin }: Types,
  options: Options,
): Options {
  const setting = management().plugin;
  if (setting === undefined) return options;
  return { ...options, aliases: [...(options.aliases ?? []), { type: setting ? dynamic : plugin }] };
}
