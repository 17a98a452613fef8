import type { TraefikFileInputs } from "../../provider/resources/traefik-file";
import { refuseNothing } from "../program-checks/given";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type { Inputs, Internal } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";

export interface TraefikFileArgs extends Inputs<Omit<TraefikFileInputs, Internal>> {}

/**
 * A whole file of Traefik's dynamic configuration, for routers, middlewares and certificates that Dokploy has no other
 * place for. Traefik reads it as soon as it is saved. A file that Dokploy writes itself is refused. So is an existing
 * file, unless the option `import` names it by its path.
 *
 * Deleting it empties the file, since Dokploy has no call that removes one.
 *
 * @example
 * ```ts
 * new dokploy.TraefikFile("headers", {
 *   path: "dynamic/headers.yml",
 *   content: "http:\n  middlewares:\n    hsts:\n      headers:\n        stsSeconds: 31536000\n",
 * });
 * new dokploy.Domain("shop", { applicationId: web.id, host: "shop.example.com", middlewares: ["hsts@file"] });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class TraefikFile extends DokployResource {
  constructor(name: string, args: TraefikFileArgs, options?: ResourceOptions) {
    refuseNothing("TraefikFile", name, args);
    super("TraefikFile", name, args, [], options);
  }
}

export interface TraefikFile extends Outputs<Omit<TraefikFileInputs, Internal>> {}
