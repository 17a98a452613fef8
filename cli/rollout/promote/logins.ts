import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isRecord } from "../../../packages/values";

/** Login of a registry. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Reads the login of a registry from the file that `docker login` writes; undefined when it has none. */
export function dockerLogin(host: string, environment: NodeJS.ProcessEnv): Login | undefined {
  const folder = environment["DOCKER_CONFIG"] || join(environment["HOME"] ?? homedir(), ".docker");
  let auths: unknown;
  try {
    auths = (JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as { auths?: unknown }).auths;
  } catch {
    // Without a login, the registry says whether it needs one.
  }
  if (!isRecord(auths)) return undefined;
  const [, entry] = Object.entries(auths).find(([address]) => isAddressOf(host, address)) ?? [];
  const auth = isRecord(entry) ? entry["auth"] : undefined;
  if (typeof auth !== "string") return undefined;
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) return undefined;
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** True when an address, such as `ghcr.io` or `https://index.docker.io/v1/`, is that of a registry. */
export function isAddressOf(host: string, address: string): boolean {
  const [named = ""] = address.replace(/^https?:\/\//, "").split("/");
  return named === host || (host === "docker.io" && named === "index.docker.io");
}
