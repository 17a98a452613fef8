import { mergeEnv, pickEnv } from "../../../provider/env/block";
import { checkChains } from "../../../provider/env/chains";
import { checkEnv, type EnvDialect, readEnv, writeEnv } from "../../../provider/env/codec";
import { resolveEnv } from "../../../provider/env/resolve";

const targets: readonly EnvDialect[] = [
  "application",
  "stack",
  "compose",
  "compose-unquoted",
  "compose-templates",
  "build",
  "secret",
  "shared",
];

export function variablesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const equals = line.indexOf("=");
      return equals > 0 ? [[line.slice(0, equals), line.slice(equals + 1)]] : [];
    }),
  );
}

/** Which target it is decides on the way of writing and on the checks. */
function ofTarget(target: EnvDialect): Record<string, (text: string) => unknown> {
  return {
    [`writeEnv of one value as ${target}`]: (text) => writeEnv({ A: text }, target),
    [`checkEnv of many as ${target}`]: (text) => checkEnv(variablesOf(text), target),
  };
}

/** What is the same for all targets, but for how much each takes. */
function ofEnv(target: EnvDialect): Record<string, (text: string) => unknown> {
  return {
    [`readEnv as ${target}`]: (text) => readEnv(text, target),
    [`checkEnv beside unknown keys as ${target}`]: (text) =>
      checkEnv(variablesOf(text), target, { unknownKeys: text.split("\n") }),
    [`checkChains as ${target}`]: (text) => checkChains(variablesOf(text), target),
    [`mergeEnv into a text as ${target}`]: (text) => mergeEnv(text, { NEW: "1", A: "2" }, ["B"], target),
    [`mergeEnv of many as ${target}`]: (text) => mergeEnv(text, variablesOf(text), [], target),
    [`mergeEnv without many as ${target}`]: (text) =>
      mergeEnv(text, {}, Object.keys(variablesOf(text)), target),
    [`mergeEnv of a value as ${target}`]: (text) => mergeEnv("B=1\n", { A: text }, ["B"], target),
    [`pickEnv as ${target}`]: (text) => pickEnv(text, ["A", "B"], target),
    [`resolveEnv as ${target}`]: (text) => resolveEnv(text, target, { project: "P=1", environment: "E=1" }),
    [`resolveEnv with shared variables as ${target}`]: (text) =>
      resolveEnv("A=${{project.A}}${{environment.A}}", target, { project: text, environment: text }),
  };
}

/** What reads and writes texts of variables, by name. */
export const ofVariables: Readonly<Record<string, (text: string) => unknown>> = Object.assign(
  {},
  ...targets.map(ofTarget),
  ofEnv("application"),
  ofEnv("compose-templates"),
);
