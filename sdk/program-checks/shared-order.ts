import * as pulumi from "@pulumi/pulumi";
import { referencesOf } from "../../provider/env";
import { type Kind, rememberedBy } from "../run";
import { namesOf } from "./ownership";

/**
 * Order between resources with shared variables and resources that refer to these in a text, such as
 * `${{project.REGION}}`. Pulumi does not see such a reference, so it becomes a dependency here.
 */
interface Shared {
  readonly resource: pulumi.Resource;
  readonly scope: "project" | "environment";
  /** Names of the variables; undefined while they are not known. */
  readonly names: readonly string[] | undefined;
}

type Args = Readonly<Record<string, unknown>>;

/** Resources with shared variables by server, which differs for each run. */
const sharedOn = rememberedBy((): Shared[] => []);

/** Registers a resource with shared variables. */
export function shareVariables(server: object, kind: Kind, resource: pulumi.Resource, args: Args): void {
  const scope = scopeOf(kind, args);
  if (scope === undefined || args["env"] === undefined) return;
  sharedOn(server).push({ resource, scope, names: namesOf(args["env"]) });
}

/**
 * Returns options by which a resource depends on the shared variables to which its texts refer, as far as the
 * program has declared them before.
 */
export function afterShared(
  server: object,
  { env, buildArgs, buildSecrets }: Args,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const known = sharedOn(server);
  if (known.length === 0) return options;
  const uses = [env, buildArgs, buildSecrets].flatMap((map) => (namesOf(map) ? textsOf(map as Args) : []));
  const references = uses.flatMap((text) => referencesOf(text));
  const dependsOn = known.flatMap(({ resource, scope, names }) =>
    references.some((use) => use.kind === scope && (names?.includes(use.name) ?? true)) ? [resource] : [],
  );
  return dependsOn.length === 0 ? options : pulumi.mergeOptions(options, { dependsOn });
}

function textsOf(map: Args): string[] {
  return Object.values(map).filter((value) => typeof value === "string");
}

function scopeOf(kind: Kind, { target }: Args): Shared["scope"] | undefined {
  if (kind === "Project") return "project";
  if (kind === "Environment") return "environment";
  if (kind !== "EnvironmentBlock") return undefined;
  const ids = namesOf(target) ?? [];
  return (["project", "environment"] as const).find((scope) => ids.includes(`${scope}Id`));
}
