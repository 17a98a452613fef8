import type { DatabaseTarget } from "./database";
import type { DeployTarget } from "./service";
import type { WatchOptions, WatchTarget } from "./watch";

/** A service to deploy and to watch, with the expected state of its containers. */
export type ServiceTarget = WatchTarget &
  (DeployTarget | DatabaseTarget) & {
    expected?: Expected;
    /** Rows or inputs of its domains. */
    domains?: unknown;
  };

/** Number of containers that should run, and their variables, as far as known. */
export type Expected = Pick<WatchOptions, "replicas" | "isJob" | "expectEnv">;

/** Returns the key of a service in a run, such as `application/<id>`. */
export function serviceKey({ kind, id }: Pick<ServiceTarget, "kind" | "id">): string {
  return `${kind}/${id}`;
}
