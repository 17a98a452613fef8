import { type Values, valueAt } from "../../packages/values";
import { pathText } from "../../provider/schema";
import { secretsInCompose, secretsInInputs } from "../repository";
import { inputNames } from "../run";
import type { Seen } from "./seen";

/**
 * Lists the places in a resource with a secret in plain text: values and commands of its compose file, contents of
 * mounted files, commands, and variables. Variables are secrets by now, since the package marks what looks like one; the
 * resource itself says which of them the program gave in plain text.
 */
export function plainSecrets({
  kind,
  name,
  open,
  plain,
}: Pick<Seen, "kind" | "name" | "open" | "plain">): string[] {
  const { secret, login, variables } = inputNames[kind];
  const texts = without(open, [...secret, ...login, ...variables, composeFile]);
  const compose = valueAt(open, composeFile.split("."));
  const paths = [
    ...plain,
    ...secretsInInputs(texts).map((path) =>
      pathText(path.map((step) => (typeof step === "number" ? `[${step}]` : step))),
    ),
    ...(typeof compose === "string"
      ? secretsInCompose(compose).map(({ path }) => `${composeFile}: ${path}`)
      : []),
  ];
  return paths.map((path) => `${kind} "${name}" ${path}`);
}

const composeFile = "source.composeFile";

/** Returns values without those at some paths. */
function without(values: Values, paths: readonly string[]): Values {
  const entries = Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
    if (paths.includes(key)) return [];
    const inner = paths.flatMap((path) => (path.startsWith(`${key}.`) ? [path.slice(key.length + 1)] : []));
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
    return [[key, inner.length > 0 && isMap ? without(value as Values, inner) : value]];
  });
  return Object.fromEntries(entries);
}
