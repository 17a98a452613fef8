import type { Output } from "@pulumi/pulumi";
import type { ApiKeyInputs } from "../../provider/resources/api-key";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type { Inputs } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";

export interface ApiKeyArgs extends Inputs<ApiKeyInputs> {}

/**
 * A key for Dokploy's API, of the user whose key is in the settings: for CI, or for another program or stack. Dokploy shows a key
 * once, so it stands in the state of the stack alone, as a secret.
 *
 * It may do what its user may. Nothing of it can be changed: a change of an input, `triggers` included, makes a new key first, and
 * deletes the old one when what uses it has the new one. A refresh drops a key that has expired, and the next update makes
 * another.
 *
 * @example
 * ```ts
 * const ci = new dokploy.ApiKey("ci", { name: "ci", expiresInDays: 90, triggers: { quarter: "2026-4" } });
 * new github.ActionsSecret("dokploy", { repository: "api", secretName: "DOKPLOY_API_KEY", plaintextValue: ci.key });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class ApiKey extends DokployResource {
  /** The key itself. Secret. */
  declare readonly key: Output<string>;
  /** When it stops working, in ISO 8601; undefined when never. */
  declare readonly expiresAt: Output<string | undefined>;
  /** Id of the user that it belongs to: the one of the key in the settings. */
  declare readonly userId: Output<string>;

  constructor(name: string, args: ApiKeyArgs, options?: ResourceOptions) {
    super("ApiKey", name, args, ["key", "expiresAt", "userId"], options);
  }
}

export interface ApiKey extends Outputs<ApiKeyInputs> {}
