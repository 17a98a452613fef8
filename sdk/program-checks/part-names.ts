import { type Key, type ObjectFacts, sameObject } from "../../provider/lifecycle";
import { inputNames, type Kind } from "../run";

/** Returns the kinds of parts that a service lists among its inputs, by the names of the inputs. */
export function listsOf(kind: Kind): Readonly<Record<string, Kind>> {
  const names = inputNames[kind];
  return "lists" in names ? names.lists : {};
}

/** Returns the facts about a kind that decide which two objects are the same. */
export function objectFacts(kind: Kind): ObjectFacts {
  return { kind, ...inputNames[kind] };
}

/** Returns the inputs that distinguish one object from another, each with its default. */
export function keyOf(kind: Kind): Key {
  return objectFacts(kind).key ?? [];
}

/** Returns the problem of two parts of a list that are the same, as the end of a sentence. */
export function samePart(kind: Kind): string {
  return sameObject(objectFacts(kind));
}

/** Fills the values of a part's key into its label, e.g. `{host}{path}`; undefined when one has no text. */
export function nameOf(
  kind: Kind,
  values: readonly (readonly [input: string, value: unknown])[],
): string | undefined {
  if (!values.every(([, value]) => typeof value === "string" || typeof value === "number")) return undefined;
  const names = inputNames[kind];
  const byInput = new Map(values);
  const label: string = "label" in names ? names.label : "";
  return label.replace(/\{(\w+)\}/g, (_, input: string) => String(byInput.get(input)));
}
