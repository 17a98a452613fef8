import { CheckFailedError } from "../errors/problem";
import type { Definition } from "./definition";

/** A preview may know what it plans and not where: then all that needs no server is checked, and none is asked. */
export function withoutServer<Inputs extends object, Outputs extends object>(
  definition: Definition<Inputs, Outputs>,
): Definition<Inputs, Outputs> {
  const { preflight: _1, assertReplaceable: _2, previewChecks: _3, explainId: _4, ...rest } = definition;
  const { adoption } = definition;
  if (!adoption) return rest;
  // Of what is to be adopted nobody can tell that it is there.
  const exists = async () => {
    throw new CheckFailedError([]);
  };
  return { ...rest, adoption: { ...adoption, exists, preflight: async () => {} } };
}
