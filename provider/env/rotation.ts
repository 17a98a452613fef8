import { isRecord, isUnknown } from "../pulumi/unknown";

/** Returns the name of the variable that has the next value of a rotating one. */
export function nextKey(key: string): string {
  return `${key}_NEXT`;
}

/** A change of a variable that rotates, as a plan shows it. */
export interface RotationStep {
  readonly key: string;
  /** True when the variable has a next value after it too. */
  readonly goesOn: boolean;
  /**
   * `second`: it gets the next value, which containers know. `too-early`: the same, but the first step is saved
   * and not deployed. `not-next`: it gets a value that is not the next one. `not-current`: it changes together with its first
   * next value.
   */
  readonly step: "second" | "too-early" | "not-next" | "not-current";
}

/**
 * Finds the changes of rotating variables in a plan: those of a variable `KEY` with a `KEY_NEXT`. A new next value alone
 * is no such change.
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
    const [old, now] = [textIn(olds, key), textIn(news, key)];
    if (old === undefined || now === undefined || old === now || !isSecret(key, now)) return [];
    const known = textIn(olds, nextKey(key));
    const goesOn = Object.hasOwn(news, nextKey(key));
    if (known === undefined) return goesOn ? [{ key, step: "not-current", goesOn }] : [];
    if (known !== now) return [{ key, step: "not-next", goesOn }];
    return [{ key, step: isPending ? "too-early" : "second", goesOn }];
  });
}

function textIn(variables: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = Object.hasOwn(variables, key) ? variables[key] : undefined;
  return typeof value === "string" && !isUnknown(value) ? value : undefined;
}

/** Says what a step does, as the end of a sentence about the resource. */
export function describeStep({ key, step, goesOn }: RotationStep): string {
  const next = nextKey(key);
  switch (step) {
    case "second":
      return (
        `${key} rotates, step 2 of 2: it gets the value that running containers know as ${next}` +
        (goesOn ? "" : `, and ${next} is removed`)
      );
    case "too-early":
      return (
        `${key} rotates, step 2 of 2, but step 1 is saved and not deployed: running containers do not know the new ` +
        `value. Deploy step 1 first`
      );
    case "not-next":
      return (
        `${key} gets another value than the one deployed as ${next}, which running containers do not know. For a ` +
        `rotation, write the value of ${next}`
      );
    case "not-current":
      return (
        `${key} changes together with its first ${next}, so running containers know neither value. For a rotation, ` +
        `leave its value as it is deployed until step 2`
      );
  }
}
