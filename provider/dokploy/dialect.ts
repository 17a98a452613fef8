import type { EnvDialect } from "../env/dialects";
import { codec } from "../env/lazily";
import type { Api } from "./endpoints";

/** What a target is called where it matters how the server at hand passes its variables on. */
export type ServerDialect = (target: EnvDialect) => EnvDialect;

/** That of Dokploy 0.30.0 to 0.30.2, which leaves every value as it is. */
export const plainDialect: ServerDialect = (target) => target;

/** The server's dialect; its version is read once in a run. */
export async function dialectOf(api: Pick<Api, "supports">): Promise<ServerDialect> {
  const compose = await composeDialect(api);
  return (target) => (target === "compose" ? compose : target);
}

async function composeDialect(api: Pick<Api, "supports">): Promise<EnvDialect> {
  if (api.supports === undefined) return "compose";
  if (await api.supports("compose.env.templates")) return "compose-templates";
  return (await api.supports("compose.env.quoted")) ? "compose" : "compose-unquoted";
}

/** Whether a text of a compose service is read in another way by some version. */
export function dependsOnVersion(text: string | null | undefined): boolean {
  const { equalEnv, readEnv } = codec();
  const plain = readEnv(text, "compose");
  return (["compose-unquoted", "compose-templates"] as const).some(
    (target) => !equalEnv(readEnv(text, target), plain),
  );
}

/** Whether `env_file: .env` of a stack brings values as they are: Dokploy 0.30.0 and 0.30.1 put quotes around them. */
export async function bringsStackFile(api: Pick<Api, "supports">): Promise<boolean> {
  if (api.supports === undefined) return true;
  return (await api.supports("stack.env.plain")) || !(await api.supports("compose.env.quoted"));
}
