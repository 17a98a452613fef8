import { visible } from "../../../packages/text";
import { readAdoptions } from "../../../sdk/resource";
import { type Stack, StackSetup } from "../../stack";
import { UsageError } from "../../terminal";
import { adoptionsOf } from "./adoptions";
import type { Held } from "./held";
import type { Options } from "./options";
import { adoptionFile, type Found, type Plan, planOf } from "./plan";
import { type Files, imagesOf, programFiles } from "./program";
import type { SecretValues } from "./store";
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

/** A plan with its files. */
export interface Written {
  readonly plan: Plan;
  readonly files: Files;
  readonly images: ReadonlyMap<string, Buffer>;
}

/**
 * Writes a module for the project in the working directory, whose names it avoids.
 *
 * @param former secrets that an earlier export stored in the stack
 */
export async function missingFiles(
  found: Found,
  { resources }: Held,
  { secrets, directory, stack, plain }: Options,
  former: SecretValues,
): Promise<Written> {
  const source = secrets === "env" ? "env" : "config";
  const settings = [...(await new StackSetup(".", stack).settings()), ...former.keys()];
  const plan = planOf(found, plain, { others: resources }, settings);
  if (plan.items.length === 0) return { plan, files: new Map(), images: new Map() };
  const folder = `${directory.replaceAll("\\", "/").replace(/\/$/, "")}/`;
  const files = programFiles(plan, source, undefined, folder);
  const adopting = new Map([...plan.settings, ["dokploy:adopt", `${folder}${adoptionFile}`] as const]);
  return {
    plan: { ...plan, settings: adopting },
    files: new Map([...files, [adoptionFile, adoptionsOf(plan)] as const]),
    images: imagesOf(plan),
  };
}
