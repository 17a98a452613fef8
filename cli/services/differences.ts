import { shorten, visible } from "../../packages/text";
import { isRecord } from "../../packages/values";
import { isTitleOf, type Judgement } from "../../provider/deploy";
import type { DeploymentRow } from "../../provider/dokploy";
import type { StateResource } from "../stack";
import type { AnyRow } from "./model";

/**
 * Returns clauses about what differs between the state of a stack and the server: image, replicas, work that an
 * earlier run left, and a deployment that the stack did not make. A refresh compares every input.
 */
export function differencesOf(
  { inputs, outputs, owner }: StateResource,
  row: AnyRow,
  last: DeploymentRow | undefined,
): string[] {
  return [
    ...other("image", imageIn(inputs), row.dockerImage),
    ...other("replicas", inputs["replicas"], row.replicas),
    ...pendingOf(outputs),
    ...madeByOthers(outputs["lastDeployment"], owner, last),
  ];
}

function imageIn({ source, image }: StateResource["inputs"]): unknown {
  const { type, image: ofSource } = isRecord(source) ? source : {};
  return type === undefined ? image : type === "docker" ? ofSource : undefined;
}

/**
 * Returns clauses about saved settings of Dokploy that the containers do not have. {@link differencesOf} names an image that
 * the state does not have either.
 */
export function unappliedOf(
  { image, staleVariables = [] }: Judgement,
  { inputs }: StateResource,
  row: AnyRow,
): string[] {
  const saved = row.sourceType === undefined || row.sourceType === "docker" ? row.dockerImage : undefined;
  const isOther = image !== undefined && typeof saved === "string" && image !== saved;
  const isSaid = other("image", imageIn(inputs), saved).length > 0;
  return [
    ...(isOther && !isSaid ? [`it runs ${visible(image)}, and Dokploy has ${visible(saved)}`] : []),
    ...(staleVariables.length === 0 ? [] : [`it does not run with the saved ${valuesOf(staleVariables)}`]),
  ];
}

const MAX_NAMES_LENGTH = 120;

function valuesOf(names: readonly string[]): string {
  const list = shorten(names.map((name) => visible(name)).join(", "), MAX_NAMES_LENGTH);
  return `${names.length === 1 ? "value" : "values"} of ${list}`;
}

function other(name: string, state: unknown, server: unknown): string[] {
  // A secret of the state is an object.
  if ((typeof state !== "string" && typeof state !== "number") || state === server) return [];
  return [`${name} is ${visible(String(server))}, and ${visible(String(state))} in the state`];
}

function pendingOf({ pending }: StateResource["outputs"]): string[] {
  return typeof pending === "string" ? ["saved changes are not in effect: run `pulumi up`"] : [];
}

/** Clocks of the machines that deploy and of the server may differ by this, in milliseconds. */
const skew = 60_000;

function madeByOthers(
  own: unknown,
  owner: StateResource["owner"],
  last: DeploymentRow | undefined,
): string[] {
  const { deploymentId, startedAt } = isRecord(own) ? own : {};
  if (typeof deploymentId !== "string" || last === undefined || last.deploymentId === deploymentId) return [];
  // A shared variable or another resource deploys a service too, and the service's state does not show it. Anybody may give a
  // deployment such a title, but not after the last run of the stack.
  const isOfRun = owner !== undefined && Date.parse(last.createdAt) <= owner.changedAt + skew;
  if (isOfRun && isTitleOf(last.title, owner)) return [];
  const isLater = typeof startedAt !== "string" || last.createdAt > startedAt;
  return isLater ? [`the last deployment is not that of the state (${visible(last.title)})`] : [];
}
