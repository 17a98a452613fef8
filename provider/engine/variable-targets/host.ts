import type { ServiceTarget } from "../../deploy";
import type { DeploymentRow, ServiceStatus } from "../../dokploy";
import type { EnvDialect } from "../../env";
import type { NamedValue } from "../../lifecycle";
import type { Apply, Field, ServiceKind, TargetKind, Texts } from "../../schema";
import type { EnclosingScopes } from "./reference-checks";

interface Named {
  readonly id: string;
  readonly name: string;
  /** `application "web" (id)`. */
  readonly label: string;
}

interface Holding extends Named {
  readonly texts: Readonly<Record<Field, string | null | undefined>>;
  /** Dialects of its texts on this server. */
  readonly rules: Readonly<Record<Field, EnvDialect>>;
  /** Writes the given texts; nothing when there are none. */
  save(texts: Texts): Promise<void>;
}

/** Current state of a service: its texts, the way to write them, and the action that applies them. */
export interface Service extends Holding {
  readonly kind: ServiceKind;
  /** Name in Docker. */
  readonly appName: string;
  readonly status: ServiceStatus;
  /** Records of its deployments: at most 11; none for a database. */
  readonly deployments: readonly DeploymentRow[];
  readonly environment: EnclosingScopes;
  /** Action that is needed even without changes, as its newest deployment did not succeed. */
  readonly pendingApply: Apply;
  /** Every variable whose value a deployment may print, whoever owns it. */
  readonly values: readonly NamedValue[];
  /** Compose file of a compose service, if Dokploy stores it. */
  readonly stackFile?: string | undefined;
  /** Returns the text of run-time variables as Dokploy reads it: a database's own variables come before it. */
  read(env: string): string;
  /** Returns the service with the expected state of its containers once these texts are applied. */
  withTexts(texts: Texts): ServiceTarget;
}

/** Current state of a project or environment. Its variables take effect with the services that refer to them. */
export interface SharedVariables extends Holding {
  readonly kind: "project" | "environment";
}

/** Object that has variables. */
export type VariableTarget = Service | SharedVariables;

export function isService(host: VariableTarget): host is Service {
  return host.kind !== "project" && host.kind !== "environment";
}

/** Returns the name of one text of variables, as the run records its owners. */
export function textKey(kind: TargetKind, id: string, field: string): string {
  return `${kind}:${id}:${field}`;
}
