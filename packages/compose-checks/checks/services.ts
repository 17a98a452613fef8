import { entryAt } from "../yaml/nodes";
import { parseTemplate } from "./interpolation";
import { quoted, type Subject } from "./subject";

/** What works elsewhere and is a nuisance in Dokploy: fixed names, the obsolete version, moving tags. */
export function checkServices({ root, started, stack, report }: Subject): void {
  const version = root.entries.get("version");
  if (version !== undefined && !stack) {
    report("version-field", version, "version has no meaning any more: take it out");
  }
  for (const { name, node } of started) {
    const fixed = node.entries.get("container_name");
    // A stack ignores it, which is a rule of its own.
    if (fixed !== undefined && !stack) {
      report(
        "container-name",
        fixed,
        `service ${quoted(name)} has a container_name: Dokploy finds logs and containers by the names that it gives ` +
          "itself, and two services cannot have the same; take it out",
      );
    }
    const image = entryAt(node, "image")?.value;
    // Beside build, it is the name of what gets built.
    if (image?.kind !== "scalar" || node.entries.has("build")) continue;
    const tag = tagOf(image.text);
    if (tag === "none" || tag === "latest") {
      report(
        "latest-tag",
        image,
        `the image of service ${quoted(name)} has ${tag === "none" ? "no tag, which means latest" : "the tag latest"}: ` +
          "what runs then depends on the day of the deployment; name a version",
      );
    }
  }
}

/** A digest says more than a tag, and a variable may hold either. */
function tagOf(image: string): "none" | "latest" | "fixed" {
  if (image === "") return "fixed";
  // Control characters stand in no image's name.
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
