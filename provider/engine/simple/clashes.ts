import { isUnknown, type Values } from "../../../packages/values";
import { CheckFailedError, type Problem } from "../../errors";
import type { Context } from "../../lifecycle";
import { pathText } from "../../schema";
import type { Model } from "./model";
import type { Row } from "./objects";

/** Returns problems for parts of one list with a common value in an input that must be distinct. */
export function clashesWithin(model: Model, list: string, parts: ReadonlyMap<string, Values>): Problem[] {
  const owners = new Map<string, string>();
  return [...parts].flatMap(([name, part]) =>
    model.distinct.flatMap((input) => {
      const value = part[input];
      if (value === undefined || isUnknown(value)) return [];
      const place = JSON.stringify([input, value]);
      const owner = owners.get(place);
      owners.set(place, owner ?? name);
      if (owner === undefined) return [];
      return [
        {
          property: `${pathText([list, name])}.${input}`,
          reason: `is also used by ${pathText([list, owner])}`,
        },
      ];
    }),
  );
}

/**
 * Checks the parts of a list for values that must be distinct, against objects outside the program, and against those
 * that Dokploy itself needs.
 *
 * @param others objects of the service that the program does not have; `owner` is the row of the service
 * @throws CheckFailedError
 */
export function refuseClashes(
  model: Model,
  list: string,
  parts: ReadonlyMap<string, Values>,
  { others, reserved, owner }: Record<"others" | "reserved", readonly Row[]> & { readonly owner: Row },
  run: Context["run"],
): void {
  const problems = [...parts].flatMap(([name, part]) => {
    const clash = model.touched(part, reserved, owner) ?? model.sharedWith(others, part, run);
    return clash ? [{ property: `${pathText([list, name])}.${clash.property}`, reason: clash.reason }] : [];
  });
  if (problems.length > 0) throw new CheckFailedError(problems);
}

/** True when a row and the given inputs have a common value in an input that must be distinct. */
export function isInTheWay({ distinct, mapping }: Model, live: Row, wanted: Values): boolean {
  const has = mapping.readBack(live, wanted);
  return distinct.some((input) => wanted[input] !== undefined && has[input] === wanted[input]);
}
