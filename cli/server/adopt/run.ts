import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { visible } from "../../../packages/text";
import {
  adoptedValuesVariable,
  listingVariable,
  ServerTree,
  shownServer,
  variableOf,
} from "../../../provider/dokploy";
import { UserError } from "../../../provider/errors";
import { type Adoptions, readAdoptions } from "../../../sdk/resource";
import { readPreview } from "../../plan";
import { type Dependencies, projectFolder, Stack, StackSetup, settingsOfStack, stackFile } from "../../stack";
import { UsageError } from "../../terminal";
import { Reader } from "../export/reader";
import { defaultEnvironments, References } from "../export/references";
import { survey } from "../export/survey";
import { type Declared, declaredIn } from "./declared";
import { type Match, matchesOf } from "./matching";
import { type AdoptRequest, parseAdopt } from "./options";
import { type Places, placesOf } from "./places";
import { type Effect, effectsOf } from "./planned";
import { countsOf, problemsIn, rowsOf, tableOf } from "./render";

type Needed = Pick<Dependencies, "env" | "pulumi" | "print" | "progress" | "question">;

/** Objects of the server for the resources of a program. */
interface Found {
  readonly matches: readonly Match[];
  readonly places: Places;
  readonly server: string;
}

/**
 * Gives a stack whose state was lost the objects of its program again.
 *
 * @returns false when nothing was adopted, or something differs afterwards
 * @throws UsageError when an argument is wrong, or nobody agrees; UserError when the program, the server or the update fails
 */
export async function runAdopt(args: readonly string[], dependencies: Needed): Promise<boolean> {
  const request = parseAdopt(args);
  const { print, progress } = dependencies;
  const folder = projectFolder("adopt");
  const setup = new StackSetup(folder, request.stack);
  const stack = new Stack(request.stack, dependencies.pulumi);
  await assertStack(stack);
  progress("Listing the resources of the program …");
  const declared = await listed(setup);
  if (declared.length === 0) {
    print(`The stack ${request.stack} has all resources of the program.`);
    return true;
  }
  progress("Looking for them on the server …");
  const given = await givenIds(stack, folder, dependencies.env);
  const found = await find(declared, given, stack, dependencies.env);
  const problems = problemsIn(found.matches, request.create);
  if (problems.length > 0) {
    print([tableOf(rowsOf(found.matches, found.places)), ...problems].join("\n"));
    return false;
  }
  await withFile(folder, adoptionsOf(found.matches), (file) =>
    setup.withCopy(async (copy) => {
      await copy.set(new Map([["dokploy:adopt", file]]));
      progress("Planning the adoption …");
      const { effects, errors } = effectsOf(readPreview(await copy.preview(adoptedValues(found.matches))));
      const table = tableOf(rowsOf(found.matches, found.places, effects));
      print(`${found.server}, stack ${request.stack}:\n\n${table}\n\n${countsOf(effects)}.`);
      if (errors.length > 0) throw new UserError(`The plan fails, so nothing is adopted:\n${lines(errors)}`);
      assertKept(effects);
      await confirm(request, effects, dependencies);
      if ((await copy.up()) !== 0)
        throw new UserError(
          "The update failed. Run the command again: it continues with the resources that are left.",
        );
    }),
  );
  progress("Planning once more …");
  const left = effectsOf(readPreview(await setup.preview({})));
  const names = left.effects.map(({ kind, name, text }) => `${kind} ${visible(name)}: ${text}`);
  if (names.length + left.errors.length === 0) {
    print("Adopted. The next plan is empty.");
    return true;
  }
  print(`Adopted. The next plan is not empty:\n${lines([...names, ...left.errors])}`);
  return false;
}

/** Writes the file for the time of a use into a folder of the project, since programs read no files elsewhere. */
async function withFile(
  project: string,
  adoptions: Adoptions,
  use: (path: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(project, ".pulumi-dokploy-adopt-"));
  try {
    writeFileSync(join(folder, "adopt.json"), JSON.stringify(adoptions));
    await use(`${basename(folder)}/adopt.json`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `  ${text}`).join("\n");
}

/** @throws UsageError with the command that creates a stack which is gone */
async function assertStack(stack: Stack): Promise<void> {
  try {
    await stack.resources();
  } catch (error) {
    if (!(error instanceof UsageError) || !/no stack named/.test(error.message)) throw error;
    throw new UsageError(
      `There is no stack ${stack.name}. Create it first, with the secrets provider that ${stackFile(stack.name)} names: ` +
        `\`pulumi stack init ${stack.name}\`.`,
    );
  }
}

/** @throws UserError when the program fails */
async function listed(setup: StackSetup): Promise<Declared[]> {
  const preview = readPreview(await setup.preview({ [listingVariable]: "true" }));
  const { errors } = effectsOf(preview);
  if (errors.length > 0) throw new UserError(`The program fails:\n${lines(errors)}`);
  return declaredIn(preview);
}

/** Returns the ids in the file that the settings name. */
async function givenIds(stack: Stack, folder: string, env: NodeJS.ProcessEnv): Promise<Adoptions> {
  const own = await stack.config("dokploy:adopt");
  const path = "value" in own ? own.value : env[variableOf("adopt") ?? ""];
  return path === undefined || path.trim() === "" ? {} : readAdoptions(resolve(folder, path.trim()));
}

async function find(
  declared: readonly Declared[],
  given: Adoptions,
  stack: Stack,
  env: NodeJS.ProcessEnv,
): Promise<Found> {
  const settings = await settingsOfStack(stack, env);
  const reader = new Reader(settings);
  try {
    const tree = new ServerTree(reader);
    const { items, unread } = await survey(tree);
    const asked = new Set<string>(declared.map(({ kind }) => kind));
    const [hidden] = unread.filter(({ kind }) => asked.has(kind));
    if (hidden !== undefined)
      throw new UserError(`The objects of the kind ${hidden.kind} cannot be read: ${hidden.reason}`);
    const defaults = await defaultEnvironments(tree);
    const references = new References(items, defaults);
    const matches = matchesOf(declared, { references, defaults }, given);
    return {
      matches,
      places: await placesOf(tree, references),
      server: shownServer(settings.url) ?? settings.url,
    };
  } finally {
    reader.close();
  }
}

/** Returns the ids of the objects, as the adoption file has them. */
function adoptionsOf(matches: readonly Match[]): Adoptions {
  const ids: Record<string, Record<string, string>> = {};
  for (const match of matches) {
    const { kind, name } = match.declared;
    if (match.outcome === "found") ids[kind] = { ...ids[kind], [name]: match.id };
  }
  return ids;
}

/** The system limits the size of one variable of the environment: Linux to 128 KiB. */
const mostBytes = 100_000;

/** Returns the values of the generated secrets for a preview, which then knows whether a service changes. */
function adoptedValues(matches: readonly Match[]): Record<string, string> {
  const values = matches.flatMap((match) =>
    match.outcome === "found" && match.value !== undefined ? [[match.declared.name, match.value]] : [],
  );
  const text = JSON.stringify(Object.fromEntries(values));
  return values.length === 0 || Buffer.byteLength(text) > mostBytes ? {} : { [adoptedValuesVariable]: text };
}

/** @throws UserError when the plan also deletes or replaces something, which nobody expects of an adoption */
function assertKept(effects: readonly Effect[]): void {
  const removed = effects.filter(({ effect }) => effect === "remove");
  if (removed.length === 0) return;
  const names = removed.map(({ kind, name, text }) => `${kind} ${visible(name)}: ${text}`);
  throw new UserError(
    `The plan deletes or replaces resources that the state has, so nothing is adopted:\n${lines(names)}\n` +
      "Undo these changes of the program, adopt, and make them afterwards.",
  );
}

/** @throws UsageError when nobody can be asked, or says no */
async function confirm(
  { stack, create, yes }: AdoptRequest,
  effects: readonly Effect[],
  { question }: Needed,
): Promise<void> {
  const isAgreed = ({ effect }: Effect) => effect === "keep" || (create && effect === "create");
  if (yes && effects.every(isAgreed)) return;
  if (yes)
    throw new UsageError("The plan changes objects, so --yes is not enough: run the command at a terminal.");
  if (question === undefined)
    throw new UsageError("Nothing was adopted: run the command at a terminal, or with --yes.");
  const typed = await question(`Type ${stack} to adopt them:`);
  if (typed.trim() !== stack) throw new UsageError("Nothing was adopted.");
}
