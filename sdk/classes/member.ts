import type { Output } from "@pulumi/pulumi";
import type { MemberInputs } from "../../provider/resources/member";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type { Inputs } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import { stable } from "../resource/stable";

export interface MemberArgs extends Inputs<MemberInputs> {}

/**
 * The permissions of a member of the organization, and the objects that the member sees. It makes no account and
 * invites nobody: the person joins by an invitation or single sign-on. Inputs that are left out are not touched.
 * Deleting the resource leaves the member unchanged.
 *
 * @example
 * ```ts
 * new dokploy.Member("ana", {
 *   email: "ana@acme.example", role: "member",
 *   may: { createServices: true, deleteServices: false },
 *   sees: { projectIds: [shop.id], environmentIds: [shop.defaultEnvironmentId] },
 * });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Member extends DokployResource {
  /** Id of the membership, which differs from the id of the user. */
  declare readonly memberId: Output<string>;

  constructor(name: string, args: MemberArgs, options?: ResourceOptions) {
    super("Member", name, args, ["memberId"], options);
    this.memberId = stable(this.memberId, this.id, options, async (userId, connect) => {
      const api = await connect();
      return (await api.call("user.one", { userId })).id;
    });
  }
}

export interface Member extends Outputs<MemberInputs> {}
