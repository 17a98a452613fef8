import type { Api } from "../dokploy/endpoints";
import { DokployError } from "../dokploy/errors";
import type { DatabaseDetail } from "../dokploy/rows";

/**
 * The image that has worked on a database's data: the one that Docker was last told to run. What is saved in Dokploy may never
 * have come so far, since Dokploy pulls an image before it tells Docker of it.
 *
 * @returns undefined where none ever ran; the saved one where nobody can tell
 */
export async function imageThatRan(
  { appName, serverId, dockerImage, applicationStatus }: DatabaseDetail,
  api: Pick<Api, "call">,
): Promise<string | undefined> {
  const elsewhere = serverId === null ? {} : { serverId };
  try {
    // Dokploy runs `docker inspect`, which knows the services of Swarm by their names.
    const service = await api.call("docker.getConfig", { containerId: appName, ...elsewhere });
    const told = service?.Spec?.TaskTemplate?.ContainerSpec?.Image;
    if (told !== undefined) return told;
    // The answer of a Docker that cannot be asked is the same; that of Dokploy's own machine can.
    const isKnown = serverId === null && applicationStatus !== "done";
    if (!isKnown || service) return dockerImage;
    const tasks = await api.call("docker.getServiceContainersByAppName", { appName });
    return tasks.length === 0 ? undefined : dockerImage;
  } catch (error) {
    if (error instanceof DokployError) return dockerImage;
    throw error;
  }
}
