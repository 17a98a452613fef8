import type { ApplicationInputs } from "../../provider/resources/application";
import type { ResourceOptions } from "../resource/base";
import type { Inputs, Internal, Listed } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import type { Lists } from "../run/kind";
import { Service } from "./service";

export interface ApplicationArgs
  extends Inputs<Listed<Omit<ApplicationInputs, Internal>, Lists<"Application">>> {}

/**
 * An application: one image, pulled or built from code, that runs as a service of Docker Swarm.
 *
 * Creating or changing it saves the configuration, deploys once if the change needs it, and waits until that deployment
 * ends. When the deployment fails, `pulumi up` fails with the end of its log, and the next `pulumi up` deploys again.
 *
 * @example
 * ```ts
 * const api = new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { LOG_LEVEL: "info", DATABASE_URL: config.requireSecret("databaseUrl") },
 *   resources: { memoryLimit: "512MiB", cpuLimit: 0.5 },
 *   domains: [{ host: "api.acme.dev", port: 3000, https: true, certificateType: "letsencrypt" }],
 * });
 * export const host = api.appName;
 * ```
 *
 * @example Adopt an application that was made in Dokploy's web interface
 * ```ts
 * new dokploy.Application(
 *   "api",
 *   { environmentId: shop.defaultEnvironmentId, name: "api", source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" } },
 *   { import: "PQqzqTGCVtx0St2SA3vCi" },
 * );
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Application extends Service {
  constructor(name: string, args: ApplicationArgs, options?: ResourceOptions) {
    super("Application", name, args, options);
  }
}

export interface Application extends Outputs<Omit<ApplicationInputs, Internal>> {}
