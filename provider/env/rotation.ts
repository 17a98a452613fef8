import { isRecord, isUnknown } from "../../packages/values";

/** The other value of a variable that rotates: the one that comes after it, or the one that it had before. */
export type Side = "next" | "previous";

export const sides: readonly Side[] = ["next", "previous"];

/** Returns the name of the variable that has the other value of a rotating one. */
export function sideKey(key: string, side: Side): string {
  return `${key}_${side.toUpperCase()}`;
}

/** A change of a variable that rotates. */
interface Found {
  readonly key: string;
  /**
   * `second`: it gets the next value, and containers keep accepting the former one. `third`: the former value goes.
   * `back`: it gets its previous value again. The others are mistakes. `too-early`: the step before is saved and not
   * deployed. `skipped`: it gets the next value, and new containers do not accept the former one. `not-next`: it gets a value
   * that is not the next one. `not-announced`: it changes together with the first other value.
   */
  readonly step: "second" | "third" | "back" | "too-early" | "skipped" | "not-next" | "not-announced";
  /** Number of the step that comes too early. */
  readonly number: 2 | 3;
}

/** Steps that running containers agree with. */
const rightSteps: ReadonlySet<Found["step"]> = new Set(["second", "third", "back"]);

/** A change of a variable that rotates, as a plan shows it. */
export interface RotationStep extends Found {
  /** True when containers refuse afterwards what others have signed. */
  readonly isMistake: boolean;
  /** Effect of the change, as the end of a sentence about the resource. */
  readonly description: string;
}

/** Values of a variable at one time; undefined for one that it does not have or that is not known. */
interface Values extends Readonly<Record<Side, string | undefined>> {
  readonly own: string | undefined;
}

/**
 * Finds the changes of rotating variables in a plan: those of a variable `KEY` with a `KEY_NEXT` or a `KEY_PREVIOUS`. A new
 * next value alone is no such change.
 *
 * @param olds variables in the state
 * @param isPending true when the state is saved, and not deployed yet
 * @param isSecret says which variables rotate: others may have such a name by chance
 */
export function rotationSteps(
  olds: unknown,
  news: unknown,
  isPending: boolean,
  isSecret: (key: string, value: string) => boolean,
): RotationStep[] {
  if (!isRecord(olds) || !isRecord(news)) return [];
  return Object.keys(news).flatMap((key): RotationStep[] => {
    const [before, after] = [valuesOf(olds, key), valuesOf(news, key)];
    if (before.own === undefined || after.own === undefined || !isSecret(key, after.own)) return [];
    const isUnsure = sides.some((side) => isUnknown(news[sideKey(key, side)]));
    const found = stepOf(before, after, isPending, isUnsure);
    if (found === undefined) return [];
    const step = { key, ...found };
    return [{ ...step, isMistake: !rightSteps.has(step.step), description: describe(step) }];
  });
}

/** @param isUnsure true when another value is not known yet, which may be the former one */
function stepOf(
  before: Values,
  after: Values,
  isPending: boolean,
  isUnsure: boolean,
): Omit<Found, "key"> | undefined {
  const found = (step: Found["step"], number: 2 | 3 = 2) => ({ step, number });
  if (before.own === after.own) {
    if (before.previous === undefined || after.previous !== undefined || isUnsure) return undefined;
    return isPending ? found("too-early", 3) : found("third", 3);
  }
  const rotates = [before, after].some((values) => sides.some((side) => values[side] !== undefined));
  if (!rotates) return undefined;
  const accepted = isUnsure || sides.some((side) => after[side] === before.own);
  if (before.next === after.own) {
    if (!accepted) return found("skipped");
    return found(isPending ? "too-early" : "second");
  }
  if (before.previous === after.own) return found(accepted ? "back" : "skipped");
  return found(before.next === undefined ? "not-announced" : "not-next");
}

function valuesOf(variables: Readonly<Record<string, unknown>>, key: string): Values {
  const textIn = (name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return typeof value === "string" && !isUnknown(value) ? value : undefined;
  };
  return { own: textIn(key), next: textIn(sideKey(key, "next")), previous: textIn(sideKey(key, "previous")) };
}

function describe({ key, step, number }: Found): string {
  const [next, previous] = [sideKey(key, "next"), sideKey(key, "previous")];
  const keep =
    `For a rotation, write rotate: { previous, current } with the value that is deployed as previous, so that it stays ` +
    `readable as ${previous}`;
  switch (step) {
    case "second":
      return (
        `${key} rotates, step 2 of 3: it gets the value that running containers know as ${next}, and the former value ` +
        `stays readable as ${previous}`
      );
    case "third":
      return `${key} rotates, step 3 of 3: ${previous} is removed, which no running container signs with`;
    case "back":
      return `${key} goes back to the value that running containers know as ${previous}`;
    case "too-early":
      return (
        `${key} rotates, step ${number} of 3, but step ${number - 1} is saved and not deployed: ` +
        (number === 2
          ? "running containers do not know the new value"
          : `running containers may still sign with the value of ${previous}`) +
        `. Deploy step ${number - 1} first`
      );
    case "skipped":
      return (
        `${key} changes, and new containers do not know the value with which running containers sign: step 2 of 3 is ` +
        `skipped. ${keep}`
      );
    case "not-next":
      return (
        `${key} gets another value than the one deployed as ${next}, which running containers do not know. For a ` +
        `rotation, write the value of ${next}`
      );
    case "not-announced":
      return (
        `${key} changes, and running containers know its value neither as ${next} nor as ${previous}. For a rotation, ` +
        `leave its value as it is deployed until step 2`
      );
  }
}
