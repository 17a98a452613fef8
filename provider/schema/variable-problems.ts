import { isDeepStrictEqual } from "node:util";
import { isRecord, isUnknown } from "../../packages/values";
import { checkChains, checkEnv, type EnvDialect } from "../env";
import type { Problem } from "../errors";
import type { EnvInput } from "./mapping";

/** A problem with a variable in a resource's inputs. */
export type VariableProblem = Problem & { reference?: true; warning?: true };

type Map = Pick<EnvInput, "path" | "maybe" | "value">;

/**
 * Returns the problems of a map of variables by the rules of its target. With several possible targets, only problems
 * that all of them have.
 *
 * @param shared true when the same text may contain other variables
 */
export function variableProblems({ path, maybe, value }: Map, shared: boolean): VariableProblem[] {
  const [first, ...others] = maybe.map((target) => problemsFor({ path, value }, target, shared));
  return (first ?? []).filter(({ property }) =>
    others.every((problems) => problems.some((other) => other.property === property)),
  );
}

/** Returns the problems on this server that `variableProblems`, which does not know the server, did not report. */
export function problemsOnServer(map: Map, target: EnvDialect, shared: boolean): VariableProblem[] {
  const reported = variableProblems(map, shared);
  return problemsFor(map, target, shared).filter(
    ({ property, warning }) =>
      !reported.some((problem) => problem.property === property && (warning || !problem.warning)),
  );
}

/** True when a map has different problems for two targets. */
export function isDecisive(
  map: Pick<Map, "path" | "value">,
  a: EnvDialect,
  b: EnvDialect,
  shared: boolean,
): boolean {
  return !isDeepStrictEqual(problemsFor(map, a, shared), problemsFor(map, b, shared));
}

function problemsFor(
  { path, value }: Pick<Map, "path" | "value">,
  target: EnvDialect,
  shared: boolean,
): VariableProblem[] {
  if (!isRecord(value)) return [];
  const unknownKeys = Object.keys(value).filter((key) => isUnknown(value[key]));
  const variables = Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && !isUnknown(entry[1]),
    ),
  );
  const options = { unknownKeys, ...(shared ? { foreignKeys: "unknown" as const } : {}) };
  const problems = [...checkEnv(variables, target, options), ...checkChains(variables, target)];
  return problems.map(({ key, ...problem }) => ({
    ...problem,
    property: key === "" ? path : `${path}.${key}`,
  }));
}
