import { isRecord } from "../../../../packages/values";
import type { ServiceKind } from "../../../dokploy";
import type { Problem } from "../../../errors";
import { type Apply, nounWithArticle } from "../../../schema";
import { call } from "./call";
import { queue } from "./queue";
import { reload } from "./reload";
import { type FullWay, type Method, methods, type Way } from "./way";

const fullWays: readonly FullWay[] = [queue, call];

/** All ways to deploy, each in a file of this folder. */
const ways: readonly Way[] = [...fullWays, reload];

/** Returns the way of full deployments of a kind of service. */
export function fullWay(kind: ServiceKind): FullWay {
  return having(fullWays, kind, "deploy");
}

/** Returns the way that has a method for a kind of service. */
export function wayOf(kind: ServiceKind, method: Method): Way {
  return having(ways, kind, method);
}

/** Returns the weakest action for this kind of service that does as much. */
export function actionOf(kind: ServiceKind, need: Apply): Apply {
  return need === "none" || methodsOf(kind).includes(need) ? need : "deploy";
}

/** Returns the problems of a `deploy` option with values that this kind of service does not support. */
export function deployProblems(kind: ServiceKind, deploy: unknown): Problem[] {
  if (!isRecord(deploy)) return [];
  return [...methodProblems(kind, deploy["method"]), ...(fullWay(kind).problems?.(deploy) ?? [])];
}

function methodProblems(kind: ServiceKind, given: unknown): Problem[] {
  const own = methodsOf(kind);
  const method = methods.find((known) => known === given);
  if (method === undefined || own.includes(method)) return [];
  const reason =
    own.length === 1
      ? `${nounWithArticle(kind)} applies changes only with a deployment: use "deploy", or leave the method out`
      : `${nounWithArticle(kind)} cannot be ${method}ed: use ${own.map((one) => `"${one}"`).join(" or ")}`;
  return [{ property: "deploy.method", reason }];
}

function methodsOf(kind: ServiceKind): readonly Method[] {
  return methods.filter((method) => ways.some((way) => way.methods(kind).includes(method)));
}

function having<W extends Way>(all: readonly W[], kind: ServiceKind, method: Method): W {
  const way = all.find((candidate) => candidate.methods(kind).includes(method));
  if (way === undefined) throw new TypeError(`No way to ${method} a service of the kind ${kind}.`);
  return way;
}
