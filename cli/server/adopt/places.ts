import { shownMinute, visible } from "../../../packages/text";
import { type ServerTree, serviceKinds } from "../../../provider/dokploy";
import { creations } from "../../../provider/lifecycle";
import { nameOf } from "../export/item";
import { parentIdOf, type References } from "../export/references";

/** Facts about objects by which a person recognises them. */
export interface Places {
  /** Returns the place of what belongs to an object: `shop / production`. */
  of(parent: string | undefined): string;
  /** Returns the time at which an object was created, and by whom, as far as Dokploy says it. */
  origin(id: string): string;
}

/** Reads the names of environments, and who created what. */
export async function placesOf(tree: ServerTree, references: References): Promise<Places> {
  const [projects, services, created] = await Promise.all([
    tree.projects(),
    tree.services(serviceKinds),
    creations(tree.api),
  ]);
  const names = new Map<string, string>();
  const times = new Map<string, unknown>(services.map(({ id, row }) => [id, createdAtOf(row)]));
  for (const project of projects) {
    names.set(project.projectId, visible(project.name));
    times.set(project.projectId, createdAtOf(project));
    for (const environment of project.environments) {
      names.set(environment.environmentId, `${visible(project.name)} / ${visible(environment.name)}`);
      times.set(environment.environmentId, createdAtOf(environment));
    }
  }
  const of = (parent: string | undefined): string => {
    const known = names.get(parent ?? "");
    const item = references.items.find(({ id }) => id === parent);
    if (known !== undefined || item === undefined) return known ?? "";
    const above = of(parentIdOf(item));
    return [above, visible(nameOf(item) ?? item.id)].filter(Boolean).join(" / ");
  };
  return {
    of,
    origin(id) {
      const { at, who } = created.get(id) ?? {};
      const time = at ?? Date.parse(String(times.get(id)));
      return [Number.isNaN(time) ? "" : shownMinute(time), who === undefined ? "" : `by ${visible(who)}`]
        .filter(Boolean)
        .join(" ");
    },
  };
}

function createdAtOf(row: object): unknown {
  return (row as { readonly createdAt?: unknown }).createdAt;
}
