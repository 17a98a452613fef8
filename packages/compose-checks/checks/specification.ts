import { Ajv, type ValidateFunction } from "ajv";
import { callRef } from "ajv/dist/vocabularies/core/ref";
import * as composeSchema from "./compose-spec.json";
import { isDuration } from "./durations";
import * as stackSchema from "./stack-spec.json";
import { uniqueItems } from "./unique-items";

interface Schema {
  readonly definitions?: Schemas;
  readonly [keyword: string]: unknown;
}

type Schemas = Readonly<Record<string, Schema>>;

let compose: ValidateFunction | undefined;
let stack: ValidateFunction | undefined;

/** Returns the validator for the JSON schema of the Compose Specification, which Compose itself uses. */
export function composeSpecification(): ValidateFunction {
  compose ??= compile(withoutEmptyTexts(composeSchema));
  return compose;
}

/**
 * Returns the validator for files that `docker stack deploy` accepts: its own format 3.13, an older relative of the
 * Compose Specification with fewer keys, and fewer forms for some.
 */
export function stackSpecification(): ValidateFunction {
  stack ??= compile(withoutEmptyTexts(stackSchema));
  return stack;
}

/**
 * Returns a schema that refuses an empty text for a number, a switch or a size. Compose and Docker make these of texts
 * after they have validated the schema, and then fail.
 */
export function withoutEmptyTexts(schema: object): Schema {
  return JSON.parse(JSON.stringify(schema), (name: string, value: Schema) => {
    const types = value?.["type"];
    const isConverted =
      name === "memory" || (Array.isArray(types) && types.length === 2 && types.includes("string"));
    const isField = /^[a-z_]+$/.test(name) && name !== "items" && name !== "published";
    return isField && isConverted && isSchema(value) ? { ...value, minLength: 1 } : value;
  });
}

/** Compiles a JSON schema to a validator that reports all errors. */
function compile({ $id: _, definitions, ...whole }: Schema): ValidateFunction {
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
  ajv.addFormat("duration", isDuration);
  ajv.addKeyword({
    keyword: "part",
    code(context) {
      const ref = compiledAtFirstUse(() => ajv.compile(context.schema as Schema));
      callRef(context, context.gen.scopeValue("validate", { ref }));
    },
  });
  for (const [name, definition] of Object.entries(definitions ?? {}))
    ajv.addSchema(inParts(definition), name);
  return ajv.compile(inParts(whole));
}

function compiledAtFirstUse(compilePart: () => ValidateFunction) {
  let part: ValidateFunction | undefined;
  function validate(...given: Parameters<ValidateFunction>): boolean {
    part ??= compilePart();
    const isValid = part(...given);
    validate.errors = part.errors;
    return isValid;
  }
  validate.errors = undefined as ValidateFunction["errors"];
  return validate;
}

/**
 * Returns a schema whose larger properties have the keyword `part`, which compiles them when a file first has them. A
 * file has few of the properties that Compose knows, and compiling all of them would take most of the time of its
 * check. References are plain names of definitions, since a part is compiled as a schema of its own.
 */
function inParts(schema: Schema): Schema {
  const entries = Object.entries(schema).map(([keyword, value]: [string, unknown]) => {
    if (keyword === "$ref") return [keyword, String(value).replace("#/definitions/", "")];
    if (keyword === "properties") return [keyword, ofEach(value as Schemas, asPart)];
    if (keyword === "patternProperties") return [keyword, ofEach(value as Schemas, inParts)];
    if (Array.isArray(value)) return [keyword, value.map((item) => (isSchema(item) ? inParts(item) : item))];
    return [keyword, isSchema(value) ? inParts(value) : value];
  });
  return Object.fromEntries(entries);
}

function asPart(schema: Schema): Schema {
  const inner = inParts(schema);
  return large.some((keyword) => keyword in schema) ? { part: inner } : inner;
}

/** Keywords of schemas that take longer to compile than a part does. */
const large = ["$ref", "oneOf", "properties", "patternProperties", "items"];

function ofEach(schemas: Schemas, change: (schema: Schema) => Schema): Schemas {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, change(schema)]));
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
