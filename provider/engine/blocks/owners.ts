import { kindAndId, pathOf, type Target } from "../../schema";
import type { SharedOwner } from "../shared-variable-users/redeploy";
import type { SharedVariables } from "../variable-targets/host";

/** Returns the names in the state of a target's owners: its blocks, and the resource that creates it. */
export function ownersOf(of: Target): Record<"block" | "owner", { kind: string; id: string }> {
  const { kind, id } = kindAndId(of);
  return {
    block: { kind: "EnvironmentBlock", id: pathOf(of) },
    owner: { kind: `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, id },
  };
}

/** Returns a block as the owner of shared variables, for the services that refer to them. */
export function sharedOwner(
  { kind, id, label }: SharedVariables,
  { redeployReferrers: redeploy }: { redeployReferrers?: boolean | undefined },
): SharedOwner {
  return { label: `EnvironmentBlock of the ${label}`, scope: { kind, id }, redeploy };
}
