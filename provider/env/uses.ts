import { parse } from "./dotenv";
import { MAX_INSERTED } from "./limits";
import { classify, findReferences, replaceReferences } from "./references";

/** Use of a shared variable by a variable of a service. */
export interface SharedUse {
  /** Variable of the service. */
  readonly key: string;
  readonly kind: "project" | "environment";
  /** Name of the shared variable. */
  readonly name: string;
}

/**
 * Finds the shared variables that a service's text uses. Dokploy inserts the variables of the environment after
 * those of the project, so `${{environment.X}}` in a project's variable also counts; other chains are not followed,
 * as in Dokploy.
 *
 * @param project the text of the project around the service
 * @example
 * sharedUses("URL=${{project.BASE}}/v1", "BASE=https://${{environment.HOST}}")
 * // [{ key: "URL", kind: "project", name: "BASE" }, { key: "URL", kind: "environment", name: "HOST" }]
 */
export function sharedUses(text: string, project: string): SharedUse[] {
  if (!text.includes("${{")) return [];
  const uses: SharedUse[] = [];
  const variables = parse(project);
  let room = MAX_INSERTED;
  const taken = (name: string) => {
    const value = variables.get(name) ?? "";
    room -= value.length;
    // With more than this nothing is deployed.
    return room < 0 ? "" : value;
  };
  for (const [key, value] of parse(text)) {
    if (!value.includes("${{")) continue;
    for (const { body } of findReferences(value, "project.")) uses.push({ key, kind: "project", name: body });
    const seen = replaceReferences(value, taken, "project.");
    for (const { body } of findReferences(seen, "environment."))
      uses.push({ key, kind: "environment", name: body });
  }
  return uses;
}

/** True when a value uses anything that its own text does not contain: a shared variable, or a secret of a vault. */
export function looksOutside(value: string): boolean {
  if (!value.includes("${{")) return false;
  return findReferences(value).some(({ body }) => {
    const { kind } = classify(body);
    return kind === "project" || kind === "environment" || kind === "vault";
  });
}
