import { Config } from "@pulumi/pulumi";
import type { EnvVars } from "../load-env";
import { ProgramError } from "../program-error";

/** The name that stands for the tag in an image, and the variable of a compose file that gets it. */
const tagVariable = "IMAGE_TAG";
const placeholder = `\${${tagVariable}}`;

/**
 * The tag that this run gives a service's image; undefined when nothing gives one, and what is deployed stays.
 *
 * The environment's `DOKPLOY_IMAGE_TAG` comes first: somebody asked for it in this very run. Then come
 * `dokploy:imageTags.<service>` and `dokploy:imageTag` of the stack's configuration.
 *
 * @throws ProgramError for what is no tag
 */
export function imageTagOf(service: string, environment: NodeJS.ProcessEnv): string | undefined {
  const given: readonly (readonly [name: string, tag: unknown])[] = [
    ["DOKPLOY_IMAGE_TAG", environment["DOKPLOY_IMAGE_TAG"]],
    [`dokploy:imageTags.${service}`, configuredTags()[service]],
    ["dokploy:imageTag", new Config("dokploy").get("imageTag")],
  ];
  const [name, tag] = given.find(([, value]) => value !== undefined && value !== "") ?? [];
  if (tag === undefined) return undefined;
  if (/^\w[\w.-]{0,127}$/.test(String(tag))) return String(tag);
  throw new ProgramError(
    `${name} is no tag of an image: letters, digits and _ . - only, at most 128 of them.`,
  );
}

/**
 * Refuses tags of services that are not there: a mistyped name would leave the old version running without a word.
 *
 * @throws ProgramError
 */
export function checkTagNames(services: readonly string[]): void {
  const unknown = Object.keys(configuredTags()).filter((name) => !services.includes(name));
  if (unknown.length === 0) return;
  throw new ProgramError(
    `dokploy:imageTags has ${unknown.join(", ")}, and the repository has ${services.join(", ")}: correct the name, or ` +
      `take it out with \`pulumi config rm --path dokploy:imageTags.${unknown[0]}\`.`,
  );
}

function configuredTags(): Readonly<Record<string, unknown>> {
  let tags: unknown;
  try {
    tags = new Config("dokploy").getObject("imageTags") ?? {};
  } catch {
    // Pulumi's own error does not say how a map is set.
  }
  if (typeof tags === "object" && tags !== null && !Array.isArray(tags))
    return tags as Record<string, unknown>;
  throw new ProgramError(
    "dokploy:imageTags must be a map of services to tags: `pulumi config set --path dokploy:imageTags.<service> <tag>`.",
  );
}

/** Something with the tag put in; without a tag, the place in the inputs that Pulumi is to leave as it is. */
export interface Tagged<Value> {
  readonly value: Value;
  readonly ignoreChanges: string[];
}

/**
 * The inputs of an application with the tag in the place of `${IMAGE_TAG}`. Without a tag the image stays as it is
 * deployed; an application that is new needs one, which its check says.
 */
export function tagImage(
  inputs: Readonly<Record<string, unknown>>,
  tag: string | undefined,
): Tagged<Record<string, unknown>> {
  const { source } = inputs as { source?: { image?: unknown } };
  const image = source?.image;
  if (typeof image !== "string" || !image.includes(placeholder)) {
    return { value: { ...inputs }, ignoreChanges: [] };
  }
  if (tag === undefined) return { value: { ...inputs }, ignoreChanges: ["source.image"] };
  return {
    value: { ...inputs, source: { ...source, image: image.replaceAll(placeholder, tag) } },
    ignoreChanges: [],
  };
}

/** The variables of a compose service, with the tag as one of them if its file uses it and nothing else sets it. */
export function tagVariables(
  composeFile: string,
  env: EnvVars | undefined,
  tag: string | undefined,
): Tagged<EnvVars | undefined> {
  const uses = new RegExp(`\\$\\{?${tagVariable}\\b`).test(composeFile);
  if (!uses || (env && tagVariable in env)) return { value: env, ignoreChanges: [] };
  if (tag === undefined) return { value: env, ignoreChanges: [`env.${tagVariable}`] };
  return { value: { ...env, [tagVariable]: tag }, ignoreChanges: [] };
}
