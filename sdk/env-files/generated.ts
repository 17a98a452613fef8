import type { MapNode, Node } from "../../packages/compose-checks/yaml";
import { looksSecretByValue } from "../../provider/env";
import type * as Resources from "../../provider/resources";
import { pathText, typeProblems } from "../../provider/schema";
import type { EntryValue, GeneratedValue, ReadValue } from "./entry";

/** Tag of a value that the stack makes once. */
export const generateTag = "!generate";

const usage =
  "!generate takes the name of the secret, which is by default that of the variable, or fields: !generate { length: 48, " +
  "rotation: 2 }, { format: base64, bytes: 32 } or { format: jwt, signingKey: !generate NAME, payload: { role: anon } }, each " +
  "with a name: NAME if it needs one";

/** Reads a value with the tag; returns the text of a problem for another form. */
export function readGenerated(node: Node, readValue: ReadValue): GeneratedValue | string {
  const found = { kind: "generated", name: undefined, rotation: 1, recipe: {} } as const;
  if (node.kind === "list") return usage;
  if (node.kind === "scalar") {
    if (node.text === "") return found;
    return isName(node.text) ? { ...found, name: node.text } : usage;
  }
  if (node.again.length > 0) return usage;
  const fields = new Map([...node.entries].map(([name, { value }]) => [name, value]));
  const [name, number] = ["name", "rotation"].map((field) => fields.get(field)).map(plainText);
  // Without these two, it would be another secret: that of the variable, or the first one.
  if ((fields.has("name") && name === undefined) || (fields.has("rotation") && typeof number !== "number"))
    return usage;
  const rotation = Number(number ?? 1);
  const key = fields.get("signingKey");
  const signingKey = key && readValue(key, "signingKey");
  for (const field of ["name", "rotation", "signingKey"]) fields.delete(field);
  if (name !== undefined && !(typeof name === "string" && isName(name))) return usage;
  if (typeof signingKey === "string") return `signingKey: ${signingKey}`;
  if (signingKey !== undefined && !["generated", "secret", "environment"].includes(signingKey.kind))
    return "signingKey takes !generate NAME, !secret NAME or !env NAME";
  const payload = fields.get("payload");
  if (payload?.kind === "map" && !isPlain(payload))
    return "payload takes plain values, without tags, and each name once";
  const recipe = [...fields].map(([field, value]) => [field, fieldOf(field, value)] as const);
  if (recipe.some(([, value]) => value === undefined)) return usage;
  const value: GeneratedValue = {
    ...{ kind: "generated", name: name as string | undefined, rotation },
    recipe: Object.fromEntries(recipe) as GeneratedValue["recipe"],
    ...(signingKey === undefined ? {} : { signingKey: signingKey as GeneratedValue["signingKey"] }),
  };
  return problemOf(value) ?? value;
}

/** Letters, digits, `_`, `.` and `-`. A value instead of the name must not get into a message. */
function isName(text: string): boolean {
  return /^[A-Za-z_][\w.-]{0,63}$/.test(text) && !looksSecretByValue(text);
}

/** Returns a field of the fields, as the resource takes it. */
function fieldOf(name: string, node: Node): string | number | undefined {
  if (name === "payload" && node.kind === "map") return JSON.stringify(plainValue(node));
  return plainText(node);
}

function plainText(node: Node | undefined): string | number | undefined {
  if (node?.kind !== "scalar" || node.tag !== undefined) return undefined;
  return /^\d{1,6}$/.test(node.source.trim()) ? Number(node.text) : node.text;
}

/** True where no value has a tag, and no mapping a name twice. */
function isPlain(node: Node): boolean {
  if (node.tag !== undefined) return false;
  if (node.kind === "list") return node.items.every(isPlain);
  if (node.kind === "scalar") return true;
  return node.again.length === 0 && [...node.entries.values()].every(({ value }) => isPlain(value));
}

/** Returns a value of a mapping as YAML's core schema reads it; the files of variables are read as texts. */
function plainValue(node: Node): unknown {
  if (node.kind === "list") return node.items.map(plainValue);
  if (node.kind === "map") return Object.fromEntries(entries(node));
  if (/^["'|>]/.test(node.source)) return node.text;
  if (/^[-+]?\d+(?:\.\d+)?$/.test(node.text)) return Number(node.text);
  if (/^(?:true|false)$/i.test(node.text)) return node.text.toLowerCase() === "true";
  return /^(?:null|~|)$/i.test(node.text) ? null : node.text;
}

function entries(node: MapNode): [string, unknown][] {
  return [...node.entries].map(([name, { value }]) => [name, plainValue(value)]);
}

/** Returns the first problem that the resource would have with the value. */
function problemOf({ recipe, rotation, signingKey }: GeneratedValue): string | undefined {
  if (Object.keys(recipe).length === 0 && signingKey === undefined && rotation === 1) return undefined;
  // Loaded here, so that a file with !generate alone does not pay for it.
  const { generatedSecret } = require("../../provider/resources") as typeof Resources;
  const inputs = { ...recipe, rotation, ...(signingKey === undefined ? {} : { signingKey: "x" }) };
  const { adopts: _, ...known } = generatedSecret.schema.shape;
  const unknown = Object.keys(recipe).find((field) => !Object.hasOwn(known, field));
  if (unknown !== undefined) return usage;
  const [problem] = typeProblems("GeneratedSecret", generatedSecret.schema, inputs);
  if (problem !== undefined) return `!generate: ${pathText(problem.path)}: ${problem.reason}`;
  const [wrong] = generatedSecret.check?.(inputs, () => undefined, "") ?? [];
  return wrong && `!generate: ${wrong.property}: ${wrong.reason}`;
}

/** Returns the name of the resource that keeps the value, after the name of the resource that gets it. */
export function generatedName(owner: string, name: string, rotation: number): string {
  return `${owner}/${name}${rotation === 1 ? "" : `/${rotation}`}`;
}

/** Returns the value as a file has it. */
export function writtenGenerated({ name, recipe, rotation, signingKey }: GeneratedValue): string {
  const { payload, ...plain } = recipe;
  const fields = [
    ...(name === undefined ? [] : [`name: ${name}`]),
    ...Object.entries(plain).map(([field, value]) => `${field}: ${value}`),
    ...(signingKey === undefined ? [] : [`signingKey: ${writtenTagged(signingKey)}`]),
    ...(payload === undefined ? [] : [`payload: ${payload}`]),
    ...(rotation === 1 ? [] : [`rotation: ${rotation}`]),
  ];
  if (fields.length === 0) return generateTag;
  return fields.length === 1 && name !== undefined
    ? `${generateTag} ${name}`
    : `${generateTag} { ${fields.join(", ")} }`;
}

/** Returns a value with a tag as a file has it, also inside braces. */
export function writtenTagged(value: Exclude<EntryValue, { kind: "text" | "address" }>): string {
  switch (value.kind) {
    case "secret":
      return `!secret ${value.name}`;
    case "environment":
      return `!env ${value.name}`;
    case "generated":
      return writtenGenerated(value);
    case "managed":
      return `!${value.manager} ${JSON.stringify(value.reference)}`;
    case "filled": {
      const values = Object.entries(value.values).map(
        ([name, inner]) => `${name}: ${writtenTagged(inner as never)}`,
      );
      return `!text { text: ${JSON.stringify(value.text)}, values: { ${values.join(", ")} } }`;
    }
  }
}
