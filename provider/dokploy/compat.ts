import { isDeepStrictEqual } from "node:util";
import type { Endpoint } from "./endpoints";
import { supports } from "./features";
import type { Version } from "./version";

/** Lists that some servers wrap in an object, and their key. */
const WRAPPED_LISTS: { readonly [E in Endpoint]?: string } = {
  "project.all": "projects",
  "deployment.all": "deployments",
  "deployment.allByCompose": "deployments",
};

/** Columns that a supported server may lack, with the value that describes its behaviour. */
type NewerColumns = Readonly<Record<string, unknown>>;

const NEWER_APPLICATION_COLUMNS: NewerColumns = { networkIds: [], detachDokployNetwork: false };
const NEWER_COMPOSE_COLUMNS: NewerColumns = { icon: null, serviceNetworks: [], createEnvFile: true };

const NEWER_COLUMNS: { readonly [E in Endpoint]?: NewerColumns } = {
  "application.one": NEWER_APPLICATION_COLUMNS,
  "application.update": NEWER_APPLICATION_COLUMNS,
  "compose.one": NEWER_COMPOSE_COLUMNS,
  "compose.update": NEWER_COMPOSE_COLUMNS,
};

/** Responses that contain deployment records under `deployments`. */
const WITH_DEPLOYMENTS: ReadonlySet<Endpoint> = new Set<Endpoint>(["application.one", "compose.one"]);

/**
 * Converts older forms of a response to the current ones: `{projects: […]}` and `{deployments: […]}` to bare lists,
 * the deployment status `success` to `done`, and a row without newer columns to one that has them. Other responses are
 * returned unchanged.
 *
 * @returns undefined for a list endpoint whose response contains no list
 */
export function upgradeResponse(endpoint: Endpoint, answer: unknown): unknown {
  const key = WRAPPED_LISTS[endpoint];
  if (key !== undefined) {
    const list = isObject(answer) && !Array.isArray(answer) ? answer[key] : answer;
    if (!Array.isArray(list)) {
      return undefined;
    }
    return key === "deployments" ? list.map(moderniseDeployment) : list;
  }
  if (!WITH_DEPLOYMENTS.has(endpoint) || !isObject(answer)) {
    return answer;
  }
  const missing = Object.entries(NEWER_COLUMNS[endpoint] ?? {}).filter(([column]) => !(column in answer));
  const deployments = answer["deployments"];
  return {
    ...answer,
    ...Object.fromEntries(missing),
    ...(Array.isArray(deployments) ? { deployments: deployments.map(moderniseDeployment) } : {}),
  };
}

/**
 * Returns the first column of an update that a server of this version would silently drop, although the requested
 * value differs from the behaviour of such a server.
 */
export function droppedColumn(endpoint: Endpoint, input: object, version: Version): string | undefined {
  for (const [column, before] of Object.entries(NEWER_COLUMNS[endpoint] ?? {})) {
    const value = (input as Record<string, unknown>)[column] ?? before;
    if (!isDeepStrictEqual(value, before) && !supports(version, `${endpoint}.${column}`)) {
      return column;
    }
  }
  return undefined;
}

function moderniseDeployment(row: unknown): unknown {
  return isObject(row) && row["status"] === "success" ? { ...row, status: "done" } : row;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
