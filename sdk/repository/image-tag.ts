import * as pulumi from "@pulumi/pulumi";
import { readDocument, usesOf } from "../../packages/compose-checks/checks";
import { entryAt, textAt } from "../../packages/compose-checks/yaml";
import { insteadOf, visible } from "../../packages/text";
import { isRecord } from "../../packages/values";
import { type ReadSetting, variableOf } from "../../provider/dokploy";
import { missingTag, tagVariable } from "../../provider/resources";
import { parseImage } from "../../provider/schema";
import type { EnvVars } from "../env-files";
import { ProgramError, settingOf } from "../run";

export { tagVariable };

/** Placeholder for the tag in an image. */
export const placeholder = `\${${tagVariable}}`;

/** The tags that a run gives to the images of services. */
export interface ImageTags {
  /** Returns the tag of a service; undefined when none is given, so that the deployed version stays. */
  of(service: string): string | undefined;
  /** True when the stack's configuration names the service, which must then have a place for the tag. */
  isNamed(service: string): boolean;
  /** Name of the environment variable that gives all tags, when it is set. */
  readonly fromEnvironment: string | undefined;
}

/**
 * Reads the tags. The environment's `DOKPLOY_IMAGE_TAG` comes first, because somebody requested it for this run. Next
 * come `dokploy:imageTags.<service>` and `dokploy:imageTag` of the stack's configuration.
 *
 * @param configured reads settings of a provider or of the stack's configuration
 * @throws ProgramError for an invalid tag, and for tags of services that do not exist: a mistyped name would silently
 * leave the old version running
 */
export function readImageTags(
  services: readonly string[],
  configured: ReadSetting,
  environment: NodeJS.ProcessEnv,
): ImageTags {
  const tags = tagsOf(configured, environment);
  const [unknown] = tags.named.filter((name) => !services.includes(name));
  if (unknown !== undefined) {
    const name = visible(unknown);
    throw new ProgramError(
      `Correct dokploy:imageTags.${name}, or remove it with ${removalOf(name)}: the repository has no service ` +
        `"${name}"; ${insteadOf(unknown, services)}`,
    );
  }
  return tags;
}

/** Returns the command that removes the tag of a service from the configuration of the stack. */
export function removalOf(service: string): string {
  return `\`pulumi config rm --path dokploy:imageTags.${service} --stack ${pulumi.getStack()}\``;
}

/** Reads the tags without a list of services. */
function tagsOf(
  configured: ReadSetting,
  environment: NodeJS.ProcessEnv,
): ImageTags & { readonly named: readonly string[] } {
  const variable = variableOf("imageTag") ?? "";
  const forAll = tag(variable, environment[variable]);
  const byService = configuredTags(configured);
  const other = tag("dokploy:imageTag", configured("imageTag"));
  return {
    named: [...byService.keys()],
    of: (service) => forAll ?? byService.get(service) ?? other,
    isNamed: (service) => byService.get(service) !== undefined,
    fromEnvironment: forAll === undefined ? undefined : variable,
  };
}

function configuredTags(configured: ReadSetting): Map<string, string | undefined> {
  let tags: unknown;
  try {
    tags = JSON.parse(configured("imageTags") ?? "{}");
  } catch {
    // The error below says how a map is set.
  }
  if (isRecord(tags)) {
    return new Map(
      Object.entries(tags).map(([service, value]) => [service, tag(`dokploy:imageTags.${service}`, value)]),
    );
  }
  throw new ProgramError(
    "dokploy:imageTags must be a map of services to tags: `pulumi config set --path dokploy:imageTags.<service> <tag>`.",
  );
}

/** Returns a tag; undefined for an empty text. `pulumi config set --path` writes whole numbers without quotes. */
function tag(name: string, value: unknown): string | undefined {
  if (value === undefined || value === "") return undefined;
  if (typeof value !== "string" && !(Number.isSafeInteger(value) && Number(value) >= 0)) {
    throw new ProgramError(
      `${name} is not a text: without quotes, YAML reads a tag such as 1.10 as the number 1.1. Write it in ` +
        `quotes, or set it with \`pulumi config set --path ${name} <tag>\`.`,
    );
  }
  if (isTag(String(value))) return String(value);
  throw new ProgramError(
    `${name} is not a tag of an image: only letters, digits and _ . -, at most 128 of them, and after it, if you like, ` +
      "@sha256: with the 64 digits of a digest.",
  );
}

/** True for a tag, which may have a digest: `1.4.2`, `1.4.2@sha256:…`. */
export function isTag(text: string): boolean {
  return /^\w[\w.-]{0,127}(?:@sha256:[0-9a-f]{64})?$/.test(text);
}

/**
 * Returns the tag of an image in a program without a deployment repository, from the same places:
 * `DOKPLOY_IMAGE_TAG`, `dokploy:imageTags.<name>` and `dokploy:imageTag`. `npx pulumi-dokploy promote` writes the second.
 *
 * @param name name of the resource
 * @param fallback tag where none is set
 * @throws ProgramError when there is none, or when it is not a tag
 * @example
 * ```ts
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: `ghcr.io/acme/api:${dokploy.imageTag("api")}` },
 * });
 * ```
 */
export function imageTag(name: string, fallback?: string): string {
  const found = tagsOf(settingOf(undefined), process.env).of(name) ?? fallback;
  if (found !== undefined) return found;
  throw new ProgramError(
    `The image of ${name} has no tag: set one with \`pulumi config set --path dokploy:imageTags.${name} <tag>\`.`,
  );
}

/** Returns the tag of an image that is written out, with its digest if it has one. */
export function writtenTag(image: string): string | undefined {
  const { tag, digest } = parseImage(image) ?? {};
  return tag === undefined || digest === undefined ? tag : `${tag}@${digest}`;
}

/**
 * Returns the images of a compose file that have the placeholder of the tag; undefined for a file that cannot be read, which
 * the checks report.
 */
export function imagesWithTag(composeFile: string): string[] | undefined {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  if ("problems" in document) return undefined;
  const services = entryAt(document.root, "services")?.value;
  if (services?.kind !== "map") return [];
  return [...services.entries.values()].flatMap(({ value }) => {
    const image = textAt(value, "image");
    return image?.includes(placeholder) ? [image] : [];
  });
}

/** The tag of an image in this run, and the service whose setting gives it. */
export interface TagOf {
  readonly service: string;
  /** Undefined when nothing gives one. */
  readonly tag: string | undefined;
}

/** A value with the tag filled in; without a tag, the input that Pulumi is to leave unchanged. */
export interface Tagged<Value> {
  readonly value: Value;
  readonly ignoreChanges: string[];
  /** True when the value has a place for the tag. */
  readonly takesTag: boolean;
}

/**
 * Inserts the tag into an application's inputs for `${IMAGE_TAG}`. Without a tag the deployed image stays; a
 * new application needs one, which its check reports.
 */
export function tagImage(
  inputs: Readonly<Record<string, unknown>>,
  { service, tag }: TagOf,
): Tagged<Record<string, unknown>> {
  const { source } = inputs as { source?: { image?: unknown } };
  const image = source?.image;
  if (typeof image !== "string" || !image.includes(placeholder))
    return { value: { ...inputs }, ignoreChanges: [], takesTag: false };
  const filled = image.replaceAll(placeholder, tag ?? missingTag(service));
  const value = { ...inputs, source: { ...source, image: filled } };
  return { value, ignoreChanges: tag === undefined ? ["source.image"] : [], takesTag: true };
}

/**
 * Adds the tag to the variables of a compose service if its file uses it and nothing else sets it. Without a tag that
 * of the last run stays; a new service needs one, which its check reports.
 *
 * @param env undefined for variables that the repository does not have, and that stay as they are
 */
export function tagVariables(
  composeFile: string,
  env: EnvVars | undefined,
  { service, tag }: TagOf,
): Tagged<EnvVars | undefined> {
  const uses = usesOf(composeFile, tagVariable);
  if (uses.length === 0) return { value: env, ignoreChanges: [], takesTag: false };
  if (env === undefined || Object.hasOwn(env, tagVariable)) {
    return { value: env, ignoreChanges: [], takesTag: true };
  }
  if (tag !== undefined) return { value: { ...env, [tagVariable]: tag }, ignoreChanges: [], takesTag: true };
  const isNeeded = uses.some(({ operator }) => operator === undefined || operator === "?");
  return {
    value: isNeeded ? { ...env, [tagVariable]: missingTag(service) } : env,
    ignoreChanges: [`env.${tagVariable}`],
    takesTag: true,
  };
}
