import { readRecords } from "../../../provider/deploy";
import { type Api, type DeploymentRow, DokployError } from "../../../provider/dokploy";
import { type ImageName, parseImage } from "../../../provider/schema";
import type { StateResource } from "../../stack";

/** A deployment of a service, with the image that it pulled. */
export interface ImageDeployment {
  /** Time at which it ended, in milliseconds since 1970. */
  readonly at: number;
  readonly isDone: boolean;
  /** Undefined when its log does not say it, as for every compose service. */
  readonly image: ImageName | undefined;
}

/** A log has three lines for each layer of an image, and the name of the image before them. */
const linesToRead = 1000;

/** Reads the deployments of a service that Dokploy keeps, newest first. */
export async function readImageDeployments(
  { kind, id, name }: StateResource,
  api: Api,
): Promise<ImageDeployment[]> {
  const isApplication = kind === "Application";
  const rows = await readRecords(api, { kind: isApplication ? "application" : "compose", id, name });
  return await Promise.all(
    rows.map(async (row) => ({
      at: Date.parse(row.finishedAt ?? row.createdAt),
      isDone: row.status === "done",
      image: isApplication ? await pulledBy(row, api) : undefined,
    })),
  );
}

/** Reads the image in the log of a deployment, with the digest that Docker received. */
export async function pulledBy(
  { deploymentId }: Pick<DeploymentRow, "deploymentId">,
  api: Api,
): Promise<ImageName | undefined> {
  let log: string;
  try {
    log = await api.call("deployment.readLogs", { deploymentId, tail: linesToRead });
  } catch (error) {
    // The log may be removed, and servers before 0.29.5 do not give it.
    if (error instanceof DokployError) return undefined;
    throw error;
  }
  return pulledImage(log);
}

/** Returns the image that the log of a deployment names; undefined when it names none. */
export function pulledImage(log: string): ImageName | undefined {
  const [, name = ""] = /^Pulling (\S+)$/m.exec(log) ?? [];
  const image = parseImage(name);
  const [, digest] = /^Digest: (sha256:[0-9a-f]{64})$/m.exec(log) ?? [];
  return image && { ...image, digest: image.digest ?? digest };
}

/**
 * Returns the time since which the deployments prove that the present image runs: that of its last deployment, or of an
 * earlier one if every deployment since then worked and pulled the same digest. A container that restarts changes nothing.
 *
 * @param deployments newest first; the newest worked
 */
export function runsSince([newest, ...earlier]: readonly ImageDeployment[]): number | undefined {
  let since = newest?.at;
  for (const { at, isDone, image } of earlier) {
    const isSame =
      image?.digest !== undefined &&
      image.digest === newest?.image?.digest &&
      image.repository === newest.image.repository;
    if (!isDone || !isSame) break;
    since = at;
  }
  return since;
}
