import { pathText } from "../../provider/schema";
import { secretsInCompose, secretsInInputs } from "../repository";
import { inputNames } from "../run";
import type { Seen, Values } from "./seen";

/**
 * Lists the places in a resource with a secret in plain text: values and commands of its compose file, contents of
 * mounted files, and commands. Variables are not among them, since the program has made those that look like secrets
 * into secrets.
 */
export function plainSecrets({ kind, name, open }: Pick<Seen, "kind" | "name" | "open">): string[] {
  const { secret, login, variables } = inputNames[kind];
  const texts = without(open, [...secret, ...login, ...variables, composeFile]);
  const compose = valueAt(open, composeFile);
  const paths = [
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

function valueAt(values: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, step) => (value as Values | undefined)?.[step], values);
}

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
