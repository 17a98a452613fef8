import * as assert from "node:assert/strict";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import * as composeSchema from "../checks/compose-spec.json";
import { isDuration } from "../checks/durations";
import { composeSpecification, stackSpecification, withoutEmptyTexts } from "../checks/specification";
import * as stackSchema from "../checks/stack-spec.json";
import { uniqueItems } from "../checks/unique-items";

/** Values that schemas take or refuse at any place. */
const VALUES = [
  ...[null, true, 0, 1.5, "", "text", "10s", "8080:80"],
  ...[[], ["a"], ["a", "a"], [1, null], [{}], [{ target: 80, unknown: 1 }]],
  ...[{}, { a: "b" }, { a: null }, { a: { b: 1 } }, { name: 1, external: true, "x-own": 1 }],
];

describe("the schema of a file, compiled in parts", () => {
  for (const [name, schema, inParts] of [
    ["Compose Specification", composeSchema, composeSpecification],
    ["stack files", stackSchema, stackSpecification],
  ] as const) {
    it(`finds what the whole schema finds: ${name}`, () => {
      const whole = compiledAtOnce(schema);
      const definitions: Readonly<Record<string, object>> = schema.definitions;
      let found = 0;
      for (const file of filesWith(schema.properties, definitions)) {
        const expected = errorsOf(whole, file);
        found += expected.length;
        assert.deepEqual(errorsOf(inParts(), file), expected, JSON.stringify(file));
      }
      assert.ok(found > 1000, `${found} errors were compared`);
    });
  }
});

function compiledAtOnce(schema: object): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false, verbose: true, meta: false });
  ajv.removeKeyword("uniqueItems").addKeyword(uniqueItems);
  ajv.opts.validateSchema = false;
  return ajv.addFormat("duration", isDuration).compile(withoutEmptyTexts(schema));
}

/** Returns files with each value at each key of the top, and of a service, network, volume, secret and config. */
function* filesWith(top: object, definitions: Readonly<Record<string, object>>): Generator<object> {
  for (const key of Object.keys(top)) for (const value of VALUES) yield { [key]: value };
  for (const [section, definition] of [
    ["services", "service"],
    ["networks", "network"],
    ["volumes", "volume"],
    ["secrets", "secret"],
    ["configs", "config"],
  ] as const) {
    const { properties = {} }: { properties?: object } = definitions[definition] ?? {};
    for (const key of [...Object.keys(properties), "unknown"])
      for (const value of VALUES) yield { [section]: { web: { [key]: value } } };
  }
}

function errorsOf(validate: ValidateFunction, file: object): object[] {
  validate(file);
  return (validate.errors ?? []).map(
    ({ keyword, instancePath, params, message, parentSchema }: ErrorObject) => ({
      ...{ keyword, instancePath, params, message },
      known: Object.keys((parentSchema?.["properties"] as object | undefined) ?? {}),
    }),
  );
}
