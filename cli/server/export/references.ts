import type { Values } from "../../../packages/values";
import type { ServerTree } from "../../../provider/dokploy";
import { idValuesIn } from "../../../provider/schema";
import { inputNames } from "../../../sdk/run";
import { type Item, keyOf } from "./item";

/** An output of another resource that gives an id. */
export interface Reference {
  readonly to: Item;
  readonly output: "id" | "defaultEnvironmentId";
}

/** The objects of a program by their ids, and the references between them. */
export class References {
  readonly #byId = new Map<string, Reference>();
  readonly #ofItem = new Map<Item, ReadonlyMap<string, Reference>>();

  /** @param defaults ids of projects by those of their default environments */
  constructor(
    readonly items: readonly Item[],
    defaults: ReadonlyMap<string, string>,
  ) {
    for (const to of items) if (isId(to)) this.#byId.set(to.id, { to, output: "id" });
    for (const [environment, project] of defaults) {
      const found = this.#byId.get(project);
      if (found) this.#byId.set(environment, { to: found.to, output: "defaultEnvironmentId" });
    }
    for (const item of items) this.#ofItem.set(item, this.#find(item));
  }

  /** Returns the references in the inputs of an item, by their paths. */
  of(item: Item): ReadonlyMap<string, Reference> {
    return this.#ofItem.get(item) ?? new Map();
  }

  /** Returns the paths of ids in the inputs of an item that belong to no item, such as that of a GitHub provider. */
  openIds(item: Item): string[] {
    return idValuesIn(item.definition.schema, item.inputs)
      .filter(({ id }) => !this.#byId.has(id))
      .map(({ path }) => path.map(String).join("."));
  }

  /** Returns the items that one refers to. */
  targets(item: Item): Item[] {
    return [...new Set([...this.of(item).values()].map(({ to }) => to))];
  }

  /** Returns the item that another one belongs to. */
  parentOf(item: Item): Item | undefined {
    const id = parentIdOf(item);
    return id === undefined ? undefined : this.#byId.get(id)?.to;
  }

  #find(item: Item): ReadonlyMap<string, Reference> {
    return new Map(
      idValuesIn(item.definition.schema, item.inputs).flatMap(({ path, id }) => {
        const reference = this.#byId.get(id);
        return reference && reference.to !== item ? [[keyOf(path), reference] as const] : [];
      }),
    );
  }
}

/** Returns the id of the object that another one belongs to: its service, environment, project or server. */
export function parentIdOf({ kind, inputs }: Pick<Item, "kind" | "inputs">): string | undefined {
  const names = inputNames[kind];
  const parents = "parents" in names ? names.parents : [];
  const places = ["environmentId", "projectId", ...parents.map((parent) => `${parent}Id`)];
  const target = Object.values(Object(inputs["target"]) as Values);
  return [...places.map((name) => inputs[name]), ...target].find((id) => typeof id === "string");
}

/** Resources of a part of an object, and those that a server has once, have other ids. */
function isId({ definition }: Item): boolean {
  return definition.relation !== "part";
}

/** Returns the ids of the projects by those of their default environments. */
export async function defaultEnvironments(tree: ServerTree): Promise<Map<string, string>> {
  return new Map(
    (await tree.projects()).flatMap(({ projectId, environments }) =>
      environments
        .filter(({ isDefault }) => isDefault)
        .map(({ environmentId }) => [environmentId, projectId]),
    ),
  );
}
