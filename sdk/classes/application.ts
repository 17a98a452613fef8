import type { Input, Output } from "@pulumi/pulumi";
import type { ResourceOptions } from "../resource";
import { internalUrl, type UrlOptions } from "./internal-url";
import { Service } from "./service";

/** An application, which other services reach by its name. */
export abstract class ApplicationBase extends Service {
  protected constructor(
    kind: "Application",
    name: string,
    args: object,
    options: ResourceOptions | undefined,
  ) {
    super(kind, name, args, options);
  }

  /**
   * Returns the address for other services, such as `http://shop-api-4kq2ax:3000`. A resource that uses it comes after
   * the application. Both need a common network; by default that is Dokploy's own.
   *
   * @param port port that the application listens on
   * @throws ProgramError for a port, a scheme or a path that no address has
   *
   * @example
   * ```ts
   * new dokploy.Application("web", {
   *   environmentId: shop.defaultEnvironmentId,
   *   name: "web",
   *   source: { type: "docker", image: "ghcr.io/acme/web:1.4.2" },
   *   env: { API_URL: api.internalUrl(3000, { path: "/v1" }) },
   * });
   * ```
   */
  internalUrl(port: Input<number>, options: UrlOptions = {}): Output<string> {
    return internalUrl(this.appName, port, options);
  }
}
