import { mkdirSync } from "node:fs";
import { inWords, visible } from "../../../packages/text";
import { UserError } from "../../../provider/errors";
import { type Dependencies, firstErrorIn, npm, runProcess } from "../../stack";
import { page, section } from "../../terminal";
import { readOptions } from "../export/options";
import { runExport } from "../export/run";
import { packInto, runningPackage } from "../export/running-package";
import { refuseExisting, writeFiles } from "../export/write";
import { aroundFiles, filesOf } from "./files";
import { type Init, readInit } from "./options";
import { type InitService, mayBeDatabase } from "./services";
import { settingLines } from "./settings";

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
  const { directory, fromServer, stages } = init;
  const running = runningPackage();
  const files = fromServer ? aroundFiles(init, []) : filesOf(init, running);
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
  dependencies.print(reportOf(init, { made, files, noLock }));
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
}

function reportOf(init: Init, { made, files, noLock }: Made): string {
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
