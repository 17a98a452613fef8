import { Ajv, type ValidateFunction } from "ajv";
import * as composeSchema from "./compose-spec.json";
import { lacksUnit } from "./durations";
import * as stackSchema from "./stack-spec.json";
import { uniqueItems } from "./unique-items";

let compose: ValidateFunction | undefined;
let stack: ValidateFunction | undefined;

/** Returns the validator for the JSON schema of the Compose Specification, which Compose itself uses. */
export function composeSpecification(): ValidateFunction {
  compose ??= compile(composeSchema);
  return compose;
}

/**
 * Returns the validator for files that `docker stack deploy` accepts: its own format 3.13, an older relative of the
 * Compose Specification with fewer keys, and fewer forms for some.
 */
export function stackSpecification(): ValidateFunction {
  stack ??= compile(stackSchema);
  return stack;
}

/** Compiles a JSON schema to a validator that reports all errors. */
function compile(schema: object): ValidateFunction {
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
