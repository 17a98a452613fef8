import type { DeploymentRow } from "../../dokploy";
import { readEnv, type Shared } from "../../env";
import type { NamedValue } from "../../lifecycle";
import { type Apply, type Field, type ServiceKind, textFields, traits } from "../../schema";
import { neverApplied } from "../rollout/ways/queue";

/** Returns all variables whose value a deployment of the service may print: of its own texts, and shared ones. */
export function valuesAround(
  kind: ServiceKind,
  texts: Partial<Record<Field, string | null | undefined>>,
  shared: Shared,
): NamedValue[] {
  const own = textFields.map((field) =>
    readEnv(texts[field] ?? "", field === "env" ? traits[kind].rules : "build"),
  );
  const around = [shared.env, shared.project.env].map((text) => readEnv(text ?? "", "shared"));
  return [...own, ...around].flatMap((env) => Object.entries(env));
}

/** A killed run may have saved these very variables: then its deployment is among the records, if it began. */
export function pendingApply(records: readonly DeploymentRow[]): Apply {
  return records.length === 0 ? "none" : neverApplied(records);
}
