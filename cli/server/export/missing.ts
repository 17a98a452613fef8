import { visible } from "../../../packages/text";
import { readAdoptions } from "../../../sdk/resource";
import { type Stack, StackSetup } from "../../stack";
import { UsageError } from "../../terminal";
import { adoptionsOf } from "./adoptions";
import type { Held } from "./held";
import type { Options } from "./options";
import { adoptionFile, type Found, type Plan, planOf } from "./plan";
import { programFiles } from "./program";
import { isThere } from "./write";

/**
 * Refuses to replace an adoption file that new resources still need: without it they would be created a second time.
 *
 * @throws UsageError naming one of them
 */
export async function refusePending({ items }: Found, stack: Stack): Promise<void> {
  const setting = await stack.config("dokploy:adopt");
  if (!("value" in setting) || !isThere(setting.value)) return;
  const adoptions = readAdoptions(setting.value);
  for (const { kind, id } of items) {
    const [name] = Object.entries(adoptions[kind] ?? {}).find(([, adopted]) => adopted === id) ?? [];
    if (name === undefined) continue;
    throw new UsageError(
      `${visible(setting.value)} has ${kind} ${JSON.stringify(visible(name))}, which the stack ${stack.name} has ` +
        "not adopted yet: run pulumi up first. If the program no longer has it, remove its line from the file.",
    );
  }
}

/** Writes a module for the project in the working directory, whose names it avoids. */
export async function missingFiles(
  found: Found,
  { resources }: Held,
  { secrets, directory, stack, plain }: Options,
): Promise<{ plan: Plan; files: Map<string, string> }> {
  const source = secrets === "env" ? "env" : "config";
  const plan = planOf(found, plain, { others: resources }, await new StackSetup(".", stack).settings());
  if (plan.items.length === 0) return { plan, files: new Map() };
  const folder = `${directory.replaceAll("\\", "/").replace(/\/$/, "")}/`;
  const files = programFiles(plan, source, undefined, folder);
  const settings = new Map([...plan.settings, ["dokploy:adopt", `${folder}${adoptionFile}`] as const]);
  return {
    plan: { ...plan, settings },
    files: new Map([...files, [adoptionFile, adoptionsOf(plan)] as const]),
  };
}
