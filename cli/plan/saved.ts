import { isDeepStrictEqual } from "node:util";
import type { Values } from "../../packages/values";
import { isShown, variableMaps } from "./changes";
import type { Step } from "./preview";
import { enginePath, holdsSecret, isRecord, ownAt, type Path, parsePath, valueAt } from "./values";

/**
 * Returns a step that compares with the state in Dokploy. After a failed update the engine compares with the inputs
 * of that update, but the outputs of the state hold the saved values, which the next update changes.
 */
export function withSaved(step: Step): Step {
  const { oldState, newState } = step;
  if (!oldState || !newState) return step;
  const { inputs, outputs } = oldState;
  const given = new Set([
    ...Object.keys(inputs),
    ...Object.keys(newState.inputs),
    ...variableMaps.map(String),
  ]);
  const differing = [...given].filter((name) => isShown([name]) && Object.hasOwn(outputs, name));
  const paths = differing.flatMap((name) => differences(inputs[name], outputs[name], [name]));
  if (paths.length === 0) return step;
  const saved = Object.fromEntries([...given].map((name) => [name, merged(inputs[name], outputs[name])]));
  const shown = step.diff ?? Object.fromEntries(step.diffReasons.map((name) => [name, "update"]));
  const kept = Object.entries(shown).filter(([text]) => !paths.some((path) => isSame(path, parsePath(text))));
  const whole = kept.map(([text]) => parsePath(text));
  const more = paths
    .filter((path) => !whole.some((outer) => isSame(outer, path.slice(0, outer.length))))
    .flatMap((path): [string, string][] => {
      const [before, after] = [saved, newState.inputs].map((values) => valueAt(values, path));
      if (isDeepStrictEqual(before, after)) return [];
      return [[enginePath(path), before === undefined ? "add" : after === undefined ? "delete" : "update"]];
    });
  const was = Object.fromEntries(
    Object.entries({ ...inputs, ...saved }).filter(([, value]) => value !== undefined),
  );
  return { ...step, oldState: { ...oldState, inputs: was }, diff: Object.fromEntries([...kept, ...more]) };
}

/** Lists the paths at which two values differ, down to the names of maps. Differences between secrets are hidden. */
function differences(input: unknown, output: unknown, path: Path): Path[] {
  if (isDeepStrictEqual(input, output)) return [];
  if (isRecord(input) && isRecord(output)) {
    const names = new Set([...Object.keys(input), ...Object.keys(output)]);
    return [...names].flatMap((name) =>
      differences(ownAt(input, name), ownAt(output, name), [...path, name]),
    );
  }
  return holdsSecret(input) || holdsSecret(output) ? [] : [path];
}

function merged(input: unknown, output: unknown): unknown {
  if (isRecord(input) && isRecord(output)) {
    const names = new Set([...Object.keys(input), ...Object.keys(output)]);
    const values = [...names].map((name) => [name, merged(ownAt(input, name), ownAt(output, name))] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Values;
  }
  return holdsSecret(input) || holdsSecret(output) ? input : output;
}

function isSame(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((part, at) => part === b[at]);
}
