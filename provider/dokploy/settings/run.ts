import type { RuleLevels } from "../../../packages/compose-checks/checks";
import { splitNames } from "../../../packages/text";
import { UserError } from "../../errors";
import { composeLevels, type Levels } from "./checks";
import { readLevels } from "./rule-levels";
import { find, labelOf, type PlaceName, readIn, type Sources } from "./sources";
import { type Choice, commandOf, settings, type ValueOf, variableOf } from "./table";

/** Settings of a run, in addition to those of the connection. */
export interface RunSettings {
  /** State that deployments wait for, where a resource does not set it. */
  readonly waitFor: ValueOf<"waitFor">;
  /** Reaction to references that will not be found. */
  readonly references: ValueOf<"references">;
  /** Levels of all checks. */
  readonly checks: Levels;
  /** Levels of checks of compose files, where a resource does not set them. */
  readonly composeChecks: RuleLevels;
  /** Names of the services that this run works on; undefined for all. */
  readonly only: readonly string[] | undefined;
  /** True when whoever started the run deletes the volumes of deleted services after it, or says which ones stay. */
  readonly removesVolumes: boolean;
}

/** Environment variable of such a run, which only the package itself sets. */
export const volumesVariable = "DOKPLOY_REMOVES_VOLUMES";

/**
 * Environment variable of a preview that only lists the resources of a program, which only the package itself sets. New
 * resources are not checked with the server, so it refuses to apply anything.
 */
export const listingVariable = "DOKPLOY_ONLY_LISTS";

/**
 * Environment variable with the values that new generated secrets are going to adopt, as JSON by their names, which only the
 * package itself sets, for a preview. Without it, a plan does not know whether a service that gets such a value changes.
 */
export const adoptedValuesVariable = "DOKPLOY_ADOPTED_VALUES";

/**
 * Reads the settings of a run.
 *
 * @throws UserError for a value that a setting cannot have
 */
export function readRunSettings(sources: Sources): RunSettings {
  const checks = readChecks(sources);
  return {
    waitFor: readChoice(sources, "waitFor"),
    references: readChoice(sources, "references"),
    checks,
    composeChecks: composeLevels(checks),
    only: readOnly(sources),
    removesVolumes: sources.environment[volumesVariable] === "true",
  };
}

type ChoiceName = "waitFor" | "references";

function readChoice<Name extends ChoiceName>(sources: Sources, name: Name): ValueOf<Name> {
  const { words }: Choice<never> | Choice<string> = settings[name];
  const [standard] = words;
  const value = find(sources, name)?.value ?? standard;
  const known = words.find((word) => word === value);
  if (known) return known as ValueOf<Name>;
  const list = [words.slice(0, -1).join(", "), ...words.slice(-1)].join(" or ");
  const label = sources.provider && labelOf(sources);
  throw new UserError(
    label === undefined
      ? `The setting ${name} must be ${list}: ${commandOf(name)}, or ${variableOf(name)}.`
      : `The setting ${name} of ${label} must be ${list}.`,
  );
}

/**
 * Returns the levels that the places give. The stack's configuration gives a map as JSON, and each place adds its levels to
 * those of the place after it.
 */
function readChecks(sources: Sources): Levels {
  const given = (["environment", "stack", "provider"] as const).flatMap((place: PlaceName) =>
    (["composeChecks", "checks"] as const).map((name) => {
      const where = {
        environment: variableOf(name) ?? "",
        stack: `The setting dokploy:${name}`,
        provider: `${name} of ${labelOf(sources)}`,
      };
      const text = readIn(sources, place, name);
      return text ? readLevels(text, where[place]) : {};
    }),
  );
  return Object.assign({}, ...given) as Levels;
}

function readOnly(sources: Sources): readonly string[] | undefined {
  const names = splitNames(find(sources, "only")?.value);
  return names.length === 0 ? undefined : names;
}
