import { z } from "zod";
import { field, isAmbiguous, simple } from "../engine";
import { UserError } from "../errors";
import { nonEmptyText } from "../schema";
import { webLink } from "./types/addresses";

const base = simple({
  kind: "Organization",
  router: "organization",
  key: ["name"],
  label: ({ name }) => name,
  inputs: {
    /** Name; unique among the organizations of the user. */
    name: nonEmptyText,
    /** Address of the logo. Default: none. */
    logo: field(
      webLink.regex(
        /^(?!https?:\/\/[^/?#]*@)/,
        "contains a login, which everybody who sees the logo could read",
      ),
      { default: "" },
    ),
    /**
     * Role of people who join by single sign-on: `admin`, `member`, or a custom one, which requires a license of
     * Dokploy Enterprise. Requires Dokploy 0.30.0. Default: Dokploy's own.
     */
    defaultRole: field(nonEmptyText.meta({ examples: ["member"] }), { default: null }),
    /** True to allow deleting it with everything in it. Default: false. */
    allowDeletion: field(z.boolean().optional(), { column: false }),
  },
  rules: {
    defaultRole: ({ defaultRole }) => defaultRole === "owner" && "must not be owner: an organization has one",
  },
});

/**
 * An organization on the same Dokploy, with its own projects, members and keys. The user of the key in the settings
 * owns it. A key works in one organization, so the objects of this one need an {@link ApiKey} of it and a provider with
 * that key.
 *
 * Dokploy deletes an organization with everything in it, and leaves its containers running. Deleting it is therefore
 * refused unless `allowDeletion` is true.
 *
 * @example
 * ```ts
 * const staging = new dokploy.Organization("staging", { name: "Staging" });
 * const key = new dokploy.ApiKey("staging", { name: "pulumi", organizationId: staging.id });
 * const provider = new dokploy.Provider("staging", { url, apiKey: key.key });
 * new dokploy.Project("shop", { name: "shop" }, { provider });
 * ```
 */
export const organization: typeof base = {
  ...base,
  async read(id, state, context) {
    const live = await base.read(id, state, context);
    // The option import may name one that is gone: then nothing is lost.
    if (live || state.inputs.name === undefined) return live;
    throw new UserError(
      `The ${base.model.label(state.inputs, context.run)} (${id}) was deleted in Dokploy, or the user of the key ` +
        "in the settings does not belong to it: Dokploy gives the same response in both cases. Use a key of its owner; or, " +
        "if it was deleted, remove it from the state with `pulumi state delete`.",
    );
  },

  /** Leaves out the organization of the key, in which everything else is: each Dokploy begins with one. */
  async list(tree) {
    const { session } = await tree.api.call("user.session", {});
    const organizations = (await base.list?.(tree)) ?? [];
    return organizations.filter(({ id }) => id !== session.activeOrganizationId);
  },
  async delete(id, inputs, context) {
    const { api, run } = context;
    if (inputs.allowDeletion !== true && (await base.model.objects.one(id, api))) {
      throw new UserError(
        `The ${base.model.label(inputs, run)} (${id}) is not deleted. Dokploy would delete everything in it, and ` +
          "leave its containers running without an owner. If you want that, set allowDeletion: true, run " +
          "`pulumi up`, and then delete it.",
      );
    }
    try {
      await base.delete(id, inputs, context);
    } catch (error) {
      // A later run could not find out whether it is deleted; here it existed just before.
      if (!isAmbiguous(error) || (await base.model.objects.one(id, api))) throw error;
    }
  },
};
