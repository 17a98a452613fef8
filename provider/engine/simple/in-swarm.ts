import { inspect, Wait } from "../../deploy";
import { type ContainerConfig, DokployError } from "../../dokploy";
import type { Context } from "../../lifecycle";
import type { Service } from "../variable-targets/host";
import type { Model } from "./model";
import type { Row } from "./objects";

/**
 * Time in which Swarm ends a successful update: an old container may take 14 s to stop, a new one starts within a
 * second, and Swarm watches it for 5 s.
 */
const UPDATE_SECONDS = 25;

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

/**
 * True when Swarm runs the service with the object; false when that is not certain. While Swarm updates the service to
 * it, the former version may still run, so the end of the update is awaited for a short time.
 */
export async function isInSwarm(
  { spec: { router } }: Model,
  row: Row,
  service: Service,
  { reads, timers }: Pick<Context, "reads" | "timers">,
): Promise<boolean> {
  const isShown = SHOWN[router];
  if (!isShown) return false;
  const target = service.withTexts({});
  const wait = new Wait(UPDATE_SECONDS, undefined, timers);
  try {
    for (;;) {
      const { Spec, UpdateStatus } = (await inspect(reads, target, target.appName)) ?? {};
      if (Spec === undefined || !isShown(row, Spec)) return false;
      const state = UpdateStatus?.State ?? "completed";
      if (state !== "updating" || wait.isOver) return state === "completed";
      await wait.pauseSince();
    }
  } catch (error) {
    if (error instanceof DokployError) return false;
    throw error;
  }
}
