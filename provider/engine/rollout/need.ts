import { liveVariables, type ServiceTarget } from "../../deploy";
import type { Api } from "../../dokploy";
import type { Context } from "../../lifecycle";
import { type Apply, type Change, type DeployOption, mergeChanges, stronger } from "../../schema";
import { actionOf } from "./ways/ways";

/** Inputs of a service that decide on a rollout. */
interface Given {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly deploy?: DeployOption | undefined;
}

/**
 * Returns the action that changes of a service need: the strongest one that each kind of service has.
 *
 * @param target the service as it is now
 * @param drifted differences between the server and the program
 * @param remaining work that an earlier run did not finish
 */
export async function needOf(
  target: ServiceTarget,
  { planned, drifted }: { planned: readonly Change[]; drifted: readonly Change[] },
  given: Given,
  remaining: Apply | undefined,
  context: Pick<Context, "api">,
): Promise<Apply> {
  const effective = await withoutEffective(planned, drifted, given, target, context);
  return actionOf(target.kind, needed(mergeChanges(effective, drifted), given.deploy, remaining));
}

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
  given: Given,
  target: ServiceTarget,
  { api }: Pick<Context, "api">,
): Promise<readonly Change[]> {
  const change = planned.find(({ path }) => path === "env");
  if (!change?.begins || drifted.some(({ path }) => path === "env")) return planned;
  const isEffective = (await compareRunning(given, target, api)) === "same";
  return isEffective ? planned.filter((other) => other !== change) : planned;
}

/** Compares the given variables, which are saved, with those of the running containers. */
export async function compareRunning(
  { env }: Given,
  target: ServiceTarget,
  api: Api,
): ReturnType<typeof liveVariables> {
  const expected = env && expectedOf(env, target);
  return expected === undefined ? "unseen" : await liveVariables(api, target, expected);
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

/**
 * Returns the action that these changes need to take effect, given the user's choice of method and the unfinished
 * work of an earlier run.
 */
export function needed(
  changes: readonly Change[],
  option: DeployOption | undefined,
  pending: Apply = "none",
): Apply {
  const method = typeof option === "object" ? option.method : undefined;
  let need: Apply = "none";
  for (const change of changes) {
    if (change.apply === "none") continue;
    need = stronger(need, method ? stronger(change.minApply, method) : change.apply);
  }
  return stronger(need, pending);
}
