import { spawnSync } from "node:child_process";
import { dirname } from "node:path";

/** Returns the files that git ignores, so that no repository has them. */
export function ignoredFiles(files: readonly string[]): ReadonlySet<string> {
  const ignored = new Set<string>();
  for (const folder of new Set(files.map((file) => dirname(file)))) {
    const inside = files.filter((file) => dirname(file) === folder);
    const { status, stdout } = spawnSync("git", ["check-ignore", "-z", "--stdin"], {
      cwd: folder,
      input: inside.map((file) => file.slice(folder === "." ? 0 : folder.length + 1)).join("\0"),
      encoding: "utf8",
    });
    if (status !== 0) continue;
    const names = new Set(stdout.split("\0"));
    for (const file of inside)
      if (names.has(file.slice(folder === "." ? 0 : folder.length + 1))) ignored.add(file);
  }
  return ignored;
}
