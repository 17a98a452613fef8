import { byText } from "../../packages/text";
import type { AdoptionData, ChangedPath } from "../../provider/engine";
import { type InputChange, type Operation, type VariableChange, variableMaps } from "./changes";
import type { Effect } from "./effect";

/** Parts of a planned resource that its adoption decides. */
interface Parts<Service> {
  operation: Operation;
  variables: VariableChange[];
  inputs: InputChange[];
  effect?: Effect & { service: Service };
}

/**
 * Returns what changes of an adopted object, instead of all inputs of the program.
 *
 * @param resource as if it were created
 */
export function adoptionParts<Service>(
  resource: Parts<Service> & { readonly name: string },
  { need, changes }: AdoptionData,
): Parts<Service | { name: string }> {
  const { effect } = resource;
  const action = need === "none" || need === "held" ? (effect?.action ?? "deploy") : need;
  const service = effect?.service ?? { name: resource.name };
  return {
    operation: "adopt",
    variables: changes
      .filter(({ path }) => variableMaps.includes(path))
      .flatMap((change) => variableOf(change, resource))
      .sort((a, b) => byText(a.map, b.map) || byText(a.key ?? "", b.key ?? "")),
    inputs: resource.inputs.flatMap((input) => {
      const change = changes.find((changed) => isWithin(input.path, changed));
      return change ? [{ ...input, change: change.key?.change === "added" ? "add" : "update" }] : [];
    }),
    ...(need === "none" ? {} : { effect: { action, when: need === "held" ? "held" : "always", service } }),
  };
}

function variableOf(
  { path: map, key }: ChangedPath,
  { variables }: Pick<Parts<unknown>, "variables">,
): VariableChange[] {
  if (key === undefined) return [];
  const given = variables.find((variable) => variable.map === map && variable.key === key.name);
  const change = ({ added: "add", changed: "update", removed: "delete" } as const)[key.change];
  const { after } = given ?? {};
  return [{ map, key: key.name, change, ...(after ? { after } : {}) }];
}

/** True for an input at or below a changed path; for one of a part, at or below an input of it that differs. */
function isWithin(path: string, { path: changed, key }: ChangedPath): boolean {
  if (key === undefined) return isBelow(path, changed);
  if (variableMaps.includes(changed)) return false;
  const part = `${changed}.${key.name}`;
  return key.inputs.length === 0
    ? isBelow(path, part)
    : key.inputs.some((input) => isBelow(path, `${part}.${input}`));
}

function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}
