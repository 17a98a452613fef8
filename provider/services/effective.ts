import { runsWith } from "../deploy/live-env";
import type { ServiceTarget } from "../deploy/target";
import type { Context } from "../lifecycle/context";
import type { Change } from "../schema/changes";

/**
 * The planned changes without those that are effective already: run-time variables that the program gives from now on,
 * that the server has just so, and that are in the containers which run. A killed run, too, may have saved them, and then
 * the containers do not have them.
 *
 * @param drifted how the server differs from what the program asks for
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

/** What containers would have; undefined where that cannot be told. */
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
