/** The package schema of the plugin agrees with the definitions. */

import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { isRecord } from "../../packages/values";
import { outputs } from "../../plugin/generated/outputs";
import { settingNames, settings } from "../../provider/dokploy";
import { listsIn } from "../../provider/engine";
import { allDefinitions, type Kind } from "../../provider/resources";
import { compile, Mapping } from "../../provider/schema";

interface Type {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: string;
  readonly items?: Type;
  readonly additionalProperties?: Type;
  readonly oneOf?: readonly Type[];
  readonly discriminator?: { readonly mapping: Readonly<Record<string, string>> };
}
interface Property extends Type {
  readonly description?: string;
  readonly secret?: true;
  readonly willReplaceOnChanges?: true;
}
type Properties = Readonly<Record<string, Property>>;
interface ObjectType {
  readonly properties?: Properties;
  readonly required?: readonly string[];
  readonly enum?: readonly { readonly value: string }[];
}
interface Resource {
  readonly description: string;
  readonly isComponent?: true;
  readonly aliases: readonly { readonly type: string }[];
  readonly inputProperties: Properties;
  readonly requiredInputs?: readonly string[];
  readonly properties: Properties;
  readonly required: readonly string[];
}
interface Lookup {
  readonly description: string;
  readonly inputs?: ObjectType;
  readonly outputs: ObjectType;
}
interface Schema {
  readonly version: string;
  readonly validateCredentialsOnNew: boolean;
  readonly configurationDocsUrl: string;
  readonly config: { readonly variables: Properties };
  readonly provider: { readonly inputProperties: Properties };
  readonly types: Readonly<Record<string, ObjectType>>;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly functions: Readonly<Record<string, Lookup>>;
}

const root = path.join(__dirname, "..", "..");
const text = readFileSync(path.join(root, "plugin", "generated", "schema.json"), "utf8");
const schema = JSON.parse(text) as Schema;
const prefix = "dokploy-native:index:";
const definitions = allDefinitions();

const resourceOf = (kind: string): Resource => {
  const resource = schema.resources[`${prefix}${kind}`];
  assert.ok(resource, `${kind} is a resource`);
  return resource;
};

function typeAt($ref: string | undefined): ObjectType {
  const type = schema.types[$ref?.replace("#/types/", "") ?? ""];
  assert.ok(type, `${$ref} is a type`);
  return type;
}

/** All properties by their paths: those of an input, of its items, and of each form of it. */
function propertiesBelow(properties: Properties, above: readonly string[] = []): [string, Property][] {
  const inner = (type: Type, at: readonly string[]): [string, Property][] => {
    if (type.$ref !== undefined) return propertiesBelow(typeAt(type.$ref).properties ?? {}, at);
    const parts = [type.items, type.additionalProperties, ...(type.oneOf ?? [])];
    return parts.flatMap((part) => (part === undefined ? [] : inner(part, at)));
  };
  return Object.entries(properties).flatMap(([name, property]): [string, Property][] => {
    const at = [...above, name];
    return [[at.join("."), property], ...inner(property, at)];
  });
}

/** What a type takes, as text; the same for a type of Zod and for one of the schema. */
function zodText(type: z.ZodType, isList = false): string {
  if (type instanceof z.ZodOptional) return zodText(type.unwrap() as z.ZodType, isList);
  if (type instanceof z.ZodEnum) return `(${[...type.options].sort().join(" | ")})`;
  if (type instanceof z.ZodLiteral) return String(type.value);
  if (type instanceof z.ZodArray) return `${zodText(type.element as z.ZodType)}[]`;
  if (type instanceof z.ZodRecord) {
    const value = zodText(type.valueType as z.ZodType);
    return isList ? `${value}[]` : `{[name]: ${value}}`;
  }
  if (type instanceof z.ZodObject) {
    const members = Object.entries(type.shape as Record<string, z.ZodType>).map(([name, inner]) => {
      const mark = inner.safeParse(undefined).success ? "?" : "";
      return `${name}${mark}: ${zodText(inner)}`;
    });
    return `{${members.sort().join("; ")}}`;
  }
  if (type instanceof z.ZodUnion) {
    const options = type.options as readonly z.ZodType[];
    const areObjects = options.every((option) => option instanceof z.ZodObject);
    if (areObjects && !(type instanceof z.ZodDiscriminatedUnion)) {
      const members = options.flatMap((option) => Object.entries((option as z.ZodObject).shape));
      // Several forms may have a member.
      const texts = new Set(members.map(([name, inner]) => `${name}?: ${zodText(inner as z.ZodType)}`));
      return `{${[...texts].sort().join("; ")}}`;
    }
    const isText = (option: z.ZodType) => ["string", "literal"].includes(option.def.type);
    return options.every(isText)
      ? "string"
      : [...new Set(options.map((option) => zodText(option)))].sort().join(" | ");
  }
  if (type instanceof z.ZodNumber) return "number";
  if (type instanceof z.ZodBoolean) return "boolean";
  return "string";
}

function schemaText(type: Type): string {
  if (type.const !== undefined) return type.const;
  if (type.items) return `${schemaText(type.items)}[]`;
  if (type.additionalProperties) return `{[name]: ${schemaText(type.additionalProperties)}}`;
  if (type.oneOf) return type.oneOf.map(schemaText).sort().join(" | ");
  if (type.$ref === undefined) return type.type === "integer" ? "number" : (type.type ?? "nothing");
  const { enum: words, properties = {}, required = [] } = typeAt(type.$ref);
  if (words)
    return `(${words
      .map(({ value }) => value)
      .sort()
      .join(" | ")})`;
  const members = Object.entries(properties).map(
    ([name, inner]) => `${name}${required.includes(name) ? "" : "?"}: ${schemaText(inner)}`,
  );
  return `{${members.sort().join("; ")}}`;
}

describe("the package schema of the plugin", () => {
  for (const { kind, schema: definition } of definitions) {
    describe(`for ${kind}`, () => {
      const shape = definition.shape as Record<string, z.ZodType>;
      const lists = listsIn(definition);
      const mapping = new Mapping(definition);
      const { inputProperties, requiredInputs = [], properties, required, aliases } = resourceOf(kind);

      it("lets `pulumi new` try the key, and names a page of the documentation for what it finds", () => {
        const { validateCredentialsOnNew, configurationDocsUrl } = schema;
        assert.equal(validateCredentialsOnNew, true);
        const [, page = ""] = /^https:\/\/[^/]+\/[^/]+\/(.+)\.html$/.exec(configurationDocsUrl) ?? [];
        assert.match(readFileSync(path.join(root, "docs", `${page}.md`), "utf8"), /^## Settings$/m);
      });

      it("has every input, with its type, and knows which a program must give", () => {
        const hasVariables = "env" in shape;
        const own = Object.keys(inputProperties).filter((name) => !(name in shape));
        assert.deepEqual(own, hasVariables ? ["envFiles", "secrets"] : []);
        for (const [name, type] of Object.entries(shape)) {
          const property = inputProperties[name];
          assert.ok(property, `${name} is an input`);
          assert.equal(schemaText(property), zodText(type, lists.has(name)), name);
        }
        const needed = Object.keys(shape).filter((name) => !shape[name]?.safeParse(undefined).success);
        assert.deepEqual([...requiredInputs].sort(), needed.sort());
      });

      it("marks each input that is always secret, and no map of variables as a whole", () => {
        const variables = mapping.variables();
        const inLists = [...lists].flatMap(([name, { mapping: part }]) =>
          part.secretByNature().always.map((each) => `${name}.${each}`),
        );
        const always = [...mapping.secretByNature().always, ...inLists].filter(
          (at) => !variables.includes(at),
        );
        const marked = propertiesBelow(inputProperties).filter(([, { secret }]) => secret);
        const names = [...new Set(marked.map(([at]) => at))].filter((at) => at !== "secrets");
        assert.deepEqual(names.sort(), [...new Set(always)].sort());
      });

      it("says which changes replace", () => {
        const leaves = compile(definition, [], undefined).flatMap((leaf) => [
          ...(leaf.replace ? [leaf.path.join(".")] : []),
          ...(leaf.each ?? []).flatMap(({ replace, path: inner }) =>
            replace ? [[...leaf.path, ...inner].join(".")] : [],
          ),
        ]);
        const marked = propertiesBelow(inputProperties).filter(
          ([, property]) => property.willReplaceOnChanges,
        );
        assert.deepEqual([...new Set(marked.map(([at]) => at))].sort(), [...new Set(leaves)].sort());
      });

      it("has its outputs, and continues a resource of the dynamic provider", () => {
        assert.deepEqual(aliases, [{ type: `pulumi-nodejs:dynamic/dokploy:${kind}` }]);
        const { all, stable } = outputs[kind as Kind];
        assert.deepEqual(
          Object.keys(properties).filter((name) => !(name in inputProperties)),
          all,
        );
        assert.ok(stable.every((name) => all.includes(name)));
        assert.ok(required.every((name) => name in properties));
        assert.ok(requiredInputs.every((name) => required.includes(name)));
        const lost = Object.keys(shape).filter((name) => !(name in properties));
        assert.deepEqual(lost.sort(), [...lists.keys(), ...("import" in shape ? ["import"] : [])].sort());
      });
    });
  }

  it("has no other resources but the components", () => {
    const kinds = definitions.map(({ kind }) => `${prefix}${kind}`);
    const others = Object.keys(schema.resources).filter((token) => !kinds.includes(token));
    assert.deepEqual(others, [`${prefix}DeploymentRepository`, `${prefix}WebApp`]);
    for (const name of ["DeploymentRepository", "WebApp"]) assert.equal(resourceOf(name).isComponent, true);
  });

  it("knows which outputs no update changes", () => {
    assert.deepEqual(outputs.Application.stable, ["appName"]);
    assert.deepEqual(outputs.Deployment.stable, []);
    assert.deepEqual(outputs.Project.stable, ["defaultEnvironmentId"]);
    assert.deepEqual(outputs.GitlabProvider, { all: ["authorizeUrl", "isConfigured"], stable: [] });
    assert.deepEqual([...outputs.SshKey.stable].sort(), ["privateKey", "publicKey"]);
  });

  it("has the lookups of the Node.js package, with their secrets", () => {
    const names = Object.keys(require("../../sdk") as object);
    const lookups = names.filter((name) => /^get[A-Z]/.test(name) && !name.endsWith("Output"));
    assert.deepEqual(Object.keys(schema.functions).sort(), lookups.map((name) => `${prefix}${name}`).sort());
    const secretsOf = (name: string) =>
      Object.entries(schema.functions[`${prefix}${name}`]?.outputs.properties ?? {})
        .filter(([, { secret }]) => secret)
        .map(([property]) => property);
    assert.deepEqual(secretsOf("getApplication"), ["env"]);
    assert.deepEqual(secretsOf("getRedis").sort(), ["connectionUrl", "env", "externalUrl", "password"]);
    assert.deepEqual(secretsOf("getDomains"), []);
    const { inputs, outputs: found } = schema.functions[`${prefix}getPort`] ?? {};
    const taken = ["applicationId", "id", "protocol", "publishedPort"];
    assert.deepEqual(Object.keys(inputs?.properties ?? {}).sort(), taken);
    assert.equal(inputs?.required, undefined);
    assert.equal(found?.properties?.["publishedPort"]?.type, "integer");
  });

  it("has the settings, of which the key is secret", () => {
    for (const properties of [schema.config.variables, schema.provider.inputProperties]) {
      assert.deepEqual(Object.keys(properties), settingNames);
      for (const name of settingNames) {
        const { secret, variable } = settings[name] as { secret?: true; variable?: string };
        assert.equal(properties[name]?.secret, secret, name);
        if (variable !== undefined) assert.ok(properties[name]?.description?.includes(variable));
      }
    }
  });

  it("describes everything", () => {
    const described = [
      ...Object.values(schema.types).map(({ properties = {} }) => properties),
      ...Object.values(schema.resources).flatMap((each) => [each.inputProperties, each.properties]),
      ...Object.values(schema.functions).flatMap((each) => [
        each.inputs?.properties ?? {},
        each.outputs.properties ?? {},
      ]),
    ].flatMap((properties) => Object.entries(properties));
    assert.ok(described.length > 1500);
    const missing = described.filter(([, { description = "" }]) => !/^[A-Z`].*\S$/s.test(description));
    assert.deepEqual(missing, []);
    const tokens = { ...schema.resources, ...schema.functions };
    assert.deepEqual(
      Object.keys(tokens).filter((token) => !/^[A-Z].*\.\s/s.test(tokens[token]?.description ?? "")),
      [],
    );
    // Links, the words of one language, and settings of another namespace.
    assert.doesNotMatch(text, /\{@link|\bundefined\b|`dokploy:[a-z]|Output`/);
  });

  it("refers to its own types, and to each of them", () => {
    const used = new Set([...text.matchAll(/"#\/types\/([^"]+)"/g)].map(([, token]) => token));
    assert.deepEqual([...used].sort(), Object.keys(schema.types).sort());
    assert.doesNotMatch(text, /pulumi\.json#\/Any|"oneOf":\[\]/);
  });

  it("sends nothing that a program leaves out", () => {
    assert.doesNotMatch(text, /"(?:default|defaultInfo|const)":(?!")/);
    assert.doesNotMatch(text, /"default(?:Info)?":/);
  });

  it("has the version of the package, and a line for each type, resource and function", () => {
    const { version } = require(path.join(root, "package.json")) as { version: string };
    assert.equal(schema.version, version);
    const entries = [schema.types, schema.resources, schema.functions].flatMap((table) => Object.keys(table));
    const lines = text.split("\n");
    assert.deepEqual(
      entries.filter((token) => lines.filter((line) => line.startsWith(`"${token}":{`)).length !== 1),
      [],
    );
    const names = readFileSync(path.join(root, "plugin", "generated", "names.txt"), "utf8")
      .trimEnd()
      .split("\n");
    assert.deepEqual(names, [...names].sort());
    assert.ok(names.includes("Application(replicas?): integer"));
    assert.ok(names.includes("Postgres.connectionUrl: string secret"));
  });

  describe("shows examples in YAML", () => {
    const all = Object.entries({ ...schema.resources, ...schema.functions });
    for (const [token, { description }] of all) {
      it(`of ${token.slice(prefix.length)}, with inputs that exist`, () => {
        const examples = [...description.matchAll(/```yaml\n([\s\S]*?)\n```/g)].map(([, code = ""]) => code);
        assert.ok(examples.length > 0);
        assert.doesNotMatch(description, /```typescript/);
        assert.ok(examples.some((code) => code.includes(token.replace("index:", ""))));
        for (const code of examples) checkProgram(parse(code, { version: "1.1" }) as Program);
      });
    }
  });
});

interface Program {
  readonly resources?: Readonly<Record<string, { type: string; properties?: Record<string, unknown> }>>;
  readonly variables?: Readonly<
    Record<string, { "fn::invoke": { function: string; arguments?: Record<string, unknown> } }>
  >;
}

function checkProgram({ resources = {}, variables = {} }: Program): void {
  for (const { type, properties = {} } of Object.values(resources)) {
    if (!type.startsWith("dokploy-native:")) continue;
    const { inputProperties, requiredInputs = [] } = resourceOf(type.slice("dokploy-native:".length));
    checkInputs(type, properties, inputProperties, requiredInputs);
  }
  for (const { "fn::invoke": call } of Object.values(variables)) {
    const lookup = schema.functions[call.function.replace(":", ":index:")];
    assert.ok(lookup, call.function);
    checkInputs(
      call.function,
      call.arguments ?? {},
      lookup.inputs?.properties ?? {},
      lookup.inputs?.required ?? [],
    );
  }
}

function checkInputs(
  owner: string,
  given: Readonly<Record<string, unknown>>,
  known: Properties,
  required: readonly string[],
): void {
  for (const name of required) assert.ok(name in given, `${owner} needs ${name}`);
  for (const [name, value] of Object.entries(given)) {
    const property = known[name];
    assert.ok(property, `${owner} has no ${name}`);
    const { oneOf = [property] } = property;
    const fits = oneOf.some((type) => isOf(type, value));
    assert.ok(
      fits,
      `${owner}: ${name} takes ${schemaText(property)}, and the example has ${JSON.stringify(value)}`,
    );
  }
}

function isOf(type: Type, value: unknown): boolean {
  if (typeof value === "string" && /^\$\{[^}]+\}$/.test(value)) return true;
  if (type.items) return Array.isArray(value) && value.every((item) => isOf(type.items ?? {}, item));
  if (isRecord(value) && "fn::readFile" in value) return type.type === "string";
  if (type.additionalProperties)
    return (
      isRecord(value) && Object.values(value).every((item) => isOf(type.additionalProperties ?? {}, item))
    );
  if (type.$ref === undefined) return (type.type === "integer" ? "number" : type.type) === typeof value;
  const { enum: words, properties = {}, required = [] } = typeAt(type.$ref);
  if (words) return words.some((word) => word.value === value);
  if (!isRecord(value) || !required.every((name) => name in value)) return false;
  return Object.entries(value).every(([name, inner]) => properties[name] && isOf(properties[name], inner));
}
