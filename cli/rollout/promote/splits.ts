import { isRecord } from "../../../packages/values";
import { parseImage } from "../../../provider/schema";
import { imagesWithTag, placeholder, tagVariable } from "../../../sdk/repository";
import type { StateResource } from "../../stack";
import type { Outcome } from "./outcome";

/** An image that several services run, and that only some of them take into the other stage. */
export interface Split {
  readonly image: string;
  /** Services that get it. */
  readonly moves: readonly string[];
  /** Services that keep another one. */
  readonly stays: readonly string[];
}

/**
 * Finds the images that services share in the source stage and would no longer share afterwards.
 *
 * @param resources applications and compose services of the source stage, also those that are not promoted
 */
export function splitsOf(resources: readonly StateResource[], outcomes: readonly Outcome[]): Split[] {
  const statusOf = new Map(outcomes.map(({ name, status }) => [name, status]));
  const users = new Map<string, { readonly image: string; readonly names: string[] }>();
  for (const resource of resources) {
    for (const [id, image] of imagesOf(resource)) {
      const known = users.get(id);
      if (known === undefined) users.set(id, { image, names: [resource.name] });
      else known.names.push(resource.name);
    }
  }
  return [...users.values()].flatMap(({ image, names }): Split[] => {
    const sorted = names.sort();
    const moves = sorted.filter((name) => statusOf.get(name) === "changed");
    const stays = sorted.filter((name) => !["changed", "same"].includes(statusOf.get(name) ?? ""));
    return moves.length > 0 && stays.length > 0 ? [{ image, moves, stays }] : [];
  });
}

/** Returns the images with a tag that the state names, by registry, path and tag. */
function imagesOf({ kind, inputs: { source, env } }: StateResource): Map<string, string> {
  const { image, composeFile } = isRecord(source) ? source : {};
  const tag = isRecord(env) ? env[tagVariable] : undefined;
  const texts = kind === "Application" ? [image] : typeof tag === "string" ? taggedIn(composeFile, tag) : [];
  return new Map(
    texts.flatMap((text): [string, string][] => {
      const name = typeof text === "string" ? parseImage(text) : undefined;
      if (name?.tag === undefined) return [];
      return [[`${name.host}/${name.path}:${name.tag}`, `${name.repository}:${name.tag}`]];
    }),
  );
}

/** Returns the images of a compose file that take the tag. */
function taggedIn(file: unknown, tag: string): string[] {
  if (typeof file !== "string") return [];
  return (imagesWithTag(file) ?? []).map((image) => image.replaceAll(placeholder, tag));
}
