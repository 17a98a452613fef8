import { visible } from "../../../packages/text";
import { isUnknown } from "../../../packages/values";
import { type Plan, type Preview, planOf } from "../../plan";

/** Effect of a plan on one resource. */
export interface Effect {
  readonly urn: string;
  readonly kind: string;
  readonly name: string;
  /** `keep` changes nothing in Dokploy, `create` makes an object, `remove` deletes or replaces one, `change` is everything else. */
  readonly effect: "keep" | "create" | "remove" | "change";
  readonly text: string;
}

/** Returns the effects of the plan that adopts, and its errors. */
export function effectsOf(preview: Preview): { readonly effects: Effect[]; readonly errors: string[] } {
  const plan = planOf(preview);
  const adopted = new Set(
    preview.steps.flatMap(({ urn, newState }) => {
      const { adopts } = newState?.inputs ?? {};
      return typeof adopts === "string" && !isUnknown(adopts) ? [urn] : [];
    }),
  );
  const others = plan.others.map(({ urn, type, name, operation }): Effect => {
    return { urn, kind: type, name, effect: kindOf(operation), text: operation };
  });
  const own = plan.resources.map((resource) => {
    const { urn, kind, name } = resource;
    return { urn, kind, name, ...effectOf(resource, adopted.has(urn)) };
  });
  const errors = plan.errors.map(({ text }) => visible(text.replace(/\s+/g, " ")));
  return {
    effects: [...own, ...others],
    errors: plan.failed && errors.length === 0 ? ["the preview failed"] : errors,
  };
}

function kindOf(operation: Plan["resources"][number]["operation"]): Effect["effect"] {
  if (operation === "create") return "create";
  return operation === "delete" || operation === "replace" ? "remove" : "change";
}

function effectOf(
  resource: Plan["resources"][number],
  adoptsValue: boolean,
): Pick<Effect, "effect" | "text"> {
  const { kind, operation, unchangedAdoption, effect } = resource;
  if (unchangedAdoption) return { effect: "keep", text: "nothing to change" };
  if (kind === "GeneratedSecret" && operation === "create")
    return adoptsValue
      ? { effect: "keep", text: "keeps the value that runs" }
      : { effect: "create", text: "a new value" };
  const deploys = effect?.when === "always" ? `${effect.action}s` : "";
  if (operation === "create") return { effect: "create", text: ["new", deploys].filter(Boolean).join(", ") };
  const changed = [
    ...new Set([
      ...resource.variables.map(variableText),
      ...resource.inputs.map(({ path }) => visible(path)),
    ]),
  ];
  const what = changed.length === 0 ? "" : ` ${changed.join(", ")}`;
  return {
    effect: kindOf(operation),
    text: [`${operation === "adopt" ? "changes" : operation}${what}`, deploys].filter(Boolean).join("; "),
  };
}

function variableText({ map, key, change }: Plan["resources"][number]["variables"][number]): string {
  const sign = { add: "+", update: "~", delete: "-" }[change];
  return key === undefined ? map : `${sign}${visible(key)}`;
}
