import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { containsUnknown } from "../../packages/values";
import type { Api } from "../../provider/dokploy";
import { definitionOf } from "../../provider/resources";
import { type Kind, outputValue } from "../run";

type Args = Readonly<Record<string, unknown>>;

/**
 * Returns an output that an update does not change, as Dokploy has it; unknown if an input that it follows from
 * changes or may change. `args` are those of the program.
 */
export async function keptOutput(
  kind: Kind,
  name: string,
  args: Args,
  id: string,
  api: Api,
): Promise<unknown> {
  const definition = definitionOf(kind);
  const outputs: z.ZodObject | undefined = definition?.outputs;
  const type: z.ZodType | undefined = outputs?.shape[name];
  const { read, lookUp, follows = [], secret } = type?.meta()?.output ?? {};
  if (lookUp) return await lookUp(id, api as never);
  if (!definition || !("model" in definition)) return pulumi.unknown;
  const { mapping, objects } = definition.model;
  const given = pulumi.output(Object.fromEntries(follows.map((input) => [input, args[input]])));
  const wanted = Object.entries(mapping.keyed(await outputValue(given), follows));
  const row = await objects.one(id, api);
  // Dokploy has null for a text that is empty by default.
  const isKept = ([column, value]: [string, unknown]) =>
    value === undefined || (!containsUnknown(value) && isDeepStrictEqual(row?.[column] ?? "", value ?? ""));
  if (row === undefined || read === undefined || !wanted.every(isKept)) return pulumi.unknown;
  return secret ? pulumi.secret(read(row)) : read(row);
}
