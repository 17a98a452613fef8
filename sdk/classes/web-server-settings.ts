import type { WebServerSettingsInputs } from "../../provider/resources/web-server-settings";
import { refuseNothing } from "../program-checks/given";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type { Inputs } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";

export interface WebServerSettingsArgs extends Inputs<WebServerSettingsInputs> {}

/**
 * The settings of Dokploy's own web server, for the whole server: its host name and certificate, cleanup, and the
 * number of deployments at the same time. They exist once, so one program of one stack has them. It adopts the existing
 * settings, and an input that is left out is not touched. The key has to be that of the owner or an admin.
 *
 * Deleting the resource only removes it from the state: all settings stay as they are.
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
