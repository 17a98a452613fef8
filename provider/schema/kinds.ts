import { z } from "zod";
import { isRecord } from "../../packages/values";
import {
  type DatabaseKind,
  databaseKinds,
  SERVICES,
  type ServiceKind,
  tableOf,
  textFields,
} from "../dokploy";
import type { EnvDialect } from "../env";
import { id } from "./fields";
import type { TargetIds } from "./generated/ids";

export { textFields };
export type Field = (typeof textFields)[number];
export type Texts = Partial<Record<Field, string>>;

export type { ServiceKind };
export type TargetKind = ServiceKind | "project" | "environment";

/** Properties of a kind of target. */
export interface Traits {
  /** Noun for messages: `compose service`. */
  readonly noun: string;
  readonly texts: readonly Field[];
  /** Dialect of its variables at run time. */
  readonly rules: EnvDialect;
}

const shared = { texts: ["env"], rules: "shared" } as const;
const database = { texts: ["env"], rules: "application" } as const;

export const traits: Readonly<Record<TargetKind, Traits>> = {
  application: {
    noun: SERVICES.application.noun,
    texts: textFields,
    rules: "application",
  },
  compose: {
    noun: SERVICES.compose.noun,
    texts: ["env"],
    rules: "compose",
  },
  project: { noun: "project", ...shared },
  environment: { noun: "environment", ...shared },
  ...tableOf(databaseKinds, (kind) => ({ noun: SERVICES[kind].noun, ...database })),
};

export const kinds = Object.keys(traits) as TargetKind[];

/** Returns the target that a kind of resource manages: `libsql` for `LibSql`; undefined for other kinds. */
export function targetOf(resource: string): TargetKind | undefined {
  return kinds.find((kind) => kind === resource.toLowerCase());
}

const application = z.strictObject({
  /** Id of the application. */
  applicationId: id,
});
const compose = z.strictObject({
  /** Id of the compose service. */
  composeId: id,
});

/** Schema of the target of a `Deployment`: a service with deployments, named by its id. */
export const deployedTarget = z.union([application, compose], {
  error: "needs exactly one of applicationId and composeId",
});
export type DeployedTarget = z.infer<typeof deployedTarget>;

/** Schema of the target of an `EnvironmentBlock`: an object with variables, named by its id. */
export const target = z.union(
  kinds.map((kind) => z.strictObject({ [`${kind}Id`]: id })),
  { error: `needs exactly one of ${kinds.map((kind) => `${kind}Id`).join(", ")}` },
) as unknown as z.ZodType<TargetIds<string>[number]>;
export type Target = z.infer<typeof target>;
/** A service, named by its id. */
export type NamedService = Exclude<Target, { projectId: string } | { environmentId: string }>;

/** Returns the kind `compose` and the id `abc` for `{ composeId: "abc" }`. */
export function kindAndId(of: NamedService): { kind: ServiceKind; id: string };
export function kindAndId(of: Target): { kind: TargetKind; id: string };
export function kindAndId(of: Target): { kind: TargetKind; id: string } {
  const kind = kindOf(of);
  if (kind === undefined) throw new TypeError("The target is empty.");
  return { kind, id: (of as Record<string, string>)[`${kind}Id`] ?? "" };
}

/** Returns the kind of a target in inputs; undefined when it is unknown or not a target. */
export function kindOf(of: unknown): TargetKind | undefined {
  if (!isRecord(of)) return undefined;
  const [kind, other] = kinds.filter((candidate) => `${candidate}Id` in of);
  return other === undefined ? kind : undefined;
}

/** True for the kinds of databases. */
export function isDatabase(kind: string): kind is DatabaseKind {
  return (databaseKinds as readonly string[]).includes(kind);
}

/** True for projects and environments, whose variables services share. */
export function isShared(kind: TargetKind): kind is "project" | "environment" {
  return kind === "project" || kind === "environment";
}

/** Returns the path of a target, `application/<applicationId>`, by which other objects refer to it. */
export function pathOf(of: Target): string {
  const { kind, id } = kindAndId(of);
  return `${kind}/${id}`;
}

/** Returns the noun with its article: `a compose service`, `an environment`. */
export function nounWithArticle(kind: TargetKind): string {
  const { noun } = traits[kind];
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
