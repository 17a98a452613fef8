import type * as pulumi from "@pulumi/pulumi";
import { closest, someOf } from "../../packages/text";
import { referencesOf } from "../../provider/env";
import { ProgramError } from "../run";
import { namesOf } from "./ownership";

/**
 * Returns a reference to a shared variable, e.g. `${{project.REGION}}`. It depends on the resource that gives the
 * variable, so Pulumi saves that first. Previews show its text even if that resource does not exist yet.
 *
 * @param owner label of the resource in messages: `Project "shop"`
 * @param variables variables that the resource gives; without them, any name is accepted
 * @throws ProgramError for a name that no variable can have, or that the resource does not give
 */
export function sharedReference(
  resource: pulumi.Resource,
  kind: "project" | "environment",
  owner: string,
  variables: unknown,
  key: string,
): pulumi.Output<string> {
  const text = `\${{${kind}.${key}}}`;
  const [reference, ...more] = referencesOf(text);
  if (more.length > 0 || reference?.kind !== kind || reference.name !== key) {
    throw new ProgramError(
      `${owner}: ref() takes the name of a variable, of letters, digits, _ . and -, not ${JSON.stringify(key)}.`,
    );
  }
  const names = namesOf(variables);
  if (names !== undefined && !names.includes(key)) {
    const meant = closest(key, names);
    const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
    const given = names.length === 0 ? "none" : someOf(names);
    throw new ProgramError(`${owner} has no variable ${key} (it has: ${given}).${hint}`);
  }
  return resource.urn.apply(() => text);
}
