import { isDeepStrictEqual } from "node:util";
import { PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { isRecord } from "../packages/values";
import { Mapping } from "../provider/schema";
import type { AnyEntity } from "./resources";
import { type Path, type Values, valueAt } from "./values";

/** Kind of a change of one property, as Pulumi's protocol numbers it. */
export type DiffKind = PropertyDiff.Kind;

/**
 * Returns the changed properties with their kinds: variables and parts by name, all others by path. Values that
 * Dokploy stores alike are equal.
 */
export function detailsOf({ schema }: AnyEntity, olds: Values, news: Values): Map<string, DiffKind> {
  const details = new Map<string, DiffKind>();
  const mapping = new Mapping(schema);
  for (const text of mapping.agreements(olds, news)) {
    const path = text.split(".");
    details.set(propertyPath(path), kindOf(valueAt(olds, path), valueAt(news, path)));
  }
  for (const change of mapping.changes(olds, news)) {
    const path = change.path.split(".");
    const [before, after] = [valueAt(olds, path), valueAt(news, path)];
    if (change.keys !== undefined && isRecord(before) && isRecord(after)) {
      for (const key of change.keys.added) details.set(propertyPath([...path, key]), PropertyDiff.Kind.ADD);
      for (const key of change.keys.removed)
        details.set(propertyPath([...path, key]), PropertyDiff.Kind.DELETE);
      for (const key of change.keys.changed) {
        for (const [deeper, kind] of changesWithin([...path, key], before[key], after[key]))
          details.set(deeper, kind);
      }
    } else {
      for (const [place, kind] of placesOf(propertyPath(path), before, after))
        details.set(place, (change.replace ? kind + 1 : kind) as DiffKind);
    }
  }
  return details;
}

/** Returns the changes inside a value by their paths, as Pulumi itself shows them; of one that is new or gone, the whole. */
function placesOf(place: string, before: unknown, after: unknown): [string, DiffKind][] {
  const inner = (name: string | number, path: string) => {
    const [old, now] = [before, after].map((value) => (value as Values)[name]);
    return isDeepStrictEqual(old, now) ? [] : placesOf(path, old, now);
  };
  const within =
    Array.isArray(before) && Array.isArray(after)
      ? Array.from({ length: Math.max(before.length, after.length) }, (_, at) => inner(at, `${place}[${at}]`))
      : isRecord(before) && isRecord(after)
        ? Object.keys({ ...before, ...after }).map((name) => inner(name, propertyPath([place, name])))
        : [];
  const found = within.flat();
  return found.length > 0 ? found : [[place, kindOf(before, after)]];
}

function changesWithin(path: Path, before: unknown, after: unknown): [string, DiffKind][] {
  if (!isRecord(before) || !isRecord(after)) return [[propertyPath(path), PropertyDiff.Kind.UPDATE]];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => [propertyPath([...path, name]), kindOf(before[name], after[name])]);
}

function kindOf(before: unknown, after: unknown): DiffKind {
  if (before === undefined) return PropertyDiff.Kind.ADD;
  return after === undefined ? PropertyDiff.Kind.DELETE : PropertyDiff.Kind.UPDATE;
}

/** Formats a path as Pulumi parses it, from the name of an input on: `source.image`, `env["a.b"]`. */
function propertyPath(path: Path): string {
  return path.reduce((text, name) =>
    /^[A-Za-z_$][\w$]*$/.test(name) ? `${text}.${name}` : `${text}[${JSON.stringify(name)}]`,
  );
}
