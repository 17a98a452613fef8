import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { inWords, visible } from "../../../packages/text";
import { UserError } from "../../../provider/errors";
import { type Dependencies, firstErrorIn, npm, runProcess } from "../../stack";
import { page, section, UsageError } from "../../terminal";
import { readOptions } from "../export/options";
import { runExport } from "../export/run";
import { packInto, runningPackage } from "../export/running-package";
import { refuseExisting, writeFiles } from "../export/write";
import { aroundFiles, filesOf } from "./files";
import { type Init, readInit } from "./options";
import { type InitService, mayBeDatabase } from "./services";
import { settingLines } from "./settings";
import { filesOfTemplates } from "./template";

const lockFile = "package-lock.json";

/**
 * Writes the folder of a new project, or exports a server into it, and prints the remaining steps.
 *
 * @throws UsageError for an argument that has no meaning, and when a file exists
 */
export async function runInit(
  args: readonly string[],
  dependencies: Pick<Dependencies, "env" | "pulumi" | "print" | "progress" | "question">,
): Promise<void> {
  const init = await readInit(args, dependencies.question);
  if (init.isAdded) return await addTemplates(init, dependencies.print);
  const { directory, fromServer, stages } = init;
  const templates = await filesOfTemplates(init);
  const running = runningPackage();
  const files = fromServer ? aroundFiles(init, []) : new Map([...filesOf(init, running), ...templates.files]);
  const packed = running.file === undefined || fromServer ? [] : [running.file];
  refuseExisting(directory, [...files.keys(), lockFile, ...packed], "Give another folder.");
  if (fromServer) {
    const options = [
      "--out",
      directory,
      "--layout",
      init.layout,
      "--name",
      init.name,
      "--stack",
      stages.at(-1) ?? "",
    ];
    await runExport({ ...readOptions(options), saysNext: false }, dependencies);
  }
  mkdirSync(directory, { recursive: true });
  writeFiles(directory, files);
  if (!fromServer) await packInto(directory, running);
  const noLock = await lockPackages(directory);
  const made = [...files.keys(), ...packed, ...(noLock === undefined ? [lockFile] : [])];
  dependencies.print(reportOf(init, { made, files, noLock, notes: templates.notes }));
}

/** Adds the services of templates to a project that exists. */
async function addTemplates(init: Init, print: Dependencies["print"]): Promise<void> {
  const { directory, templates, stages } = init;
  if (!statSync(join(directory, "services"), { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(
      `${visible(directory)} is a project without a folder services: --template is for a deployment repository.`,
    );
  const { files, notes } = await filesOfTemplates(init);
  const folders = templates.map(({ name }) => `services/${name}`);
  refuseExisting(
    directory,
    [...folders, ...files.keys()],
    "Give the service another name: --template NAME=TEMPLATE.",
  );
  writeFiles(directory, files);
  print(
    [
      `Wrote ${files.size} files to ${visible(directory)}: ${[...files.keys()].map(visible).join(", ")}`,
      ...noteOfTemplates(notes),
      ...section("Next:", [`pulumi preview --stack ${stages[0]}`]),
    ].join("\n"),
  );
}

/** Writes the lock that `npm ci` needs, without installing anything; returns the reason when that fails. */
async function lockPackages(directory: string): Promise<string | undefined> {
  const args = [
    "install",
    "--package-lock-only",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const ended = await runProcess(npm, args, { cwd: directory });
  if (ended === undefined) throw new UserError(`${npm} is not on the PATH.`);
  return ended.code === 0 ? undefined : firstErrorIn(ended.stderr);
}

interface Made {
  readonly made: readonly string[];
  readonly files: ReadonlyMap<string, string>;
  /** Reason why there is no lock of the packages. */
  readonly noLock: string | undefined;
  /** Notes about the services that are made from templates. */
  readonly notes: readonly string[];
}

function reportOf(init: Init, { made, files, noLock, notes }: Made): string {
  const { directory, stages, url, ci, owner, previewHost, bucket, services, fromServer, layout } = init;
  const [first = "", ...others] = stages;
  return [
    `Wrote ${made.length} files to ${visible(directory)}: ${made.map(visible).join(", ")}`,
    ...(noLock === undefined
      ? []
      : [
          "",
          `There is no ${lockFile}, which npm ci in CI needs: ${visible(noLock)}`,
          "Run npm install in the folder, and commit it.",
        ]),
    ...(layout === "repository" ? noteOfDatabases(services.filter(mayBeDatabase)) : []),
    ...(init.templates.length === 0 ? [] : noteOfTemplates(notes)),
    ...(owner === undefined && ci !== "none"
      ? ["", "Nobody has to approve changes of the workflows: add CODEOWNERS, or use --owner."]
      : []),
    ...section(
      `Settings that CI needs, once the repository has a remote (${page("start/ci")}):`,
      settingLines(init, files),
    ),
    ...section("Next:", [
      `cd ${visible(directory)} && npm ci && git init`,
      init.backend.url === undefined
        ? "pulumi login                      # or pulumi login --local"
        : `pulumi login '${init.backend.url}'`,
      `export DOKPLOY_URL=${url ?? "https://…"} DOKPLOY_API_KEY=…`,
      ...(fromServer || url !== undefined
        ? []
        : ["# without a server: export what npx pulumi-dokploy emulator prints in a second terminal"]),
      `pulumi stack select --create ${first}`,
      ...(bucket === undefined
        ? []
        : [
            "pulumi config set --secret s3AccessKey   # of the bucket; each asks for its value",
            "pulumi config set --secret s3SecretKey",
          ]),
      `git add . && git commit -m ${first}    # a rollback goes back to a commit`,
      "pulumi up                         # shows the plan, and asks",
      ...(others.length === 0
        ? []
        : [`the last ${bucket === undefined ? "three" : "five"} lines again, for ${inWords(others, "and")}`]),
      ...(previewHost === undefined
        ? []
        : [`pulumi stack select --create preview   # and its settings: ${page("everyday/previews")}`]),
    ]),
  ].join("\n");
}

/** Returns the note about applications whose images may be databases. */
function noteOfDatabases(services: readonly InitService[]): string[] {
  if (services.length === 0) return [];
  const names = services.map(({ name, image }) => `${name} (${image})`);
  return [
    "",
    `${inWords(names, "and")}: made as ${services.length === 1 ? "an application" : "applications"}, without backups and protection.`,
    `If it is a database, give its kind in dokploy-app.yaml: ${page("start/deployment-repository")}#databases`,
  ];
}

function noteOfTemplates(notes: readonly string[]): string[] {
  const title = "Compose files of templates are unchanged: read them before the first deployment.";
  return ["", title, ...notes.map((note) => `  ${note}`)];
}
