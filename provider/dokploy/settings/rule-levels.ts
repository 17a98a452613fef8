import { type RuleLevels, ruleLevels, unknownRules } from "../../../packages/compose-checks/checks";
import { UserError } from "../../errors";
import { isRecord } from "../../pulumi";

/**
 * Reads levels from a setting: a JSON object, as the stack configuration gives a map, or `rule=level,rule=level`.
 *
 * @param where the place to correct, e.g. `DOKPLOY_COMPOSE_CHECKS`
 * @throws UserError when it is neither, or names a rule or level that does not exist
 * @example readRuleLevels("latest-tag=error,localhost=off", "DOKPLOY_COMPOSE_CHECKS")
 */
export function readRuleLevels(text: string, where: string): RuleLevels {
  const levels = parsed(text.trim());
  if (levels === undefined) {
    throw new UserError(`${where} must be a map from rules to levels, or a text such as latest-tag=error.`);
  }
  const unknown = unknownRules(levels);
  if (unknown !== undefined) throw new UserError(`${where}: ${unknown}.`);
  return Object.fromEntries(
    Object.entries(levels).map(([rule, given]) => {
      // YAML reads a bare `off` as false.
      const level = ruleLevels.find(
        (name) => name === (given === false || given === "false" ? "off" : given),
      );
      if (level === undefined) {
        throw new UserError(`${where}: the level of ${rule} must be ${ruleLevels.join(", ")}.`);
      }
      return [rule, level];
    }),
  );
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
