import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { Api } from "../../provider/dokploy/endpoints";
import { definitionOf } from "../../provider/generated/definitions";
import { containsUnknown } from "../../provider/pulumi/unknown";
import type { Kind } from "../run/kind";

type Args = Readonly<Record<string, unknown>>;

/** What Pulumi's outputs have besides what their types say. */
interface Inner {
  promise(withUnknowns: true): Promise<Args>;
}

/**
 * An output of an object that an update does not change, as Dokploy has it; unknown where an input changes that it follows
 * from, or may.
 *
 * @param args what the program gives the resource
 */
export async function keptOutput(
  kind: Kind,
  name: string,
  args: Args,
  id: string,
  api: Api,
): Promise<unknown> {
  const definition = definitionOf(kind);
  if (!definition || !("model" in definition)) return pulumi.unknown;
  const { mapping, objects, spec } = definition.model;
  const { read, follows = [], secret } = spec.outputs?.[name]?.meta()?.output ?? {};
  const given = pulumi.output(Object.fromEntries(follows.map((input) => [input, args[input]])));
  const wanted = Object.entries(mapping.keyed(await (given as unknown as Inner).promise(true), follows));
  const row = await objects.one(id, api);
  const isKept = ([column, value]: [string, unknown]) =>
    value === undefined || (!containsUnknown(value) && isDeepStrictEqual(row?.[column], value));
  if (row === undefined || read === undefined || !wanted.every(isKept)) return pulumi.unknown;
  return secret ? pulumi.secret(read(row)) : read(row);
}
