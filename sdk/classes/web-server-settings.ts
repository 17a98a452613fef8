import type { WebServerSettingsInputs } from "../../provider/resources/web-server-settings";
import { refuseNothing } from "../program-checks/given";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type { Inputs } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";

export interface WebServerSettingsArgs extends Inputs<WebServerSettingsInputs> {}

/**
 * What Dokploy's own web server is set to, for the whole server: its host name and certificate, cleaning up, how many
 * deployments run at once. There is one of it, so one program of one stack has it, which takes over what is there; what it
 * leaves out is not touched. The key has to be of the owner or an admin.
 *
 * Deleted, it is only forgotten: everything stays as it is.
 *
 * @example
 * ```ts
 * new dokploy.WebServerSettings("dokploy", {
 *   host: "dokploy.example.com",
 *   https: true,
 *   certificateType: "letsencrypt",
 *   letsEncryptEmail: "ops@example.com",
 *   buildsConcurrency: 2,
 * });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class WebServerSettings extends DokployResource {
  constructor(name: string, args: WebServerSettingsArgs, options?: ResourceOptions) {
    refuseNothing("WebServerSettings", name, args);
    super("WebServerSettings", name, args, [], options);
  }
}

export interface WebServerSettings extends Outputs<WebServerSettingsInputs> {}
