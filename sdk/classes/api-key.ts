import type { Output } from "@pulumi/pulumi";
import type { ApiKeyInputs } from "../../provider/resources/api-key";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type { Inputs } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";

export interface ApiKeyArgs extends Inputs<ApiKeyInputs> {}

/**
 * An API key of the user whose key is in the settings: for CI, or for another program or stack. Dokploy shows a key
 * only once, so the only copy is in the state of the stack, as a secret.
 *
 * The key may do what its user may. It cannot be changed: a change of an input, including `triggers`, makes a new key
 * first. The old key is deleted once everything that uses it has the new one. A refresh drops a key that has expired,
 * and the next update makes another.
 *
 * @example
 * ```ts
 * const ci = new dokploy.ApiKey("ci", { name: "ci", expiresInDays: 90, triggers: { quarter: "2026-4" } });
 * new github.ActionsSecret("dokploy", { repository: "api", secretName: "DOKPLOY_API_KEY", plaintextValue: ci.key });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class ApiKey extends DokployResource {
  /** Text of the key. Secret. */
  declare readonly key: Output<string>;
  /** Time at which the key expires, in ISO 8601; undefined when it never does. */
  declare readonly expiresAt: Output<string | undefined>;
  /** Id of the user that the key belongs to: the user of the key in the settings. */
  declare readonly userId: Output<string>;

  constructor(name: string, args: ApiKeyArgs, options?: ResourceOptions) {
    super("ApiKey", name, args, ["key", "expiresAt", "userId"], options);
  }
}

export interface ApiKey extends Outputs<ApiKeyInputs> {}
