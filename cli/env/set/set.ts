import { visible, visibleJson } from "../../../packages/text";
import { looksSecret } from "../../../provider/env";
import { UserError } from "../../../provider/errors";
import {
  baseStage,
  type EntryValue,
  type FileVariable,
  formatOf,
  managers,
  problemsOf,
  sidesOf,
  valuesWithin,
  writtenGenerated,
} from "../../../sdk/env-files";
import { placeName } from "../../../sdk/files";
import { replaceFiles, withVariable } from "../../files";
import { type Dependencies, Stack } from "../../stack";
import { UsageError } from "../../terminal";
import { previewsNeed } from "../stage/previews";
import { assertAllowed } from "./contract";
import { parseSet, type SetRequest } from "./options";
import { type Place, placeOf } from "./place";

type Change = "added" | "changed" | "unchanged";

interface Row {
  readonly key: string;
  /** The file with the variable. */
  readonly file: string;
  readonly change: Change;
  /** The setting with its value. */
  readonly secret?: { readonly name: string; readonly change: Change };
}

/** A variable with its new value, and a secret to store for it. */
interface Assignment {
  readonly key: string;
  readonly value: EntryValue;
  readonly secret?: { readonly name: string; readonly text: string; readonly change: Change };
}

/**
 * Sets variables in the file of a service, and secrets in the configuration of the stack.
 *
 * @returns the text to print
 * @throws UsageError when an argument is wrong; UserError or FileError when a value is refused or cannot be written
 */
export async function runSet(
  args: readonly string[],
  dependencies: Pick<Dependencies, "pulumi" | "store" | "readValue" | "warn">,
): Promise<string> {
  const request = parseSet(args);
  const place = placeOf(request.dir, request.stage, request.service);
  const stack = new Stack(request.stack, dependencies.pulumi);
  let { source } = place;
  const assignments: Assignment[] = [];
  for (const [key, given] of request.values) {
    const text = given ?? (await dependencies.readValue(key));
    if (given === undefined && text === "")
      throw new UserError(
        `stdin has no value of ${key}, so nothing was changed. Write ${key}= for an empty one.`,
      );
    const assignment = await assignmentOf(key, text, request, place, stack);
    for (const warning of assertAllowed(key, assignment.value, text, place)) dependencies.warn(warning);
    assignments.push(assignment);
    if (!isSame(place.effective.get(key)?.value, assignment))
      source = withVariable(source, [key], assignment.value);
  }
  for (const { secret } of assignments)
    if (secret !== undefined && secret.change !== "unchanged")
      await dependencies.store(request.stack, secret.name, secret.text);
  if (source.text !== place.source.text) replaceFiles(new Map([[source.path, source.text]]));
  const rows = assignments.map((assignment) => rowOf(assignment, place));
  for (const { key, file, change, secret } of rows) {
    if (secret === undefined || change === "unchanged") continue;
    const variable = { key, service: place.service, path: file };
    for (const line of previewsNeed(secret.name, variable, request.dir, request.stack))
      dependencies.warn(line);
  }
  return request.json ? renderJson(request, rows) : renderLines(request, rows);
}

/** @throws UserError when the value must not be written as it was given */
async function assignmentOf(
  key: string,
  text: string,
  { as, stage }: SetRequest,
  place: Place,
  stack: Stack,
): Promise<Assignment> {
  const before = place.effective.get(key);
  refuseRotating(key, place);
  if (before?.value.kind === "managed") {
    const { manager, reference } = before.value;
    throw new UserError(
      `${key} takes its value from ${managers[manager].title} (!${manager} ${reference} in ` +
        `${visible(before.source.path)}): change it there, or remove the line first.`,
    );
  }
  if (before?.value.kind === "generated") {
    throw new UserError(
      `${key} is generated (${writtenGenerated(before.value)} in ${visible(before.source.path)}), and its value would be lost: ` +
        `\`pulumi-dokploy env rotate ${key}\` makes another one. For a value of your own, remove the line first.`,
    );
  }
  if (before?.value.kind === "filled") {
    throw new UserError(
      `${key} is a text with secrets inside (!text in ${visible(before.source.path)}), and those that only it has would be lost: ` +
        "change the text in the file, or remove the line first.",
    );
  }
  const problems = problemsOf(key, { kind: "text", text, plain: true });
  if (problems.length > 0) throw new UserError(`${key}: ${problems.join("; ")}.`);
  const isDotenv = formatOf(place.source.path) === "dotenv";
  if (as !== undefined && isDotenv) {
    throw new UserError(
      `${place.source.path} is a dotenv file, which cannot say ${as === "secret" ? "!secret" : "!plain"}: move its ` +
        "variables to a YAML file, as KEY: value.",
    );
  }
  if (as === "secret") {
    if (stage === baseStage) {
      throw new UsageError(
        "A secret is in the configuration of one stack: name a stage with --stage, not base.",
      );
    }
    if (text === "") throw new UserError(`${key}: a secret must not be empty.`);
    return await secretOf(key, text, place, stack);
  }
  const wasSecret = before !== undefined && !["text", "address"].includes(before.value.kind);
  const wasPlain =
    before?.value.kind === "text" && before.value.plain && looksSecret(key, before.value.text) && !isDotenv;
  const looks = looksSecret(key, text);
  if (as === undefined && wasSecret) {
    throw new UserError(
      `${key} is a secret of this service: give --secret to store the new value in the stack, or --plain to write it ` +
        "into the file.",
    );
  }
  if (as === undefined && looks && !wasPlain) {
    const advice = isDotenv
      ? "use a YAML file and --secret"
      : "give --secret to store it in the stack, or --plain if it is not a secret";
    throw new UserError(`The value of ${key} looks like a secret, and the file is not encrypted: ${advice}.`);
  }
  return { key, value: { kind: "text", text, plain: as === "plain" || (looks && wasPlain) } };
}

/** @throws UserError for a variable with two values, of which a command cannot know which one is meant */
function refuseRotating(key: string, { effective }: Place): void {
  const other = sidesOf(effective, key)[0] ?? effective.get(key);
  if (other?.rotation === undefined) return;
  const { source, offset, rotation } = other;
  throw new UserError(
    `${rotation.of} rotates in ${placeName(source, offset)}, and has two values: change rotate there by hand, or set ` +
      `the secrets that it names with \`pulumi config set --secret\`.`,
  );
}

/** Chooses the setting of a secret: the one that the file names, or the name of the variable, unless others use it. */
async function secretOf(key: string, text: string, place: Place, stack: Stack): Promise<Assignment> {
  const before = place.effective.get(key)?.value;
  const named = before?.kind === "secret" ? before.name : undefined;
  const own = `${place.service}.${key}`;
  const state = async (name: string): Promise<Change> => {
    const found = await stack.secret(name);
    if ("value" in found) return found.value === text ? "unchanged" : "changed";
    return found.unread ? "changed" : "added";
  };
  let name = named ?? key;
  let change = await state(name);
  // A value that others read must not change for them too.
  if (name !== own && change === "changed" && (named === undefined || isRead(named, place))) {
    name = own;
    change = await state(own);
  }
  return { key, value: { kind: "secret", name }, secret: { name, text, change } };
}

function isRead(name: string, { others, variablesOf }: Place): boolean {
  const reads = ({ value }: FileVariable) =>
    valuesWithin(value).some((inner) => inner.kind === "secret" && inner.name === name);
  return others.some((service) => [...variablesOf(service).values()].some(reads));
}

function isSame(before: EntryValue | undefined, { value }: Assignment): boolean {
  return JSON.stringify(before) === JSON.stringify(value);
}

function rowOf(assignment: Assignment, { source, own, effective }: Place): Row {
  const { key, secret } = assignment;
  const before = own.get(key);
  const same = isSame(effective.get(key)?.value, assignment);
  return {
    key,
    file: same ? (effective.get(key)?.source.path ?? source.path) : source.path,
    change: same ? "unchanged" : before === undefined ? "added" : "changed",
    ...(secret === undefined ? {} : { secret: { name: secret.name, change: secret.change } }),
  };
}

function renderLines({ stack }: SetRequest, rows: readonly Row[]): string {
  return rows
    .flatMap(({ key, file, change, secret }) => [
      ...(secret === undefined ? [] : [`stack ${stack}: secret ${secret.name} ${secret.change}`]),
      `${file}: ${key} ${change}`,
    ])
    .join("\n");
}

function renderJson({ stage, stack }: SetRequest, rows: readonly Row[]): string {
  const isStored = rows.some(({ secret }) => secret !== undefined);
  return visibleJson({ version: 1, stage, ...(isStored ? { stack } : {}), variables: rows }, 2);
}
