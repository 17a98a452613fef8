import { z } from "zod";
import { text } from "../schema/fields";
import { simple } from "../simple/resource";
import { field } from "../simple/spec";

/**
 * A tag, by which people find projects in Dokploy. It needs Dokploy 0.29.0. A project has it by its input `tagIds`; deleting it
 * takes it away from all of them.
 *
 * @example
 * ```ts
 * const live = new dokploy.Tag("live", { name: "live", color: "#16a34a" });
 * new dokploy.Project("shop", { name: "shop", tagIds: [live.id] });
 * ```
 */
export const tag = simple({
  kind: "Tag",
  router: "tag",
  key: ["name"],
  label: ({ name }) => name,
  inputs: {
    /** Name; no other tag of the server may have it. */
    name: text,
    /** Colour as the web knows it: `#16a34a`. Default: that of Dokploy. */
    color: field(z.string().regex(/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i, "is not a colour such as #16a34a"), {
      default: null,
    }),
  },
});
