import { z } from "zod";
import { content, innerPath } from "../schema/paths";
import { simple } from "../simple/resource";
import { field, withService } from "../simple/spec";

/** Dokploy writes it into a shell line, between quotes. */
const file = innerPath.regex(
  /^[^"$`\\\n\r]*$/,
  'holds a character that a shell would take for its own: " $ ` \\ or a line end',
);

/**
 * A file that Dokploy puts into the code of an application or a compose service, or takes out of it, each time that it has
 * cloned it from git: whole, in the place of the one that is there. It takes effect with a deployment, which is one for all
 * that a run changes around its service. With an image, or a compose file of the program's own, there is no code to patch.
 *
 * @example
 * ```ts
 * new dokploy.Patch("settings", { applicationId: web.id, filePath: "config/production.json", content: settings });
 * new dokploy.Patch("no-override", { composeId: wiki.id, filePath: "compose.override.yaml", type: "delete" });
 * ```
 */
export const patch = simple({
  kind: "Patch",
  router: "patch",
  list: "patches",
  parents: ["application", "compose"],
  key: ["filePath"],
  label: ({ filePath }) => filePath,
  applies: { application: "deploy", compose: "deploy" },
  listing: { call: "byEntityId", input: (type, id) => ({ type, id }) },
  unheeded: ["enabled"],
  unfit: ({ source }: { source?: { type?: unknown } }) =>
    (source?.type === "docker" && "are of no use: with an image there is no code to patch") ||
    (source?.type === "raw" && "are of no use: the compose file is the program's own, so change that"),
  inputs: {
    /** Path of the file in the repository; no other patch of the service may have it. */
    filePath: file,
    /** `update` or `create` writes the file, `delete` takes it away. Default: `update`. */
    type: field(z.enum(["update", "create", "delete"]), { default: "update" }),
    /** The whole content of the file, which ends with a line end: Dokploy adds that where it is missing. Default: an empty file. */
    content: field(content, {
      default: "",
      secret: "maybe",
      write: (text: string) => text.replace(/[^\n]$/, "$&\n"),
    }),
    /** Whether it is applied; `false` keeps it. Default: true. */
    enabled: field(z.boolean(), { default: true }),
    ...withService,
  },
  rules: {
    content: ({ type, content }) =>
      type === "delete" &&
      content !== undefined &&
      content !== "" &&
      'is of no use: type: "delete" takes the file away',
  },
});
