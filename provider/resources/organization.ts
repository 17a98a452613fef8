import { z } from "zod";
import { text, webLink } from "../schema/fields";
import { simple } from "../simple/resource";
import { field } from "../simple/spec";

/**
 * An organization: projects, members and keys of its own on the same Dokploy. The user of the key in the settings owns it. A key
 * works in one organization, so what is in this one takes a {@link ApiKey} of it and a provider with that.
 *
 * Dokploy deletes an organization with all that it has, and leaves running what runs: so that is refused unless `allowDeletion`
 * says otherwise.
 *
 * @example
 * ```ts
 * const staging = new dokploy.Organization("staging", { name: "Staging" });
 * const key = new dokploy.ApiKey("staging", { name: "pulumi", organizationId: staging.id });
 * const provider = new dokploy.Provider("staging", { url, apiKey: key.key });
 * new dokploy.Project("shop", { name: "shop" }, { provider });
 * ```
 */
export const organization = simple({
  kind: "Organization",
  router: "organization",
  key: ["name"],
  label: ({ name }) => name,
  unsureWhenGone: true,
  keeps: ({ allowDeletion }) =>
    allowDeletion !== true &&
    "Dokploy would delete all that it has with it, and leave its containers running without an owner. If that is meant, set " +
      "allowDeletion: true, run `pulumi up`, and delete it then",
  inputs: {
    /** Name; no other organization of the same user may have it. */
    name: text,
    /** Address of its picture. Default: none. */
    logo: field(
      webLink.regex(/^(?!https?:\/\/[^/?#]*@)/, "has a login in it: whoever sees the picture would see that"),
      { default: "" },
    ),
    /**
     * Role of those who come in by single sign-on: `admin`, `member`, or one of your own, which needs a licence of Dokploy
     * Enterprise. Needs Dokploy 0.30.0. Default: Dokploy's.
     */
    defaultRole: field(text, { default: null }),
    /** Let it be deleted, with all that it has. Default: false. */
    allowDeletion: z.boolean().optional(),
  },
  columns: { allowDeletion: false },
  rules: {
    defaultRole: ({ defaultRole }) => defaultRole === "owner" && "must not be owner: an organization has one",
  },
});
