import {
  type PolicyResource,
  type ResourceValidationArgs,
  Secret,
  type StackValidationArgs,
  unknownCheckingProxy,
} from "@pulumi/policy";
import { secretsPreservingProxy } from "@pulumi/policy/secret";
import { plainKey } from "../../../../provider/pulumi";
import { policies } from "../../../../sdk/policies";
import { type Kind, typesOfKind } from "../../../../sdk/run";

/** A resource of a program, as Pulumi hands it to a pack. Its inputs may be `Secret`s. */
export interface Given {
  readonly kind: Kind;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Variables that look like secrets and that the program gives in plain text. */
  readonly plain?: readonly string[];
  readonly protect?: boolean;
  /** Provider with the inputs `{ url }`. */
  readonly provider?: string;
  /** Resources by the input that their outputs went into: `{ applicationId: "api" }`. */
  readonly from?: Readonly<Record<string, string>>;
}

export interface Pack {
  readonly door?: "dynamic" | "plugin";
  readonly stack?: string;
  /** Configuration of the pack, by policy. */
  readonly config?: Readonly<Record<string, object>>;
  /** False for a pack whose policy `secret-marks` has another level. */
  readonly marks?: boolean;
}

/** Returns what the policies say of a program, as `policy: text`. */
export async function analyze(
  program: readonly Given[],
  { door = "dynamic", stack = "prod", config = {}, marks = true }: Pack = {},
): Promise<string[]> {
  const said: string[] = [];
  const resources = program.map((given) => resourceOf(given, door, stack));
  const all = policies();
  const contextOf = (name: string) => ({
    getConfig: () => config[name] ?? {},
    stackTags: new Map<string, string>(),
    notApplicable: () => undefined as never,
  });
  const reporting = (name: string) => (text: string) => void said.push(`${name}: ${text}`);
  for (const { secret, open } of resources) {
    for (const policy of all) {
      if (marks && "remediateResource" in policy)
        await policy.remediateResource?.({
          ...secret,
          ...contextOf(policy.name),
        } as unknown as ResourceValidationArgs);
    }
    for (const policy of all) {
      if (!("validateResource" in policy) || typeof policy.validateResource !== "function") continue;
      const args = { ...open, ...contextOf(policy.name) } as unknown as ResourceValidationArgs;
      await policy.validateResource(args, reporting(policy.name));
    }
  }
  // A plan does not know the outputs of new resources.
  const placed = resources.map(({ open }) => ({ ...open, props: {} }) as unknown as PolicyResource);
  for (const [at, { from = {} }] of program.entries()) {
    const targets = Object.entries(from).map(([input, name]) => [
      input,
      placed.filter((resource) => resource.name === name),
    ]);
    Object.assign(placed[at] as object, { propertyDependencies: Object.fromEntries(targets) });
  }
  for (const policy of all) {
    if (!("validateStack" in policy)) continue;
    const args = { resources: placed, ...contextOf(policy.name) } as unknown as StackValidationArgs;
    await policy.validateStack?.(args, reporting(policy.name));
  }
  return said;
}

function resourceOf(
  { kind, name, inputs: given, plain, protect = false, provider }: Given,
  door: "dynamic" | "plugin",
  stack: string,
) {
  const type = typesOfKind(kind)[door];
  const urn = `urn:pulumi:${stack}::shop::${type}::${name}`;
  const url = { url: provider };
  const inputs = plain === undefined ? given : { ...given, [plainKey]: plain };
  const shared = {
    type,
    urn,
    name,
    opts: { protect },
    ...(provider && { provider: { urn: provider, props: url } }),
  };
  return {
    open: { ...shared, props: unknownCheckingProxy(withoutMarks(inputs) as object) },
    secret: { ...shared, props: unknownCheckingProxy(secretsPreservingProxy(inputs)) },
  };
}

function withoutMarks(value: unknown): unknown {
  if (value instanceof Secret) return withoutMarks(value.value);
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutMarks(inner)]));
}
