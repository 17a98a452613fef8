import { someOf } from "../../../packages/text";
import { isRecord } from "../../../packages/values";
import { UserError } from "../../errors";
import { checkNames, levels as known, type Level, type Levels, planChecks } from "./checks";

/**
 * Reads levels from a setting: a JSON object, as the stack configuration gives a map, or `check=level,check=level`.
 *
 * @param where the place to correct, e.g. `DOKPLOY_CHECKS`
 * @throws UserError when it is neither, or names a check or level that does not exist
 * @example readLevels("latest-tag=error,localhost=off", "DOKPLOY_CHECKS")
 */
export function readLevels(text: string, where: string): Levels {
  const given = parsed(text.trim());
  if (given === undefined) {
    throw new UserError(`${where} must be a map from checks to levels, or a text such as latest-tag=error.`);
  }
  const unknown = Object.keys(given).filter((name) => !isCheck(name));
  if (unknown.length > 0) {
    const names = someOf(unknown.map((name) => JSON.stringify(name)));
    throw new UserError(`${where}: no check has the name ${names}; the checks are ${checkNames.join(", ")}.`);
  }
  return Object.fromEntries(
    Object.entries(given).map(([check, level]): [string, Level] => {
      // YAML reads a bare `off` as false.
      const found = known.find((name) => name === (level === false || level === "false" ? "off" : level));
      if (found === undefined) {
        throw new UserError(`${where}: the level of ${check} must be ${known.join(", ")}.`);
      }
      return [check, found];
    }),
  );
}

/** True for `latest-tag`, and for `latest-tag/api`, a check of a program with a resource or a variable. */
function isCheck(name: string): boolean {
  const [check = "", place] = name.split("/", 2);
  return place === undefined ? checkNames.includes(check) : Object.hasOwn(planChecks, check);
}

function parsed(text: string): Record<string, unknown> | undefined {
  if (text.startsWith("{")) {
    try {
      const value: unknown = JSON.parse(text);
      return isRecord(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }
  const pairs = text
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "")
    .map((pair) => pair.split("=").map((part) => part.trim()));
  return pairs.every((pair) => pair.length === 2) ? Object.fromEntries(pairs) : undefined;
}
