import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readSettings, ServerTree, type Settings } from "../../../provider/dokploy";
import { UserError } from "../../../provider/errors";
import { type Dependencies, Stack, StackSetup, stackFile, stackName } from "../../stack";
import { UsageError } from "../../terminal";
import { adoptionsOf } from "./adoptions";
import { Held } from "./held";
import { missingFiles, refusePending } from "./missing";
import type { Options } from "./options";
import { adoptionFile, type Found, find, type Plan, planOf } from "./plan";
import { programFiles } from "./program";
import { projectFiles } from "./project-files";
import { quietContext } from "./quiet-context";
import { Reader } from "./reader";
import { reportOf } from "./report";
import { namesIn, repositoriesOf, repositoryFiles } from "./repository";
import { packInto, type RunningPackage, runningPackage } from "./running-package";
import { verify } from "./verify";
import { isThere, refuseExisting, writeFiles } from "./write";

/**
 * Exports a server as a Pulumi project, or what a stack lacks as a module of its project.
 *
 * @throws UsageError when files exist, or no project has a name
 * @throws UserError when the stack cannot store the secrets, or a preview shows a change
 */
export async function runExport(
  options: Options,
  { env, pulumi, print, progress }: Pick<Dependencies, "env" | "pulumi" | "print" | "progress">,
): Promise<void> {
  const sources = { stack: () => undefined, environment: env };
  const { projects, directory, force } = options;
  if (options.secrets === "config") await new StackSetup(directory, options.stack).assertCli();
  const connection = readSettings(sources);
  const reader = new Reader(connection);
  try {
    const isWhole = projects.length === 0;
    const tree = new ServerTree(reader, (name) => isWhole || projects.includes(name));
    await refuseUnknown(projects, tree);
    const state = options.missing ? new Stack(options.stack, pulumi) : undefined;
    const held = new Held(await state?.resources());
    const found = await find(tree, { isWhole, held, context: quietContext(sources) });
    if (state) await refusePending(found, state);
    const running = runningPackage();
    const { plan, files } = state
      ? await missingFiles(found, held, options)
      : written(withAddress(found, connection), options, running);
    const paths = [...files.keys(), ...(state || running.file === undefined ? [] : [running.file])];
    const report = () => reportOf({ plan, options, files: paths, requests: reader.requests });
    if (state && plan.items.length === 0) return print(report());
    if (!force) refuseExisting(directory, paths, "Give another folder, or --force to overwrite them.");
    mkdirSync(directory, { recursive: true });
    writeFiles(directory, files);
    if (!state) await packInto(directory, running);
    await stored(plan, options, progress);
    print(report());
    if (options.verify) print(`\n${await verify(plan, options)}`);
  } finally {
    reader.close();
  }
}

/** The stack names its server: a shell without DOKPLOY_URL, or with that of another one, gets no other. */
function withAddress(found: Found, { url }: Settings): Found {
  return { ...found, settings: new Map([["dokploy:url", url], ...found.settings]) };
}

/** Chooses the form of the project, and writes its files. */
function written(
  found: Found,
  options: Options,
  running: RunningPackage,
): { plan: Plan; files: Map<string, string> } {
  const { name, secrets, directory, stack, layout, plain } = options;
  const source = secrets === "env" ? "env" : "config";
  const repositories = layout === "repository" ? repositoriesOf(found) : [];
  const plan = planOf(found, plain, { given: namesIn(repositories) });
  const { files, elsewhere } = repositoryFiles(plan, repositories, source, stackName(stack));
  const settings = stackFile(stack);
  const hasSettings = secrets === "config" || isThere(join(directory, settings));
  const all = new Map([
    ...projectFiles(name, running),
    ...(hasSettings ? [] : [[settings, stackText(plan)] as const]),
    ...programFiles(plan, source, elsewhere),
    ...files,
    [adoptionFile, adoptionsOf(plan)] as const,
  ]);
  return { plan, files: all };
}

function stackText({ settings }: Plan): string {
  const lines = [...settings].map(([name, value]) => `  ${name}: ${value}\n`);
  return `config:\n${lines.join("")}`;
}

/** @throws UserError that also explains what to do with the files, which exist by now */
async function stored(...[plan, options, progress]: Parameters<typeof store>): Promise<void> {
  try {
    await store(plan, options, progress);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${error.message}\nThe files are written, but the secrets are not complete: run the command again with --force.`,
    );
  }
}

/** Stores settings and secrets in the configuration of the stack, which is created unless it exists. */
async function store(
  { secrets, settings }: Plan,
  options: Options,
  progress: (line: string) => void,
): Promise<void> {
  if (options.secrets !== "config") return;
  const stack = new StackSetup(options.missing ? "." : options.directory, options.stack);
  if (!options.missing) await stack.select();
  for (const [name, value] of settings) await stack.set(name, value);
  let stored = 0;
  for (const [name, value] of secrets.values) {
    await stack.store(name, value);
    stored += 1;
    if (stored % 20 === 0) progress(`Stored ${stored} of ${secrets.values.size} secrets`);
  }
}

async function refuseUnknown(projects: readonly string[], tree: ServerTree): Promise<void> {
  const found = new Set((await tree.projects()).map(({ name }) => name));
  const missing = projects.filter((name) => !found.has(name));
  if (missing.length === 0) return;
  throw new UsageError(`Dokploy has no project ${missing.map((name) => JSON.stringify(name)).join(", ")}.`);
}
