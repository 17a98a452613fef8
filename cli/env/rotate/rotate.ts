import { dirname, join } from "node:path";
import { closest, inWords, visible } from "../../../packages/text";
import { sideKey } from "../../../provider/env";
import { UserError } from "../../../provider/errors";
import {
  baseStage,
  type EntryValue,
  type FileVariable,
  sharedService,
  sidesOf,
  stagesIn,
  whoGets,
  writtenGenerated,
} from "../../../sdk/env-files";
import { FileError } from "../../../sdk/files";
import { replaceFiles, withWritten } from "../../files";
import { type Dependencies, Stack } from "../../stack";
import { UsageError } from "../../terminal";
import { placeOf } from "../set/place";
import { previewsHave, previewsNeed } from "../stage/previews";
import { parseRotate, type RotateRequest } from "./options";

/** The next step of a rotation: the value as the file is to have it, and what that does. */
interface Step {
  readonly written: string;
  readonly about: string;
  /** Secret to store before the file changes. */
  readonly secret?: { readonly name: string; readonly text: string };
  /** True when a secret of the stack is no longer needed after the deployment. */
  readonly leavesSecret?: boolean;
}

type Needed = Pick<Dependencies, "pulumi" | "store" | "readValue">;

/**
 * Writes the next step of a rotation into the file of a variable.
 *
 * @returns the text to print
 * @throws UsageError when an argument is wrong; UserError or FileError when the variable cannot be rotated by a command
 */
export async function runRotate(args: readonly string[], dependencies: Needed): Promise<string> {
  const request = parseRotate(args);
  const { key, stage, stack } = request;
  const { effective, service } = placeOf(request.dir, stage, request.service);
  const entry = effective.get(key);
  if (entry === undefined || entry.rotation !== undefined) {
    const names = [...effective.values()].filter(({ rotation }) => rotation === undefined);
    const meant =
      entry?.rotation?.of ??
      closest(
        key,
        names.map((one) => one.key),
      );
    throw new UsageError(
      `${visible(service)} has no variable ${key} in stage ${stage}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    );
  }
  const other = sidesOf(effective, key)[0];
  const isShared = service === sharedService;
  const step =
    other === undefined
      ? await firstStep(entry, isShared, request, dependencies)
      : nextStep(entry, other, isShared);
  const { source } = entry;
  const changed = withWritten(source, key, step.written);
  const others = otherStages(entry, service, request, step);
  const variable = { key, service, path: source.path };
  if (step.secret !== undefined) await dependencies.store(stack, step.secret.name, step.secret.text);
  replaceFiles(new Map([[source.path, changed.text]]));
  const stored = step.secret === undefined ? [] : [`stack ${stack}: secret ${step.secret.name} added`];
  const previews = [
    ...(step.secret === undefined ? [] : previewsNeed(step.secret.name, variable, request.dir, stack)),
    ...(step.leavesSecret === true ? previewsHave(variable, request.dir, stack) : []),
  ];
  return [...stored, `${visible(source.path)}: ${step.about}`, ...others, ...previews].join("\n");
}

/** Returns a line about the other stages, for a variable in a file of all stages. */
function otherStages(
  { key, source }: FileVariable,
  service: string,
  { dir, stage }: RotateRequest,
  { secret }: Step,
): string[] {
  // On Windows, only one of the two has slashes.
  if (join(dirname(source.path)) !== join(dir, baseStage)) return [];
  const others = stagesIn(dir, {}).filter((other) => other !== stage);
  const unread: string[] = [];
  const entries = others.flatMap((other) => {
    try {
      return [{ other, its: placeOf(dir, other, service).effective.get(key) }];
    } catch (error) {
      // Only this stage is rotated, so a mistake of another one stops nothing here.
      if (!(error instanceof FileError || error instanceof UsageError)) throw error;
      unread.push(
        `warning: the stage ${visible(other)} was not read, which may get this step too: ${error.message}`,
      );
      return [];
    }
  });
  const namesOf = (sharing: boolean) =>
    entries.flatMap(({ other, its }) =>
      its !== undefined && (its.source.path === source.path) === sharing ? [visible(other)] : [],
    );
  const [sharing, own] = [namesOf(true), namesOf(false)];
  if (sharing.length === 0) return unread;
  const [get, their] = sharing.length === 1 ? ["gets", "its"] : ["get", "their"];
  const needs =
    secret === undefined ? "" : `, which fails without a secret ${secret.name} in ${their} own configuration`;
  const rest =
    own.length === 0 ? "" : `; ${inWords(own, "and")} ${own.length === 1 ? "has" : "have"} another ${key}`;
  return [
    ...unread,
    `${visible(source.path)}: ${inWords(sharing, "and")} ${get} this step too, with ${their} next deployment${needs}${rest}`,
  ];
}

/** @throws UserError for a variable whose next value a command cannot give */
async function firstStep(
  { key, value, source }: FileVariable,
  isShared: boolean,
  request: RotateRequest,
  dependencies: Needed,
): Promise<Step> {
  if (value.kind === "generated" && value.name !== undefined && isNameAlone(value))
    throw new UserError(
      `${key} takes the secret ${value.name} (${writtenGenerated(value)} in ${visible(source.path)}), which other places may have ` +
        "too: rotate the variable that says how it is made, or write its rotation by hand.",
    );
  if (request.atOnce && value.kind === "generated")
    return {
      written: writtenGenerated({ ...value, rotation: value.rotation + 1 }),
      about: `${key} gets a new value with the next deployment`,
    };
  if (request.atOnce)
    throw new UserError(`${key} is not generated: set another value with \`pulumi-dokploy env set ${key}\`.`);
  const about =
    `${key} rotates, step 1 of 3: ${whoGets("the next value", sideKey(key, "next"), isShared)}. Deploy, and then run the ` +
    "command again for step 2";
  const both = (current: string, next: string) => `{ rotate: { current: ${current}, next: ${next} } }`;
  if (value.kind === "generated")
    return {
      written: both(writtenGenerated(value), writtenGenerated({ ...value, rotation: value.rotation + 1 })),
      about,
    };
  if (value.kind === "filled")
    throw new UserError(
      `${key} is a text with secrets inside (!text in ${visible(source.path)}): rotate the variables that have these secrets, or ` +
        "write the rotation in the text by hand.",
    );
  if (value.kind !== "secret")
    throw new UserError(
      `${key} is neither !generate nor !secret in ${visible(source.path)}, so a command cannot rotate it: write rotate there ` +
        "by hand.",
    );
  const current = `!secret ${value.name}`;
  if (request.generate) return { written: both(current, "!generate"), about };
  if (request.stage === baseStage)
    throw new UsageError(
      "A secret is in the configuration of one stack: name a stage with --stage, not base.",
    );
  const name = await freeName(value, new Stack(request.stack, dependencies.pulumi));
  const text = await dependencies.readValue(key);
  if (text === "") throw new UserError(`${key}: a secret must not be empty.`);
  return { written: both(current, `!secret ${name}`), about, secret: { name, text } };
}

/** True for a value that names its secret, and leaves it to another place to say how that is made. */
function isNameAlone({ recipe, rotation }: Extract<EntryValue, { kind: "generated" }>): boolean {
  return Object.keys(recipe).length === 0 && rotation === 1;
}

/** Returns a name for the next value that the stack does not use: `sessionKey2` after `sessionKey`. */
async function freeName({ name }: Extract<EntryValue, { kind: "secret" }>, stack: Stack): Promise<string> {
  const stem = name.replace(/\d{1,6}$/, "");
  for (let number = Number(name.slice(stem.length) || 1) + 1; ; number++) {
    const found = await stack.secret(`${stem}${number}`);
    if ("value" in found) continue;
    if (found.unread) throw new UserError(`The next value is not stored: ${found.why}.`);
    return `${stem}${number}`;
  }
}

/** @throws UserError for a rotation with a value in the file, which must not be repeated */
function nextStep({ key, value, source }: FileVariable, { rotation }: FileVariable, isShared: boolean): Step {
  const { side, line } = rotation ?? {};
  if (line === undefined)
    throw new UserError(
      `${key} rotates in ${visible(source.path)} with values that are written there, so a command cannot rotate it: write the ` +
        "next step by hand.",
    );
  const written = line.slice(`${key}: `.length);
  const previous = sideKey(key, "previous");
  if (side === "next")
    return {
      written,
      about:
        `${key} rotates, step 2 of 3: it has the next value, and ${whoGets("the former one", previous, isShared)}. Deploy, and then ` +
        "run the command again for step 3",
    };
  const leavesSecret = value.kind === "secret";
  const rest = leavesSecret ? ". After its deployment, remove the former secret from the stack" : "";
  return { written, about: `${key} rotates, step 3 of 3: ${previous} is removed${rest}`, leavesSecret };
}
