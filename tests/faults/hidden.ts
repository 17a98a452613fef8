import { allDefinitions } from "../../provider/resources/generated/definitions";
import { compile } from "../../provider/schema/compile";
import type { Plan } from "./engine";

/** What a preview says of the run that comes after it. */
export interface Preview {
  readonly plans: readonly Plan[];
  /** Warnings. */
  readonly said: readonly string[];
}

/** The inputs that a person sees in the place of Dokploy's columns: of one name, several kinds may have another one. */
const inputsOf = new Map<string, string[]>([
  ["dockerImage", ["image"]],
  ["sourceType", ["source"]],
  // What opens the data of a database.
  ["opens", ["password"]],
]);
for (const { schema } of allDefinitions()) {
  for (const { column, path } of compile(schema, [], undefined)) {
    const input = path.at(-1);
    if (column !== undefined && input !== undefined)
      inputsOf.set(column, [...(inputsOf.get(column) ?? []), input]);
  }
}

/**
 * What changed on the server though no preview said anything of it.
 *
 * @param previews that of the run, and of those before it in which the same was to be reached
 * @param before facts of the server, and after the run
 */
export function unannounced(
  previews: readonly Preview[],
  before: readonly string[],
  after: readonly string[],
): string[] {
  const plans = previews.flatMap((preview) => preview.plans);
  const said = previews.flatMap((preview) => preview.said);
  const text = said.join("\n");
  // What a plan shows of an adoption are inputs; which of them change something only its warning says.
  const names = new Set(plans.flatMap(({ op, names }) => (op === "adopt" ? [] : names)));
  const isNamed = (name: string) => names.has(name) || new RegExp(`\\b${name}\\b`).test(text);
  const isMade = plans.some(({ op }) => op === "create" || op === "replace" || op === "delete");
  const isMoved = ["name", "environmentId", "projectId"].some((name) => names.has(name));
  const isIdle = plans.every(({ op }) => op === "same");
  const isObject = (fact: string) => !fact.includes(": ");
  const stays = new Set(before.filter((fact) => isObject(fact) && after.includes(fact)));
  const changed = [
    ...before.filter((fact) => !after.includes(fact)),
    ...after.filter((fact) => !before.includes(fact)),
  ];
  return changed.filter((fact) => {
    const [object = "", detail] = fact.split(/: (.*)/s);
    // It exists while the change of its service is under way.
    if (/\/application release of /.test(object)) return isIdle;
    if (!stays.has(object)) return !isMade && !isMoved && ![...names].some((name) => isPart(object, name));
    const [, kind = "", name = ""] =
      /^(?:as:(?:\w+\.)?)?(\w+|runs with) ?(?:(\w+)=)?/.exec(detail ?? "") ?? [];
    // A deployment shows what was saved before it; its status says nothing by itself.
    if (/status$/i.test(kind) || kind === "runs" || kind === "deployments")
      return isIdle && kind !== "applicationStatus";
    if (name !== "") return !isNamed(name);
    // Comments go with the variables beside them.
    if (/^(env|buildArgs|buildSecrets)/.test(kind) || kind === "") return names.size === 0 && text === "";
    return !(inputsOf.get(kind) ?? [kind]).some(isNamed);
  });
}

/** Whether the object is the part of a service that a plan calls so: `…/Domain shop.example.com /` and `shop.example.com/`. */
function isPart(object: string, name: string): boolean {
  const letters = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, "");
  return (
    /\/(?:application|compose) [^/]*\/\w+ /.test(object) &&
    letters(name) !== "" &&
    letters(object).endsWith(letters(name))
  );
}
