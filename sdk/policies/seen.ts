import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import type { Values } from "../../packages/values";
import { unknownValue } from "../../packages/values";
import { parseUrn, plainKey } from "../../provider/pulumi";
import { inputNames, type Kind } from "../run";

/** A resource of Dokploy as a policy sees it, behind either provider. */
export interface Seen {
  readonly kind: Kind;
  readonly name: string;
  readonly urn: string;
  readonly stack: string;
  /** Inputs after the provider's check. Values that only the update knows are Pulumi's placeholder. */
  readonly inputs: Values;
  /** Inputs that are not secret. */
  readonly open: Values;
  /** Paths of variables that look like secrets and that the program gives in plain text. */
  readonly plain: readonly string[];
  readonly isProtected: boolean;
  /** URN of its provider, and the address of the server where the provider itself gives it. */
  readonly provider: string | undefined;
  readonly server: unknown;
}

/** A resource when the program has ended. */
export interface Placed extends Seen {
  /** URNs of the resources whose outputs went into an input. */
  references(input: string): readonly string[];
}

type Given = Pick<ResourceValidationArgs, "urn" | "type" | "name" | "props" | "opts" | "provider">;

/**
 * Returns a resource of this package; undefined for any other.
 *
 * @param open inputs that are not secret
 */
export function seen({ urn, name, props, opts, provider }: Given, open: Values = {}): Seen | undefined {
  const { kind, stack = "" } = parseUrn(urn) ?? {};
  if (kind === undefined || !Object.hasOwn(inputNames, kind)) return undefined;
  const server = provider === undefined ? undefined : copy(provider.props)["url"];
  return {
    ...{ kind: kind as Kind, name, urn, stack, inputs: copy(props), open, isProtected: opts.protect },
    ...{ plain: plainOf(props), provider: provider?.urn, server },
  };
}

/** Returns what the package says of its own marks. */
function plainOf(props: object): string[] {
  const plain = copied(() => Reflect.get(props, plainKey), false);
  return Array.isArray(plain) ? plain.filter((path) => typeof path === "string") : [];
}

/**
 * Returns a resource as it is when the program has ended.
 *
 * @param known the resource as the program registered it: a plan does not know the outputs of a new one
 */
export function placed(resource: PolicyResource, known: Seen | undefined): Placed | undefined {
  const found = known ?? seen(resource);
  return (
    found && {
      ...found,
      references: (input) => (resource.propertyDependencies[input] ?? []).map(({ urn }) => urn),
    }
  );
}

/**
 * Copies values, with the placeholder for those that are not known yet: `@pulumi/policy` throws when one is read. It also
 * hides which values are secret, and only the properties themselves show it. The engine's own inputs, such as `__provider`,
 * are left out; below an input, people choose the names.
 *
 * @param isOpen true to leave secrets out
 */
export function copy(values: object, isOpen = false): Values {
  return entries(values, isOpen, (input) => !input.startsWith("__"));
}

function entries(values: object, isOpen: boolean, isCopied: (name: string) => boolean = () => true): Values {
  const names = Object.keys(values).filter((name) => isCopied(name) && !(isOpen && isSecret(values, name)));
  return Object.fromEntries(names.map((name) => [name, copied(() => Reflect.get(values, name), isOpen)]));
}

function isSecret(values: object, name: string): boolean {
  const value: unknown = Object.getOwnPropertyDescriptor(values, name)?.value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.getPrototypeOf(value) !== Object.prototype;
}

function copied(read: () => unknown, isOpen: boolean): unknown {
  let value: unknown;
  try {
    value = read();
  } catch {
    return unknownValue;
  }
  if (typeof value !== "object" || value === null) return value;
  const inner = entries(value, isOpen);
  return Array.isArray(value) ? Object.values(inner) : inner;
}
