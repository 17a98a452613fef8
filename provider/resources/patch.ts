import { z } from "zod";
import { isRecord } from "../../packages/values";
import { callAny } from "../dokploy";
import { field, simple, withService } from "../engine";
import type { Problem } from "../errors";
import type { Row } from "../lifecycle";
import { content } from "./types/paths";
import { quotedInnerPath } from "./types/text-types";

/**
 * A file that Dokploy writes into the code of an application or a compose service, or removes from it, after each clone
 * from git. It replaces the whole file. It takes effect with a deployment: one for all changes that the run makes to
 * the service. A service with an image or a raw compose file has no code to patch.
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
  parents: { application: "deploy", compose: "deploy" },
  key: ["filePath"],
  label: ({ filePath }) => filePath,
  all: (parent, api) =>
    parent && (callAny(api, "patch.byEntityId", { type: parent.kind, id: parent.id }) as Promise<Row[]>),
  // A creation ignores `enabled`.
  create: ({ enabled: _, ...columns }) => columns,
  inputs: {
    /** Path of the file in the repository; unique among the patches of the service. */
    filePath: quotedInnerPath,
    /** Action: `update` or `create` writes the file, `delete` removes it. Default: `update`. */
    type: field(z.enum(["update", "create", "delete"]), { default: "update" }),
    /**
     * Whole content of the file. Dokploy adds a line break at the end if the content has none. Default: an empty file.
     */
    content: field(content, {
      default: "",
      secret: "maybe",
      write: (text: string) => text.replace(/[^\n]$/, "$&\n"),
    }),
    /** True when the patch is applied; `false` only keeps it. Default: true. */
    enabled: field(z.boolean(), { default: true }),
    ...withService,
  },
  rules: {
    content: ({ type, content }) =>
      type === "delete" &&
      content !== undefined &&
      content !== "" &&
      'has no effect: type: "delete" removes the file',
  },
});

/** Returns the problem of patches that a service lists without code to patch. */
export function patchProblems({
  source,
  patches,
}: {
  readonly source?: { readonly type?: unknown } | undefined;
  readonly patches?: unknown;
}): Problem[] {
  const why: Readonly<Record<string, string>> = {
    docker: "an image has no code to patch",
    raw: "the program gives the compose file, so change it there",
  };
  const reason = why[String(source?.type)];
  const isUsed = isRecord(patches) && Object.keys(patches).length > 0;
  return isUsed && reason !== undefined ? [{ property: "patches", reason: `have no effect: ${reason}` }] : [];
}
