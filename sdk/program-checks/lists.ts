import * as pulumi from "@pulumi/pulumi";
import { isRecord, type Values } from "../../packages/values";
import { type Kind, outputValue, ProgramError, withSecrets } from "../run";
import { keyOf, listsOf, nameOf, samePart } from "./part-names";
import { claimPart } from "./parts";

/**
 * The parts that a service lists among its inputs. The program gives lists. The provider gets maps by the key of each
 * part, so that a plan names the part and the property that change, and the order has no meaning.
 */

/** Returns the inputs with their lists as maps, and throws a ProgramError when one contains a duplicate. */
export function withNamedParts<Args extends object>(kind: Kind, name: string, args: Args): Args {
  const given = args as Values;
  const named = Object.entries(listsOf(kind))
    .filter(([input]) => given[input] !== undefined)
    .map(([input, part]) => {
      const list: List = { part, label: `${kind} "${name}": ${input}` };
      return [input, namedParts(list, given[input])];
    });
  return { ...args, ...Object.fromEntries(named) };
}

/**
 * Registers the parts of a service. Only {@link withNamedParts} reports duplicates within a list.
 *
 * @throws ProgramError when another resource is one of them
 */
export function claimParts(
  server: object,
  kind: Kind,
  name: string,
  inputs: object,
  id: pulumi.Output<string>,
): void {
  for (const [input, part] of Object.entries(listsOf(kind))) {
    whenKnown((inputs as Values)[input], (map) => {
      if (!isRecord(map)) return;
      Object.values(map).forEach((given, at) => {
        whenKnown(given, (item) => {
          if (isRecord(item)) claimPart(server, part, `${input}[${at}] of ${kind} "${name}"`, id, item);
        });
      });
    });
  }
}

interface List {
  /** Kind of its parts. */
  readonly part: Kind;
  /** `Application "web": domains` */
  readonly label: string;
}

function namedParts(list: List, given: unknown): unknown {
  if (pulumi.Output.isInstance(given)) {
    const isSecret = settled(pulumi.isSecret(given));
    return given.apply(async (known) =>
      (await isSecret) === false ? namedParts(list, known) : byPlace(list, known),
    );
  }
  if (given instanceof Promise) return given.then((known) => namedParts(list, known));
  if (!Array.isArray(given)) return byPlace(list, given);
  const names = given.map((item: unknown) => plainName(list.part, item));
  if (names.every((name) => name !== undefined)) return byPlace(list, given, names);
  return Promise.all(given.map((item: unknown) => laterName(list.part, item))).then((later) =>
    byPlace(list, given, later),
  );
}

/** Returns a map of the parts. A part with an unknown or hidden name is named by its position in the program: `[0]`. */
function byPlace(
  { part, label }: List,
  given: unknown,
  names: readonly (string | undefined)[] = [],
): unknown {
  // The provider reports missing values.
  if (given === undefined || given === null) return given;
  if (!Array.isArray(given))
    throw new ProgramError(`${label} must be a list of objects, each with the inputs of a ${part}.`);
  const places = new Map<string, number>();
  return Object.fromEntries(
    given.map((item: unknown, at) => {
      const name = names[at] ?? `[${at}]`;
      const duplicate = places.get(name);
      if (duplicate !== undefined) {
        throw new ProgramError(`${label}[${duplicate}] and [${at}] ${samePart(part)}.`);
      }
      places.set(name, at);
      return [name, withSecrets(part, item as object)];
    }),
  );
}

/** Returns the name of a part; undefined when some of it is not known yet. */
function plainName(kind: Kind, item: unknown): string | undefined {
  if (!isRecord(item)) return undefined;
  return nameOf(
    kind,
    keyOf(kind).map(([input, otherwise]) => [input, item[input] ?? otherwise] as const),
  );
}

async function laterName(kind: Kind, given: unknown): Promise<string | undefined> {
  const item = await visibleNow(given);
  if (!isRecord(item)) return undefined;
  const values = await Promise.all(
    keyOf(kind).map(
      async ([input, otherwise]) => [input, (await visibleNow(item[input])) ?? otherwise] as const,
    ),
  );
  return nameOf(kind, values);
}

/** Returns a value that is known and not secret; {@link hidden} instead of any other. */
async function visibleNow(value: unknown): Promise<unknown> {
  if (value instanceof Promise) return await visibleNow(await settled(value));
  if (!pulumi.Output.isInstance(value)) return value;
  if (await settled(pulumi.isSecret(value))) return hidden;
  const known = await settled(outputValue(value));
  return pulumi.isUnknown(known) ? hidden : known;
}

const hidden = Symbol("not known, or a secret");

/** Waits for a promise. If it fails, the input fails too and reports the error. */
async function settled<T>(promise: Promise<T>): Promise<T | typeof hidden> {
  try {
    return await promise;
  } catch {
    return hidden;
  }
}

function whenKnown(value: unknown, use: (known: unknown) => void): void {
  if (value instanceof Promise) {
    void settled(value).then((known) => whenKnown(known, use));
  } else if (!pulumi.Output.isInstance(value)) use(value);
  else value.apply(use);
}
