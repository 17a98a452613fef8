import { posix, win32 } from "node:path";
import { type Input, secret } from "@pulumi/pulumi";
import { inWords, visible } from "../../packages/text";
import { unknownValue } from "../../packages/values";
import { looksSecret, shownKey } from "../../provider/env";
import { notAnId, textMisfits, typeProblems } from "../../provider/schema";
import {
  isValues,
  type Path,
  readTree,
  replaceTagged,
  type Tagged,
  type TreeKind,
  taggedIn,
  type Values,
  type ValueTree,
} from "../env-files";
import { type FileProblem, fileError, type Source } from "../files";
import type { AppKind } from "./app-schema";
import { type Attached, attachedLabel, attachedLists, namingFields } from "./attached-lists";

/** A service as its `dokploy-app.yaml` describes it for one stage. Its values are checked, and secrets are outputs. */
export interface App {
  readonly kind: AppKind;
  /** Inputs of the resource, except those that the repository gives in other ways. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Backups and schedules of the service, which are separate resources. */
  readonly attached: Attached;
  /** Application whose image the service has too. */
  readonly imageOf: Mention | undefined;
  /** Services that are deployed before it. */
  readonly dependsOn: readonly Mention[];
  /** Variables that hold the address of a database, with the database's name. */
  readonly databaseUrls: readonly (Mention & { readonly variable: string })[];
  /** Id of the object to adopt. */
  readonly adopts: string | undefined;
  /** Names that it had before, under which the state may have it. */
  readonly formerNames: readonly Mention[];
  /** True when no run deletes it. */
  readonly isProtected: boolean;
  /** The compose file as the app names it; undefined for the default, and for applications. */
  readonly composeFile: string | undefined;
  /** Stages that the file mentions. */
  readonly stages: readonly Mention[];
  /** Returns the source that the file describes, with values from outside the file; undefined when it has none. */
  sourceWith(resolve: ResolveTag): unknown;
  /** Returns the offset of a field, or of the longest existing part of its path. */
  placeOf(...path: Path): number;
}

/** A name with its position in the file. */
export interface Mention {
  readonly name: string;
  readonly offset: number;
}

const appFile: TreeKind = { least: "at least `kind: application` and an `image:`", takesTags: true };

/** Returns a value from outside the file. */
export type ResolveTag = (tagged: Tagged) => Input<string>;

/**
 * Reads a `dokploy-app.yaml` for a stage.
 *
 * @param stages the stage whose values in `stages` override the others; with several, later ones override earlier ones
 * @throws FileError with the place of each problem: unknown fields, types, missing fields
 */
export function readApp(source: Source, stages: readonly string[], resolve: ResolveTag): App {
  const { root, locationOf } = readTree(source, appFile);
  const start = locationOf([]);
  const problems = problemsOf(root, locationOf);
  if (problems.length > 0) throw fileError(source, problems);

  const { kind, stages: byStage, ...all } = root;
  const overlays = stages.flatMap((stage) => {
    const own = isValues(byStage) && Object.hasOwn(byStage, stage) ? byStage[stage] : undefined;
    return isValues(own) ? [{ stage, own }] : [];
  });
  const merged = overlays.reduce((values, { own }) => overlay(values, own), all);
  const {
    composeFile,
    dependsOn,
    databaseUrls,
    imageOf,
    import: adopts,
    formerNames,
    protect,
    ...described
  } = merged;
  const hasSource = kind === "application" || kind === "compose";
  const {
    image,
    source: from,
    ...rest
  } = hasSource ? described : { ...described, image: undefined, source: undefined };
  /** Returns the position of a value; the stage overrides the rest of the file. */
  const placeOf = (...path: Path): number => {
    const last = overlays.findLast(({ own }) => isThere(own, path));
    return locationOf(last === undefined ? path : ["stages", last.stage, ...path]);
  };
  const findings: FileProblem[] = [];
  const other = ["image", "source"].find((field) => hasSource && described[field] !== undefined);
  if (imageOf !== undefined && other !== undefined) {
    findings.push({ offset: placeOf("imageOf"), reason: `has both imageOf and ${other}; remove one` });
  } else if (
    kind === "application" &&
    imageOf === undefined &&
    (image === undefined) === (from === undefined)
  ) {
    const reason = `needs either image or source${stages.length === 0 ? "" : ` in stage ${stages.join(" with ")}`}, but has ${image === undefined ? "none" : "both"}`;
    findings.push({ offset: start, reason });
  }
  if (composeFile !== undefined && from !== undefined) {
    findings.push({ offset: placeOf("source"), reason: "has both composeFile and source; remove one" });
  }
  if (typeof composeFile === "string" && (posix.isAbsolute(composeFile) || win32.isAbsolute(composeFile))) {
    const reason = "composeFile: is an absolute path; write it relative to the folder of the service";
    findings.push({ offset: placeOf("composeFile"), reason });
  }
  const where = image === undefined ? from : { type: "docker", image };
  // No image has a dollar sign but that of the tag's placeholder.
  const named = isValues(where) ? where["image"] : undefined;
  const placeholder = typeof named === "string" && placeholderIn(named.replaceAll("${IMAGE_TAG}", ""));
  if (placeholder) {
    const path = image === undefined ? ["source", "image"] : ["image"];
    const reason = `${path.join(".")}: contains ${placeholder}, but only \${IMAGE_TAG} gets a value here`;
    findings.push({ offset: placeOf(...path), reason });
  }
  const version = hasSource || typeof described["image"] !== "string" ? "" : described["image"];
  const inVersion = placeholderIn(version);
  if (inVersion !== undefined) {
    const reason = `image: contains ${inVersion}, but the version of a database must be written here, since its data depends on it`;
    findings.push({ offset: placeOf("image"), reason });
  }
  for (const list of attachedLists) {
    const labels = new Set<string>();
    for (const [index, item] of ((described[list] ?? []) as Values[]).entries()) {
      const label = attachedLabel(list, item);
      if (labels.has(label)) {
        const separate = list === "backups" ? "prefix" : "name";
        const reason = `${list}[${index}]: another one has the name ${visible(label)} too; give each its own ${separate}`;
        findings.push({ offset: placeOf(list, index), reason });
      }
      labels.add(label);
      if (
        list === "schedules" ||
        (item["destination"] === undefined) !== (item["destinationId"] === undefined)
      )
        continue;
      const reason = `${list}[${index}]: needs either destination, which is a name, or destinationId`;
      findings.push({ offset: placeOf(list, index), reason });
    }
  }
  if (findings.length > 0) throw fileError(source, findings);
  const mentions = (field: string, names: unknown) =>
    ((names as string[] | undefined) ?? []).map((name, index) => ({ name, offset: placeOf(field, index) }));
  const isOfList = ([name]: [string, unknown]) => isAttached([name]);
  const fields = Object.entries(hasSource ? rest : described);
  const resolvedBy = (value: Values, given: ResolveTag) => replaceTagged(value, given) as Values;
  const resolved = (value: Values) => resolvedBy(value, resolve);
  const inputs = {
    ...Object.fromEntries(fields.filter((field) => !isOfList(field))),
    ...(where === undefined ? {} : { source: where }),
  };
  return {
    kind: kind as AppKind,
    inputs: resolved(inputs),
    attached: resolved(Object.fromEntries(fields.filter(isOfList))),
    imageOf: typeof imageOf === "string" ? { name: imageOf, offset: placeOf("imageOf") } : undefined,
    dependsOn: mentions("dependsOn", dependsOn),
    formerNames: mentions("formerNames", formerNames),
    databaseUrls: Object.entries((databaseUrls as Record<string, string> | undefined) ?? {}).map(
      ([variable, name]) => ({ variable, name, offset: placeOf("databaseUrls", variable) }),
    ),
    adopts: typeof adopts === "string" ? adopts : undefined,
    isProtected: protect === true,
    composeFile: composeFile as string | undefined,
    stages: Object.keys(isValues(byStage) ? byStage : {}).map((name) => ({
      name,
      offset: locationOf(["stages", name]),
    })),
    sourceWith: (given) => resolvedBy({ source: where }, given)["source"],
    placeOf,
  };
}

function isThere(values: unknown, path: Path): boolean {
  const [step, ...deeper] = path;
  if (step === undefined) return true;
  if (!(isValues(values) || Array.isArray(values)) || !Object.hasOwn(values, step)) return false;
  return isThere((values as Record<PropertyKey, unknown>)[step], deeper);
}

/** Returns the first dollar sign of a text, with what belongs to it. */
function placeholderIn(text: string): string | undefined {
  return /\$(?:\{?\w*\}?)/.exec(text)?.[0];
}

/** Marks build arguments that look like secrets, as with variables. */
export function withSecretArgs(app: App): App {
  const { inputs } = app;
  const { buildArgs } = inputs;
  if (!isValues(buildArgs)) return app;
  const marked = Object.entries(buildArgs).map(([key, value]) => [
    key,
    typeof value === "string" && looksSecret(key, value) ? secret(value) : value,
  ]);
  return { ...app, inputs: { ...inputs, buildArgs: Object.fromEntries(marked) } };
}

/** Lists unknown fields, wrong types and missing fields with their places. */
function problemsOf(root: Values, locationOf: ValueTree["locationOf"]): FileProblem[] {
  // Loaded here, so that a program without a repository does not pay for it.
  const { appSchemas } = require("./app-schema") as typeof import("./app-schema");
  const tagged = taggedIn(root);
  const needed = tagged.filter(({ path }) => isNeeded(path));
  if (needed.length > 0) {
    const reason =
      ": must be written here, since the repository itself needs it; write it instead of the tag";
    return needed.map((field) => taggedFinding(field, reason));
  }
  const { kind } = root;
  const isKind = (name: unknown): name is AppKind =>
    typeof name === "string" && Object.hasOwn(appSchemas, name);
  if (!isKind(kind)) {
    const kinds = inWords(Object.keys(appSchemas), "or");
    const reason = `kind: ${kind === undefined ? "is missing" : "is unknown"}; it must be ${kinds}`;
    return [{ offset: locationOf(["kind"]), reason }];
  }
  const apart = tagged.filter(
    ({ path, tagged: { value } }) => isAttached(path) && (value.kind === "generated" || hasGenerated(value)),
  );
  if (apart.length > 0) {
    const reason =
      " makes a secret of the service, and backups and schedules are objects of their own; write !secret NAME";
    return apart.map((field) => taggedFinding(field, reason));
  }
  const ids = new Set(
    typeProblems(kind, appSchemas[kind], replaceTagged(root, () => "no id") as Values)
      .filter(({ reason }) => reason === notAnId)
      .map(({ path }) => keyOf(path)),
  );
  const hiddenIds = tagged.filter(({ path }) => ids.has(keyOf(path)));
  if (hiddenIds.length > 0) {
    const reason =
      ": an id is not a secret, and plans and errors name it; write it here, or give another one in each stage";
    return hiddenIds.map((field) => taggedFinding(field, reason));
  }
  const misfits = new Set(
    tagged.length === 0
      ? []
      : textMisfits(appSchemas[kind], replaceTagged(root, () => "x") as Values).map(keyOf),
  );
  const findings = tagged
    .filter(({ path }) => misfits.has(keyOf(path)))
    .map((field) => taggedFinding(field, " gives a text, which does not fit here; write the value itself"));
  // The checks of types skip the placeholder that Pulumi uses for unknown values.
  const checked = replaceTagged(root, () => unknownValue) as Values;
  const problemsIn = (values: Values) => typeProblems(kind, appSchemas[kind], values);
  for (const { path, reason } of problemsIn(checked)) {
    const isUnquoted = /must be a string, not a (?:number|boolean)$/.test(reason);
    // Quotes do not mend a text that is wrong too, such as a duration without a unit.
    const further = isUnquoted
      ? problemsIn(withText(checked, path) as Values).find((one) => keyOf(one.path) === keyOf(path))
      : undefined;
    const advice = further?.reason ?? `${reason}${isUnquoted ? "; put it in quotes" : ""}`;
    findings.push({ offset: locationOf(path), reason: `${shownPath(path)}: ${advice}` });
  }
  return findings;
}

/** Copies a value, with the text of the number or boolean at a path. */
function withText(value: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (key === undefined) return String(value);
  const copy: object = Array.isArray(value) ? [...value] : { ...(value as object) };
  return Object.assign(copy, { [key]: withText((value as Record<PropertyKey, unknown>)[key], rest) });
}

function taggedFinding({ path, tagged }: ReturnType<typeof taggedIn>[number], reason: string): FileProblem {
  return { offset: tagged.offset, reason: `${shownPath(path)}: ${tagged.tag}${reason}` };
}

/** Fields that define services, stages and files. Plans name them, so none may be a secret. */
const needed = new Set<PropertyKey>([
  ...["kind", "stages", "dependsOn", "databaseUrls", "imageOf", "composeFile", "import", "formerNames"],
]);

function isNeeded(path: Path): boolean {
  const [field, , inner] = inStage(path);
  if (field === undefined || needed.has(field)) return true;
  const list = attachedLists.find((name) => name === field);
  return list !== undefined && namingFields[list].some((name) => name === inner);
}

/** True for a field of a backup or schedule. */
function isAttached(path: Path): boolean {
  return attachedLists.some((name) => name === inStage(path)[0]);
}

/** Returns the path of a field without the stage that it is for. */
function inStage(path: Path): Path {
  return path[0] === "stages" ? path.slice(2) : path;
}

function hasGenerated(value: Tagged["value"]): boolean {
  return "values" in value && Object.values(value.values ?? {}).some(({ kind }) => kind === "generated");
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

/** Hides a field that does not look like a name, because it may be a misplaced value. */
function shownPath(path: Path): string {
  return path.map((step) => (typeof step === "string" ? shownKey(step) : String(step))).join(".");
}

/** Merges objects, except those with a `type`; all other values are replaced. */
function overlay(base: Values, over: Values): Values {
  const merged: Values = { ...base };
  // All say the same, so the stage's choice replaces the others.
  if ("image" in over) for (const name of ["source", "imageOf"]) delete merged[name];
  if ("source" in over) for (const name of ["image", "imageOf", "composeFile"]) delete merged[name];
  if ("imageOf" in over) for (const name of ["image", "source"]) delete merged[name];
  if ("composeFile" in over) delete merged["source"];
  for (const [name, value] of Object.entries(over)) {
    const below = merged[name];
    merged[name] = isValues(below) && isValues(value) && !("type" in value) ? overlay(below, value) : value;
  }
  return merged;
}
