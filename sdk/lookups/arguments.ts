import * as pulumi from "@pulumi/pulumi";
import { LookupError } from "./error";
import { inWords } from "./words";

/** One of several sets of arguments: a name that belongs to another set is a compile error. */
export type OneOf<Sets, All = Sets> = Sets extends unknown
  ? Sets & { readonly [Name in Exclude<NamesOf<All>, keyof Sets>]?: never }
  : never;

type NamesOf<Sets> = Sets extends unknown ? keyof Sets : never;

/** The same arguments, each of which may be a promise or an output. */
export type InputsOf<Sets> = Sets extends unknown
  ? { readonly [Name in keyof Sets]: pulumi.Input<Sets[Name]> }
  : never;

/**
 * The arguments without those that are undefined, for programs that no compiler has seen.
 *
 * @param sets the names of each set that the function takes; a `?` at the end marks one that may be left out
 * @throws LookupError when they are none of the sets
 */
export function checkNames<Args extends object>(
  caller: string,
  args: Args,
  sets: readonly (readonly string[])[],
): Args {
  const given = Object.entries(args ?? {}).filter(([, value]) => value !== undefined);
  const names = given.map(([name]) => name);
  const fits = sets.some(
    (set) =>
      set.every((name) => name.endsWith("?") || names.includes(name)) &&
      names.every((name) => set.includes(name) || set.includes(`${name}?`)),
  );
  if (!fits) {
    const shown = sets.map((set) => `{ ${set.join(", ")} }`);
    const got = names.length === 0 ? "nothing" : `{ ${names.join(", ")} }`;
    throw new LookupError(`${caller} takes ${inWords(shown, "or")}; it got ${got}.`);
  }
  return Object.fromEntries(given) as Args;
}

/** @throws LookupError for a value that is not known yet, which only the other form of the function takes */
export function checkPlain(caller: string, args: object): void {
  for (const [name, value] of Object.entries(args)) {
    if (!pulumi.Output.isInstance(value) && !(value instanceof Promise)) continue;
    throw new LookupError(`${caller}: ${name} is an output or a promise; call ${caller}Output with it.`);
  }
}

/** @throws LookupError for a value that is no text, or empty */
export function checkTexts(args: object): void {
  for (const [name, value] of Object.entries(args)) {
    if (typeof value === "string" && value !== "") continue;
    throw new LookupError(`${name} must be a text that is not empty.`);
  }
}
