import * as pulumi from "@pulumi/pulumi";
import type { Api } from "../../provider/dokploy";
import {
  applyWithUnknowns,
  connectionOf,
  debug,
  isMocked,
  ProgramError,
  type ProviderOptions,
  readStackState,
} from "../run";

/** @param connect throws without settings, or while a preview does not know the server */
export type LookUp<T> = (id: string, connect: () => Promise<Api>) => Promise<T>;

/**
 * Returns an output that stays known while its resource is updated.
 *
 * Pulumi treats every output as unknown while it plans an update, so anything built from it would show a false change.
 * These outputs never change once the resource exists; only then the value is looked up by the id. If that is not
 * possible (no settings, server out of reach), the output stays unknown.
 *
 * @param options options of the resource, which name its server
 * @param lookUp connects only when it calls Dokploy, since that loads the client
 * @param mocked value in a test whose mocks give none: everything that is built from it would have no value either
 */
export function stable<T>(
  output: pulumi.Output<T>,
  id: pulumi.Output<string>,
  options: ProviderOptions | undefined,
  lookUp: LookUp<T>,
  mocked: T,
): pulumi.Output<T> {
  return applyWithUnknowns(output, (value) => {
    if (value === undefined && isMocked()) return mocked;
    return pulumi.isUnknown(value) ? id.apply((known) => find(known, options, lookUp)) : value;
  });
}

/**
 * Returns the id of a resource that adopts an object. It is known at preview, where Pulumi treats it as unknown, so
 * that anything built from it is compared with the existing object. A resource that the stack already has is an
 * exception: when it is replaced, the new object has another id.
 */
export function adoptedId(
  id: pulumi.Output<string>,
  urn: pulumi.Output<string>,
  adopted: pulumi.Input<string>,
): pulumi.Output<string> {
  return applyWithUnknowns(id, (value) =>
    pulumi.isUnknown(value) ? pulumi.all([urn, adopted]).apply(findAdopted) : value,
  );
}

async function findAdopted([urn, adopted]: [string, string]): Promise<string> {
  try {
    return (await readStackState())[urn] === undefined ? adopted : (pulumi.unknown as string);
  } catch (error) {
    await debug(`The id of ${urn} stays unknown: ${error instanceof Error ? error.message : error}`);
    return pulumi.unknown as string;
  }
}

async function find<T>(id: string, options: ProviderOptions | undefined, lookUp: LookUp<T>): Promise<T> {
  const connect = async () => {
    const api = await connectionOf(options);
    if (api === undefined) throw new ProgramError("The server is not known yet.");
    return api;
  };
  try {
    return await lookUp(id, connect);
  } catch (error) {
    await debug(`An output of ${id} stays unknown: ${error instanceof Error ? error.message : error}`);
    return pulumi.unknown as T;
  }
}
