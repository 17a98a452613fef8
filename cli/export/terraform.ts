import { readFileSync } from "node:fs";
import { visible } from "../../packages/text/visible";
import { isRecord } from "../../provider/pulumi/unknown";
import { UsageError } from "../terminal/errors";
import type { Item } from "./item";

/** Resources of the Terraform providers for Dokploy, such as `dokploy_application`. */
const TYPE = /^dokploy_/;

/**
 * Returns the names that objects have in Terraform, by their ids: `api` for `module.shop.dokploy_application.api`, and
 * `api-eu` for `dokploy_application.api["eu"]`.
 *
 * @param path output of `terraform show -json`
 * @throws UsageError when it is another file
 */
export function terraformNames(path: string): Map<string, string> {
  let shown: unknown;
  try {
    shown = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${visible(path)} ${code === undefined ? "is not JSON" : `cannot be read (${code})`}.`,
    );
  }
  const { root_module: root } = Object(Object(shown).values) as { root_module?: unknown };
  if (!isRecord(root))
    throw new UsageError(`${visible(path)} is not the output of \`terraform show -json\`.`);
  return new Map(resourcesIn(root).flatMap(namedIds));
}

/** Returns the resources of a module and of all modules in it. */
function resourcesIn({ resources, child_modules: modules }: Readonly<Record<string, unknown>>): object[] {
  const own = Array.isArray(resources) ? resources.filter(isRecord) : [];
  const inner = Array.isArray(modules) ? modules.filter(isRecord) : [];
  return [...own, ...inner.flatMap(resourcesIn)];
}

function namedIds(resource: object): [id: string, name: string][] {
  const { mode, type, name, index, values } = resource as Readonly<Record<string, unknown>>;
  const { id } = Object(values) as { id?: unknown };
  if (mode === "data" || typeof type !== "string" || !TYPE.test(type)) return [];
  if (typeof name !== "string" || typeof id !== "string") return [];
  const whole = (index === undefined ? name : `${name}-${String(index)}`).replace(/[^\w-]+/g, "-");
  // The id is that of the service, whose own resource has its variables here.
  if (type === "dokploy_environment_variables") return id.startsWith("environment/") ? [[id, whole]] : [];
  // Some ids begin with those of the objects around.
  return [[id.split(/[/:]/).at(-1) ?? id, whole]];
}

/** Returns the names that items have in Terraform, by the output of `terraform show -json` in a file, if there is one. */
export function namesFrom(path: string | undefined, items: readonly Item[]): Map<Item, string> {
  if (path === undefined) return new Map();
  const names = terraformNames(path);
  return new Map(
    items.flatMap((item) => {
      const name = names.get(item.id);
      return name === undefined ? [] : [[item, name] as const];
    }),
  );
}
