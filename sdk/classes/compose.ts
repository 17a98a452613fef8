import type { Input, Output } from "@pulumi/pulumi";
import type { ResourceOptions } from "../resource";
import { containerHost, internalUrl, type UrlOptions } from "./internal-url";
import { Service } from "./service";

/** A compose service, whose containers other services reach by their names. */
export abstract class ComposeBase extends Service {
  readonly #composeType: Input<string | undefined>;

  protected constructor(
    kind: "Compose",
    name: string,
    args: { readonly composeType?: Input<string | undefined> },
    options: ResourceOptions | undefined,
  ) {
    super(kind, name, args, options);
    this.#composeType = args.composeType;
  }

  /**
   * Returns the address of a container for other services, such as `redis://shop-cache-4kq2ax-redis-1:6379`. It has an
   * address there only in a common network: its part of the compose file names `dokploy-network`, which is external, or
   * it has a domain. `isolatedDeployment` and a `container_name` prevent it.
   *
   * @param serviceName name of the container's service in the compose file
   * @param port port that the container listens on
   * @throws ProgramError for a port, a scheme or a path that no address has
   *
   * @example
   * ```ts
   * new dokploy.Application("web", {
   *   environmentId: shop.defaultEnvironmentId,
   *   name: "web",
   *   source: { type: "docker", image: "ghcr.io/acme/web:1.4.2" },
   *   env: { CACHE_URL: cache.internalUrl("redis", 6379, { scheme: "redis" }) },
   * });
   * ```
   */
  internalUrl(serviceName: string, port: Input<number>, options: UrlOptions = {}): Output<string> {
    return internalUrl(containerHost(this.appName, this.#composeType, serviceName), port, options);
  }
}
