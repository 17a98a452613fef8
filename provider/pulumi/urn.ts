/** Beginning of the type of each resource that the dynamic provider manages; its kind follows. */
export const typePrefix = "pulumi-nodejs:dynamic/dokploy:";

/** Name of the plugin's package. */
export const pluginPackage = "dokploy-native";

/** Beginning of the type of each resource that the plugin manages; its kind follows. */
export const pluginPrefix = `${pluginPackage}:index:`;

/** Parts of a URN: `urn:pulumi:<stack>::<project>::<types, by $>::<name>`. */
export interface Urn {
  readonly stack: string;
  readonly project: string;
  /** Types of the components around it, the outermost first, and its own type, separated by `$`. */
  readonly types: string;
  /** Type of the resource itself. */
  readonly type: string;
  /** `Application`; undefined for a resource of another package. */
  readonly kind: string | undefined;
  /** Name in the program, which may contain colons. */
  readonly name: string;
}

/** Parses a URN; undefined for any other text. */
export function parseUrn(urn: string): Urn | undefined {
  const [, stack, project, types, name] = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn) ?? [];
  if (stack === undefined || project === undefined || types === undefined || name === undefined)
    return undefined;
  const type = types.slice(types.lastIndexOf("$") + 1);
  const prefix = [typePrefix, pluginPrefix].find((beginning) => type.startsWith(beginning));
  const kind = prefix === undefined ? undefined : type.slice(prefix.length);
  return { stack, project, types, type, kind, name };
}

/** True for a resource of a `DeploymentRepository`, whose class knows the places in its files. */
export function isOfRepository(urn: string | undefined): boolean {
  const { types = "" } = parseUrn(urn ?? "") ?? {};
  return types.split("$").some((type) => /:DeploymentRepository$/.test(type));
}

/** Returns the URN that the resource has, or would have, under the dynamic provider: the plugin changes only types. */
export function dynamicUrn(urn: string): string {
  const parsed = parseUrn(urn);
  if (parsed === undefined) return urn;
  const { stack, project, types, name } = parsed;
  const dynamic = types
    .split("$")
    .map((type) => (type.startsWith(pluginPrefix) ? typePrefix + type.slice(pluginPrefix.length) : type));
  return `urn:pulumi:${stack}::${project}::${dynamic.join("$")}::${name}`;
}
