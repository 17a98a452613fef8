/** Calculation of a container's variables, or why its deployment fails: Dokploy's steps, repeated here. */

import { type EnvDialect, isAdded, isSwarm } from "./dialects";
import { parse } from "./dotenv";
import { MAX_INSERTED, TAKES_IN_TOO_MUCH, textProblems, variableSizeProblem } from "./limits";
import type { Arrival, EnvProblem } from "./model";
import {
  arrivalOf,
  FILLED_IN_BY_SWARM,
  fromRaw,
  isLiteral,
  isTemplate,
  LOST_IN_STACK,
  spoiled,
} from "./quoting";
import { classify, mapLiterals, replaceReferences } from "./references";
import { isLostInStack } from "./swarm";

/** Variables by name; undefined means that a value is not known yet. */
export type Variables = ReadonlyMap<string, string | undefined>;

/** Texts of the project and the environment around a service; a missing text is not known. */
export interface SharedTexts {
  readonly project?: string;
  readonly environment?: string;
}

/** Shared variables around a service, as its row contains them. */
export interface Shared {
  env: string | null;
  project: { env: string | null };
}

/** Returns the shared texts around a service; those of no row are not known. */
export function textsAround(shared: Shared | undefined): SharedTexts {
  return shared ? { project: shared.project.env ?? "", environment: shared.env ?? "" } : {};
}

/** Variables of the project and the environment around a service; missing where not even the names are known. */
export interface OuterVariables {
  readonly project?: Variables;
  readonly environment?: Variables;
}

/** Result of {@link resolveEnv}. */
export interface ResolvedEnv {
  /** Variables as the container sees them. */
  readonly env: Record<string, string>;
  /** Keys whose value only the server knows: vault references, templates of Swarm, missing texts. */
  readonly unknown: string[];
  /** Reasons why the deployment would fail; empty if the text shows none. */
  readonly problems: EnvProblem[];
}

/**
 * Resolves a service's text as Dokploy 0.30 does: `${{project.X}}`, then `${{environment.X}}`, then `${{X}}`, each
 * once. After that the target changes the value, for example by Swarm's templates. Vault references are left to the
 * server.
 *
 * @example
 * resolveEnv("URL=http://${{project.HOST}}:80", "compose", { project: "HOST=db" }).env // { URL: "http://db:80" }
 */
export function resolveEnv(text: string, target: EnvDialect, shared: SharedTexts = {}): ResolvedEnv {
  const { env, unknown, problems } = resolveVariables(parse(text), target, {
    ...(shared.project === undefined ? {} : { project: parse(shared.project) }),
    ...(shared.environment === undefined ? {} : { environment: parse(shared.environment) }),
  });
  return { env, unknown, problems: [...textProblems(text, target), ...problems] };
}

/**
 * Resolves variables like {@link resolveEnv}; some values, or some variables around them, may not be known yet.
 *
 * @param own variables as dotenv reads them: with the escapes of an application's text
 */
export function resolveVariables(own: Variables, target: EnvDialect, around: OuterVariables): ResolvedEnv {
  const env: Record<string, string> = {};
  const unknown: string[] = [];
  const problems: EnvProblem[] = [];
  const names = new NamesInAnyCase();
  let room = MAX_INSERTED;

  for (const [key, raw] of own) {
    if (key === "__proto__") continue;
    if (raw === undefined || room < 0) {
      unknown.push(key);
      continue;
    }
    let known = true;
    let missing = 0;
    let isFilledIn = false;
    const lookUp = (variables: Variables | undefined, scope: Scope, name: string, whole: string): string => {
      const value = variables?.get(name);
      if (value !== undefined) {
        room -= value.length;
        if (room < 0) return "";
        isFilledIn ||= scope !== "own" && isTemplate(value, target);
        return value;
      }
      if (variables === undefined || variables.has(name) || (scope === "own" && isAdded(name, target))) {
        known = false;
      } else {
        missing++;
        // Each is searched in the whole value and among all names; the first ones are enough.
        if (missing > MOST_MISSING) return "";
        const reason = notFound(variables, scope, name, raw.includes(whole), names);
        problems.push({ key, reason, reference: true });
      }
      return "";
    };

    const value = target === "shared" ? raw : insertAll(raw, own, around, lookUp);
    if (missing > 0) continue;
    if (room < 0) {
      problems.push({ key, reason: TAKES_IN_TOO_MUCH, reference: true });
      unknown.push(key);
      continue;
    }
    const arrival = arrivalOf(value, target);
    const taken = isFilledIn ? FILLED_IN : lostReason(raw, value, target);
    const reason = taken ?? (known ? reasonOf(raw, arrival) : undefined);
    if (reason !== undefined) {
      problems.push({ key, ...reason });
      continue;
    }
    if (known && typeof arrival !== "string") {
      env[key] = arrival.text;
      problems.push(...variableSizeProblem(key, arrival.text, target));
    } else {
      unknown.push(key);
    }
  }
  return { env, unknown, problems };

  /** Text written by hand may arrive changed; text that this program writes must arrive unchanged. */
  function reasonOf(raw: string, arrival: Arrival): Reason | undefined {
    if (isSwarm(target)) return swarmReason(arrival) ?? joinedReason(raw, arrival);
    return isLiteral(raw, target) ? changedReason(raw, arrival) : parserReason(arrival);
  }

  /** Braces of a reference and those around it may form one template, although neither alone is one. */
  function joinedReason(raw: string, arrival: Arrival): Reason | undefined {
    if (!raw.includes("${{")) return undefined;
    let isFilledIn = false;
    const alone = (part: string) => {
      const seen = arrivalOf(part, target);
      isFilledIn ||= seen === "unknown";
      return typeof seen === "string" ? part : seen.text;
    };
    const separate = insertAll(mapLiterals(raw, alone), own, around, (variables, _scope, name) =>
      mapLiterals(variables?.get(name) ?? "", alone),
    );
    // Swarm fills in a template that no part contains.
    const isJoined = typeof arrival === "string" ? !isFilledIn : arrival.text !== separate;
    return isJoined ? { reason: spoiled(target, separate, true), reference: true } : undefined;
  }

  function changedReason(raw: string, arrival: Arrival): Reason | undefined {
    const inText = (name: string) => fromRaw(own.get(name) ?? "", target);
    const wanted = insertAll(fromRaw(raw, target), own, around, (variables, _scope, name) =>
      variables === own ? inText(name) : (variables?.get(name) ?? ""),
    );
    if (typeof arrival !== "string" && arrival.text === wanted) return undefined;
    return { reason: spoiled(target, wanted, raw.includes("${{")), reference: true };
  }
}

type Reason = Pick<EnvProblem, "reason" | "reference">;

type LookUp = (variables: Variables | undefined, scope: Scope, name: string, whole: string) => string;

/** Inserts the values of references, in Dokploy's order. `lookUp` gets vault references without variables. */
function insertAll(value: string, own: Variables, around: OuterVariables, lookUp: LookUp): string {
  if (!value.includes("${{")) return value;
  let inserted = value;
  for (const scope of ["project", "environment"] as const) {
    const variables = around[scope];
    inserted = replaceReferences(
      inserted,
      (name, whole) => lookUp(variables, scope, name, whole),
      `${scope}.`,
    );
  }
  return replaceReferences(inserted, (name, whole) =>
    lookUp(classify(name).kind === "vault" ? undefined : own, "own", name, whole),
  );
}

function swarmReason(arrival: Arrival): Reason | undefined {
  if (arrival !== "fails") return undefined;
  return {
    reason:
      "contains {{, which Swarm treats as a template that it cannot expand: the deployment fails, with the " +
      "value in its log;" +
      " set it through this program, which escapes it",
  };
}

const FILLED_IN: Reason = { reason: FILLED_IN_BY_SWARM, reference: true };

/** Only for inserted values: the way that text in the value itself takes is unknown. */
function lostReason(raw: string, value: string, target: EnvDialect): Reason | undefined {
  const isLost = target === "stack" && isLostInStack(value) && !isLostInStack(raw);
  return isLost ? { reason: LOST_IN_STACK, reference: true } : undefined;
}

function parserReason(arrival: Arrival): Reason | undefined {
  if (arrival !== "fails") return undefined;
  return {
    reason:
      "contains quotes or ${ that Compose cannot read: before Dokploy 0.30.0 values reach it unescaped; set " +
      "it through this program, which writes it in a form that Compose can read",
  };
}

/** Limit for one variable. */
const MOST_MISSING = 20;

/** Finds names that differ only in upper and lower case. */
class NamesInAnyCase {
  private readonly known = new Map<Variables, Map<string, string>>();

  /** Returns the first such name. */
  like(variables: Variables, name: string): string | undefined {
    let names = this.known.get(variables);
    if (names === undefined) {
      names = new Map([...variables.keys()].reverse().map((other) => [other.toLowerCase(), other]));
      this.known.set(variables, names);
    }
    return names.get(name.toLowerCase());
  }
}

type Scope = "project" | "environment" | "own";

/** Explains why a reference finds nothing. `direct`: it is in the value itself, not inserted by a shared variable. */
function notFound(
  variables: Variables,
  scope: Scope,
  name: string,
  direct: boolean,
  names: NamesInAnyCase,
): string {
  const path = scope === "own" ? name : `${scope}.${name}`;
  if (!/^[A-Za-z0-9_. -]+$/.test(path)) {
    return (
      `${direct ? "contains" : "refers to a shared variable with"} \${{…}} that is not a reference, so the ` +
      `deployment fails;` +
      " write ${{NAME}}, ${{project.NAME}}, ${{environment.NAME}} or ${{vault.<provider>.<reference>}}"
    );
  }
  const trimmed = path.replace(/ /g, "");
  const meant = trimmed.replace(/^(project|environment)\./, "");
  if (path !== trimmed && (meant !== trimmed || variables.has(trimmed))) {
    return `contains a reference with spaces, so the deployment fails; write \${{${trimmed}}}`;
  }
  const shown = `\${{${path}}}`;
  if (!direct) {
    const advice =
      scope === "own" && meant === name
        ? `add ${name} to the variables of this service, or change the shared variable`
        : scope === "own"
          ? "Dokploy does not resolve that reference there: write the value itself into the shared variable"
          : `add ${name} to the variables of the environment, or change the shared variable`;
    return `refers to a shared variable that contains ${shown}, which Dokploy does not find, so the deployment fails; ${advice}`;
  }
  if (scope === "own") {
    return `contains ${shown}, which Dokploy does not find among the variables of this text, so the deployment fails; add ${name}`;
  }
  const similar = names.like(variables, name);
  const advice =
    similar === undefined
      ? `add ${name} to the variables of the ${scope} (env of its resource, or an EnvironmentBlock), or correct the name`
      : `the ${scope} has ${similar}`;
  return `contains ${shown}, which Dokploy does not find in the ${scope}, so the deployment fails; ${advice}`;
}
