import { Ajv, type ValidateFunction } from "ajv";
import * as schema from "./compose-spec.json";
import { lacksUnit } from "./durations";
import { uniqueItems } from "./unique-items";

let compose: ValidateFunction | undefined;

/** Returns the validator for the JSON schema of the Compose Specification, which Compose itself uses. */
export function composeSpecification(): ValidateFunction {
  compose ??= compile(schema);
  return compose;
}

/** Compiles a JSON schema to a validator that reports all errors. */
export function compile(schema: object): ValidateFunction {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    logger: false,
    // Errors then contain the known keys next to an unknown one.
    verbose: true,
    // It is used a few times in a run, and compiling it takes longest.
    code: { optimize: false },
    inlineRefs: false,
    validateSchema: false,
    meta: false,
  });
  ajv.removeKeyword("uniqueItems").addKeyword(uniqueItems);
  return ajv.addFormat("duration", (text) => !lacksUnit(text)).compile(schema);
}
