import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The version in the package's own package.json, from the sources as from `dist`. */
export function packageVersion(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
        name?: string;
        version?: string;
      };
      if (name === "pulumi-dokploy" && version !== undefined) return version;
    } catch {
      // No package.json in this folder; the next one up may have it.
    }
  }
  throw new Error("package.json of pulumi-dokploy not found");
}
