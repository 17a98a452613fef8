import type { Output } from "@pulumi/pulumi";
import type { MemberInputs } from "../../provider/resources/member";
import { DokployResource, type ResourceOptions } from "../resource/base";
import type { Inputs } from "../resource/inputs";
import type { Outputs } from "../resource/outputs";
import { stable } from "../resource/stable";

export interface MemberArgs extends Inputs<MemberInputs> {}

/**
 * What a member of the organization may do and sees. It makes no account and invites nobody: the person came in by an
 * invitation or single sign-on. What the program leaves out is not touched, and deleting it leaves the member as they are.
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
  /** Id of the membership, which is another one than that of the user. */
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
