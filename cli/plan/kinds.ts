import { SERVICE_NOUNS } from "../../provider/deploy/service";
import { allDefinitions } from "../../provider/generated/definitions";
import { type TargetKind, textFields, traits } from "../../provider/schema/kinds";

/** What a kind of resource is, as far as it decides what follows from a change. */
export type Role =
  /** It runs in containers. */
  | "service"
  /** A project or environment: it holds services, and variables that they share. */
  | "scope"
  /** Variables of something that has a resource of its own, or none: an `EnvironmentBlock`. */
  | "variables"
  /** A deployment of something else. */
  | "deployment"
  /** It stays in Dokploy whatever becomes of its resource. */
  | "lasting"
  | "other";

const definitions = new Map(allDefinitions().map((definition) => [definition.kind, definition]));

/** By the definition of the kind; `other` for one that there is not. */
export function roleOf(kind: string): Role {
  const name = kind.toLowerCase();
  if (Object.hasOwn(SERVICE_NOUNS, name)) return "service";
  if (Object.hasOwn(traits, name)) return "scope";
  if (definitions.get(kind)?.outlivesDeletion) return "lasting";
  if (!takes(kind, "target")) return "other";
  return textFields.some((field) => takes(kind, field)) ? "variables" : "deployment";
}

/** Whether nothing is gone from Dokploy with its resource. */
export function takesNothingAway(kind: string): boolean {
  return ["deployment", "lasting"].includes(roleOf(kind));
}

/** Whether it has files and volumes that Dokploy deletes with it, as `deleteVolumes` says: a compose service. */
export function losesData(kind: string): boolean {
  return takes(kind, "deleteVolumes");
}

function takes(kind: string, input: string): boolean {
  return Object.hasOwn(definitions.get(kind)?.schema.shape ?? {}, input);
}

/** In the words of a person: `compose service` for `compose`. */
export function nounOf(name: string): string {
  return Object.hasOwn(traits, name) ? traits[name as TargetKind].noun : name;
}
