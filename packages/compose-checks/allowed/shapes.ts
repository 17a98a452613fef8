import { entriesOf, itemsOf, type Node } from "../yaml";

/** Something in a file that no shape allows. */
export interface ShapeProblem {
  /** Position in the text; undefined for the whole file. */
  readonly offset: number | undefined;
  /** Clause about the field, which begins with its path; without values of the file that may be secret. */
  readonly reason: string;
}

/** A place in a file, and the problems that are found there. */
export class Place {
  constructor(
    readonly path: string,
    readonly offset: number | undefined,
    private readonly problems: ShapeProblem[],
  ) {}

  /** Returns the place of an entry of a mapping. */
  at(key: string, offset: number): Place {
    return new Place(this.path === "" ? key : `${this.path}.${key}`, offset, this.problems);
  }

  /** Returns the place of an item of a list. */
  item(index: number, offset: number): Place {
    return new Place(`${this.path}[${index}]`, offset, this.problems);
  }

  refuse(reason: string): void {
    this.problems.push({
      offset: this.offset,
      reason: this.path === "" ? reason : `${this.path}: ${reason}`,
    });
  }
}

/** The values that a field may have. */
export interface Shape {
  /** Noun phrase for errors and documentation. */
  readonly says: string;
  /** Shapes of the fields of a mapping. */
  readonly fields?: Readonly<Record<string, Shape>>;
  /** Shape of the items of a list, or of the values of a mapping with free keys. */
  readonly inner?: Shape;
  /** Reports all that it does not allow. */
  judge(node: Node, place: Place): void;
}

/** A text, number or boolean that is written in the file and matches a pattern, so that it has no variable. */
export function text(says: string, pattern: RegExp): Shape {
  return plain(says, (written) => pattern.test(written));
}

/** A text, number or boolean that is written in the file. */
export function plain(says: string, allows: (text: string) => boolean): Shape {
  return {
    says,
    judge(node, place) {
      const isWritten = node.kind === "scalar" && ["string", "number", "boolean"].includes(typeof node.value);
      if (isWritten && allows(node.text)) return;
      const isGiven =
        node.kind === "scalar" && (node.text.includes("$") || (!isWritten && node.value !== null));
      place.refuse(`must be ${says}${isGiven ? ", and no variable may stand here" : ""}`);
    },
  };
}

/** Any text, number or boolean, which may have variables. */
export const value: Shape = {
  says: "any text",
  judge(node, place) {
    if (node.kind !== "scalar") place.refuse("must be a text");
  },
};

export const flag = text("`true` or `false`", /^(?:true|false)$/);
export const number = text("a number", /^\d{1,15}(?:\.\d{1,9})?$/);

/** One of some words. */
export function oneOf(...words: string[]): Shape {
  return plain(words.map((word) => `\`${word}\``).join(", "), (written) => words.includes(written));
}

/** A list, which may be empty. */
export function list(inner: Shape): Shape {
  return {
    says: `a list: ${inner.says}`,
    inner,
    judge(node, place) {
      if (isNothing(node)) return;
      if (node.kind !== "list") return place.refuse("must be a list");
      for (const [index, item] of itemsOf(node).entries())
        inner.judge(item, place.item(index, item.alias ?? item.offset));
    },
  };
}

/**
 * A mapping with free keys.
 *
 * @param named shapes of particular keys
 */
export function map(
  keys: string,
  pattern: RegExp,
  inner: Shape,
  named: Readonly<Record<string, Shape>> = {},
): Shape {
  return {
    says: `by ${keys}: ${inner.says}`,
    inner,
    judge(node, place) {
      if (isNothing(node)) return;
      if (node.kind !== "map") return place.refuse("must be a mapping");
      for (const { key, offset, value: entry } of entriesOf(node)) {
        const shape = Object.hasOwn(named, key) ? named[key] : undefined;
        if (pattern.test(key)) (shape ?? inner).judge(entry, place.at(key, offset));
        else place.at(safe(key), offset).refuse(`is not ${keys}`);
      }
    },
  };
}

/**
 * A mapping with these fields and no others.
 *
 * @param needed fields that must be given
 */
export function fields(shapes: Readonly<Record<string, Shape>>, needed: readonly string[] = []): Shape {
  return {
    says: "a mapping",
    fields: shapes,
    judge(node, place) {
      if (isNothing(node)) return;
      if (node.kind !== "map") return place.refuse("must be a mapping");
      for (const { key, offset, value: entry } of entriesOf(node)) {
        const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
        if (shape === undefined) place.at(safe(key), offset).refuse("is not allowed in a preview");
        else shape.judge(entry, place.at(key, offset));
      }
      for (const key of needed)
        if (!node.entries.has(key)) place.refuse(`needs ${key}: ${shapes[key]?.says}`);
    },
  };
}

/**
 * A mapping with a field `type`, which decides on the others.
 *
 * @param needed fields that must be given, by the type
 */
export function byType(
  types: Readonly<Record<string, Readonly<Record<string, Shape>>>>,
  needed: Readonly<Record<string, readonly string[]>> = {},
): Shape {
  const type = oneOf(...Object.keys(types));
  const shapes = Object.fromEntries(
    Object.entries(types).map(([name, shape]) => [name, fields({ type, ...shape }, needed[name])]),
  );
  return {
    says: "a mapping",
    fields: { type, ...Object.assign({}, ...Object.values(types)) },
    judge(node, place) {
      const given = node.kind === "map" ? node.entries.get("type")?.value : undefined;
      const name = given?.kind === "scalar" && typeof given.value === "string" ? given.text : "";
      const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
      if (shape === undefined) place.refuse(`must have one of these as its type: ${type.says}`);
      else shape.judge(node, place);
    },
  };
}

/** A value that has one of several forms. */
export function either(forms: {
  readonly scalar?: Shape;
  readonly list?: Shape;
  readonly map?: Shape;
}): Shape {
  const given = Object.values(forms);
  const nested = forms.map ?? forms.list;
  return {
    says: given.map(({ says }) => says).join(", or "),
    ...(nested?.fields ? { fields: nested.fields } : {}),
    ...(nested?.inner ? { inner: nested.inner } : {}),
    judge(node, place) {
      const shape = isNothing(node) ? undefined : forms[node.kind];
      if (shape !== undefined) shape.judge(node, place);
      else if (!isNothing(node)) place.refuse(`must be ${given.map(({ says }) => says).join(", or ")}`);
    },
  };
}

/** A mapping of which at most one of some fields may be given. */
export function atMostOne(names: readonly string[], shape: Shape): Shape {
  return {
    ...shape,
    judge(node, place) {
      shape.judge(node, place);
      const [first, second] = names.flatMap((name) =>
        node.kind === "map" ? (node.entries.get(name) ?? []) : [],
      );
      if (first !== undefined && second !== undefined)
        place.at(second.key, second.offset).refuse(`cannot be given with ${first.key} in a preview`);
    },
  };
}

/** True for a field without a value, which Compose reads as an absent one. */
function isNothing(node: Node): boolean {
  return node.kind === "scalar" && node.value === null;
}

/** Hides a key that does not look like one, since it may be a misplaced value. */
function safe(key: string): string {
  return /^[\w.-]{1,60}$/.test(key) ? key : "a key";
}
