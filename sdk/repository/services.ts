import * as path from "node:path";
import { insteadOf, someOf, visible } from "../../packages/text";
import {
  type Contracts,
  type EnvVars,
  loadServiceEnv,
  outsideValue,
  type ServiceEnv,
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
  imageFile,
  isThere,
  placeName,
  type Reading,
  type ReadOptions,
  readSource,
  type Source,
} from "../files";
import { addressesOf, withKnownPorts } from "./addresses";
import { type App, type ResolveTag, readApp, withSecretArgs } from "./app-file";
import { tagVariable, tagVariables } from "./image-tag";
import type { Layout, ServiceFiles } from "./layout";
import type * as Hosts from "./preview-hosts";
import type * as Isolate from "./preview-isolation";
import { previewStage, previewsFileName } from "./preview-names";
import type { Preview } from "./preview-rules";
import type * as PreviewVariables from "./preview-variables";
import type { Selection } from "./selection";
import type { Service } from "./service";
import { assertSameImage, type SharedImage, sharedImage } from "./shared-image";

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
  const services: Service[] = [];
  const read = (files: ServiceFiles): void => {
    const { name } = files;
    const selected = selection?.includes(name) ?? true;
    const source = readSource(files.app, reading);
    const given: string[] = [tagVariable];
    let image: SharedImage | undefined;
    let failure: FileError | undefined;
    const known = { services: [...layout.services.map(({ name }) => name), ...layout.leftOut], given };
    const describe = () => {
      const described = readChecked(source, layout, selected, reading, preview !== undefined);
      given.push(...described.databaseUrls.map(({ variable }) => variable));
      const compose = selected ? composeFileOf(files, described, reading) : undefined;
      image = sharedImage(described, source, {
        ...layout,
        read: (path) => readSource(path, reading),
        resolver: (findings) =>
          selected ? resolverOf(source, findings, reading, preview !== undefined) : () => "",
      });
      const app = image === undefined ? described : withImage(described, source, image, compose);
      if (preview === undefined || !selected) return [withSecretArgs(app), compose] as const;
      const { isolated: isolate } = require("./preview-isolation") as typeof Isolate;
      const isolated = isolate(app, name, source, compose, preview);
      return [withSecretArgs(isolated.app), isolated.compose] as const;
    };
    const loadVariables = (): Pick<ServiceEnv, "env" | "addresses"> => {
      if (!selected) return { env: undefined, addresses: [] };
      const loaded = loadStageEnv({ ...files, ...known }, reading, layout.contracts, preview);
      failure = loaded.failure;
      return loaded;
    };
    collectAll(
      () => {
        const [[app, composeFile], { env, addresses }] = collectAll(describe, loadVariables);
        const ofServices = addressesOf(app, source, addresses, known.services);
        services.push({ name, selected, app, source, env, addresses: ofServices, composeFile, image });
      },
      () => {
        if (failure !== undefined) throw failure;
      },
    );
  };
  const [, complete] = collectAll(
    () => collect(layout.services, read),
    () => withKnownPorts(services, layout.leftOut),
  );
  assertFormerNames(services);
  if (preview) (require("./preview-hosts") as typeof Hosts).assertHosts(complete, preview);
  return inOrder(complete);
}

/** Returns an application with the source of another one; a compose service stays as it is. */
function withImage(
  app: App,
  source: Source,
  image: SharedImage,
  compose: ComposeFileSource | undefined,
): App {
  if (app.kind === "application") return { ...app, inputs: { ...app.inputs, source: image.source } };
  if (compose !== undefined) assertSameImage(app, source, image, compose.composeFile);
  return app;
}

/** Loads the variables that services share, from the files of a stage or of a preview. */
export function loadSharedEnv(
  { shared, services, leftOut, contracts }: Layout,
  reading: Reading,
  preview: Preview | undefined,
): EnvVars | undefined {
  const names = [...services.map(({ name }) => name), ...leftOut];
  const files = { ...shared, services: names, given: [], isShared: true };
  const { env, failure } = loadStageEnv(files, reading, contracts, preview);
  if (failure !== undefined) throw failure;
  return env;
}

function loadStageEnv(
  files: ServiceVariables,
  reading: Reading,
  contracts: Contracts,
  preview: Preview | undefined,
): ServiceEnv {
  return preview === undefined
    ? loadServiceEnv(files, reading, contracts)
    : previewVariables().loadPreviewEnv(files, preview, { ...reading, withoutLinks: true }, contracts);
}

/** Loads the code for previews, which few runs need. */
function previewVariables(): typeof PreviewVariables {
  return require("./preview-variables") as typeof PreviewVariables;
}

/** Reads the `dokploy-app.yaml` of a service, and checks the names in it. */
function readChecked(
  source: Source,
  { services: all, leftOut, stages, applied }: Layout,
  selected: boolean,
  reading: Reading,
  isPreview: boolean,
): App {
  const services = all.map(({ name }) => name);
  const findings: FileProblem[] = [];
  const app = readApp(
    source,
    applied,
    selected ? resolverOf(source, findings, reading, isPreview) : () => "",
  );
  const mentions = [
    ...(app.imageOf === undefined ? [] : [{ ...app.imageOf, field: "imageOf" }]),
    ...app.dependsOn.map((mention) => ({ ...mention, field: "dependsOn" })),
    ...app.databaseUrls.map((mention) => ({ ...mention, field: `databaseUrls.${mention.variable}` })),
  ];
  for (const { name, offset, field } of mentions) {
    if (services.includes(name)) continue;
    const instead = field === "imageOf" ? "give an image" : "leave it out";
    const reason = leftOut.includes(name)
      ? `${field}: ${visible(name)} takes no part in previews; add it to services in ${previewsFileName}, or ${instead} ` +
        `in stages.${previewStage}`
      : `${field}: the repository has no service ${JSON.stringify(name)}; ${insteadOf(name, services)}`;
    findings.push({ offset, reason });
  }
  for (const { name, offset } of app.formerNames) {
    if (!services.includes(name) && !leftOut.includes(name)) continue;
    const reason = `formerNames: the repository still has a service ${JSON.stringify(name)}; remove its folder, or this name`;
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
 * Returns a function that finds the values of tags, such as `!secret` and `!file`, and adds missing ones to the problems of the
 * file.
 */
function resolverOf(app: Source, findings: FileProblem[], reading: Reading, isPreview: boolean): ResolveTag {
  return (tagged) => {
    const { value, field, offset, tag } = tagged;
    const wrong = (reason: string): string => {
      findings.push({ offset, reason });
      return "";
    };
    const refused = isPreview ? previewVariables().outsideReasonIn(tagged) : undefined;
    if (refused !== undefined) return wrong(`${tag} ${refused}`);
    const resolved = (outside: Parameters<typeof outsideValue>[0]) => {
      const found = outsideValue(outside, { name: field, place: placeName(app, offset) });
      return "value" in found ? found.value : wrong(found.missing);
    };
    if (value.kind !== "file" && value.kind !== "image") return resolved(value);
    const file = path.join(path.dirname(app.path), value.name);
    if (value.kind === "image") return imageFile(file, reading);
    const { text } = readSource(file, reading);
    const { values } = value;
    if (values === undefined) return text;
    const without = Object.keys(values).find((name) => !text.includes(`\${${name}}`));
    if (without !== undefined)
      return wrong(`values: ${visible(file)} has no \${${without}}; correct the name, or remove the value`);
    const secret = isPreview ? previewVariables().textReason({ text, values }, field) : undefined;
    return secret === undefined
      ? resolved({ kind: "filled", text, values })
      : wrong(`${visible(file)} ${secret}`);
  };
}

/** Origin of a variable that a service has besides those in its files. */
export interface BesideFiles {
  /** Clause that says what gives it. */
  readonly why: string;
  /** Service whose address it is. */
  readonly addressOf?: string;
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
): Map<string, BesideFiles> {
  const app = readApp(readSource(files.app), [stage], () => "");
  const given = new Map<string, BesideFiles>(
    app.databaseUrls.map(({ variable, name }) => [
      variable,
      { why: `databaseUrls of ${visible(files.app)} gives it`, addressOf: name },
    ]),
  );
  const { composeFile: text = "" } = composeFileOf(files, app, {}) ?? {};
  const { takesTag, ignoreChanges } = tagVariables(text, Object.fromEntries(own.map((name) => [name, ""])), {
    service: "",
    tag: undefined,
  });
  if (takesTag && ignoreChanges.length > 0)
    given.set(tagVariable, { why: "it is the tag of the image, which each run sets" });
  return given;
}

/** The names that Docker Compose looks for, in its order. */
const composeFileNames = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/** Returns the compose file of a service, if it is in the repository. */
export function composeFileOf(
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

/** @throws FileError when two services were one before: only one of them can continue it */
function assertFormerNames(services: readonly Service[]): void {
  const owners = new Map<string, string>();
  for (const { name, app, source } of services)
    for (const { name: former, offset } of app.formerNames) {
      const other = owners.get(former) ?? name;
      owners.set(former, other);
      if (other === name) continue;
      const reason = `formerNames: ${visible(other)} has the former name ${visible(former)} too; remove it from one of them`;
      throw fileError(source, [{ offset, reason }]);
    }
}

/** Sorts services so that each comes after those that it depends on. */
function inOrder(services: readonly Service[]): Service[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  const ordered = new Set<Service>();
  const visit = (service: Service, way: readonly string[]): void => {
    if (ordered.has(service)) return;
    const { name, app, source, addresses } = service;
    const edges = [
      ...app.dependsOn.map((mention) => ({ ...mention, source, field: "dependsOn" })),
      ...addresses,
    ];
    for (const { name: before, offset, source: place, field } of edges) {
      const start = [...way, name].indexOf(before);
      if (start !== -1) {
        const circle = [...way.slice(start), name, before].join(" -> ");
        const reason = field.includes("!ref")
          ? `${field} forms a circle: ${circle}; the address of a service is known only once it exists, so write it in another way in one of them, such as the host of a domain`
          : `dependsOn forms a circle: ${circle}; remove it from one of them`;
        throw fileError(place, [{ offset, reason }]);
      }
      const other = byName.get(before);
      if (other) visit(other, [...way, name]);
    }
    ordered.add(service);
  };
  for (const service of services) visit(service, []);
  return [...ordered];
}
