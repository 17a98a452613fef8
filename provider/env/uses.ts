import { parse } from "./dotenv";
import { MAX_INSERTED } from "./limits";
import { classify, findReferences, replaceReferences } from "./references";

/** A variable of a service that takes a shared one. */
export interface SharedUse {
  /** The service's variable. */
  readonly key: string;
  readonly kind: "project" | "environment";
  /** The shared variable's name. */
  readonly name: string;
}

/**
 * The shared variables that a service's text takes. What a project's variable holds is seen by the step that puts in
 * the environment's, so `${{environment.X}}` counts in there too; nothing else is followed, as Dokploy does not.
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

/** Whether a value takes anything that its own text does not hold: a shared variable, or a secret of a vault. */
export function looksOutside(value: string): boolean {
  if (!value.includes("${{")) return false;
  return findReferences(value).some(({ body }) => {
    const { kind } = classify(body);
    return kind === "project" || kind === "environment" || kind === "vault";
  });
}
