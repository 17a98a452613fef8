/** Begins the type of each resource of this package; its kind follows. */
export const typePrefix = "pulumi-nodejs:dynamic/dokploy:";

/** What a URN says: `urn:pulumi:<stack>::<project>::<types, by $>::<name>`. */
export interface Urn {
  readonly stack: string;
  readonly project: string;
  /** The types of the components around it, the outermost first, and its own: by `$`. */
  readonly types: string;
  /** Its own type. */
  readonly type: string;
  /** `Application`; undefined for what is not of this package. */
  readonly kind: string | undefined;
  /** The name that the program gives, which may hold colons. */
  readonly name: string;
}

/** @returns undefined for what is no URN */
export function parseUrn(urn: string): Urn | undefined {
  const [, stack, project, types, name] = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn) ?? [];
  if (stack === undefined || project === undefined || types === undefined || name === undefined)
    return undefined;
  const type = types.slice(types.lastIndexOf("$") + 1);
  const kind = type.startsWith(typePrefix) ? type.slice(typePrefix.length) : undefined;
  return { stack, project, types, type, kind, name };
}
