import type { EnvMap } from "../../env";
import type { DeployOption, Field, Target } from "../../schema";
import type { ServiceOutputs } from "../rollout/outputs";
import type { ReferrerOutputs } from "../shared-variable-users/pending";

/** Variables by the text that contains them. */
export type BlockTexts = { readonly [F in Field]?: EnvMap | undefined };

/** Inputs of a block of variables. */
export type BlockInputs = BlockTexts & {
  target: Target;
  mode?: "exclusive" | "additive" | undefined;
  deploy?: DeployOption | undefined;
  redeployReferrers?: boolean | undefined;
  overwriteVariables?: boolean | undefined;
};

/** Outputs of a block; for shared variables only those about services that refer to them. */
export interface BlockOutputs extends Partial<ServiceOutputs>, ReferrerOutputs {
  /** Name of the service inside Docker. */
  appName?: string;
}
