import type { EnvMap } from "../../env";

/** Inputs that projects and environments have in common. */
export interface ScopeInputs {
  name: string;
  projectId?: string | undefined;
  env?: EnvMap | undefined;
  redeployReferrers?: boolean | undefined;
  overwriteVariables?: boolean | undefined;
  import?: string | undefined;
}

/** Row of a project or environment. */
export type ScopeRow = Record<string, unknown> & {
  readonly name: string;
  /** Environments of a project, with their services. */
  readonly environments?: readonly { readonly name: string }[];
};
