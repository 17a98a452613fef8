import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Returns the version in the package's own package.json, from the sources and from `dist`. */
export function packageVersion(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
        name?: string;
        version?: string;
      };
      if (name === "pulumi-dokploy" && version !== undefined) return version;
    } catch {
      // This folder has no package.json; its parent may have it.
    }
  }
  throw new Error("package.json of pulumi-dokploy not found");
}
