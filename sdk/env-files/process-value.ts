import type { FoundText } from "./managers/read";
import type * as RunVariables from "./run-variables";

/** Reads a variable of the process environment; an empty one counts as missing. */
export function processValue(name: string): FoundText {
  const text = process.env[name];
  if (text !== undefined && text !== "") {
    // Most programs read none.
    const { ofRunWith } = require("./run-variables") as typeof RunVariables;
    const own = ofRunWith(text);
    if (own === undefined) return { text };
    return {
      missing: `${name} has the value of ${own}, which belongs to this run: create a separate secret`,
    };
  }
  const state =
    text === undefined
      ? `the process environment has no ${name}`
      : `${name} is empty in the process environment, which is how GitHub passes a secret that does not exist`;
  const inJob = `${name}: \${{ secrets.${name} }}`;
  return { missing: `${state}; run export ${name}=…, or in CI add "${inJob}" to the job's env:` };
}
