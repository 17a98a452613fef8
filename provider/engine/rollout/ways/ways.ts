import type { ServiceKind } from "../../../dokploy";
import type { Problem } from "../../../errors";
import { isRecord } from "../../../pulumi";
import type { Apply } from "../../../schema";
import { call } from "./call";
import { queue } from "./queue";
import { reload } from "./reload";
import type { FullWay, Method, Way } from "./way";

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
  return need === "none" || ways.some((way) => way.methods(kind).includes(need)) ? need : "deploy";
}

/** Returns the problems of a `deploy` option with values that this kind of service does not support. */
export function deployProblems(kind: ServiceKind, deploy: unknown): Problem[] {
  return isRecord(deploy) ? fullWay(kind).problems(kind, deploy) : [];
}

function having<W extends Way>(all: readonly W[], kind: ServiceKind, method: Method): W {
  const way = all.find((candidate) => candidate.methods(kind).includes(method));
  if (way === undefined) throw new TypeError(`No way to ${method} a service of the kind ${kind}.`);
  return way;
}
