import { byText } from "../../../packages/text";
import { type FileVariable, type FileVariables, nameInFile, valuesWithin } from "../../../sdk/env-files";

/** The variables of a service: those of its own file in the stage, and those of all its files. */
export interface Variables {
  readonly own: FileVariables;
  readonly all: FileVariables;
}

/**
 * Returns the earlier variables, with generated ones as they are now. The state has only the present value of such a
 * variable: under an earlier number the next deployment would make another one, and without the variable it would be lost.
 */
export function withGenerated(then: Variables, now: Variables): Variables & { readonly notes: string[] } {
  const generated = [...new Set([...generatedIn(then.all), ...generatedIn(now.all)])].sort(byText);
  const stays = new Set(generated.filter((name) => hasName(now.all, name)));
  // Both values of an earlier rotation would be new, so that one is enough.
  const isBack = (entry: FileVariable) =>
    !stays.has(nameInFile(entry)) && (entry.rotation === undefined || !generated.includes(entry.rotation.of));
  const take = (earlier: FileVariables, present: FileVariables): FileVariables =>
    new Map([
      ...[...earlier].filter(([, entry]) => isBack(entry)),
      ...[...present].filter(([, entry]) => stays.has(nameInFile(entry))),
    ]);
  const wasGenerated = new Set(generatedIn(then.all));
  const differs = [...stays].filter((name) => textOf(then.all, name) !== textOf(now.all, name));
  const rotates = differs.filter((name) => wasGenerated.has(name) && isThere(name, then.all, now.all));
  const gone = differs.filter((name) => wasGenerated.has(name) && !rotates.includes(name));
  const kept = differs.filter((name) => !wasGenerated.has(name));
  const made = generated.filter((name) => !stays.has(name));
  return {
    own: take(then.own, now.own),
    all: take(then.all, now.all),
    notes: [
      ...rotates.map((name) => `${name} stays as now: its rotation goes on, and still has the value of then`),
      ...gone.map((name) => `${name} stays as now: its generated value of then no longer exists`),
      ...kept.map((name) => `${name} stays as now: its generated value would be lost`),
      ...made.map((name) => `${name} gets a new generated value: that of then no longer exists`),
    ],
  };
}

function generatedIn(variables: FileVariables): string[] {
  const isGenerated = ({ value }: FileVariable) =>
    valuesWithin(value).some(({ kind }) => kind === "generated");
  return [...variables.values()].filter(isGenerated).map(nameInFile);
}

function entriesOf(variables: FileVariables, name: string): FileVariable[] {
  return [...variables.values()].filter((entry) => nameInFile(entry) === name);
}

function hasName(variables: FileVariables, name: string): boolean {
  return entriesOf(variables, name).length > 0;
}

/** True when a step of the rotation, as it is now, has the value that the variable had then. */
function isThere(name: string, then: FileVariables, now: FileVariables): boolean {
  const value = JSON.stringify(entriesOf(then, name).find(({ key }) => key === name)?.value);
  return entriesOf(now, name).some((entry) => JSON.stringify(entry.value) === value);
}

/** Returns a text that is the same for a variable that is written the same way. */
function textOf(variables: FileVariables, name: string): string {
  const entries = entriesOf(variables, name).map(({ key, value, rotation }) => [key, value, rotation?.side]);
  return JSON.stringify(entries.sort(([a], [b]) => byText(String(a), String(b))));
}
