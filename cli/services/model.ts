import type { Condition as Judged } from "../../provider/deploy";
import type { ApplicationDetail, DatabaseDetail, ServiceKind } from "../../provider/dokploy";

/** Row of any service, with what only some kinds have. */
export type AnyRow = Pick<DatabaseDetail, "name" | "appName"> &
  Partial<Pick<ApplicationDetail, "dockerImage" | "replicas" | "domains" | "deployments" | "environment">> & {
    readonly env?: string | null;
    readonly sourceType?: string;
  };

/** The last deployment of a service. */
export interface LastDeployment {
  readonly status: string;
  /** Time of its start, in ISO 8601. */
  readonly at: string;
  readonly title: string;
  /** Commit of the deployment repository, or of the source that Dokploy built. */
  readonly commit: string | undefined;
}

/**
 * Condition that containers show, or:
 * - `not deployed`: it has no deployment
 * - `missing`: Dokploy no longer has the service
 */
export type Condition = Judged | "not deployed" | "missing";

/** A service as it is on the server now. */
export interface ServiceStatus {
  readonly name: string;
  readonly kind: ServiceKind;
  readonly condition: Condition;
  /** Clause that says why it does not run as it should, as far as its containers show it. */
  readonly why: string | undefined;
  /** Image that runs, the one in Dokploy where none does, or where it is built from; undefined for a compose service. */
  readonly image: string | undefined;
  /** Images of the containers of a compose service; undefined for any other, and where Docker shows none. */
  readonly images: readonly string[] | undefined;
  /** Seconds since the newest of its containers started. */
  readonly ageSeconds: number | undefined;
  readonly running: number | undefined;
  readonly wanted: number | undefined;
  readonly lastDeployment: LastDeployment | undefined;
  /** A deployment that waits or runs. */
  readonly isDeploying: boolean;
  readonly addresses: readonly string[];
  /** Clauses about what differs from the state of the stack. */
  readonly differences: readonly string[];
}
