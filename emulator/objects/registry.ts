import { badRequest } from "../instance/errors";
import type { Instance } from "../instance/instance";
import type { Row } from "../instance/rows";

/**
 * Logs in to a registry when it is created or changed, like Dokploy.
 *
 * @throws ApiError with Docker's message, in which Dokploy replaces the password wherever its letters occur
 */
export function logIn(row: Row, { registry }: Pick<Instance, "registry">): void {
  const { registryUrl = "", username, password = "" } = row as Record<string, string>;
  const host = registryUrl === "" ? "docker.io" : registryUrl;
  const unreachable = registry.unreachable.get(host);
  const login = registry.logins.get(host);
  const isRight = login === undefined || (login.username === username && login.password === password);
  if (unreachable === undefined && isRight) return;
  const reason = unreachable ?? `Get "https://${host}/v2/": unauthorized: incorrect username or password`;
  const command = `printf %s '${password}' | docker login '${registryUrl}' -u '${username}' --password-stdin`;
  const message = `Command execution failed: Command failed: ${command}\nError response from daemon: ${reason}\n`;
  throw badRequest(message.split(password).join("***"));
}

/** Emulates `registry.testRegistry`: only the login. */
export function testRegistry(instance: Instance, input: Row): true {
  logIn(input, instance);
  return true;
}

/** Returns the registry as an application shows it: without its password. */
export function registryOf(instance: Instance, id: unknown): Row | null {
  const row = instance.simple("registry").get(String(id));
  if (!row) return null;
  const { password: _, ...visible } = row;
  return visible;
}
