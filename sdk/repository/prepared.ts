import type { ResourceOptions } from "../resource";
import { ProgramError } from "../run";
import type { App } from "./app-file";
import type { AppKind } from "./app-schema";
import { type ImageTags, placeholder, removalOf, tagImage, tagVariables, writtenTag } from "./image-tag";
import type { Service } from "./service";
import type { SharedImage } from "./shared-image";

/** A service that is ready to be declared, except for its place. */
export interface Prepared {
  readonly name: string;
  readonly kind: AppKind;
  readonly selected: boolean;
  /** Names of services that are deployed before it. */
  readonly dependsOn: readonly string[];
  readonly addresses: Service["addresses"];
  readonly app: App;
  /** The `dokploy-app.yaml` that describes it. */
  readonly source: Service["source"];
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly options: ResourceOptions;
  /** Names under which the state may have it. */
  readonly formerNames: readonly string[];
  readonly takesTag: boolean;
  /** Service whose image it has: another one, or itself. */
  readonly imageOf: string;
}

/**
 * Returns a service with the tag of its image and the options of its resource.
 *
 * @throws ProgramError for a tag that has no effect
 */
export function prepare(service: Service, stage: string, tags: ImageTags): Prepared {
  const { name, selected, app, source, composeFile, addresses } = service;
  const owner = app.imageOf?.name;
  if (owner !== undefined && tags.isNamed(name)) {
    throw new ProgramError(
      `dokploy:imageTags.${name} gives a tag, but ${name} takes the image of ${owner}: set dokploy:imageTags.${owner}, and remove ` +
        `the other with ${removalOf(name)}.`,
    );
  }
  const tag = service.image === undefined ? tags.of(name) : tagOfShared(service.image, tags);
  const tagOf = { service: owner ?? name, tag };
  const { value: tagged, ...image } =
    app.kind === "application" ? tagImage(app.inputs, tagOf) : { ...untagged, value: app.inputs };
  const { value: env, ...variables } = tagVariables(composeFile?.composeFile ?? "", service.env, tagOf);
  const takesTag = image.takesTag || variables.takesTag;
  // An unused tag for this service would silently leave the old version running.
  if (selected && tags.isNamed(name) && !takesTag) {
    throw new ProgramError(
      `dokploy:imageTags.${name} gives a tag, but neither an image nor a compose file of ${name} in this ` +
        `repository has ${placeholder}: write it there, or remove the tag with ${removalOf(name)}.`,
    );
  }
  if (variables.takesTag && tag !== undefined && env === undefined) {
    throw new ProgramError(
      `The compose file of ${name} reads the tag of its image from a variable, and the service has no variables in ` +
        `stage ${stage}: create envs/base/${name}.yaml, an empty one if it needs none. The program then owns the ` +
        "variables in Dokploy, and a preview names those that it would remove.",
    );
  }
  const formerNames = app.formerNames.map((former) => former.name);
  return {
    name,
    formerNames,
    kind: app.kind,
    selected,
    dependsOn: app.dependsOn.map((other) => other.name),
    addresses,
    app,
    source,
    inputs: { name, ...(composeFile ? { source: composeFile } : {}), ...tagged, ...(env ? { env } : {}) },
    options: {
      ignoreChanges: [...image.ignoreChanges, ...variables.ignoreChanges],
      ...(app.adopts === undefined ? {} : { import: app.adopts }),
      ...(app.isProtected ? { protect: true } : {}),
      ...(formerNames.length > 0 ? { aliases: formerNames.map((former) => ({ name: former })) } : {}),
    },
    takesTag,
    imageOf: tagOf.service,
  };
}

/** Returns the tag of an image that another service has: one that its file writes out, or the one of this run. */
function tagOfShared({ service, text = "" }: SharedImage, tags: ImageTags): string | undefined {
  return text.includes(placeholder) ? tags.of(service) : writtenTag(text);
}

const untagged = { ignoreChanges: [], takesTag: false };
