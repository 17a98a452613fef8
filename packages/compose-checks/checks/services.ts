import { entryAt } from "../yaml";
import { parseTemplate } from "./interpolation";
import { quoted, type Subject } from "./subject";

/**
 * Checks for things that work elsewhere and cause trouble in Dokploy: fixed names, the obsolete version, moving tags.
 */
export function checkServices({ root, started, stack, report }: Subject): void {
  const version = root.entries.get("version");
  if (version !== undefined && !stack) {
    report("version-field", version, "version has no effect any more: remove it");
  }
  for (const { name, node } of started) {
    const fixed = node.entries.get("container_name");
    // A stack ignores it, which has a separate rule.
    if (fixed !== undefined && !stack) {
      report(
        "container-name",
        fixed,
        `service ${quoted(name)} has a container_name: Dokploy finds logs and containers by its own names, ` +
          `and two services cannot have the same name; remove it`,
      );
    }
    const image = entryAt(node, "image")?.value;
    // With build, it names the image that is built.
    if (image?.kind !== "scalar" || node.entries.has("build")) continue;
    const tag = tagOf(image.template ?? image.text);
    if (tag === "none" || tag === "latest") {
      report(
        "latest-tag",
        image,
        `the image of service ${quoted(name)} has ` +
          `${tag === "none" ? "no tag, which means latest" : "the tag latest"}: the version that runs then depends ` +
          "on the day of the deployment; name a version",
      );
    }
  }
}

/** Returns the kind of tag of an image. A digest is more exact than a tag, and a variable may contain either. */
function tagOf(image: string): "none" | "latest" | "fixed" {
  if (image === "") return "fixed";
  // Control characters cannot be in an image's name.
  const variable = "\u0001";
  const text = parseTemplate(image)
    .map((segment) => (segment.kind === "literal" ? segment.text : variable))
    .join("");
  const last = text.slice(text.lastIndexOf("/") + 1);
  if (text.includes("@") || last.includes(variable)) return "fixed";
  const colon = last.indexOf(":");
  if (colon === -1) return "none";
  return last.slice(colon + 1) === "latest" ? "latest" : "fixed";
}
