import type { LacksService } from "../../../packages/compose-checks/checks";
import { isUnknown, type Values } from "../../../packages/values";
import { ifFound } from "../../dokploy";
import { CheckFailedError, type Problem } from "../../errors";
import type { Advice, Context } from "../../lifecycle";
import type { Report } from "../../pulumi";
import { fileServices } from "./file-services";
import type { Model } from "./model";

/**
 * Looks for the service in the file that the program gives.
 *
 * @param compose identity of the resource that gives the file; without it, the id of the compose service shows the resource
 */
export function serviceInFile(
  model: Model,
  inputs: Values,
  compose: string | undefined,
  advise: () => Advice | undefined,
): Problem[] {
  const { composeId, serviceName } = inputs;
  if (composeId === undefined || serviceName === undefined) return [];
  const context = advise();
  const ownership = context?.run.ownership;
  const owner = compose ?? ownership?.resources.ownerOf("Compose", String(composeId)) ?? String(composeId);
  const lacks = ownership?.fileServices.get(owner);
  return context && lacks ? problems(model, inputs, lacks, { ...context, warn: context.say }) : [];
}

/**
 * Looks for the service in Dokploy's file, if the stack does not manage that.
 *
 * @throws CheckFailedError when the file lacks a service that is needed
 */
export async function lookForService(model: Model, inputs: Values, context: Context): Promise<void> {
  const { composeId } = inputs;
  const { run, reads } = context;
  if (
    typeof composeId !== "string" ||
    isUnknown(composeId) ||
    run.ownership.resources.ownerOf("Compose", composeId) !== undefined
  )
    return;
  const row = await ifFound(reads.call("compose.one", { composeId }));
  const lacks = row?.sourceType === "raw" ? fileServices(row, false) : undefined;
  if (lacks === undefined) return;
  const reported: Parameters<Report>[] = [];
  const found = problems(model, inputs, lacks, { ...context, warn: (...notice) => reported.push(notice) });
  if (
    found.length + reported.length === 0 ||
    (await run.ownership.holdings.stackResource("Compose", composeId))
  )
    return;
  for (const notice of reported) context.warn(...notice);
  if (found.length > 0) throw new CheckFailedError(found);
}

/** Returns the error where the deployment of the compose service would fail. Warns where only a later run of the object would. */
function problems(
  model: Model,
  inputs: Values,
  lacks: LacksService,
  { run, warn }: Pick<Context, "run" | "warn">,
): Problem[] {
  const { serviceName, enabled } = inputs;
  if (typeof serviceName !== "string" || isUnknown(serviceName)) return [];
  if (enabled === false || isUnknown(enabled)) return [];
  const needsDeployment = model.needOf(inputs) !== "none";
  const reason = lacks(serviceName, !needsDeployment);
  if (reason === undefined) return [];
  if (needsDeployment) return [{ property: "serviceName", reason }];
  warn(`${model.label(inputs, run)}: serviceName ${reason}${reason.endsWith("?") ? "" : "."}`, "advice");
  return [];
}
