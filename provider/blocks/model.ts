import type { EnvMap } from "../env/codec";
import type { ServiceOutputs } from "../objects/service-outputs";
import type { ReferrerOutputs } from "../referrers/pending";
import type { DeployOption } from "../schema/fields";
import type { Field, Target } from "../schema/kinds";

/** Variables by the text that has them. */
export type BlockTexts = { readonly [F in Field]?: EnvMap | undefined };

/** What a block of variables is given. */
export type BlockInputs = BlockTexts & {
  target: Target;
  mode?: "exclusive" | "additive" | undefined;
  deploy?: DeployOption | undefined;
  redeployReferrers?: boolean | undefined;
  overwriteVariables?: boolean | undefined;
};

/** What a block has beside its inputs; of shared variables, only what refers to them. */
export interface BlockOutputs extends Partial<ServiceOutputs>, ReferrerOutputs {
  /** Name of the service inside Docker. */
  appName?: string;
}
