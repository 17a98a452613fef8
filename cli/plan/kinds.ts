import { SERVICES } from "../../provider/dokploy";
import { allDefinitions } from "../../provider/resources";
import { type TargetKind, textFields, traits } from "../../provider/schema";

/** Role of a kind of resource, which decides what follows from a change. */
export type Role =
  /** Runs in containers. */
  | "service"
  /** A project or environment: it holds services, and variables that they share. */
  | "scope"
  /** Variables of an object that has its own resource, or none: an `EnvironmentBlock`. */
  | "variables"
  /** A deployment of something else. */
  | "deployment"
  /** Stays in Dokploy when its resource is deleted. */
  | "lasting"
  /** A value that only the state has: a `GeneratedSecret`. */
  | "secret"
  | "other";

const definitions = new Map(allDefinitions().map((definition) => [definition.kind, definition]));

/** Returns the role by the definition of the kind; `other` for an unknown kind. */
export function roleOf(kind: string): Role {
  const name = kind.toLowerCase();
  if (Object.hasOwn(SERVICES, name)) return "service";
  if (Object.hasOwn(traits, name)) return "scope";
  if (definitions.get(kind)?.relation === "lasting") return "lasting";
  if (takes(kind, "rotation")) return "secret";
  if (!takes(kind, "target")) return "other";
  return textFields.some((field) => takes(kind, field)) ? "variables" : "deployment";
}

/** True when deleting the resource deletes nothing in Dokploy. */
export function takesNothingAway(kind: string): boolean {
  return ["deployment", "lasting"].includes(roleOf(kind));
}

/** True for a kind with files and volumes that Dokploy deletes with it, as `deleteVolumes` says: a compose service. */
export function losesData(kind: string): boolean {
  return takes(kind, "deleteVolumes");
}

function takes(kind: string, input: string): boolean {
  return Object.hasOwn(definitions.get(kind)?.schema.shape ?? {}, input);
}

/** Returns the noun for messages: `compose service` for `compose`. */
export function nounOf(name: string): string {
  return Object.hasOwn(traits, name) ? traits[name as TargetKind].noun : name;
}
