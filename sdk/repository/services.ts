import * as path from "node:path";
import { someOf, visible } from "../../packages/text";
import { shownKey } from "../../provider/env";
import {
  type Contracts,
  type EnvVars,
  fromConfig,
  fromProcess,
  loadServiceEnv,
  type ServiceVariables,
} from "../env-files";
import {
  type ComposeFileSource,
  collect,
  collectAll,
  composeFile,
  FileError,
  type FileProblem,
  fileError,
  isThere,
  type Reading,
  type ReadOptions,
  readSource,
  type Source,
} from "../files";
import { type App, type ResolveTag, readApp, withSecretArgs } from "./app-file";
import { tagVariable, tagVariables } from "./image-tag";
import type { Layout, ServiceFiles } from "./layout";
import type * as Hosts from "./preview-hosts";
import type * as Isolate from "./preview-isolation";
import { previewStage, previewsFileName } from "./preview-names";
import type { Preview } from "./preview-rules";
import type * as PreviewVariables from "./preview-variables";
import type { Selection } from "./selection";

/** A service as the files of the repository describe it for one stage. */
export interface Service {
  readonly name: string;
  /** True when this run works on it. */
  readonly selected: boolean;
  readonly app: App;
  /** The `dokploy-app.yaml` that describes it. */
  readonly source: Source;
  /** Variables; undefined when it has no files of variables, or is not selected. */
  readonly env: EnvVars | undefined;
  /** Compose file, when it is in the repository and the service is selected. */
  readonly composeFile: ComposeFileSource | undefined;
}

/**
 * Reads the services of a repository, sorted so that each comes after those that it depends on. For services that are
 * not selected, no variable, secret or compose file is read: a job for one service need not have the secrets of all.
 *
 * @param preview the preview of a pull request, whose services share nothing with other stages
 * @throws FileError with all problems in all files
 */
export function readServices(
  layout: Layout,
  selection: Selection,
  options: ReadOptions,
  preview?: Preview,
): Service[] {
  const reading: Reading = preview ? { ...options, withoutLinks: true } : options;
  if (preview) previewVariables().assertNames(preview, layout, reading);
  const services = collect(layout.services, (files): Service => {
    const { name } = files;
    const selected = selection?.includes(name) ?? true;
    const source = readSource(files.app, reading);
    const given: string[] = [tagVariable];
    const [[app, compose], env] = collectAll(
      () => {
        const app = readChecked(source, layout, selected, preview !== undefined);
        given.push(...app.databaseUrls.map(({ variable }) => variable));
        const compose = selected ? composeFileOf(files, app, reading) : undefined;
        if (preview === undefined || !selected) return [withSecretArgs(app), compose] as const;
        const { isolated: isolate } = require("./preview-isolation") as typeof Isolate;
        const isolated = isolate(app, name, source, compose, preview);
        return [withSecretArgs(isolated.app), isolated.compose] as const;
      },
      () => (selected ? loadStageEnv({ ...files, given }, reading, layout.contracts, preview) : undefined),
    );
    return { name, selected, app, source, env, composeFile: compose };
  });
  assertDatabases(services);
  if (preview) (require("./preview-hosts") as typeof Hosts).assertHostsDiffer(services, preview);
  return inOrder(services);
}

/** Loads the variables of a stage, or of a preview, from files; undefined when there are none. */
export function loadStageEnv(
  files: ServiceVariables,
  reading: Reading,
  contracts: Contracts,
  preview: Preview | undefined,
): EnvVars | undefined {
  return preview === undefined
    ? loadServiceEnv(files, reading, contracts)
    : previewVariables().loadPreviewEnv(files, preview, { ...reading, withoutLinks: true }, contracts);
}

/** Loads the code for previews, which few runs need. */
function previewVariables(): typeof PreviewVariables {
  return require("./preview-variables") as typeof PreviewVariables;
}

/** @throws FileError for a name that is not that of a database, or a variable that is also in a file */
function assertDatabases(services: readonly Service[]): void {
  const kinds = new Map(services.map(({ name, app }) => [name, app.kind]));
  collect(services, ({ app, source, env, selected }) => {
    const findings = app.databaseUrls.flatMap(({ name: database, variable, offset }): FileProblem[] => {
      const field = `databaseUrls.${shownKey(variable)}`;
      const kind = kinds.get(database);
      if (kind === "application" || kind === "compose")
        return [{ offset, reason: `${field}: ${visible(database)} is not a database` }];
      if (env !== undefined && Object.hasOwn(env, variable))
        return [{ offset, reason: `${field}: is also among the variables of the service; remove one` }];
      if (env !== undefined || !selected) return [];
      const reason =
        "needs a file of variables of the service for this stage, an empty one if it has no others";
      return [{ offset, reason: `${field}: ${reason}` }];
    });
    if (findings.length > 0) throw fileError(source, findings);
  });
}

/** Reads the `dokploy-app.yaml` of a service, and checks the names in it. */
function readChecked(
  source: Source,
  { services: all, leftOut, stages, applied }: Layout,
  selected: boolean,
  isPreview: boolean,
): App {
  const services = all.map(({ name }) => name);
  const findings: FileProblem[] = [];
  const resolve: ResolveTag = (kind, name, offset) => {
    const refused = isPreview ? previewVariables().outsideReason(kind, name) : undefined;
    if (refused !== undefined) {
      findings.push({ offset, reason: `!${kind === "secret" ? "secret" : "env"} ${refused}` });
      return "";
    }
    const value = kind === "secret" ? fromConfig(name) : fromProcess(name);
    if ("value" in value) return value.value;
    findings.push({ offset, reason: value.missing });
    return "";
  };
  const app = readApp(source, applied, selected ? resolve : () => "");
  const mentions = [
    ...app.dependsOn.map((mention) => ({ ...mention, field: "dependsOn" })),
    ...app.databaseUrls.map((mention) => ({ ...mention, field: `databaseUrls.${mention.variable}` })),
  ];
  for (const { name, offset, field } of mentions) {
    if (services.includes(name)) continue;
    const reason = leftOut.includes(name)
      ? `${field}: ${visible(name)} takes no part in previews; add it to services in ${previewsFileName}, or leave it out ` +
        `in stages.${previewStage}`
      : `${field}: the repository has no service ${JSON.stringify(name)}; it has ${someOf(services)}`;
    findings.push({ offset, reason });
  }
  for (const { name, offset } of app.stages) {
    if (applied.includes(name) || name === previewStage || stages.length === 0 || stages.includes(name))
      continue;
    const reason = `stages: envs has no stage ${JSON.stringify(name)}; it has ${someOf(stages.map(visible))}`;
    findings.push({ offset, reason });
  }
  if (findings.length > 0) throw fileError(source, findings);
  return app;
}

/**
 * Returns the variables that a service has besides those in its files, each with its origin: addresses of databases,
 * and the tag of its image.
 *
 * @throws FileError when its files have problems
 */
export function variablesBesideFiles(
  files: Pick<ServiceFiles, "folder" | "app">,
  own: readonly string[],
  stage: string,
): Map<string, string> {
  const app = readApp(readSource(files.app), [stage], () => "");
  const given = new Map(
    app.databaseUrls.map(({ variable }) => [variable, `databaseUrls of ${visible(files.app)} gives it`]),
  );
  const { composeFile: text = "" } = composeFileOf(files, app, {}) ?? {};
  const { takesTag, ignoreChanges } = tagVariables(
    text,
    Object.fromEntries(own.map((name) => [name, ""])),
    undefined,
  );
  if (takesTag && ignoreChanges.length > 0)
    given.set(tagVariable, "it is the tag of the image, which each run sets");
  return given;
}

/** The names that Docker Compose looks for, in its order. */
const composeFileNames = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

function composeFileOf(
  { folder, app: file }: Pick<ServiceFiles, "folder" | "app">,
  app: App,
  reading: ReadOptions,
): ComposeFileSource | undefined {
  if (app.kind !== "compose" || app.inputs["source"] !== undefined) return undefined;
  if (app.composeFile !== undefined) return composeFile(path.join(folder, app.composeFile), reading);
  const found = composeFileNames.map((name) => path.join(folder, name)).find(isThere);
  if (found !== undefined) return composeFile(found, reading);
  throw new FileError(
    `${visible(file)}: is of kind compose, and its folder has no ${composeFileNames[0]}; add one, or name it as composeFile`,
  );
}

/** Sorts services so that each comes after those that it depends on. */
function inOrder(services: readonly Service[]): Service[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  const ordered = new Set<Service>();
  const visit = (service: Service, way: readonly string[]): void => {
    if (ordered.has(service)) return;
    const { name, app, source } = service;
    for (const { name: before, offset } of [...app.dependsOn, ...app.databaseUrls]) {
      const start = [...way, name].indexOf(before);
      if (start !== -1) {
        const circle = [...way.slice(start), name, before].join(" -> ");
        const reason = `dependsOn forms a circle: ${circle}; remove it from one of them`;
        throw fileError(source, [{ offset, reason }]);
      }
      const other = byName.get(before);
      if (other) visit(other, [...way, name]);
    }
    ordered.add(service);
  };
  for (const service of services) visit(service, []);
  return [...ordered];
}
