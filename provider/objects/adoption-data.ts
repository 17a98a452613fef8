import type { Change } from "../schema/changes";
import { type Apply, applyClasses } from "../schema/fields";

/** Effect of an adoption, as the notice of a plan hands it to programs. */
export interface AdoptionData {
  /** Identity of the resource. */
  readonly identity: string;
  /** Action that applies the changes; `held` where the program does not want it yet. */
  readonly need: Apply | "held";
  readonly changes: readonly ChangedPath[];
}

/** Path of an input that changes; for a map, the name of what changes in it. */
export interface ChangedPath {
  readonly path: string;
  readonly key?: { readonly name: string; readonly change: "added" | "changed" | "removed" };
}

/** No encoded path has a comma. */
const signs = { added: ",+", changed: ",~", removed: ",-" } as const;

/** Returns the data as one word: `R4cNh0_q;deploy;source.image;env,+NEW;env,~LEVEL`. */
export function adoptionData(
  identity: string,
  need: AdoptionData["need"],
  changes: readonly Change[],
): string {
  const paths = changes.flatMap(({ path, keys }) => {
    if (keys === undefined) return [encodeURIComponent(path)];
    const { added, changed, removed } = keys;
    return Object.entries({ added, changed, removed }).flatMap(([change, names]) =>
      names.map(
        (name) =>
          `${encodeURIComponent(path)}${signs[change as keyof typeof signs]}${encodeURIComponent(name)}`,
      ),
    );
  });
  return [identity, need, ...paths].join(";");
}

/** Reads the data; undefined for another text. */
export function readAdoptionData(text: string): AdoptionData | undefined {
  const [identity = "", word, ...parts] = text.split(";");
  const need = [...applyClasses, "held" as const].find((each) => each === word);
  try {
    return need && { identity, need, changes: parts.map(changedPath) };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function changedPath(part: string): ChangedPath {
  const comma = part.indexOf(",");
  if (comma < 0) return { path: decodeURIComponent(part) };
  const sign = part.slice(comma, comma + 2);
  const change = (["added", "changed", "removed"] as const).find((each) => signs[each] === sign);
  if (change === undefined) throw new URIError(`not a change: ${sign}`);
  const [path, name] = [part.slice(0, comma), part.slice(comma + 2)].map(decodeURIComponent) as [
    string,
    string,
  ];
  return { path, key: { name, change } };
}
