import * as pulumi from "@pulumi/pulumi";
import { failAtEnd, ProgramError } from "../run";
import { fromConfig } from "./values";

/**
 * Returns a secret of the stack: the setting of this name, or else the secret that `export` stored under it. This is what
 * `!secret NAME` is in a file of variables.
 *
 * @param name name of the setting, such as `api.TOKEN`; may have a namespace before it, `shop:api.TOKEN`
 * @throws ProgramError with the command that sets it, when it is missing; a preview continues and fails at its end, so that
 * it names all that are missing
 * @example
 * ```ts
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { TOKEN: dokploy.configSecret("api.TOKEN") },
 * });
 * ```
 */
export function configSecret(name: string): pulumi.Output<string> {
  const found = fromConfig(name);
  if (!("missing" in found)) return pulumi.output(found.value);
  failAtEnd(new ProgramError(`${found.missing[0]?.toUpperCase()}${found.missing.slice(1)}`));
  return pulumi.output(pulumi.unknown as unknown as string);
}
