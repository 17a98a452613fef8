import type * as pulumi from "@pulumi/pulumi";
import { someOf, visible } from "../../packages/text";
import { warn } from "../run";
import type { ImageTags } from "./image-tag";
import type { Layout } from "./layout";
import type { Prepared } from "./prepared";

/** Warns of a tag for this run that no service uses, since somebody expects a deployment. */
export function warnOfIdleTag(
  tags: ImageTags,
  services: readonly Prepared[],
  resource: pulumi.Resource,
): void {
  const selected = services.filter((service) => service.selected);
  if (tags.fromEnvironment === undefined || selected.some(({ takesTag }) => takesTag)) return;
  warn(
    `${tags.fromEnvironment} has no effect on the services of this run: no image or compose file of ` +
      `${someOf(selected.map(({ name }) => name))} has \${IMAGE_TAG}.`,
    "unused",
    resource,
  );
}

/** Warns of a tag for some of the services with one image, since the others keep their version. */
export function warnOfSplitImage(
  { fromEnvironment }: ImageTags,
  services: readonly Prepared[],
  resource: pulumi.Resource,
): void {
  if (fromEnvironment === undefined) return;
  const tagged = services.filter((service) => service.selected && service.takesTag);
  const moving = new Set(tagged.map(({ imageOf }) => imageOf));
  const left = services.filter((service) => !service.selected && moving.has(service.imageOf));
  if (left.length === 0) return;
  const names = someOf(left.map(({ name }) => name));
  warn(
    `${names} ${left.length === 1 ? "has" : "have"} the image that ${fromEnvironment} changes in this run, and no part in it, so the ` +
      "version there stays: add to dokploy:only all services that have one image.",
    "advice",
    resource,
  );
}

/** Warns of odd files and services, which may be intended. */
export function warnOfOddities(
  layout: Layout,
  services: readonly Prepared[],
  stage: string,
  resource: pulumi.Resource,
): void {
  for (const file of layout.orphans) {
    warn(
      `${visible(file)} belongs to no service, so nothing reads it: the services are ` +
        `${someOf(layout.services.map(({ name }) => name))}. Correct its name, or remove it.`,
      "unused",
      resource,
    );
  }
  for (const { name, variables } of layout.services) {
    const { kind } = services.find((service) => service.name === name) ?? {};
    // A database rarely has variables.
    if (variables.length > 0 || (kind !== "application" && kind !== "compose")) continue;
    warn(
      `The service ${name} has no variables in stage ${stage}, so those in Dokploy stay as they are: ` +
        `create envs/base/${name}.yaml, an empty one if it needs none.`,
      "no-variables",
      resource,
    );
  }
}
