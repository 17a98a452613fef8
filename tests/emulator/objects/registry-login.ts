import { badRequest } from "../errors";
import type { Instance } from "../instance";
import type { Row } from "../rows";

/**
 * After a registry is made or changed Dokploy logs in to it.
 *
 * @throws ApiError with what Docker says, in which Dokploy replaces the password wherever its letters stand
 */
export function afterChange(router: string, row: Row, { registry }: Instance): void {
  if (router !== "registry") return;
  const { registryUrl, username, password } = row as Record<string, string>;
  const host = registryUrl === "" ? "docker.io" : (registryUrl ?? "");
  const unreachable = registry.unreachable.get(host);
  const login = registry.logins.get(host);
  const isRight = login === undefined || (login.username === username && login.password === password);
  if (unreachable === undefined && isRight) return;
  const reason = unreachable ?? `Get "https://${host}/v2/": unauthorized: incorrect username or password`;
  const command = `printf %s '${password}' | docker login '${registryUrl}' -u '${username}' --password-stdin`;
  const message = `Command execution failed: Command failed: ${command}\nError response from daemon: ${reason}\n`;
  throw badRequest(message.split(password ?? "").join("***"));
}
