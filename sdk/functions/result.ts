import * as pulumi from "@pulumi/pulumi";
import type { EnvDialect } from "../../provider/env/codec";
import { checkNames, checkValues } from "./arguments";
import type { Reader } from "./reader";

/** What a lookup found: its result, and apart from it the variables, which only an output can keep secret. */
export interface Found<Result> {
  readonly result: Result;
  readonly env: Readonly<Record<string, string>>;
}

/** A result that is known once the arguments are; its variables are secret. */
export type OutputWithEnv<Result> = pulumi.Output<Result> & {
  /** The variables with their values, as a secret. */
  readonly env: pulumi.Output<Record<string, string>>;
};

/** A function that looks something up: what it is called, which sets of arguments it takes, and how it looks. */
export interface Lookup<Args, Result> {
  readonly caller: string;
  readonly sets: readonly (readonly string[])[];
  find(args: Args, reader: Reader): Promise<Found<Result>>;
}

/** The form that takes plain values. */
export async function now<Args extends object, Result>(
  lookup: Lookup<Args, Result>,
  args: Args,
): Promise<Result> {
  return (await found(lookup, args)).result;
}

/** The form that takes outputs. Nothing is asked while an argument is unknown. */
export function later<Args extends object, Result>(
  lookup: Lookup<Args, Result>,
  args: object,
): OutputWithEnv<Result> {
  checkNames(lookup.caller, args, lookup.sets);
  const both = pulumi.output(args).apply((known) => found(lookup, known as Args));
  const result = both.apply((one) => one.result) as pulumi.Output<Result>;
  // A secret inside of a result would make all of it secret, so it stands beside. An output takes properties of its own.
  return Object.assign(result, { env: pulumi.secret(both.apply(({ env }) => env)) }) as OutputWithEnv<Result>;
}

async function found<Args extends object, Result>(
  { caller, sets, find }: Lookup<Args, Result>,
  args: Args,
): Promise<Found<Result>> {
  const given = checkNames(caller, args, sets);
  checkValues(caller, given);
  // Loaded with the first lookup, like all that talks to Dokploy, so that other programs start fast.
  const { lookUp } = require("./reader") as typeof import("./reader");
  return await lookUp(caller, (reader) => find(given, reader));
}

/** Puts the variables of an object beside what is told of it. */
export function withEnv<Result extends object>(
  result: Result,
  text: string | null | undefined,
  target: EnvDialect,
): Found<Result & { readonly envKeys: string[] }> {
  const { readEnv } = require("../../provider/env/codec") as typeof import("../../provider/env/codec");
  const env = readEnv(text, target);
  return { result: { ...result, envKeys: Object.keys(env).sort() }, env };
}
