import type { ServiceTarget } from "../../../deploy";
import type { DeploymentRow, ServiceKind, ServiceStatus } from "../../../dokploy";
import type { Problem } from "../../../errors";
import type { Context, LastDeployment } from "../../../lifecycle";
import type { Apply, DeployOptions } from "../../../schema";

/** Actions that change what runs, from weak to strong. */
export const methods = ["reload", "redeploy", "deploy"] as const satisfies readonly Apply[];
export type Method = (typeof methods)[number];

/** Status and records of the earlier deployments of a service. */
export interface Past {
  readonly status: ServiceStatus;
  readonly deployments: readonly DeploymentRow[];
}

/** Doubt about a deployment that the check of the containers settles. */
export interface Doubt {
  /** Returns the error for containers that show no change. */
  readonly ifUntouched?: () => Error;
  /** Error, unless the containers are seen to have the variables that were saved. */
  readonly unlessProven?: Error;
}

/** One use of a way. */
export interface Use extends Pick<DeployOptions, "timeoutSeconds"> {
  readonly method: Method;
  /** Deployment records from just before; undefined if they may have changed since. */
  readonly before: readonly DeploymentRow[] | undefined;
  /** Returns the texts that Dokploy shows for the deployment, for a way that has a place for them. */
  texts(): Promise<{ title: string; description?: string }>;
  /** True when the containers show later whether it took place. */
  readonly isProvenLater: boolean;
  /** Called when Dokploy does not show whether it took place, so that its containers must decide. */
  onDoubt?(doubt: Doubt): void;
  /** Texts that no message may show. */
  readonly secrets: Iterable<string>;
}

/** Way to apply the saved configuration of a service. */
export interface Way {
  /**
   * Methods that it has for a kind of service, and no other way has; none for a kind that it never deploys. The methods
   * that no way has are refused in a program.
   */
  methods(kind: ServiceKind): readonly Method[];
  /** Starts it, and follows it to its end. @returns what Dokploy recorded; undefined when it leaves no result */
  run(context: Context, target: ServiceTarget, use: Use): Promise<LastDeployment | undefined>;
}

/** The way of full deployments, to which others may add a method. Each kind of service has one. */
export interface FullWay extends Way {
  /** Returns the problems of options other than the method, where it does not support all of them. */
  problems?(deploy: Readonly<Record<string, unknown>>): Problem[];
  /** True when a version of the service certainly ran. */
  hasSucceeded(past: Past): boolean;
  /** True when a deployment of the service was ever started. */
  hasBegun(past: Past): boolean;
  /** Returns the action that the service needs although no change shows: a killed run may have saved one. */
  unapplied(past: Past): Apply;
}
