import { isRecord } from "../../../packages/values";
import { listsIn } from "../../../provider/engine";
import { asSet, put, targetOf } from "../../../provider/schema";
import { type Image, imageIn } from "../../../sdk/files";
import type { Piece } from "./addresses";
import { type Item, keyOf, nameOf } from "./item";
import { inLatin } from "./names";
import type { Reference } from "./references";
import type { SecretPlaces } from "./secrets";
import { canBeFile } from "./texts";

/** Value of an input, as a program or a file writes it. */
export type Expression =
  | { readonly type: "plain"; readonly value: string | number | boolean | null }
  | { readonly type: "list"; readonly items: readonly Expression[] }
  | { readonly type: "record"; readonly entries: readonly Entry[] }
  | { readonly type: "reference"; readonly reference: Reference }
  | { readonly type: "secret"; readonly name: string }
  /** An address with outputs of services in it; never empty. */
  | { readonly type: "address"; readonly pieces: readonly AddressPiece[] }
  /** A text in a file of the project, apart from the secrets at its places. */
  | (SecretPlaces & { readonly type: "text"; readonly file: string })
  /** The source of a compose service whose file is in the project. */
  | (SecretPlaces & { readonly type: "composeFile" })
  /** A data URL, whose image is a file of the project. */
  | { readonly type: "image"; readonly url: string; readonly image: Image };
export type AddressPiece =
  | Exclude<Piece, { type: "place" }>
  | { readonly type: "secret"; readonly name: string };
export type Entry = readonly [name: string, value: Expression];

/** Replacements for ids and secrets. */
export interface Standing {
  readonly references: ReadonlyMap<string, Reference>;
  secretName(path: readonly PropertyKey[]): string | undefined;
  /** Returns the text at a path that a file shows without its secrets. */
  placesIn(path: readonly PropertyKey[]): SecretPlaces | undefined;
  /** Returns the pieces of the address at a path. */
  piecesAt(path: readonly PropertyKey[]): readonly Piece[] | undefined;
}

/** Returns the inputs of an item in the order of its schema. Its parts are lists, as a program gives them. */
export function expressionOf(item: Item, standing: Standing): Expression & { readonly type: "record" } {
  const { schema } = item.definition;
  const lists = listsIn(schema);
  const inputs = withHidden(item);
  const entries = Object.keys(schema.shape).flatMap((name): Entry[] => {
    const value = inputs[name];
    if (value === undefined) return [];
    if (!lists.has(name)) return [[name, expressed(value, [name])]];
    const parts = Object.entries(Object(value) as object);
    const items = parts.map(([part, own]) => expressed(own, [name, part]));
    return [[name, { type: "list", items }]];
  });
  return { type: "record", entries };

  /** True for a list of ids whose order has no meaning; the input sorts them. */
  function isSet([name = "", ...inner]: readonly string[]): boolean {
    return inner.length === 0 && schema.shape[name]?.meta()?.field?.write === asSet;
  }

  function expressed(value: unknown, path: readonly string[]): Expression {
    const reference = standing.references.get(keyOf(path));
    if (reference) return { type: "reference", reference };
    const pieces = standing.piecesAt(path);
    if (pieces !== undefined) return { type: "address", pieces: pieces.map((piece) => named(piece, path)) };
    const secret = standing.secretName(path);
    if (secret !== undefined) return { type: "secret", name: secret };
    if (Array.isArray(value)) {
      const items = value.map((inner, at) => expressed(inner, [...path, String(at)]));
      return { type: "list", items: isSet(path) ? items.sort(byTarget) : items };
    }
    if (typeof value === "string") return textOf(value, path);
    if (!isRecord(value)) return { type: "plain", value: value as number | boolean | null };
    if (targetOf(item.kind) === "compose" && path.join() === "source") {
      const inFile = composeFileIn(value, [...path, "composeFile"]);
      if (inFile !== undefined) return { type: "composeFile", ...inFile };
    }
    const entries = Object.entries(value).map(
      ([name, inner]): Entry => [name, expressed(inner, [...path, name])],
    );
    return { type: "record", entries };
  }

  function named(piece: Piece, path: readonly string[]): AddressPiece {
    if (piece.type !== "place") return piece;
    return { type: "secret", name: standing.placesIn(path)?.places.get(piece.name) ?? "" };
  }

  function textOf(value: string, path: readonly string[]): Expression {
    const image = path.join() === "icon" ? iconOf(item) : undefined;
    if (image !== undefined) return { type: "image", url: value, image };
    const shown =
      standing.placesIn(path) ??
      (isLong(value) && canBeFile(value) ? { text: value, places: none } : undefined);
    if (shown === undefined) return { type: "plain", value };
    return { type: "text", ...shown, file: fileFor(inputs, path) };
  }

  function composeFileIn(
    source: Readonly<Record<string, unknown>>,
    path: readonly string[],
  ): SecretPlaces | undefined {
    const { composeFile } = source;
    if (typeof composeFile !== "string" || standing.secretName(path) !== undefined) return undefined;
    return (
      standing.placesIn(path) ?? (canBeFile(composeFile) ? { text: composeFile, places: none } : undefined)
    );
  }
}

/** Returns the icon of an item as an image, if it is one. */
export function iconOf({ inputs }: Pick<Item, "inputs">): Image | undefined {
  const { icon } = inputs;
  return typeof icon === "string" ? imageIn(icon) : undefined;
}

const none: ReadonlyMap<string, string> = new Map();

/** True for a text that makes a program or a file of YAML hard to read. */
export function isLong(text: string): boolean {
  return text.length > 1000 || text.trimEnd().split("\n").length > 4;
}

/** Returns the name of a file for a text: the path of the file that it becomes, or else the name of its input. */
function fileFor(inputs: object, path: readonly string[]): string {
  const beside = path.slice(0, -1).reduce<unknown>((value, step) => Object(value)[step], inputs);
  const { filePath, path: own } = Object(beside) as Record<string, unknown>;
  const name = [filePath, own].find((each) => typeof each === "string") ?? `${path.at(-1)}.txt`;
  const steps = String(name)
    .split(/[/\\]+/)
    .map((step) =>
      inLatin(step)
        .replace(/[^\w.-]+/g, "-")
        .slice(-100),
    )
    .filter((step) => /[^.-]/.test(step));
  return steps.join("/") || "text.txt";
}

/** Compares references by the names of their objects, which are the same on a server that was made again. */
function byTarget(a: Expression, b: Expression): number {
  const [one, other] = [a, b].map((each) =>
    each.type === "reference" ? nameOf(each.reference.to) : undefined,
  );
  return (one ?? "") < (other ?? "") ? -1 : 1;
}

/** Adds the inputs that Dokploy never shows, whose values are secrets. */
function withHidden({ inputs, hidden }: Item): Record<string, unknown> {
  const all = structuredClone(inputs) as Record<string, unknown>;
  for (const path of hidden) put(all, path, "");
  return all;
}
