import type { Endpoint } from "./endpoints";

/** Lists that some servers wrap in an object, and the key they use. */
const WRAPPED_LISTS: { readonly [E in Endpoint]?: string } = {
  "project.all": "projects",
  "deployment.all": "deployments",
  "deployment.allByCompose": "deployments",
};

/** Answers that hold deployment records under `deployments`. */
const WITH_DEPLOYMENTS: ReadonlySet<Endpoint> = new Set<Endpoint>(["application.one", "compose.one"]);

/**
 * Brings older shapes of an answer to today's: `{projects: […]}` and `{deployments: […]}` to bare lists, and the
 * deployment status `success` to `done`. Anything else passes as it is.
 *
 * @returns undefined for a list endpoint whose answer holds no list
 */
export function modernise(endpoint: Endpoint, answer: unknown): unknown {
  const key = WRAPPED_LISTS[endpoint];
  if (key !== undefined) {
    const list = isObject(answer) && !Array.isArray(answer) ? answer[key] : answer;
    if (!Array.isArray(list)) {
      return undefined;
    }
    return key === "deployments" ? list.map(moderniseDeployment) : list;
  }
  if (WITH_DEPLOYMENTS.has(endpoint) && isObject(answer) && Array.isArray(answer["deployments"])) {
    return { ...answer, deployments: answer["deployments"].map(moderniseDeployment) };
  }
  return answer;
}

function moderniseDeployment(row: unknown): unknown {
  return isObject(row) && row["status"] === "success" ? { ...row, status: "done" } : row;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
