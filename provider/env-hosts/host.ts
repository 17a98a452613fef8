import type { ServiceTarget } from "../deploy/target";
import type { DeploymentRow, ServiceStatus } from "../dokploy/rows";
import type { EnvDialect } from "../env/dialects";
import type { NamedValue } from "../run/program-secrets";
import type { Apply } from "../schema/fields";
import type { Field, ServiceKind, Texts } from "../schema/kinds";
import type { EnclosingScopes } from "./reference-checks";

interface Named {
  readonly id: string;
  readonly name: string;
  /** `application "web" (id)`. */
  readonly label: string;
}

interface Holding extends Named {
  readonly texts: Readonly<Record<Field, string | null | undefined>>;
  /** The rules that its variables at run time follow, on this server. */
  readonly rules: EnvDialect;
  /** Writes those of the texts that are given; nothing when there are none. */
  save(texts: Texts): Promise<void>;
}

/** A service as it is now: its texts, how to write them, and what makes them effective. */
export interface Service extends Holding {
  readonly kind: ServiceKind;
  /** Name inside Docker. */
  readonly appName: string;
  readonly status: ServiceStatus;
  /** At most 11; a database has none. */
  readonly deployments: readonly DeploymentRow[];
  readonly environment: EnclosingScopes;
  /** What is needed though nothing changes, as a run that was killed may have saved without applying. */
  readonly pendingApply: Apply;
  /** Every variable whose value a deployment may print, whoever owns it. */
  readonly values: readonly NamedValue[];
  /** The compose file of a compose service, where it stands in Dokploy. */
  readonly stackFile?: string | undefined;
  /** The text of run-time variables as Dokploy reads it: a database's own come before it. */
  read(env: string): string;
  /** The service, with what its containers should have once these texts are applied. */
  withTexts(texts: Texts): ServiceTarget;
}

/** A project or environment as it is now. Its variables take effect with the services that refer to them. */
export interface SharedVariables extends Holding {
  readonly kind: "project" | "environment";
}

/** Something that has variables. */
export type EnvHost = Service | SharedVariables;

export function isService(holder: EnvHost): holder is Service {
  return holder.kind !== "project" && holder.kind !== "environment";
}

/** The rules that a text of it follows. */
export function rulesOf({ rules }: EnvHost, field: Field): EnvDialect {
  switch (field) {
    case "env":
      return rules;
    case "buildArgs":
      return "build";
    case "buildSecrets":
      return "secret";
  }
}
