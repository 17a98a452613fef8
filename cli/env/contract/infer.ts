import { relative, resolve } from "node:path";
import { byText } from "../../../packages/text";
import { hasReference, looksSecret } from "../../../provider/env";
import {
  type FileVariable,
  type FileVariables,
  isOfType,
  sharedService,
  type VariableType,
} from "../../../sdk/env-files";
import { scalar } from "../../files";

/** Types by which values are recognised, the narrowest first. */
const recognised: readonly VariableType[] = ["integer", "number", "boolean", "url", "json"];

/** Variables of services by the name of the stage. */
export type ByStage = ReadonlyMap<string, ReadonlyMap<string, FileVariables>>;

/** Returns a contract that the variables of all stages meet. It has no value of any. */
export function inferContract(stages: ByStage, folder: string): string {
  const names = new Set([...stages.values()].flatMap((services) => [...services.keys()]));
  const services = [...names].filter((name) => name !== sharedService).sort(byText);
  const schema = relative(
    resolve(folder),
    resolve("node_modules/pulumi-dokploy/schemas/dokploy-env.schema.json"),
  );
  return `${[
    `# yaml-language-server: $schema=${schema.replaceAll("\\", "/")}`,
    ...(services.length > 0 ? ["services:"] : []),
    ...services.flatMap((name) => rulesOf(name, stages, "  ")),
    ...(names.has(sharedService) ? rulesOf(sharedService, stages, "") : []),
  ].join("\n")}\n`;
}

function rulesOf(service: string, stages: ByStage, indent: string): string[] {
  const byKey = new Map<string, Map<string, FileVariable>>();
  for (const [stage, services] of stages) {
    for (const entry of services.get(service)?.values() ?? []) {
      // The rule of the variable that rotates holds for its other value.
      if (entry.rotation !== undefined) continue;
      const found = byKey.get(entry.key) ?? new Map<string, FileVariable>();
      byKey.set(entry.key, found.set(stage, entry));
    }
  }
  if (byKey.size === 0) return [`${indent}${scalar(service)}: {}`];
  const lines = [...byKey].map(([key, found]) => {
    const isEverywhere = found.size === stages.size;
    const entries = [...found.values()];
    const type = typeOf(entries);
    const fields = [
      ...(type === undefined ? [] : [`type: ${type}`]),
      ...(isSecret(entries) ? ["secret: true"] : []),
      ...(isEverywhere ? [] : [`required: [${[...found.keys()].map(scalar).join(", ")}]`]),
    ];
    return `${indent}  ${scalar(key)}: ${fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`}`;
  });
  return [`${indent}${scalar(service)}:`, ...lines];
}

/** True when a stack's configuration or a secrets manager has the value in one stage, and no stage has it in a file. */
function isSecret(entries: readonly FileVariable[]): boolean {
  const isOutside = ({ value }: FileVariable) => value.kind !== "text" || hasReference(value.text);
  return (
    entries.every(isOutside) &&
    entries.some(({ value }) => ["secret", "managed", "generated", "filled"].includes(value.kind))
  );
}

/** Returns the narrowest type that all values have; undefined for any text, and for values that nobody may know. */
function typeOf(entries: readonly FileVariable[]): VariableType | undefined {
  const texts: string[] = [];
  for (const { key, value } of entries) {
    if (value.kind !== "text" || (!value.plain && looksSecret(key, value.text))) return undefined;
    if (!hasReference(value.text)) texts.push(value.text);
  }
  if (texts.length === 0) return undefined;
  // Words such as null are JSON too, but hardly meant as such.
  const fits = (type: VariableType) => (text: string) =>
    isOfType(type, text) && (type !== "json" || /^[[{]/.test(text));
  return recognised.find((type) => texts.every(fits(type)));
}
