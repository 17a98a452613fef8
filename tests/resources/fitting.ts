import { z } from "zod";
import type { CallRecord } from "../../emulator";
import * as documented from "../../provider/dokploy/generated/endpoints.json";
import { VERSIONS } from "../../provider/dokploy/generated/facts";

type Schema = Readonly<Record<string, unknown>>;
interface Input {
  readonly required: readonly string[];
  readonly takes: Readonly<Record<string, Schema>>;
}
const { endpointsIn } = require("../../scripts/api/extract.cjs") as {
  endpointsIn(extract: object, version: string): Readonly<Record<string, Input>>;
};
/** What a version of Dokploy takes. */
interface Documented {
  readonly version: string;
  readonly endpoints: Readonly<Record<string, Input>>;
}

/** Returns what the committed documents of these versions say. */
export function documentsOf(...versions: readonly string[]): readonly Documented[] {
  return versions.map((version) => ({ version, endpoints: endpointsIn(documented, version) }));
}

const documents = documentsOf(...VERSIONS);
const types = new Map<object, z.ZodType>();

/**
 * What answered calls have in them that one of the documented versions of Dokploy would not take, or would miss. A version
 * without any call of an object does not count: there the first call ends with the version that has it.
 */
export function misfits(calls: readonly CallRecord[], versions = documents): string[] {
  const found = calls.flatMap(({ endpoint, input, status, method }) => {
    if (status >= 400 || status === 0 || !versions.some(({ endpoints }) => endpoint in endpoints)) return [];
    const [router] = endpoint.split(".");
    const having = versions.filter(({ endpoints }) =>
      Object.keys(endpoints).some((name) => name.startsWith(`${router}.`)),
    );
    const isTaken = (name: string) =>
      versions.some(({ endpoints }) => name in (endpoints[endpoint]?.takes ?? {}));
    return having.flatMap(({ version, endpoints }) =>
      problemsOf((input ?? {}) as Schema, endpoints[endpoint], method, isTaken).map(
        (problem) => `Dokploy ${version}: ${endpoint} ${problem}`,
      ),
    );
  });
  return [...new Set(found)];
}

/** @param isTaken whether a version takes an input: what one takes, another drops, and the client's own rules say whether
 * that is harmless */
function problemsOf(
  given: Schema,
  input: Input | undefined,
  method: string,
  isTaken: (name: string) => boolean,
): string[] {
  if (input === undefined) return ["is not there"];
  const missing = input.required.filter((name) => given[name] === undefined);
  const others = Object.entries(given).flatMap(([name, value]) => {
    const schema = input.takes[name];
    if (schema === undefined) return isTaken(name) ? [] : [`does not know ${name}`];
    // In the address of a request all is text.
    if (method === "GET" || typeOf(schema).safeParse(value).success) return [];
    return [`takes ${name} of another type`];
  });
  return [...missing.map((name) => `needs ${name}`), ...others];
}

function typeOf(schema: Schema): z.ZodType {
  const known = types.get(schema) ?? (z.fromJSONSchema(withNulls(schema) as never) as z.ZodType);
  types.set(schema, known);
  return known;
}

/** `nullable` as JSON schema has it. */
function withNulls(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withNulls);
  if (typeof schema !== "object" || schema === null) return schema;
  const { nullable, ...rest } = schema as Record<string, unknown>;
  const inner = Object.fromEntries(Object.entries(rest).map(([word, value]) => [word, withNulls(value)]));
  return nullable === true ? { anyOf: [inner, { type: "null" }] } : inner;
}
