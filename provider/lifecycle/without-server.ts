import { CheckFailedError } from "../errors/problem";
import type { Definition } from "./definition";

/** Removes the checks that need a server, for a preview that does not know its server yet. */
export function withoutServer<Inputs extends object, Outputs extends object>(
  definition: Definition<Inputs, Outputs>,
): Definition<Inputs, Outputs> {
  const { preflight: _1, assertReplaceable: _2, previewChecks: _3, explainId: _4, ...rest } = definition;
  const { adoption } = definition;
  if (!adoption) return rest;
  // Nobody can know if the object to adopt exists.
  const exists = async () => {
    throw new CheckFailedError([]);
  };
  return { ...rest, adoption: { ...adoption, exists, preflight: async () => {} } };
}
