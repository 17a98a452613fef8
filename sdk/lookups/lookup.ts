import * as pulumi from "@pulumi/pulumi";
import { failOutput, isServerMocked, noteSecret, type Provider, providerOf, secretPaths } from "../run";
import { checkNames, checkPlain, type InputsOf } from "./arguments";
import { LookupError } from "./error";
import type { Reader } from "./reader";

/** Result of a lookup, with the secrets that only an output can hold. */
export interface Found<Result, Secrets> {
  readonly result: Result;
  readonly secrets: Secrets;
}

/** A lookup, from which both forms of its function follow: {@link plainForm} and {@link outputForm}. */
export interface Lookup<Args extends object, Result, Secrets extends object = object> {
  readonly caller: string;
  /** Names of each set of arguments that it takes; a `?` at the end marks an optional one. */
  readonly sets: readonly (readonly string[])[];
  /** Names of the secrets that it finds. */
  readonly secrets: readonly (keyof Secrets & string)[];
  /** @throws LookupError when it does not exist, or an argument cannot name any */
  find(args: Args, reader: Reader): Promise<Found<Result, Secrets>>;
}

/** Options of a lookup function. */
export interface LookupOptions {
  /** Provider of the server. Default: the provider of `parent`, or else the server of the stack's settings. */
  readonly provider?: Provider;
  /** Component whose provider is used. */
  readonly parent?: pulumi.Resource;
}

/** A result that is known once the arguments are, with each of its secrets as a separate output. */
export type OutputWith<Result, Secrets> = pulumi.Output<Result> & {
  readonly [Name in keyof Secrets]: pulumi.Output<Secrets[Name]>;
};

/** Result of the form that takes outputs. */
type Answer<Result, Secrets> = [keyof Secrets] extends [never]
  ? pulumi.Output<Result>
  : OutputWith<Result, Secrets>;

/** Parameters of a function; a lookup without arguments takes only options. */
type ParametersOf<Args> = [keyof Args] extends [never]
  ? [options?: LookupOptions | undefined]
  : Record<never, never> extends Args
    ? [args?: Args | undefined, options?: LookupOptions | undefined]
    : [args: Args, options?: LookupOptions | undefined];

/** A lookup, or a function that makes it at the first call, so that programs start fast. */
type Source<Args extends object, Result, Secrets extends object> =
  | Lookup<Args, Result, Secrets>
  | (() => Lookup<Args, Result, Secrets>);

/** Makes a lookup without secrets. */
export function openLookup<Args extends object, Result>(
  caller: string,
  sets: readonly (readonly string[])[],
  read: (args: Args, reader: Reader) => Promise<Result>,
): Lookup<Args, Result> {
  return {
    caller,
    sets,
    secrets: [],
    find: async (args, reader) => ({ result: await read(args, reader), secrets: {} }),
  };
}

/** Form of a lookup that takes plain values, and also returns the secrets. */
type WholeForm = (args: object) => Promise<Found<unknown, object>>;

const wholeForms = new WeakMap<object, unknown>();

/** Returns the form that also returns the secrets, for the form that takes plain values. */
export function wholeForm(form: object): WholeForm | undefined {
  return wholeForms.get(form) as WholeForm | undefined;
}

/** Makes the form of a lookup that takes plain values. */
export function plainForm<Args extends object, Result, Secrets extends object>(
  source: Source<Args, Result, Secrets>,
): (...given: ParametersOf<Args>) => Promise<Result> {
  const look = async (...given: ParametersOf<Args>) => {
    const { lookup, args, options } = calledWith(source, given);
    const all = await found(lookup, args as Args, options);
    if (all !== undefined) return all;
    throw new LookupError(
      `${lookup.caller}: the address or key of the provider is known only once the update runs: call ${lookup.caller}Output.`,
    );
  };
  const form = async (...given: ParametersOf<Args>) => (await look(...given)).result;
  wholeForms.set(form, look);
  return form;
}

/** Makes the form of a lookup that takes outputs. Dokploy is not called while an argument is unknown. */
export function outputForm<Args extends object, Result, Secrets extends object>(
  source: Source<Args, Result, Secrets>,
): (...given: ParametersOf<InputsOf<Args>>) => Answer<Result, Secrets> {
  return (...given) => {
    const { lookup, args, options } = calledWith(source, given);
    checkNames(lookup.caller, args, lookup.sets);
    const whenKnown = providerOf(options)?.whenKnown;
    const all = pulumi.all([args, whenKnown]).apply(async ([known]) => {
      const marked = (await secretPaths(args)).map(([name = ""]) => name);
      for (const name of marked) noteSecret((known as Readonly<Record<string, unknown>>)[name]);
      return (await orUnknown(found(lookup, known as Args, options))) ?? unknown<Result, Secrets>();
    });
    const result = all.apply((one) => one.result);
    // A secret inside a result would make all of it secret, so it is a separate output. An output can have further properties.
    const secrets = lookup.secrets.map((name) => [
      name,
      pulumi.secret(all.apply((one) => one.secrets[name as keyof typeof one.secrets])),
    ]);
    return Object.assign(result, Object.fromEntries(secrets)) as Answer<Result, Secrets>;
  };
}

function calledWith<Args extends object, Result, Secrets extends object>(
  source: Source<Args, Result, Secrets>,
  given: readonly (object | undefined)[],
) {
  const lookup = typeof source === "function" ? source() : source;
  const takesNone = lookup.sets.every((set) => set.length === 0);
  const [args, options] = takesNone ? [undefined, ...given] : given;
  return { lookup, args: args ?? {}, options: options as LookupOptions | undefined };
}

/**
 * Returns what a lookup found; undefined where a preview has nothing, which then fails at its end. A handler of `then` keeps the
 * failure from the promises that wait for it; a `try` would not.
 */
async function orUnknown<T>(lookup: Promise<T | undefined>): Promise<T | undefined> {
  const { value, error } = await lookup.then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  );
  if (error === undefined) return value;
  if (!(error instanceof LookupError)) throw error;
  return await failOutput(error);
}

function unknown<Result, Secrets>(): Found<Result, Secrets> {
  return pulumi.unknown as unknown as Found<Result, Secrets>;
}

/** Runs a lookup on the server that the options name; undefined while a preview does not know the server. */
async function found<Args extends object, Result, Secrets extends object>(
  { caller, sets, secrets, find }: Lookup<Args, Result, Secrets>,
  args: Args,
  options: LookupOptions | undefined,
): Promise<Found<Result, Secrets> | undefined> {
  const given = checkNames(caller, args, sets);
  checkPlain(caller, given);
  if (isServerMocked()) {
    const { mockedAnswer } = require("./mocked") as typeof import("./mocked");
    return await mockedAnswer(caller, given, secrets);
  }
  // Loaded with the first lookup, like all code that calls Dokploy, so that other programs start fast.
  const { lookUp } = require("./reader") as typeof import("./reader");
  return await lookUp(caller, options, (reader) => find(given, reader));
}
