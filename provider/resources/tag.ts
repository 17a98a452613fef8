import { z } from "zod";
import { field, simple } from "../engine";
import { nonEmptyText } from "../schema";

/**
 * A tag by which people find projects in Dokploy. It requires Dokploy 0.29.0. A project lists its tags in `tagIds`;
 * deleting a tag removes it from all projects.
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
    /** Name; unique among the tags of the server. */
    name: nonEmptyText,
    /** Color in CSS notation: `#16a34a`. Default: Dokploy's own. */
    color: field(z.string().regex(/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i, "is not a color such as #16a34a"), {
      default: null,
    }),
  },
});
