import type { z } from "zod";
import { isRecord } from "../../../packages/values";
import { listsIn } from "../../../provider/engine";
import { definitionOf } from "../../../provider/resources";
import type { StateResource } from "../../stack";
import type { Item } from "./item";
import type { References } from "./references";

/** Objects that resources of a stack have. */
export class Held {
  /** Names of the resources, by kind and id. */
  readonly #names = new Map<string, string>();

  constructor(resources: readonly StateResource[] = []) {
    this.resources = new Set(resources.map(({ kind, name }) => `${kind} ${name}`));
    for (const { kind, id, name, outputs } of resources) {
      this.#names.set(keyOf(kind, id), name);
      const schema = definitionOf(kind)?.schema as z.ZodObject | undefined;
      const { partIds } = outputs;
      if (schema === undefined || !isRecord(partIds)) continue;
      for (const [list, { kind: part }] of listsIn(schema))
        for (const partId of Object.values(Object(partIds[list]) as object))
          this.#names.set(keyOf(part, String(partId)), name);
    }
  }

  /** Resources, each as its kind and name. */
  readonly resources: ReadonlySet<string>;

  /** Returns the name of the resource that has the object; undefined when none has it. */
  nameOf({ kind, id }: Pick<Item, "kind" | "id">): string | undefined {
    return this.#names.get(keyOf(kind, id));
  }

  /** Returns the items that no resource has, each with notes about ids that the program cannot replace. */
  without(references: References): Item[] {
    const free = references.items.filter((item) => this.nameOf(item) === undefined);
    return free.map((item) => ({ ...item, notes: [...item.notes, ...this.#notes(item, references)] }));
  }

  #notes(item: Item, references: References): string[] {
    const open = references.openIds(item).map((path) => `${path} is the id of an object without a resource.`);
    const held = [...references.of(item)].flatMap(([key, { to, output }]) => {
      const name = this.nameOf(to);
      const path = (JSON.parse(key) as string[]).join(".");
      return name === undefined ? [] : [`${path} is the ${output} of the ${to.kind} ${name}.`];
    });
    return [...open, ...held];
  }
}

function keyOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}
