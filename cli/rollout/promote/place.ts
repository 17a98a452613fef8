import { join, relative } from "node:path";
import { visible } from "../../../packages/text";
import { parseImage } from "../../../provider/schema";
import { readLayersByName } from "../../../sdk/env-files";
import { isThere, listDirectory, readSource } from "../../../sdk/files";
import {
  appFileName,
  isTag,
  placeholder,
  readApp,
  tagVariable,
  variablesBesideFiles,
} from "../../../sdk/repository";
import { nodeAt } from "../../files";
import { configuredTag, stackFile, stackName, tagKeys } from "../../stack";
import { NotPromoted } from "./outcome";
import type { Running } from "./running";

/** Place in a file that says which image a stage runs. */
export interface Place {
  /** Path from the working directory. */
  readonly file: string;
  /** Keys that lead to the value. */
  readonly keys: readonly string[];
  /** Value that it has now; undefined for none. */
  readonly before: string | undefined;
  /** Text before the tag in a value, which is a whole image; empty for a tag alone. */
  readonly prefix: string;
  /** Note on how the program reads the value; undefined when it certainly does. */
  readonly advice?: string;
}

/**
 * Returns the value that a place gets: a tag, or a whole image, with its digest where that is known.
 *
 * @throws NotPromoted when the place takes a tag, and the image has none
 */
export function valueFor(
  { file, prefix }: Place,
  { tag, image }: Pick<Running, "tag" | "image">,
  digest: string | undefined,
): string {
  const pin = digest === undefined ? "" : `@${digest}`;
  const value =
    prefix === "" || tag !== undefined ? `${prefix}${tag ?? ""}${pin}` : `${image?.repository}${pin}`;
  if (prefix !== "" || isTag(value)) return value;
  throw new NotPromoted(
    "refused",
    `its image has no tag, and ${file} takes one: give it a tag in addition to the digest`,
  );
}

/**
 * Finds the place that says which image a service runs in a stage: the stack's configuration, or the stage's part of
 * a `dokploy-app.yaml` that has a whole image.
 *
 * @param folder folder of the project
 * @throws NotPromoted when no value there makes the stage run this image
 */
export function placeOf(
  service: string,
  running: Pick<Running, "image">,
  stack: string,
  folder: string,
): Place {
  const configuration = ofConfiguration(service, stack, folder);
  if (!isThere(join(folder, "services"))) {
    if (configuration.before !== undefined) return configuration;
    return {
      ...configuration,
      advice: `the program reads it with dokploy.imageTag(${JSON.stringify(service)})`,
    };
  }
  const app = appFile(service, folder);
  if (!isThere(app)) throw new NotPromoted("refused", `the repository has no ${visible(shown(app))}`);
  const { kind, imageOf } = readApp(readSource(app), [stackName(stack)], () => "");
  if (running.image === undefined) {
    const own = ofComposeFile(service, stack, folder, app, configuration);
    if (imageOf === undefined) return own;
  } else if (kind !== "application") throw notAlike(`is of kind ${kind} there`);
  const owner = imageOf?.name ?? service;
  return ofApp(running, stack, appFile(owner, folder), ofConfiguration(owner, stack, folder));
}

/** Returns the services of a repository that take the image of another one in a stage, with the name of that one. */
export function imageOwners(stack: string, folder: string): Map<string, string> {
  const services = join(folder, "services");
  const names = isThere(services) ? listDirectory(services) : [];
  return new Map(
    names.flatMap((name): [string, string][] => {
      const app = appFile(name, folder);
      const source = isThere(app) ? readSource(app) : undefined;
      if (source?.text.includes("imageOf") !== true) return [];
      const owner = readApp(source, [stackName(stack)], () => "").imageOf?.name;
      return owner === undefined ? [] : [[name, owner]];
    }),
  );
}

function ofConfiguration(service: string, stack: string, folder: string): Place {
  const file = shown(join(folder, stackFile(stack)));
  return { file, keys: tagKeys(service), before: configuredTag(readSource(file), service), prefix: "" };
}

function ofApp(running: Pick<Running, "image">, stack: string, path: string, configuration: Place): Place {
  const stage = stackName(stack);
  const source = readSource(path);
  const { kind, inputs } = readApp(source, [stage], () => "");
  if (kind !== "application") throw notAlike(`is of kind ${kind} there`);
  const { type, image: text } = inputs["source"] as { type?: unknown; image?: unknown };
  if (type !== "docker" || typeof text !== "string") throw notAlike(`is built from source in ${stage}`);
  const hasTag = text.includes(placeholder);
  if (hasTag && !text.endsWith(`:${placeholder}`)) {
    throw notAlike(`has the image ${text} in ${stage}, but only a tag at the end can be promoted`);
  }
  const there = parseImage(hasTag ? text.slice(0, -placeholder.length - 1) : text);
  // A compose service that takes this image has it, too: each run checks its file.
  const { host, path: name, repository } = running.image ?? there ?? {};
  if (there === undefined || there.host !== host || there.path !== name) {
    throw notAlike(
      `takes its image from ${there?.repository ?? "elsewhere"} in ${stage}, but ${repository} runs`,
    );
  }
  if (hasTag) return configuration;
  const has = (...keys: string[]) => nodeAt(source, keys) !== undefined;
  if (has("stages", stage, "source") || !(has("stages", stage, "image") || has("image"))) {
    throw notAlike(`has a whole image in source: write ${placeholder} there instead of its tag`);
  }
  return { file: shown(path), keys: ["stages", stage, "image"], before: text, prefix: `${repository}:` };
}

function ofComposeFile(
  service: string,
  stack: string,
  folder: string,
  path: string,
  configuration: Place,
): Place {
  const stage = stackName(stack);
  const layers = ["base", stage].map((name) => ({ path: join(folder, "envs", name), optional: true }));
  const own = readLayersByName(layers, {}).get(service);
  if (own?.has(tagVariable)) {
    throw notAlike(
      `has ${tagVariable} among the variables of ${stage}, where it takes precedence over any other tag`,
    );
  }
  const files = { folder: join(folder, "services", service), app: path };
  if (variablesBesideFiles(files, [], stage).has(tagVariable)) return configuration;
  throw notAlike(`has no ${placeholder} in its compose file`);
}

function appFile(service: string, folder: string): string {
  return join(folder, "services", service, appFileName);
}

function notAlike(why: string): NotPromoted {
  return new NotPromoted("refused", `the service ${why}`);
}

function shown(path: string): string {
  return relative(process.cwd(), path);
}
