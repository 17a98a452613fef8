import type { DatabaseTarget } from "./database";
import type { DeployTarget } from "./service";
import type { WatchOptions, WatchTarget } from "./watch";

/** A service as something to deploy and to watch, with what its containers should be. */
export type ServiceTarget = WatchTarget & (DeployTarget | DatabaseTarget) & { expected?: Expected };

/** How many containers should run, and with which variables, as far as that is known. */
export type Expected = Pick<WatchOptions, "replicas" | "isJob" | "expectEnv">;

/** `application/<id>`: how a run calls the service. */
export function serviceKey({ kind, id }: Pick<ServiceTarget, "kind" | "id">): string {
  return `${kind}/${id}`;
}

/** What the run knows of a service that it is about to deploy. */
export interface Standing {
  /** The place of what was saved for it among all that the run saved; 0 when an earlier run saved it. */
  readonly since: number;
  /** Where the run stood when the service was read. */
  readonly readAt: number;
  /** `project/<id>`, `environment/<id>`: whose variables its containers may take beside its own. */
  readonly around: readonly string[];
  /** Whether they do. */
  readonly takesShared: boolean;
  /** Reads the service once more. */
  readonly again: () => Promise<ServiceTarget>;
}
