import { runsWith, type ServiceTarget } from "../../deploy";
import type { Context } from "../../lifecycle";
import type { Change } from "../../schema";

/**
 * Returns the planned changes without those that are already in effect: run-time variables that the program newly
 * gives, that the server already has, and that the running containers have. A killed run may have saved them without a
 * deployment, and then the containers do not have them.
 *
 * @param drifted differences between the server and the program
 * @param target the service as it is now
 */
export async function withoutEffective(
  planned: readonly Change[],
  drifted: readonly Change[],
  { env }: { env?: Readonly<Record<string, string>> | undefined },
  target: ServiceTarget,
  { api }: Pick<Context, "api">,
): Promise<readonly Change[]> {
  const change = planned.find(({ path }) => path === "env");
  if (!change?.begins || env === undefined || drifted.some(({ path }) => path === "env")) return planned;
  const expected = expectedOf(env, target);
  if (expected === undefined) return planned;
  return (await runsWith(api, target, expected)) ? planned.filter((other) => other !== change) : planned;
}

/** Returns the variables that containers would have; undefined when they are not known. */
function expectedOf(
  env: Readonly<Record<string, string>>,
  { kind, expected }: ServiceTarget,
): Readonly<Record<string, string>> | undefined {
  if (kind === "compose") return Object.values(env).some((value) => value.includes("${{")) ? undefined : env;
  const { expectEnv = {} } = expected ?? {};
  const names = Object.keys(env);
  if (!names.every((name) => Object.hasOwn(expectEnv, name))) return undefined;
  return Object.fromEntries(names.map((name) => [name, expectEnv[name] ?? ""]));
}
