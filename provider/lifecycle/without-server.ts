import type { Entity } from "./entity";

/** Removes the checks that need a server, for a preview that does not know its server yet. */
export function withoutServer<Inputs extends object, Outputs extends object>(
  entity: Entity<Inputs, Outputs>,
): Entity<Inputs, Outputs> {
  const { preflight: _1, preview: _2, ...rest } = entity;
  return rest;
}
