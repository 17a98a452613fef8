import { inWords, visible } from "../../../packages/text";
import { EnvError, writeEnv } from "../../../provider/env";
import type { Rule } from "../../../sdk/env-files";
import { type DescribedService, isAlwaysThere, linesOf } from "./declarations";

/** Returns a `.env.example`: each variable with what people should know of it, and the optional ones as comments. */
export function exampleOf({ rules }: DescribedService, head: string): string {
  const parts = rules
    .filter(({ deprecated }) => deprecated === undefined)
    .map((rule) => {
      const about = [...linesOf(rule, []), ...valuesOf(rule)].map((line) => `# ${line}`.trimEnd());
      const assignment = assignmentOf(rule);
      return [...about, isAlwaysThere(rule) ? assignment : `# ${assignment}`].join("\n");
    });
  return `${[`# ${head}`, ...parts].join("\n\n")}\n`;
}

/** Returns the assignment of the first value that the contract lists, if Dokploy can hold it and it takes one line. */
function assignmentOf({ key, values = [] }: Rule): string {
  const [first = ""] = values;
  if (first === "" || /[\r\n]/.test(first)) return `${key}=`;
  try {
    return writeEnv({ [key]: first }, "application").trimEnd();
  } catch (error) {
    if (error instanceof EnvError) return `${key}=`;
    throw error;
  }
}

function valuesOf({ type, values, pattern, secret }: Rule): string[] {
  const words = [
    ...(secret ? ["Secret"] : []),
    ...(type === "string" ? [] : [`Type ${type}`]),
    ...(values === undefined ? [] : [`One of ${inWords(values.map(visible), "or")}`]),
    ...(pattern === undefined ? [] : [`Pattern ${visible(pattern)}`]),
  ];
  return words.map((word) => `${word}.`);
}
