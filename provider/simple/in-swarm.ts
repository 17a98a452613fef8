import type { ContainerConfig } from "../dokploy/docker-rows";
import type { Api } from "../dokploy/endpoints";
import { DokployError } from "../dokploy/errors";
import type { Service } from "../env-hosts/host";
import type { Model } from "./model";
import type { Row } from "./objects";

type Spec = NonNullable<ContainerConfig["Spec"]>;

/** Objects that the spec of a Swarm service shows, by their router. */
const SHOWN: Readonly<Record<string, (row: Row, spec: Spec) => boolean>> = {
  port: ({ publishedPort, targetPort, protocol, publishMode }, { EndpointSpec }) =>
    EndpointSpec?.Ports?.some(
      ({ PublishedPort, TargetPort, Protocol, PublishMode }) =>
        PublishedPort === publishedPort &&
        TargetPort === targetPort &&
        Protocol === protocol &&
        PublishMode === publishMode,
    ) === true,
};

/** True when Swarm runs the service with the object; false when that is not certain. */
export async function isInSwarm(
  { spec: { router } }: Model,
  row: Row,
  service: Service,
  api: Api,
): Promise<boolean> {
  const isShown = SHOWN[router];
  if (!isShown) return false;
  const { appName, serverId } = service.withTexts({});
  try {
    const seen = await api.call("docker.getConfig", {
      containerId: appName,
      ...(serverId ? { serverId } : {}),
    });
    // During an update, the former version may still run.
    const isSettled = (seen?.UpdateStatus?.State ?? "completed") === "completed";
    return isSettled && seen?.Spec !== undefined && isShown(row, seen.Spec);
  } catch (error) {
    if (error instanceof DokployError) return false;
    throw error;
  }
}
