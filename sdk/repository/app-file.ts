import { type Input, Output, runtime, secret } from "@pulumi/pulumi";
import { shownKey } from "../env-files/entry";
import { looksSecret } from "../env-files/secret-looking";
import { taggedValue } from "../env-files/tags";
import { type Finding, fileError, type Source } from "../files/source";
import { parseYaml, type Yaml, yamlLibrary } from "../files/yaml";
import type { AppKind } from "./app-schema";

/** A service as its `dokploy-app.yaml` describes it for one stage. Its values are checked, and secrets are outputs. */
export interface App {
  readonly kind: AppKind;
  /** The inputs of the resource, apart from what the repository gives by other means. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Services that are deployed before it. */
  readonly dependsOn: readonly Mention[];
  /** Id of what is adopted. */
  readonly adopts: string | undefined;
  /** The compose file as the app names it; undefined for the default, and for applications. */
  readonly composeFile: string | undefined;
  /** Stages that it says something about. */
  readonly stages: readonly Mention[];
}

/** A name, and where it stands in the file. */
export interface Mention {
  readonly name: string;
  readonly offset: number;
}

/** Gives a value that stands elsewhere, which a field at an offset of the file asks for. */
export type ResolveTag = (kind: "secret" | "environment", name: string, offset: number) => Input<string>;

/**
 * Reads a `dokploy-app.yaml` for a stage.
 *
 * @throws FileError with the place of everything that is wrong: unknown fields, types, missing fields
 */
export function readApp(source: Source, stage: string, resolve: ResolveTag): App {
  const { contents, document } = parseYaml(source, "core") ?? {};
  if (contents === undefined || document === undefined || !yamlLibrary().isMap(contents)) {
    throw fileError(source, [{ offset: contents?.range[0], reason: noMapping }]);
  }
  const findings: Finding[] = [];
  const root = toValue(contents, document, { name: "", offset: contents.range[0] }, findings) as Values;
  if (findings.length === 0) findings.push(...problemsOf(root, contents, document));
  if (findings.length > 0) throw fileError(source, findings);

  const { kind, stages, ...all } = root;
  const mine = isValues(stages) && isValues(stages[stage]) ? stages[stage] : {};
  const { image, source: from, composeFile, dependsOn, import: adopts, ...rest } = overlay(all, mine);
  if (kind === "application" && (image === undefined) === (from === undefined)) {
    const reason = `needs either image or source${stage === "" ? "" : ` in stage ${stage}`}, and has ${image === undefined ? "none" : "both"}`;
    throw fileError(source, [{ offset: contents.range[0], reason }]);
  }
  if (composeFile !== undefined && from !== undefined) {
    throw fileError(source, [
      {
        offset: offsetOf(contents, document, ["source"]),
        reason: "has composeFile and source; take one out",
      },
    ]);
  }
  const where = image === undefined ? from : { type: "docker", image };
  const placeholder = typeof image === "string" ? wrongPlaceholder(image) : undefined;
  if (placeholder !== undefined) {
    const offset = offsetOf(
      contents,
      document,
      mine["image"] === undefined ? ["image"] : ["stages", stage, "image"],
    );
    const reason = `image: holds ${placeholder}, and \${IMAGE_TAG} is all that gets a value here`;
    throw fileError(source, [{ offset, reason }]);
  }
  const inputs = { ...withSecretArgs(rest), ...(where === undefined ? {} : { source: where }) };
  return {
    kind: kind as AppKind,
    inputs: replaceTagged(inputs, ({ kind: from, name, offset }) => resolve(from, name, offset)) as Values,
    dependsOn: ((dependsOn as string[] | undefined) ?? []).map((name) => ({
      name,
      offset: offsetOf(contents, document, ["dependsOn"]),
    })),
    adopts: adopts as string | undefined,
    composeFile: composeFile as string | undefined,
    stages: Object.keys(isValues(stages) ? stages : {}).map((name) => ({
      name,
      offset: offsetOf(contents, document, ["stages", name]),
    })),
  };
}

type Values = Record<string, unknown>;
type Path = readonly PropertyKey[];

const noMapping = "is not a mapping; write at least `kind: application` and an `image:`";

/** Deeper than any service is described, and shallow enough for a value that contains itself. */
const maxDepth = 32;

/** A value that stands elsewhere: `!secret name`, `!env NAME`. */
class Tagged {
  constructor(
    readonly kind: "secret" | "environment",
    readonly name: string,
    readonly offset: number,
  ) {}
}

/** A copy with something else in the place of each tagged value. */
function replaceTagged(value: unknown, replace: (tagged: Tagged) => unknown): unknown {
  if (value instanceof Tagged) return replace(value);
  if (Array.isArray(value)) return value.map((item) => replaceTagged(item, replace));
  if (!isValues(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, replaceTagged(inner, replace)]),
  );
}

function isValues(value: unknown): value is Values {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Tagged) &&
    !Output.isInstance(value)
  );
}

/** The field that a node is the value of: its name, for what is in a list that of the list, and where it begins. */
interface Field {
  readonly name: string;
  readonly offset: number;
}

/** A node as a value of JavaScript. */
function toValue(
  node: Yaml.Node | null,
  document: Yaml.Document.Parsed,
  field: Field,
  findings: Finding[],
  depth = 0,
): unknown {
  const { offset } = field;
  const yaml = yamlLibrary();
  const wrong = (reason: string): undefined => {
    findings.push({ offset, reason });
  };
  if (depth > maxDepth) return wrong("is nested too deeply");
  if (node === null) return null;
  if (yaml.isAlias(node)) {
    const target = node.resolve(document);
    if (target === undefined) return wrong("refers to an anchor that is not there; write the value");
    return toValue(target, document, field, findings, depth + 1);
  }
  const tag = node.tag?.startsWith("tag:yaml.org") ? undefined : node.tag;
  if (yaml.isScalar(node)) {
    if (tag === undefined) return node.value;
    if (tag !== "!secret" && tag !== "!env") {
      return wrong("has a YAML tag that is none of this file; it has !secret NAME and !env NAME");
    }
    // Checked as in files of variables: a value in the place of the name must not get into a message.
    const value = taggedValue(tag, String(node.value ?? ""), field.name);
    if (typeof value === "string") return wrong(value);
    return value.kind === "text" ? value.text : new Tagged(value.kind, value.name, offset);
  }
  if (tag !== undefined) return wrong("has a YAML tag, which is for a single value");
  if (yaml.isSeq<Yaml.Node | null>(node)) {
    return node.items.map((item) =>
      toValue(item, document, { ...field, offset: item?.range?.[0] ?? offset }, findings, depth + 1),
    );
  }
  const values: Values = {};
  for (const { key, value } of (node as Yaml.YAMLMap<Yaml.Node, Yaml.Node | null>).items) {
    const at = key.range?.[0] ?? offset;
    const name = yaml.isScalar(key) ? String(key.value) : undefined;
    if (name === "<<") {
      findings.push({ offset: at, reason: "merge keys are not supported; write the fields out" });
    } else if (name === undefined || name === "__proto__") {
      findings.push({ offset: at, reason: "a field needs a plain name" });
    } else values[name] = toValue(value, document, { name, offset: at }, findings, depth + 1);
  }
  return values;
}

/** A dollar sign that begins something else than the tag's placeholder; no image has one. */
function wrongPlaceholder(image: string): string | undefined {
  return /\$(?:\{?\w*\}?)/.exec(image.replaceAll("${IMAGE_TAG}", ""))?.[0];
}

/** Build arguments that look like secrets are treated as such, as variables are. */
function withSecretArgs(inputs: Values): Values {
  const { buildArgs } = inputs;
  if (!isValues(buildArgs)) return inputs;
  const marked = Object.entries(buildArgs).map(([key, value]) => [
    key,
    typeof value === "string" && looksSecret(key, value) ? secret(value) : value,
  ]);
  return { ...inputs, buildArgs: Object.fromEntries(marked) };
}

/** Unknown fields, types and missing fields, each with its place. */
function problemsOf(root: Values, contents: Yaml.ParsedNode, document: Yaml.Document.Parsed): Finding[] {
  // Loaded here, so that a program without a repository does not pay for it.
  const { appSchemas } = require("./app-schema") as typeof import("./app-schema");
  const { typeProblems } =
    require("../../provider/type-problems") as typeof import("../../provider/type-problems");
  const { kind } = root;
  // What Pulumi puts for a value that it does not know yet: the checks of types pass it over.
  const checked = replaceTagged(root, () => runtime.unknownValue) as Values;
  if (kind !== "application" && kind !== "compose") {
    return [
      {
        offset: offsetOf(contents, document, ["kind"]),
        reason: `kind: ${kind === undefined ? "is missing" : "is none that there is"}; it is application or compose`,
      },
    ];
  }
  return typeProblems(kind, appSchemas[kind], checked).map(({ path, reason }) => {
    const isUnquoted = /must be a string, not a (?:number|boolean)$/.test(reason);
    return {
      offset: offsetOf(contents, document, path),
      reason: `${path.map(shownStep).join(".")}: ${reason}${isUnquoted ? "; put it in quotes" : ""}`,
    };
  });
}

/** A field that is no plain name may be a value that slipped into its place. */
function shownStep(step: PropertyKey): string {
  return typeof step === "string" ? shownKey(step) : String(step);
}

/** Where the value at a path stands, or as much of the path as there is; a field stands where its name does. */
function offsetOf(contents: Yaml.ParsedNode, document: Yaml.Document.Parsed, path: Path): number {
  const yaml = yamlLibrary();
  let node: unknown = contents;
  let offset = contents.range[0];
  for (const step of path) {
    if (yaml.isAlias(node)) node = node.resolve(document);
    if (yaml.isMap<Yaml.ParsedNode, Yaml.ParsedNode | null>(node)) {
      const pair: Yaml.Pair<Yaml.ParsedNode, Yaml.ParsedNode | null> | undefined = node.items.find(
        ({ key }) => yaml.isScalar(key) && String(key.value) === step,
      );
      if (!pair) return offset;
      offset = pair.key.range[0];
      node = pair.value;
    } else if (yaml.isSeq<Yaml.ParsedNode>(node)) {
      const item: Yaml.ParsedNode | undefined = node.items[Number(step)];
      if (item === undefined) return offset;
      offset = item.range[0];
      node = item;
    } else return offset;
  }
  return offset;
}

/** Objects are merged; all else is replaced, and so are objects that say what they are by a `type`. */
function overlay(base: Values, over: Values): Values {
  const merged: Values = { ...base };
  // Two ways to say the same: the stage's choice replaces the other.
  if ("image" in over) delete merged["source"];
  if ("source" in over) for (const name of ["image", "composeFile"]) delete merged[name];
  if ("composeFile" in over) delete merged["source"];
  for (const [name, value] of Object.entries(over)) {
    const below = merged[name];
    merged[name] = isValues(below) && isValues(value) && !("type" in value) ? overlay(below, value) : value;
  }
  return merged;
}
