import * as pulumi from "@pulumi/pulumi";
import { inWords } from "../../packages/text";
import { LookupError } from "./error";

/** One of several sets of arguments; a name of another set is a compile error. */
export type OneOf<Sets, All = Sets> = Sets extends unknown
  ? Sets & { readonly [Name in Exclude<NamesOf<All>, keyof Sets>]?: never }
  : never;

type NamesOf<Sets> = Sets extends unknown ? keyof Sets : never;

/** Arguments, each of which may be a promise or an output; a name of another set stays a compile error. */
export type InputsOf<Sets> = {
  readonly [Name in keyof Sets]: [NonNullable<Sets[Name]>] extends [never] ? never : pulumi.Input<Sets[Name]>;
};

/**
 * Returns the arguments without undefined ones, for programs that no compiler has checked.
 *
 * @param sets the names of each set that the function takes; a `?` at the end marks one that may be left out
 * @throws LookupError when they match none of the sets
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

/** @throws LookupError for an output or a promise, which only the other form of the function takes */
export function checkPlain(caller: string, args: object): void {
  for (const [name, value] of Object.entries(args)) {
    if (!pulumi.Output.isInstance(value) && !(value instanceof Promise)) continue;
    throw new LookupError(`${caller}: ${name} is an output or a promise; call ${caller}Output with it.`);
  }
}

/** @throws LookupError for a value that is not a text, or is empty */
export function checkTexts(args: object): void {
  for (const [name, value] of Object.entries(args)) {
    if (typeof value === "string" && value !== "") continue;
    throw new LookupError(`${name} must be a text, and not empty.`);
  }
}
