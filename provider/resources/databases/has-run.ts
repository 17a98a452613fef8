import { remainsOf } from "../../deploy";
import { type Api, type DatabaseDetail, type DatabaseKind, DokployError } from "../../dokploy";
import { dataVolumeIn } from "./folders";

/**
 * Returns the image that has used a database's data: the one that Docker was last asked to run. Dokploy may hold a
 * newer one that never ran, because it pulls an image before it gives it to Docker.
 *
 * @returns undefined when none ever ran; the saved one when this is not known
 */
export async function imageThatRan(
  { appName, serverId, dockerImage, applicationStatus }: DatabaseDetail,
  api: Pick<Api, "call">,
): Promise<string | undefined> {
  const elsewhere = serverId === null ? {} : { serverId };
  try {
    // Dokploy runs `docker inspect`, which knows Swarm services by their names.
    const service = await api.call("docker.getConfig", { containerId: appName, ...elsewhere });
    const reported = service?.Spec?.TaskTemplate?.ContainerSpec?.Image;
    if (reported !== undefined) return reported;
    // A Docker that cannot be reached gives the same response, but that of Dokploy's own machine can be reached.
    const isKnown = serverId === null && applicationStatus !== "done";
    if (!isKnown || service) return dockerImage;
    const tasks = await api.call("docker.getServiceContainersByAppName", { appName });
    return tasks.length === 0 ? undefined : dockerImage;
  } catch (error) {
    if (error instanceof DokployError) return dockerImage;
    throw error;
  }
}

/** True when a database certainly has no data: no image ran, and Docker has neither a container nor the volume. */
export async function neverRan(
  kind: DatabaseKind,
  id: string,
  row: DatabaseDetail,
  api: Api,
): Promise<boolean> {
  if ((await imageThatRan(row, api)) !== undefined) return false;
  const { name, appName, serverId } = row;
  const volume = dataVolumeIn(kind, row);
  const { containers, volumes } = await remainsOf({ kind, id, name, appName, serverId }, [volume], api);
  return containers?.length === 0 && volumes?.length === 0;
}
