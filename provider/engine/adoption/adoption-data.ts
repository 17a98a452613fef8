import { type Apply, applyClasses, type Change } from "../../schema";

/** Effect of an adoption, as the notice of a plan hands it to programs. */
export interface AdoptionData {
  /** Identity of the resource. */
  readonly identity: string;
  /** Action that applies the changes; `held` where the program does not want it yet. */
  readonly need: Apply | "held";
  readonly changes: readonly ChangedPath[];
}

/** Path of an input that changes; for a map, the name of what changes in it, and which inputs of a part. */
export interface ChangedPath {
  readonly path: string;
  readonly key?: {
    readonly name: string;
    readonly change: "added" | "changed" | "removed";
    readonly inputs: readonly string[];
  };
}

/** No encoded path has a comma. */
const signs = { added: ",+", changed: ",~", removed: ",-" } as const;

/** Returns the data as one word: `R4cNh0_q;deploy;source.image;env,+NEW;env,~LEVEL;ports,~80,targetPort`. */
export function adoptionData(
  identity: string,
  need: AdoptionData["need"],
  changes: readonly Change[],
): string {
  const paths = changes.flatMap(({ path, keys, within }) => {
    if (keys === undefined) return [encodeURIComponent(path)];
    const { added, changed, removed } = keys;
    return Object.entries({ added, changed, removed }).flatMap(([change, names]) =>
      names.map((name) => {
        const inside = [name, ...(within?.get(name) ?? [])].map(encodeURIComponent);
        return `${encodeURIComponent(path)}${signs[change as keyof typeof signs]}${inside.join(",")}`;
      }),
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
  const path = decodeURIComponent(part.slice(0, comma));
  const [name = "", ...inputs] = part
    .slice(comma + 2)
    .split(",")
    .map(decodeURIComponent);
  return { path, key: { name, change, inputs } };
}
