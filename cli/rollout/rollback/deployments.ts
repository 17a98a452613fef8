import { isTitleOf, readDescription, readRecords } from "../../../provider/deploy";
import type { Api, DeploymentRow } from "../../../provider/dokploy";
import type { ImageName } from "../../../provider/schema";
import type { StateResource } from "../../stack";
import { pulledBy } from "../promote/history";
import { Drifted, NotPromoted } from "../promote/outcome";
import { runningImage } from "../promote/running";
import { type Update, updateAt } from "./updates";

/** A deployment that Dokploy ended without an error. */
export interface Deployment {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Image that it pulled; undefined when its log does not say it. */
  readonly image: ImageName | undefined;
  /** Commit of the repository that it was made from; undefined when nobody knows it. */
  readonly commit: string | undefined;
  /** Commit of the source code that Dokploy built. */
  readonly built: string | undefined;
  /** True when its description or its title names this stack, which anybody may write. */
  readonly isOurs: boolean;
  /** The `pulumi up` that made it; undefined for one that somebody else made, and for one that is not known. */
  readonly update: Update | undefined;
  /** Reason why it may not have worked, although Dokploy says so. */
  readonly doubt: string | undefined;
}

/** The deployments of a service that Dokploy keeps, at most 11. */
export interface Deployments {
  /** Deployments that ended without an error, newest first. */
  readonly done: readonly Deployment[];
  /** Number of those that failed, were cancelled, or have not ended. */
  readonly others: number;
  /** The latest, however it ended; undefined without any. */
  readonly latest: Pick<DeploymentRow, "deploymentId" | "status" | "createdAt"> | undefined;
}

/**
 * Reads the deployments of a service.
 *
 * @param resource the application or compose service
 * @param where project and stack that the titles of its deployments name
 */
export async function readDeployments(
  resource: StateResource,
  updates: readonly Update[],
  where: { readonly project: string; readonly stack: string },
  api: Api,
): Promise<Deployments> {
  const kind = resource.kind === "Application" ? "application" : "compose";
  const rows = await readRecords(api, { kind, id: resource.id, name: resource.name });
  const [newest] = rows;
  const ended = rows.filter(({ status }) => status === "done");
  const done = ended.map(async (row): Promise<Deployment> => {
    const described = readDescription(row.description ?? "");
    const at = Date.parse(row.createdAt);
    const isOurs = described?.commit !== undefined || isTitleOf(row.title, where);
    const update = isOurs ? updateAt(updates, at, described?.commit) : undefined;
    const doubt =
      (row === newest ? await reasonNotRunning(resource, update, updates[0], api) : undefined) ??
      (update?.succeeded === false
        ? "its pulumi up failed, maybe because its containers did not run"
        : undefined);
    return {
      id: row.deploymentId,
      at,
      image: kind === "application" ? await pulledBy(row, api) : undefined,
      // Whoever may deploy writes the description, so it only chooses among the updates of that time.
      commit: update?.commit,
      built: /^Commit: ([0-9a-f]{7,64})$/.exec(row.description ?? "")?.[1],
      isOurs,
      update,
      doubt,
    };
  });
  return { done: await Promise.all(done), others: rows.length - ended.length, latest: newest };
}

/**
 * Returns the reason why the latest deployment does not run, or runs another image than the state has.
 *
 * @param own the update that made it
 * @param last the last update of the stack
 */
async function reasonNotRunning(
  resource: StateResource,
  own: Update | undefined,
  last: Update | undefined,
  api: Api,
): Promise<string | undefined> {
  try {
    await runningImage(resource, api);
    return undefined;
  } catch (error) {
    if (!(error instanceof NotPromoted)) throw error;
    if (error instanceof Drifted) {
      // A failed update leaves the new image in Dokploy, and the one before in the state.
      if (own?.succeeded === false) return `its pulumi up failed, and left it so: ${error.difference}`;
      if (last?.succeeded === true) return `somebody changed it in Dokploy: ${error.difference}`;
    }
    return error.status === "refused" ? error.message : undefined;
  }
}
