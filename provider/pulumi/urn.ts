/** Beginning of the type of each resource of this package; its kind follows. */
export const typePrefix = "pulumi-nodejs:dynamic/dokploy:";

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
  const kind = type.startsWith(typePrefix) ? type.slice(typePrefix.length) : undefined;
  return { stack, project, types, type, kind, name };
}
