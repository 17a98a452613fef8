import { type EnvDialect, equalEnv, readEnv } from "../env";
import type { Api } from "./endpoints";

/** Returns the dialect of a target for the server at hand, where its way of passing variables matters. */
export type ServerDialect = (target: EnvDialect) => EnvDialect;

/** Dialects of Dokploy 0.30.0 to 0.30.2, which change no value. */
export const plainDialect: ServerDialect = (target) => target;

/** Determines the server's dialects; its version is read once in a run. */
export async function dialectOf(api: Pick<Api, "supports">): Promise<ServerDialect> {
  const compose = await composeDialect(api);
  return (target) => (target === "compose" ? compose : target);
}

async function composeDialect(api: Pick<Api, "supports">): Promise<EnvDialect> {
  if (api.supports === undefined) return "compose";
  if (await api.supports("compose.env.templates")) return "compose-templates";
  return (await api.supports("compose.env.quoted")) ? "compose" : "compose-unquoted";
}

/** True when some version reads a text of a compose service in another way. */
export function dependsOnVersion(text: string | null | undefined): boolean {
  const plain = readEnv(text, "compose");
  return (["compose-unquoted", "compose-templates"] as const).some(
    (target) => !equalEnv(readEnv(text, target), plain),
  );
}

/** True when `env_file: .env` of a stack passes values unchanged: 0.30.0 and 0.30.1 put quotes around them. */
export async function writesStackFile(api: Pick<Api, "supports">): Promise<boolean> {
  if (api.supports === undefined) return true;
  return (await api.supports("stack.env.plain")) || !(await api.supports("compose.env.quoted"));
}
