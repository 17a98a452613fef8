import * as pulumi from "@pulumi/pulumi";
import { inWords, visible } from "../../packages/text";
import { isKnown, isMocked, warn } from "../run";
import type { Prepared } from "./prepared";
import { servicesOfStack } from "./selection";

/**
 * Warns in a preview of services that the repository no longer has, while it has new ones of the same kind: maybe their
 * folders have another name. For databases, the provider warns in each run.
 *
 * @param declared the services of the repository with their resources
 * @param described names of the services of all repositories of the program
 */
export async function warnOfRenames(
  declared: readonly { readonly service: Prepared; readonly resource: pulumi.CustomResource }[],
  described: ReadonlySet<string>,
  componentType: string,
  parent: pulumi.Resource,
): Promise<void> {
  const services = declared.filter(({ service: { kind } }) => kind === "application" || kind === "compose");
  const looks =
    pulumi.runtime.isDryRun() &&
    (await Promise.all(services.map(({ resource }) => isKnown(resource.id)))).includes(false);
  // Pulumi reads the state by a provider of its own, which an update plan contains: the run has to read it too.
  if (!looks) {
    if (!isMocked()) await servicesOfStack(componentType).catch(() => []);
    return;
  }
  const before = await servicesOfStack(componentType);
  const names = new Set(before.map(({ name }) => name));
  const isNew = ({ name, formerNames }: Prepared) => ![name, ...formerNames].some((one) => names.has(one));
  const added = services.map(({ service }) => service).filter(isNew);
  const former = new Set(declared.flatMap(({ service }) => service.formerNames));
  const gone = before.filter(({ name }) => !described.has(name) && !former.has(name));
  for (const { kind, name } of gone) {
    const names = added.filter((service) => service.kind === kind).map((service) => visible(service.name));
    if (names.length === 0) continue;
    const [old, all] = [visible(name), inWords(names, "and")];
    const [areNew, one] =
      names.length === 1 ? [`${all} is new`, "it is"] : [`${all} are new`, "one of these is"];
    warn(
      `${old} is no longer in the repository, and ${areNew}: this run deletes ${old}, and nothing new gets its data or its ` +
        `address. If ${one} ${old} under another name, write formerNames: [${old}] into its dokploy-app.yaml, and it stays.`,
      "renamed",
      parent,
    );
  }
}
