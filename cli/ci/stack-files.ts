import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { UsageError } from "../terminal";

/** Any other section counts, in any spelling: this check does not interpret YAML. */
const harmless = /^(?:config|encryptionsalt|encryptedkey|secretsprovider):/;
const stackFile = /^(?!node_modules\/|\.git\/|\.pulumi-dokploy\/)(?:.*\/)?Pulumi\.[^/]+\.[^./]+$/;

/**
 * Lists the files of stacks that differ from a commit in more than the configuration. With Pulumi Cloud, `environment` in
 * such a file overrides variables of the job.
 */
export function changedStackFiles(base: string): string[] {
  if (!/^\w[\w./^~-]*$/.test(base)) throw new UsageError("--base takes a commit, such as HEAD^1.");
  const files = readdirSync(".", { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => stackFile.test(file));
  return files.filter((file) => othersIn(readFileSync(file, "utf8")) !== othersIn(textAt(base, file)));
}

/** Returns the lines that are not part of the configuration. */
function othersIn(text: string): string {
  let isHarmless = false;
  return text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .filter((line) => {
      if (/^\s*(?:#.*)?$/.test(line)) return false;
      if (/^\S/.test(line)) isHarmless = harmless.test(line);
      return !isHarmless;
    })
    .join("\n");
}

function textAt(base: string, file: string): string {
  try {
    return execFileSync("git", ["show", `${base}:./${file}`], { encoding: "utf8", stdio: "pipe" });
  } catch {
    return ""; // It is new.
  }
}
