import { isDeepStrictEqual } from "node:util";
import { checkChains } from "../env/chains";
import type { EnvDialect } from "../env/dialects";
import { codec } from "../env/lazily";
import type { Problem } from "../errors/problem";
import { isRecord, isUnknown } from "../pulumi/unknown";
import type { EnvInput } from "./mapping";

/** What is wrong with a variable among a resource's inputs. */
export type VariableProblem = Problem & { reference?: true; warning?: true };

type Map = Pick<EnvInput, "path" | "maybe" | "value">;

/**
 * What the rules of its target say of a map of variables. Where it may be one of several, only what all of them say.
 *
 * @param shared whether variables beside those given may stand in the same text
 */
export function variableProblems({ path, maybe, value }: Map, shared: boolean): VariableProblem[] {
  const [first, ...others] = maybe.map((target) => problemsFor({ path, value }, target, shared));
  return (first ?? []).filter(({ property }) =>
    others.every((problems) => problems.some((other) => other.property === property)),
  );
}

/** What is wrong on the server at hand and was not told by `variableProblems`, which does not know that. */
export function problemsOnServer(map: Map, target: EnvDialect, shared: boolean): VariableProblem[] {
  const told = variableProblems(map, shared);
  return problemsFor(map, target, shared).filter(
    ({ property, warning }) =>
      !told.some((problem) => problem.property === property && (warning || !problem.warning)),
  );
}

/** Whether it matters which of two targets a map is for. */
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
  const problems = [...codec().checkEnv(variables, target, options), ...checkChains(variables, target)];
  return problems.map(({ key, ...problem }) => ({
    ...problem,
    property: key === "" ? path : `${path}.${key}`,
  }));
}
