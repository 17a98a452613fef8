import type { Dependencies } from "../stack";
import { parseArguments, UsageError } from "../terminal";
import type { ServiceStatus } from "./model";
import { statusOptions } from "./options";
import { readStatus } from "./read";
import { isFine, renderJson, renderTable } from "./render";
import { type StackService, servicesOf, withName } from "./stack-services";

/** Everything that the commands about services need from outside. */
export interface ServiceDependencies extends Pick<Dependencies, "pulumi" | "connect" | "print" | "warn"> {
  /** Waits between two looks. Resolves with false when there is to be no other. */
  pause(ms: number): Promise<boolean>;
}

const WATCH_MS = 5_000;

/**
 * Prints the services of a stack, in lines of at most `width` characters.
 *
 * @returns true when all run as they should and nothing differs from the state
 * @throws UsageError when the state or the server cannot be read
 */
export async function runStatus(
  args: readonly string[],
  dependencies: ServiceDependencies & { readonly width: number },
): Promise<boolean> {
  const { values, positionals } = parseArguments(statusOptions, args);
  const all = await servicesOf(values.stage, dependencies);
  const chosen = positionals.length === 0 ? all.services : positionals.flatMap((name) => withName(all, name));
  const services = [...new Set<StackService>(chosen)];
  const { name } = all.stack;
  const render = (found: readonly ServiceStatus[]) =>
    values.json
      ? renderJson(name, found, values.watch ? undefined : 2)
      : renderTable(name, found, dependencies.width);
  const api = await dependencies.connect(all.stack);
  try {
    let found = await readStatus(services, api).catch(asUsageError);
    dependencies.print(render(found));
    while (values.watch && (await dependencies.pause(WATCH_MS))) {
      const now = await readStatus(services, api).catch((error: Error) => dependencies.warn(error.message));
      if (now === undefined || essence(now) === essence(found)) continue;
      found = now;
      dependencies.print(`${values.json ? "" : "\n"}${render(found)}`);
    }
    return found.every(isFine);
  } finally {
    api.close();
  }
}

/** Returns what counts as a change: not the time that passes. */
function essence(services: readonly ServiceStatus[]): string {
  return JSON.stringify(services.map(({ ageSeconds: _, ...service }) => service));
}

/** Exit code 1 means that a service does not run, so every failure is a wrong argument or setting. */
export function asUsageError(error: unknown): never {
  throw error instanceof UsageError
    ? error
    : new UsageError(error instanceof Error ? error.message : String(error));
}
