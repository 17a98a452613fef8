import { isRecord } from "../../../packages/values";
import { writesStackFile } from "../../dokploy";
import type { EnvDialect } from "../../env";
import { CheckFailedError, type Problem } from "../../errors";
import type { Context } from "../../lifecycle";
import { type EnvInput, problemsOnServer } from "../../schema";

/** A map of variables with its target on the given server. */
export interface OnServer extends EnvInput {
  /** The map as known without a server. */
  readonly given: EnvInput;
}

/**
 * Checks variables by the rules that depend on the given server: on its version, and on the type of a compose service.
 *
 * @param stackFile the compose file of a stack, if it is available
 * @returns problems with references, which a setting may allow
 * @throws CheckFailedError for all other problems
 */
export async function problemsHere(
  maps: readonly OnServer[],
  stackFile: string | undefined,
  context: Pick<Context, "api" | "warn">,
): Promise<Problem[]> {
  const decided = maps.filter(({ maybe }) => maybe.length === 1);
  const problems = decided.flatMap(({ given, target }) => problemsOnServer(given, target, given.sharesText));
  for (const { property, reason, warning } of problems) {
    if (warning) context.warn(`${property} ${reason}.`, "variable");
  }
  const hard = problems.filter(({ reference, warning }) => !reference && !warning);
  for (const map of decided) {
    if (map.target === "stack") hard.push(...(await stackFileProblems(map, stackFile, context)));
  }
  if (hard.length > 0) throw new CheckFailedError(hard);
  return problems.filter(({ reference }) => reference);
}

async function stackFileProblems(
  { path, value }: EnvInput,
  file: string | undefined,
  { api, warn }: Pick<Context, "api" | "warn">,
): Promise<Problem[]> {
  if (!isRecord(value) || Object.keys(value).length === 0 || (await writesStackFile(api))) return [];
  const reason =
    "reaches the containers of a stack in quotes if its compose file has env_file: .env, since Dokploy 0.30.0 " +
    "and 0.30.1 write it that way;" +
    " update Dokploy to 0.30.2, or name the variables in environment, as ${NAME}";
  if (file === undefined) warn(`${path} ${reason}.`, "variable");
  return file?.includes("env_file") ? [{ property: path, reason }] : [];
}

/** Adds the targets that the server decides to the maps that were checked. Maps with an unknown target are omitted. */
export function onServer(
  given: readonly EnvInput[],
  target: (map: EnvInput) => EnvDialect | undefined,
): OnServer[] {
  return given.map((map) => {
    const found = target(map);
    return found === undefined
      ? { ...map, given: map }
      : { ...map, given: map, target: found, maybe: [found] };
  });
}
