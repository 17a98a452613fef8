import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { lacksUnit } from "./durations";

let compose: ValidateFunction | undefined;

/** The JSON schema of the Compose Specification, which Compose itself checks with. */
export function composeSpecification(): ValidateFunction {
  if (compose) return compose;
  const folder = dirname(require.resolve("dclint/package.json"));
  const schema = JSON.parse(readFileSync(join(folder, "schemas", "compose.schema.json"), "utf8"));
  // It names its draft with https, which is not the draft's name.
  const { $schema: _draft, ...rest } = schema;
  compose = compile(rest);
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
  return ajv.addFormat("duration", (text) => !lacksUnit(text)).compile(schema);
}
