import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readSettings, ServerTree, type Settings } from "../../../provider/dokploy";
import { type Dependencies, Stack, StackSetup, stackFile, stackName } from "../../stack";
import { UsageError } from "../../terminal";
import { adoptionsOf } from "./adoptions";
import { Held } from "./held";
import { missingFiles, refusePending, type Written } from "./missing";
import type { Options } from "./options";
import { adoptionFile, type Found, find, type Plan, planOf } from "./plan";
import { imagesOf, programFiles } from "./program";
import { projectFiles } from "./project-files";
import { quietContext } from "./quiet-context";
import { Reader } from "./reader";
import { reportOf } from "./report";
import { namesIn, repositoriesOf, repositoryFiles } from "./repository";
import { packInto, type RunningPackage, runningPackage } from "./running-package";
import { refersIn } from "./service-refs";
import { refuseTooLarge } from "./size";
import { type SecretValues, store } from "./store";
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
  { env, pulumi, print }: Pick<Dependencies, "env" | "pulumi" | "print">,
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
    const former = await formerSecrets(options);
    const { plan, files, images } = state
      ? await missingFiles(found, held, options, former)
      : written(withAddress(found, connection), options, running);
    const paths = [
      ...files.keys(),
      ...images.keys(),
      ...(state || running.file === undefined ? [] : [running.file]),
    ];
    const report = () => reportOf({ plan, options, files: paths, requests: reader.requests });
    if (state && plan.items.length === 0) return print(report());
    if (!force) refuseExisting(directory, paths, "Give another folder, or --force to overwrite them.");
    refuseTooLarge(plan, options, former);
    mkdirSync(directory, { recursive: true });
    writeFiles(directory, files);
    writeFiles(directory, images);
    if (!state) await packInto(directory, running);
    await store(plan, options, former);
    print(report());
    if (options.verify) print(`\n${await verify(plan, options)}`);
  } finally {
    reader.close();
  }
}

/** Returns the secrets that an earlier export stored in the stack. */
async function formerSecrets({ missing, secrets, directory, stack }: Options): Promise<SecretValues> {
  const folder = missing ? "." : directory;
  const hasStack = missing || isThere(join(folder, stackFile(stack)));
  return secrets === "config" && hasStack ? await new StackSetup(folder, stack).exported() : new Map();
}

/** The stack names its server: a shell without DOKPLOY_URL, or with that of another one, gets no other. */
function withAddress(found: Found, { url }: Settings): Found {
  return { ...found, settings: new Map([["dokploy:url", url], ...found.settings]) };
}

/** Chooses the form of the project, and writes its files. */
function written(found: Found, options: Options, running: RunningPackage): Written {
  const { name, secrets, directory, stack, layout, plain } = options;
  const source = secrets === "env" ? "env" : "config";
  const repositories = layout === "repository" ? repositoriesOf(found) : [];
  const plan = planOf(found, plain, { given: namesIn(repositories), refers: refersIn(repositories) });
  const { files, images, elsewhere } = repositoryFiles(plan, repositories, source, stackName(stack));
  const settings = stackFile(stack);
  const hasSettings = secrets === "config" || isThere(join(directory, settings));
  const all = new Map([
    ...projectFiles(name, running),
    // Texts in files are compared with those of the server, and git may change the ends of their lines.
    [".gitattributes", "* -text\n"] as const,
    ...(hasSettings ? [] : [[settings, stackText(plan)] as const]),
    ...programFiles(plan, source, elsewhere),
    ...files,
    [adoptionFile, adoptionsOf(plan)] as const,
  ]);
  return { plan, files: all, images: new Map([...images, ...imagesOf(plan, elsewhere)]) };
}

function stackText({ settings }: Plan): string {
  const lines = [...settings].map(([name, value]) => `  ${name}: ${value}\n`);
  return `config:\n${lines.join("")}`;
}

async function refuseUnknown(projects: readonly string[], tree: ServerTree): Promise<void> {
  const found = new Set((await tree.projects()).map(({ name }) => name));
  const missing = projects.filter((name) => !found.has(name));
  if (missing.length === 0) return;
  throw new UsageError(`Dokploy has no project ${missing.map((name) => JSON.stringify(name)).join(", ")}.`);
}
