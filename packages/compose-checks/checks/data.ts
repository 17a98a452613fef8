import { entriesOf, itemsOf, textAt } from "../yaml";
import { readDocument } from "./document";
import { extended } from "./profiles";

/**
 * True for a compose file whose containers have a volume or a folder of the server. A file that cannot be read, or that
 * takes services from elsewhere, may have one.
 */
export function mayHaveData(composeFile: string): boolean {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  if (!("root" in document) || document.root.entries.has("include")) return true;
  const services = entriesOf(document.root.entries.get("services")?.value);
  return (
    entriesOf(document.root.entries.get("volumes")?.value).length > 0 ||
    services.some(({ value }) => {
      if (value.kind !== "map" || extended(value)?.file !== undefined) return true;
      const { entries } = value;
      if (entries.has("volumes_from") || entries.has("provider")) return true;
      const mounts = entries.get("volumes")?.value;
      if (mounts !== undefined && mounts.kind !== "list") return true;
      return itemsOf(mounts).some((mount) => !["tmpfs", "npipe"].includes(textAt(mount, "type") ?? ""));
    })
  );
}
