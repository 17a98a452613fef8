import type { DatabaseTarget } from "./database";
import type { DeployTarget } from "./service";
import type { WatchOptions, WatchTarget } from "./watch";

/** A service to deploy and to watch, with the expected state of its containers. */
export type ServiceTarget = WatchTarget & (DeployTarget | DatabaseTarget) & { expected?: Expected };

/** Number of containers that should run, and their variables, as far as known. */
export type Expected = Pick<WatchOptions, "replicas" | "isJob" | "expectEnv">;

/** Returns the key of a service in a run, such as `application/<id>`. */
export function serviceKey({ kind, id }: Pick<ServiceTarget, "kind" | "id">): string {
  return `${kind}/${id}`;
}

/** Facts of the run about a service that is about to be deployed. */
export interface RunFacts {
  /** Position of its saved changes among everything that the run saved; 0 when an earlier run saved them. */
  readonly since: number;
  /** Position of the run when the service was read. */
  readonly readAt: number;
  /** Keys (`project/<id>`, `environment/<id>`) of the variables that its containers may use besides its own. */
  readonly around: readonly string[];
  /** True when its containers use them. */
  readonly takesShared: boolean;
  /** Reads the service once more. */
  readonly again: () => Promise<ServiceTarget>;
}
