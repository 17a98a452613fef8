import { fileServices } from "../compose/file-services";
import type { LacksService } from "../compose/service-names";
import { ifFound } from "../dokploy/errors";
import type { Context } from "../lifecycle/context";
import { CheckFailedError, type Problem } from "../problem";
import { isUnknown } from "../pulumi/unknown";
import type { Model, Values } from "./model";

/**
 * Checks the service that a domain, a backup or a schedule names against the compose file that the program gives.
 *
 * @param compose identity of the resource that gives the file
 */
export function serviceInFile(
  model: Model,
  inputs: Values,
  compose: string,
  context: Context | undefined,
): Problem[] {
  const lacks = context?.claims.fileServices.get(compose);
  return context && lacks ? problems(model, inputs, lacks, context) : [];
}

/**
 * Checks the same against the file in Dokploy of a compose service that the stack does not manage.
 *
 * @throws CheckFailedError where the file lacks the service, and a deployment would fail for that
 */
export async function lookForService(model: Model, inputs: Values, context: Context): Promise<void> {
  const { composeId } = inputs;
  const { claims, reads } = context;
  if (typeof composeId !== "string" || isUnknown(composeId) || claims.resources.has("Compose", composeId))
    return;
  const row = await ifFound(reads.call("compose.one", { composeId }));
  const lacks = row?.sourceType === "raw" ? fileServices(row, false) : undefined;
  if (lacks === undefined) return;
  const told: string[] = [];
  const found = problems(model, inputs, lacks, { ...context, warn: (message) => told.push(message) });
  if (found.length + told.length === 0 || (await claims.holdings.holder("Compose", composeId))) return;
  for (const message of told) context.warn(message);
  if (found.length > 0) throw new CheckFailedError(found);
}

/** Returns the error where the deployment of the compose service would fail. Warns where only a later run of the object would. */
function problems(
  model: Model,
  inputs: Values,
  lacks: LacksService,
  { claims, warn }: Pick<Context, "claims" | "warn">,
): Problem[] {
  const { serviceName, enabled } = inputs;
  if (typeof serviceName !== "string" || isUnknown(serviceName)) return [];
  if (enabled === false || isUnknown(enabled)) return [];
  const needsDeployment = model.needOf(inputs) !== "none";
  const reason = lacks(serviceName, !needsDeployment);
  if (reason === undefined) return [];
  if (needsDeployment) return [{ property: "serviceName", reason }];
  warn(`${model.label(inputs, claims)}: serviceName ${reason}${reason.endsWith("?") ? "" : "."}`);
  return [];
}
