import * as pulumi from "@pulumi/pulumi";
import { noteSecret } from "../run/hidden";
import type { Provider } from "../run/provider";
import { secretPaths } from "../run/secret-marks";
import { providerOf } from "../run/server";
import { checkNames, checkPlain } from "./arguments";
import { LookupError } from "./error";
import type { Reader } from "./reader";

/** What a lookup found: its result, and apart from it what only an output can keep secret. */
export interface Found<Result, Secrets> {
  readonly result: Result;
  readonly secrets: Secrets;
}

/** A function that looks something up; the form that takes plain values and the one that takes outputs follow from it. */
export interface Lookup<Args extends object, Result, Secrets extends object = object> {
  readonly caller: string;
  /** The names of each set of arguments that it takes; a `?` at the end marks one that may be left out. */
  readonly sets: readonly (readonly string[])[];
  /** The names of what it finds beside its result. */
  readonly secrets: readonly (keyof Secrets & string)[];
  /** @throws LookupError when it is not there, or an argument can name nothing */
  find(args: Args, reader: Reader): Promise<Found<Result, Secrets>>;
}

/** Options of a function that looks something up. */
export interface LookupOptions {
  /** The server to look on. Default: that of the component around, or of the stack's settings. */
  readonly provider?: Provider;
  /** A component whose provider is taken. */
  readonly parent?: pulumi.Resource;
}

/** A result that is known once the arguments are, with each of its secrets beside it. */
export type OutputWith<Result, Secrets> = pulumi.Output<Result> & {
  readonly [Name in keyof Secrets]: pulumi.Output<Secrets[Name]>;
};

/** The form that takes plain values. */
export async function now<Args extends object, Result, Secrets extends object>(
  lookup: Lookup<Args, Result, Secrets>,
  args: Args,
  options?: LookupOptions,
): Promise<Result> {
  const all = await found(lookup, args, options);
  if (all !== undefined) return all.result;
  throw new LookupError(
    `${lookup.caller}: the address or key of the provider is known only once the update runs: call ${lookup.caller}Output.`,
  );
}

/** The form that takes outputs. Nothing is asked while an argument is unknown. */
export function later<Args extends object, Result, Secrets extends object>(
  lookup: Lookup<Args, Result, Secrets>,
  args: object,
  options?: LookupOptions,
): OutputWith<Result, Secrets> {
  checkNames(lookup.caller, args, lookup.sets);
  const whenKnown = providerOf(options)?.whenKnown;
  const all = pulumi.all([args, whenKnown]).apply(async ([known]) => {
    const marked = (await secretPaths(args)).map(([name = ""]) => name);
    for (const name of marked) noteSecret((known as Readonly<Record<string, unknown>>)[name]);
    return (await found(lookup, known as Args, options)) ?? unknown<Result, Secrets>();
  });
  const result = all.apply((one) => one.result);
  // A secret inside of a result would make all of it secret, so it stands beside. An output takes properties of its own.
  const secrets = lookup.secrets.map((name) => [
    name,
    pulumi.secret(all.apply((one) => one.secrets[name as keyof typeof one.secrets])),
  ]);
  return Object.assign(result, Object.fromEntries(secrets)) as OutputWith<Result, Secrets>;
}

function unknown<Result, Secrets>(): Found<Result, Secrets> {
  return pulumi.unknown as unknown as Found<Result, Secrets>;
}

/** @returns undefined while a preview does not know the server */
async function found<Args extends object, Result, Secrets extends object>(
  { caller, sets, find }: Lookup<Args, Result, Secrets>,
  args: Args,
  options: LookupOptions | undefined,
): Promise<Found<Result, Secrets> | undefined> {
  const given = checkNames(caller, args, sets);
  checkPlain(caller, given);
  // Loaded with the first lookup, like all that talks to Dokploy, so that other programs start fast.
  const { lookUp } = require("./reader") as typeof import("./reader");
  return await lookUp(caller, options, (reader) => find(given, reader));
}
