import { extname } from "node:path";
import { byText, visible } from "../../../packages/text";
import {
  baseStage,
  type EntryValue,
  type FileVariables,
  overlaid,
  valuesWithin,
} from "../../../sdk/env-files";
import type { Source } from "../../../sdk/files";
import { appFileName } from "../../../sdk/repository";
import { type Keys, setValue, withVariable } from "../../files";
import { type Variables, withGenerated } from "./generated";
import { Refused } from "./refused";
import { envPaths, type Places, type Version, variablesIn } from "./version";

/** Change of one variable by going back. */
export interface VariableChange {
  readonly key: string;
  readonly change: "added" | "changed" | "removed";
}

/** Changes that give a service its earlier variables. */
export interface VariableChanges {
  readonly changes: readonly VariableChange[];
  /** Settings of the stack that get the earlier encrypted value. */
  readonly secrets: readonly string[];
  /** New texts of files. */
  readonly texts: readonly Source[];
  /** Notes on what stays as it is. */
  readonly notes: readonly string[];
}

/** Facts about the settings of the stack. */
export interface Settings {
  /** Returns the full name of the setting that `!secret NAME` reads. */
  fullName(name: string): string;
  /** Names of other services whose variables read it. */
  readersOf(name: string): readonly string[];
}

/**
 * Returns the changes that give a service its earlier variables. Only its own file in the stage changes, and settings
 * that no other service reads.
 *
 * @param configuration configuration of the stack as it is to be so far
 * @throws Refused when the earlier encrypted values cannot be used, or the file has moved
 */
export function variableChanges(
  places: Places,
  then: Version,
  now: Version,
  configuration: Source,
  settings: Settings,
): VariableChanges {
  const notes = sharedNotes(then, now);
  if (then.variables === undefined && now.variables === undefined) {
    const note = `${places.dir} has no variables of ${visible(places.service)}: those in the program stay`;
    return { changes: [], secrets: [], texts: [], notes: [note, ...notes] };
  }
  if (then.variables === undefined) {
    const app = `${visible(places.service)}/${appFileName}`;
    throw new Refused(
      `its commit has no variables of it in ${places.dir}: if it had another name then, write it into formerNames of ${app}`,
    );
  }
  const texts: Source[] = [];
  const earlier = withGenerated(variablesOf(then), variablesOf(now));
  notes.push(...earlier.notes);
  const own = ownFile(places, earlier, then, now);
  const after = variablesIn([own]);
  const before = now.variables ?? new Map();
  const wanted = over(now.base, after);
  const keys = [...new Set([...before.keys(), ...wanted.keys()])].sort(byText);
  const changes = keys.flatMap((key): VariableChange[] => {
    const [a, b] = [before.get(key)?.value, wanted.get(key)?.value];
    if (isSame(a, b)) return [];
    return [{ key, change: a === undefined ? "added" : b === undefined ? "removed" : "changed" }];
  });
  if (changes.length > 0) texts.push(own);
  const kept = [...(now.base?.keys() ?? [])].filter((key) => !then.variables?.has(key) && !after.has(key));
  if (kept.length > 0) {
    const path = envPaths(places, baseStage, places.service)[0];
    notes.push(`${visible(path ?? "")} has given ${kept.join(", ")} to every stage since then`);
  }
  const outside = [...wanted].flatMap(([key, { value }]) =>
    valuesWithin(value).some(({ kind }) => kind === "environment" || kind === "managed") ? [key] : [],
  );
  if (outside.length > 0)
    notes.push(
      `the values of ${outside.join(", ")} come from outside the files, so they stay as they are now`,
    );
  const secrets = sealedChanges(wanted, then, now, settings, notes);
  let text = configuration;
  for (const { setting, value } of secrets)
    text = { ...text, text: setValue(text, ["config", setting, "secure"], { text: value, isQuoted: true }) };
  if (secrets.length > 0) texts.push(text);
  const changed = new Set(changes.map(({ key }) => key));
  const bySecret = secrets.flatMap(({ keys: readers }) => readers).filter((key) => !changed.has(key));
  return {
    changes: [...changes, ...bySecret.map((key) => ({ key, change: "changed" as const }))].sort((a, b) =>
      byText(a.key, b.key),
    ),
    secrets: secrets.map(({ setting }) => setting),
    texts,
    notes,
  };
}

/**
 * Returns the service's own file in the stage with its earlier variables, and with the earlier values of variables that
 * every stage has and that have changed since. Variables change one by one, so that the rest of the file stays; a file
 * that is gone comes back as it was.
 *
 * @throws FileError where a variable cannot change without a change of something else
 */
function ownFile(places: Places, earlier: Variables, then: Version, now: Version): Source {
  const paths = envPaths(places, places.stage, places.service);
  const likeThen = paths.find((path) => then.own !== undefined && extname(path) === extname(then.own.path));
  const path = now.own?.path ?? likeThen ?? paths[0] ?? "";
  if (then.own !== undefined && path !== likeThen) {
    throw new Refused(`its variables were in ${then.own.path}, and are in ${path}: take them back by hand`);
  }
  const effective = over(now.base, earlier.own);
  const others = [...earlier.all].filter(([key, { value }]) => !isSame(effective.get(key)?.value, value));
  let source = now.own ?? { path, text: then.own?.text ?? "" };
  const before = valuesIn(variablesIn([source]));
  const wanted = valuesIn(new Map([...earlier.own, ...others]));
  const goes = [...before].filter(([place]) => !wanted.has(place));
  // A rotation has two values, and goes as a whole.
  for (const [, { path: keys }] of goes) source = withVariable(source, keys.slice(0, 1), undefined);
  const left = valuesIn(variablesIn([source]));
  for (const [place, { path: keys, value }] of wanted)
    if (!isSame(left.get(place)?.value, value)) source = withVariable(source, keys, value);
  return source;
}

function variablesOf({ ownVariables, variables }: Version): Variables {
  return { own: ownVariables, all: variables ?? new Map() };
}

/** Returns the variables of every stage, overridden by a service's own. */
function over(base: FileVariables | undefined, own: FileVariables): FileVariables {
  return overlaid([[...(base?.values() ?? [])], [...own.values()]]);
}

/** Returns the values of variables with the keys that lead to them in YAML, by these keys as one text. */
function valuesIn(
  variables: FileVariables,
): Map<string, { readonly path: Keys; readonly value: EntryValue }> {
  const rotating = new Set([...variables.values()].flatMap(({ rotation }) => rotation?.of ?? []));
  return new Map(
    [...variables.values()].map(({ key, value, rotation }) => {
      const inside = rotating.has(key) ? [key, "rotate", "current"] : [key];
      const path = rotation === undefined ? inside : [rotation.of, "rotate", rotation.side];
      return [path.join(" "), { path, value }];
    }),
  );
}

interface SealedChange {
  readonly setting: string;
  /** Encrypted value at the commit. */
  readonly value: string;
  /** Variables that read it. */
  readonly keys: readonly string[];
}

/** Lists the settings whose encrypted value was different; adds a note for each that stays as it is. */
function sealedChanges(
  variables: FileVariables,
  then: Version,
  now: Version,
  { fullName, readersOf }: Settings,
  notes: string[],
): SealedChange[] {
  const readers = new Map<string, string[]>();
  for (const [key, { value }] of variables)
    for (const inner of valuesWithin(value))
      if (inner.kind === "secret") readers.set(inner.name, [...(readers.get(inner.name) ?? []), key]);
  return [...readers].flatMap(([name, keys]): SealedChange[] => {
    const setting = fullName(name);
    const value = then.sealed(setting);
    if (value === now.sealed(setting)) return [];
    const file = now.configuration.path;
    const others = readersOf(name);
    const stays = (why: string) => {
      notes.push(`the secret ${visible(setting)} stays as it is: ${why}`);
      return [];
    };
    if (value === undefined) return stays(`${file} did not have it then`);
    if (others.length > 0) return stays(`${others.map(visible).join(", ")} reads it too`);
    if (then.encryption === now.encryption) return [{ setting, value, keys }];
    throw new Refused(
      `the encryption of ${file} has changed since, so its secret ${visible(setting)} cannot be taken back: set it with ` +
        "env set --secret, and go back by hand",
    );
  });
}

/** Returns a note when the variables that all services share have changed. */
function sharedNotes(then: Version, now: Version): string[] {
  const keys = [...new Set([...then.shared.keys(), ...now.shared.keys()])];
  const changed = keys.filter((key) => !isSame(then.shared.get(key)?.value, now.shared.get(key)?.value));
  if (changed.length === 0) return [];
  return [
    `the variables that all services share stay as they are; changed since then: ${changed.sort(byText).join(", ")}`,
  ];
}

/** True for two values that are written the same way; a secret may have another value in the configuration at the commit. */
function isSame(a: EntryValue | undefined, b: EntryValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
