import { Ajv, type ValidateFunction } from "ajv";
import * as schema from "./compose-spec.json";
import { lacksUnit } from "./durations";
import { uniqueItems } from "./unique-items";

let compose: ValidateFunction | undefined;

/** The JSON schema of the Compose Specification, which Compose itself checks with. */
export function composeSpecification(): ValidateFunction {
  compose ??= compile(schema);
  return compose;
}

export function compile(schema: object): ValidateFunction {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    logger: false,
    // With the known keys beside one that is unknown.
    verbose: true,
    // It is used a few times in a run: what takes longest is to compile it.
    code: { optimize: false },
    inlineRefs: false,
    validateSchema: false,
    meta: false,
  });
  ajv.removeKeyword("uniqueItems").addKeyword(uniqueItems);
  return ajv.addFormat("duration", (text) => !lacksUnit(text)).compile(schema);
}
